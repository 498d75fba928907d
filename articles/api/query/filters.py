"""Types of filters that filter sets are made of: ids, dates, times, names, booleans, full text."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django_filters import rest_framework as filters
from django_filters.fields import RangeField
from django_filters.widgets import DateRangeWidget
from drf_spectacular.utils import extend_schema_field

from articles.api.http.problems import parameter_error
from articles.api.http.query_cache import cached_until_written
from articles.models import Mention, Place
from articles.models.fields import is_row_id
from articles.models.place import full_code
from articles.search.publications import same_publications

from .date_intervals import DateInterval, parse_interval
from .parameters import MOST_IDS, parse_ids

_BOOLEAN = [("true", "true"), ("false", "false")]


@extend_schema_field({"type": "boolean"})
class BooleanFilter(filters.ChoiceFilter):  # type: ignore[misc] # django-filter has no types
    """`true` or `false`; django-filter's own ignores any other value."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=_BOOLEAN, **options)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, {"true": True, "false": False}.get(value, value))


class DoubtFilter(BooleanFilter):
    """Rows with or without a mention in doubt; `field_name` is the column of mentions that names the row."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        doubtful = Mention.objects.doubtful().values(self.field_name)
        return qs.filter(pk__in=doubtful) if value == "true" else qs.exclude(pk__in=doubtful)


class _TwoDatesField(RangeField):  # type: ignore[misc] # django-filter has no types
    widget = DateRangeWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(fields=(forms.CharField(), forms.CharField()), **options)


# Days, months and years; 29 February is left out, as not every year has it.
_DAYS = "(0[13578]|1[02])(-(0[1-9]|[12][0-9]|3[01]))?|(0[469]|11)(-(0[1-9]|[12][0-9]|30))?|02(-(0[1-9]|1[0-9]|2[0-8]))?"


@extend_schema_field({"type": "string", "pattern": f"^[1-9][0-9]{{3}}(-({_DAYS}))?$"})
class DateRangeFilter(filters.RangeFilter):  # type: ignore[misc] # django-filter has no types
    """From a date to a date, both included; a range that ends before it begins is an error."""

    field_class = _TwoDatesField

    def __init__(self) -> None:
        text = "a day, a month or a year, in ISO 8601 or as papers print them (2023年9月14日)"
        super().__init__(help_text=f"Dates of issue, both inclusive: {text}.")

    def filter(self, qs: Any, value: slice | None) -> Any:
        after, before = (value.start, value.stop) if value else (None, None)
        first = self._interval("after", after).first if after else None
        last = self._interval("before", before).last if before else None
        if first and last and first > last:
            name = self.field_name
            raise parameter_error(f"{name}_before", f"This is before {name}_after, so nothing can match.")
        # The indexes are ordered by `sort_date`, in which the first possible day means that there is no date.
        if first or last:
            qs = qs.filter(sort_date__gte=first or dt.date.min + dt.timedelta(days=1))
        return qs.filter(sort_date__lte=last) if last else qs

    def _interval(self, suffix: str, text: str) -> DateInterval:
        try:
            return parse_interval(text)
        except ValueError as error:
            raise parameter_error(f"{self.field_name}_{suffix}", str(error)) from error


_TIME_EXPECTED = "Give a time with its time zone, as in 2024-07-30T08:00:00Z."


class _MomentField(forms.CharField):
    def clean(self, value: Any) -> dt.datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            # A + in a query string is decoded as a blank; it began the time zone.
            moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            moment = None
        if moment is None or is_naive(moment):
            raise forms.ValidationError(_TIME_EXPECTED)
        try:
            # PostgreSQL does not take all offsets that can be written.
            return moment.astimezone(dt.UTC)
        except OverflowError as error:
            raise forms.ValidationError(_TIME_EXPECTED) from error


class TimeFilter(filters.Filter):  # type: ignore[misc] # django-filter has no types
    """A time with its time zone, without which it would be ambiguous."""

    field_class = _MomentField


_ID = {"type": "integer", "minimum": 1, "maximum": 10**15}


@extend_schema_field({"type": "array", "items": _ID, "minItems": 1, "maxItems": MOST_IDS})
class IdsFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Rows whose column is any of several ids, with commas between."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{f"{self.field_name}__in": self.records(value)}) if value else qs

    def records(self, value: str) -> Any:
        return parse_ids(self.field_name, value)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 10**15})
class BehindFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Rows with a greater id, for clients that go on where a list in the order of ids broke off."""

    def __init__(self) -> None:
        super().__init__(
            help_text="Only ids greater than this. With `ordering=id` a whole list (JSON Lines, CSV) that broke off goes on."
        )

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        if value != "0" and not is_row_id(value):
            raise parameter_error("id_after", f"{value[:40]!r} is not an id: give a whole number.")
        return qs.filter(pk__gt=int(value))


class SurvivorsFilter(IdsFilter):
    """Records by their ids, or the records that these are merged into."""

    def filter(self, qs: Any, value: str) -> Any:
        asked = super().records(value) if value else None
        return qs if asked is None else qs.filter(pk__in=qs.model.objects.survivors_of(asked).values("pk"))


class PlacesFilter(IdsFilter):
    """Rows whose column is any of several places, by their ids or official codes, or what is merged into these."""

    def records(self, value: str) -> Any:
        return Place.objects.group_of(Place.objects.by_ids_or_codes(super().records(value)))


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 200})
class SearchFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """A full-text search; `articles.search` has its syntax."""


class NameFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Records with a name or alias in any spelling: 張國華 finds 张国华."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.called(value) if value else qs


class CodeFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Places by their official code, in any of the lengths in which it is written."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(code=full_code(value)) if value else qs


class PublicationFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Rows of a publication, in Simplified or Traditional characters."""

    def __init__(self) -> None:
        super().__init__(
            max_length=200, help_text="The name of the paper, in Simplified or Traditional characters, whole."
        )

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        key = ("publication", qs.model.__name__, value)
        names = cached_until_written(key, lambda: same_publications(qs.model, value))
        return qs.filter(publication__in=names)


def exact_text_filter(**options: Any) -> filters.CharFilter:
    """A filter for rows whose column equals a text."""
    return filters.CharFilter(max_length=200, **options)
