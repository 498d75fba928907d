"""Types of filters that filter sets are made of: ids, dates, times, names, booleans, full text."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from articles.api.http.problems import parameter_error
from articles.api.http.query_cache import cached_until_written
from articles.models import Mention, Place
from articles.search.publications import same_publications

from .parameters import parse_ids

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


class DateRangeFilter(filters.DateFromToRangeFilter):  # type: ignore[misc] # django-filter has no types
    """From a day to a day, both included; a range that ends before it begins is an error."""

    def filter(self, qs: Any, value: slice | None) -> Any:
        if value and value.start and value.stop and value.start > value.stop:
            name = self.field_name
            raise parameter_error(f"{name}_before", f"This is before {name}_after, so nothing can match.")
        # The indexes are ordered by `sort_date`, in which the first possible day means that there is no date.
        if value and (value.start or value.stop):
            qs = qs.filter(sort_date__gte=value.start or dt.date.min + dt.timedelta(days=1))
        if value and value.stop:
            qs = qs.filter(sort_date__lte=value.stop)
        return qs


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


@extend_schema_field({"type": "string", "pattern": "^[1-9][0-9]{0,17}(,[1-9][0-9]{0,17})*$"})
class IdsFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Rows whose column is any of several ids, with commas between."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{f"{self.field_name}__in": self.records(value)}) if value else qs

    def records(self, value: str) -> Any:
        return parse_ids(self.field_name, value)


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
