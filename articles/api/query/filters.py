"""Kinds of filters: what a parameter may say, and what it means."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from articles.api.http.problems import parameter_error

_BOOLEAN = [("true", "true"), ("false", "false")]


@extend_schema_field({"type": "boolean"})
class BooleanFilter(filters.ChoiceFilter):  # type: ignore[misc] # django-filter has no types
    """`true` or `false`; django-filter's own takes anything else for no filter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=_BOOLEAN, **options)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, {"true": True, "false": False}.get(value, value))


class DateRangeFilter(filters.DateFromToRangeFilter):  # type: ignore[misc] # django-filter has no types
    """From a day to a day, both included; a range that ends before it begins is an error."""

    def filter(self, qs: Any, value: slice | None) -> Any:
        if value and value.start and value.stop and value.start > value.stop:
            name = self.field_name
            raise parameter_error(f"{name}_before", f"This is before {name}_after: nothing could be found.")
        # Of the column that the indexes are in the order of, so that no row is read: there the first of all days is none.
        if value and (value.start or value.stop):
            qs = qs.filter(sort_date__gte=value.start or dt.date.min + dt.timedelta(days=1))
        if value and value.stop:
            qs = qs.filter(sort_date__lte=value.stop)
        return qs


_TIME_WANTED = "Give a time with its time zone, as in 2024-07-30T08:00:00Z."


class _MomentField(forms.CharField):
    def clean(self, value: Any) -> dt.datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            # A + in a query is a blank, and meant the time zone.
            moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            moment = None
        if moment is None or is_naive(moment):
            raise forms.ValidationError(_TIME_WANTED)
        try:
            # PostgreSQL knows no zone as far off as some that can be written.
            return moment.astimezone(dt.UTC)
        except OverflowError as error:
            raise forms.ValidationError(_TIME_WANTED) from error


class TimeFilter(filters.Filter):  # type: ignore[misc] # django-filter has no types
    """A time with its zone: without one, nobody knows when it was."""

    field_class = _MomentField


@extend_schema_field({"type": "string", "pattern": "^[1-9][0-9]{0,17}(,[1-9][0-9]{0,17})*$"})
class IdsFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Records that belong to any of several others, by their ids with commas between."""


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 200})
class SearchFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Words that must stand in the text; see `articles.search`."""


class NameFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Records of a name or an alias, however it is spelt: 張國華 finds 张国华."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.called(value) if value else qs


def exact_text_filter(**options: Any) -> filters.CharFilter:
    return filters.CharFilter(max_length=200, **options)
