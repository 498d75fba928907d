"""What a list can be narrowed to and ordered by; any other parameter is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

from articles.models import Article, Mention, Organization, Page, Place, Reporter
from articles.names import name_key

# Parameters that are no filters: the page of a list, and the form of an answer.
_GENERAL = frozenset({"page", "format"})
_STAFF_ONLY = ("status", "reviewed")


class StrictFilterSet(filters.FilterSet):  # type: ignore[misc] # django-filter has no types
    """Filters that answer 400 to a parameter that is unknown or repeated, and name it.

    Left to itself, django-filter ignores a misspelt filter, and everything is taken for the answer.
    """

    def is_valid(self) -> bool:
        """Whether the parameters can be used; `ValidationError` names those that nobody knows."""
        known = _GENERAL.union(*(self._parameters(name) for name in self.filters))
        errors = {name: ["Unknown parameter."] for name in self.data if name not in known}
        errors |= {name: ["Given more than once."] for name, values in self.data.lists() if len(values) > 1}
        if errors:
            raise ValidationError(errors)
        return bool(super().is_valid())

    def _parameters(self, name: str) -> list[str]:
        """The parameters of a filter: a range has two, as in `issue_date_after`."""
        suffixes = getattr(self.filters[name].field.widget, "suffixes", None)
        return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]


class StableOrderingFilter(filters.OrderingFilter):  # type: ignore[misc] # django-filter has no types
    """An ordering in which no two records are equal, so that no page of a list repeats or loses one."""

    def filter(self, qs: QuerySet[Model], value: list[str] | None) -> QuerySet[Model]:
        ordered: QuerySet[Model] = super().filter(qs, value)
        return ordered.order_by(*ordered.query.order_by, "pk") if value else ordered


class NameFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Records of a name or an alias, however it is spelt: 張國華 finds 张国华."""

    def filter(self, qs: QuerySet[Model], value: str) -> QuerySet[Model]:
        if not value:
            return qs
        key = name_key(value)
        return qs.filter(Q(key=key) | Q(pk__in=qs.model._default_manager.filter(aliases__key=key)))


class IdFilter(filters.NumberFilter):  # type: ignore[misc] # django-filter has no types
    """Records that belong to the one of an id, which has no more digits than an official code."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=10**12 - 1, **options)


class ArticleFilterSet(StrictFilterSet):
    issue_date = filters.DateFromToRangeFilter()
    reporter = IdFilter(method="filter_reporter")
    place = IdFilter(
        method="filter_place",
        help_text=(
            "Id or official code: articles that name the place, something that lies in it, or an organization"
            " that has its seat there."
        ),
    )
    organization = IdFilter(method="filter_organization")
    ordering = StableOrderingFilter(fields=["issue_date", "headline", "id"])

    class Meta:
        model = Article
        fields = ["publication", "section", "status", "reviewed"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.request and self.request.user.is_staff):
            for name in _STAFF_ONLY:
                del self.filters[name]

    def filter_reporter(self, queryset: QuerySet[Article], _name: str, reporter: int) -> QuerySet[Article]:
        return queryset.filter(pk__in=Article.objects.filter(bylines__reporter=reporter))

    def filter_place(self, queryset: QuerySet[Article], _name: str, id_or_code: int) -> QuerySet[Article]:
        place = Place.objects.by_id_or_code(str(id_or_code))
        if place is None:
            return queryset.none()
        mentions = Mention.objects.of_places(Place.objects.within(place))
        return queryset.filter(pk__in=mentions.values("article"))

    def filter_organization(self, queryset: QuerySet[Article], _name: str, pk: int) -> QuerySet[Article]:
        mentions = Mention.objects.of_organizations(Organization.objects.filter(pk=pk))
        return queryset.filter(pk__in=mentions.values("article"))


class ReporterFilterSet(StrictFilterSet):
    name = NameFilter()
    ordering = StableOrderingFilter(fields=["name", "id"])

    class Meta:
        model = Reporter
        fields: list[str] = []


class PageFilterSet(StrictFilterSet):
    issue_date = filters.DateFromToRangeFilter()
    ordering = StableOrderingFilter(fields=["issue_date", "id"])

    class Meta:
        model = Page
        fields = ["publication", "page_number"]


class PlaceFilterSet(StrictFilterSet):
    name = NameFilter()
    ordering = StableOrderingFilter(fields=["code", "name", "id"])

    class Meta:
        model = Place
        fields = ["kind", "code"]


class OrganizationFilterSet(StrictFilterSet):
    name = NameFilter()
    ordering = StableOrderingFilter(fields=["name", "id"])

    class Meta:
        model = Organization
        fields = ["kind"]
