"""What a list can be narrowed to; any other parameter is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django_filters import rest_framework as filters
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema_field

from articles.models import (
    Article,
    Byline,
    Load,
    LoadFile,
    Mention,
    Organization,
    OrganizationAppearance,
    Page,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.mention import MentionQuerySet
from articles.search import ranked

from .parameters import ids, search_query
from .problems import ParameterError, parameter_error
from .unchanged import while_unchanged

# Rows of so many articles are more than their ids are worth: see `having`.
_MANY = 1_000
_BOOLEAN = [("true", "true"), ("false", "false")]


class FilterSet(filters.FilterSet):  # type: ignore[misc] # django-filter has no types
    """Filters of a list; `rights` names the permission that a filter takes."""

    rights: dict[str, str] = {}

    @classmethod
    def parameters_of(cls, name: str) -> list[str]:
        """The parameters of a filter: a range has two, as in `issue_date_after`."""
        suffixes = getattr(cls.base_filters[name].field.widget, "suffixes", None)
        return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]

    @classmethod
    def parameters(cls) -> set[str]:
        return {parameter for name in cls.base_filters for parameter in cls.parameters_of(name)}


class FilterBackend(filters.DjangoFilterBackend):  # type: ignore[misc] # django-filter has no types
    """Filters a list, and names the parameter that cannot be used."""

    filterset_base = FilterSet

    def get_filterset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset_class(view, queryset)
        if filterset is None:
            return None
        options = self.get_filterset_kwargs(request, queryset, view)
        return _narrowed(filterset, frozenset(options["data"]))(**options)

    def get_filterset_kwargs(self, request: Any, queryset: Any, view: Any) -> dict[str, Any]:
        return {"data": view.filter_data(), "queryset": queryset, "request": request}

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            errors = translate_validation(filterset.errors).detail
            raise ParameterError(
                [
                    {"parameter": _parameter(filterset, name), "code": "invalid", "detail": str(message)}
                    for name, messages in errors.items()
                    for message in messages
                ]
            )
        return filterset.qs


@lru_cache(maxsize=500)
def _narrowed(filterset: type[FilterSet], given: frozenset[str]) -> type[FilterSet]:
    """The filter set with those filters alone that have a parameter: it copies each of them, and its form field."""
    narrowed: type[FilterSet] = type(filterset.__name__, (filterset,), {"__module__": __name__})
    narrowed.base_filters = {
        name: one
        for name, one in filterset.base_filters.items()
        if not given.isdisjoint(filterset.parameters_of(name))
    }
    return narrowed


def _parameter(filterset: FilterSet, name: str) -> str:
    """The parameter of a field that cannot be used; of a range the one that was given."""
    given = [parameter for parameter in filterset.parameters_of(name) if parameter in filterset.data]
    return given[0] if given else name


class TrueOrFalse(filters.ChoiceFilter):  # type: ignore[misc] # django-filter has no types
    """`true` or `false`; django-filter's own takes anything else for no filter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=_BOOLEAN, **options)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, {"true": True, "false": False}.get(value, value))


class DateRange(filters.DateFromToRangeFilter):  # type: ignore[misc] # django-filter has no types
    """From a day to a day, both included; a range that ends before it begins is an error."""

    def filter(self, qs: Any, value: slice | None) -> Any:
        if value and value.start and value.stop and value.start > value.stop:
            name = self.field_name
            raise parameter_error(f"{name}_before", f"This is before {name}_after: nothing could be found.")
        if value and value.start:
            # Says the same again of the column that the indexes are in the order of.
            qs = qs.filter(sort_date__gte=value.start)
        if value and value.stop:
            qs = qs.filter(sort_date__lte=value.stop)
        return super().filter(qs, value)


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


class Moment(filters.Filter):  # type: ignore[misc] # django-filter has no types
    """A time with its zone: without one, nobody knows when it was."""

    field_class = _MomentField


@extend_schema_field({"type": "string", "pattern": "^[1-9][0-9]{0,17}(,[1-9][0-9]{0,17})*$"})
class Ids(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Records that belong to any of several others, by their ids with commas between."""


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 200})
class Search(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Words that must stand in the text; see `articles.search`."""


class NameFilter(filters.CharFilter):  # type: ignore[misc] # django-filter has no types
    """Records of a name or an alias, however it is spelt: 張國華 finds 张国华."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.called(value) if value else qs


def exactly(**options: Any) -> filters.CharFilter:
    return filters.CharFilter(max_length=200, **options)


class ArticleFilterSet(FilterSet):
    q = Search(
        method="search",
        help_text=(
            "Full text: words with blanks between must all be there, “a phrase” in quotes as it stands, -word must"
            " not. Two characters, and one, are found inside a sentence; Traditional finds Simplified."
        ),
    )
    id = Ids(method="by_id", help_text="Articles by their ids, with commas between.")
    reporter = Ids(method="by_reporter", help_text="Ids: articles that credit one of these reporters.")
    place = Ids(
        method="by_place",
        help_text=(
            "Ids or official codes: articles that name one of these places, something that lies in it, or an"
            " organization that has its seat there."
        ),
    )
    organization = Ids(
        method="by_organization", help_text="Ids: articles that name one of these organizations."
    )
    page = Ids(method="by_page", help_text="Ids: articles that were printed on one of these pages.")
    publication = exactly()
    section = exactly()
    issue_date = DateRange()
    updated_since = Moment(
        field_name="updated_at", lookup_expr="gte", help_text="Whatever reads otherwise since then."
    )
    status = filters.ChoiceFilter(choices=Article.Status.choices)
    reviewed = TrueOrFalse()
    doubtful = TrueOrFalse(
        method="by_doubt", help_text="Whether a name in it is ambiguous or unknown, and undecided."
    )

    rights = dict.fromkeys(("status", "reviewed", "doubtful"), "articles.view_article")

    class Meta:
        model = Article
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """What is in the trash is listed only to whoever asks for it."""
        articles: QuerySet[Article] = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("status"):
            return articles
        return articles.exclude(status=Article.Status.TRASHED)

    def search(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return ranked(queryset, search_query(name, value))

    def by_id(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return queryset.filter(pk__in=ids(name, value))

    def by_page(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return queryset.filter(page__in=ids(name, value))

    def by_reporter(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        def credited(asked: list[int]) -> QuerySet[Any]:
            return Reporter.objects.group_of(Reporter.objects.survivors_of(asked))

        return self.having(queryset, Byline, name, value, credited)

    def by_place(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return self.having(queryset, PlaceAppearance, name, value, Place.objects.by_ids_or_codes)

    def by_organization(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return self.having(queryset, OrganizationAppearance, name, value, Organization.objects.survivors_of)

    def having(
        self,
        queryset: QuerySet[Article],
        model: Any,
        name: str,
        value: str,
        records: Callable[[list[int]], QuerySet[Any]],
    ) -> QuerySet[Article]:
        """The articles that have a row of a model in which one of the records is named that a parameter asks for.

        A list goes through the articles in its order until a page is full. Where many have such a row it looks for
        one of each article, as that is over soon; where few have, and for counts, it has all their ids at hand first.
        """
        asked = ids(name, value)

        def look_up() -> tuple[list[int], bool]:
            found = list(records(asked).order_by().values_list("pk", flat=True))
            rows = model.objects.filter(**{f"{name}__in": found}).order_by()
            return found, self.is_listed and rows[_MANY : _MANY + 1].exists()

        found, are_many = while_unchanged((name, value, self.is_listed), look_up)
        rows = model.objects.filter(**{f"{name}__in": found})
        if are_many:
            return queryset.filter(Exists(rows.filter(article=OuterRef("pk"))))
        return queryset.filter(pk__in=rows.values("article"))

    @property
    def is_listed(self) -> bool:
        """Whether a page of a list is wanted, and no count."""
        is_list = self.request.parser_context["view"].action == "list"
        return is_list and "count" not in self.request.query_params

    def by_doubt(self, queryset: QuerySet[Article], _name: str, value: str) -> QuerySet[Article]:
        doubts = Mention.objects.doubtful().values("article")
        return queryset.filter(pk__in=doubts) if value == "true" else queryset.exclude(pk__in=doubts)


class RecordFilterSet(FilterSet):
    """Filters of reporters, places and organizations."""

    id = Ids(method="by_id", help_text="By their ids, with commas between.")
    name = NameFilter(
        max_length=100, help_text="The name or an alias, in Simplified or Traditional characters, whole."
    )

    def by_id(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=ids(name, value))


class ReporterFilterSet(RecordFilterSet):
    class Meta:
        model = Reporter
        fields: list[str] = []


class PlaceFilterSet(RecordFilterSet):
    code = exactly(help_text="Official code.")
    kind = filters.ChoiceFilter(choices=Place.Kind.choices)
    parent = Ids(
        method="by_parent", help_text="Ids or official codes: places that lie directly in one of these."
    )

    class Meta:
        model = Place
        fields: list[str] = []

    def by_parent(self, queryset: QuerySet[Place], name: str, value: str) -> QuerySet[Place]:
        return queryset.filter(
            parent__in=Place.objects.group_of(Place.objects.by_ids_or_codes(ids(name, value)))
        )


class OrganizationFilterSet(RecordFilterSet):
    kind = filters.ChoiceFilter(choices=Organization.Kind.choices)
    seat = Ids(
        method="by_seat", help_text="Ids or official codes: organizations seated in one of these places."
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def by_seat(self, queryset: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        return queryset.filter(
            seat__in=Place.objects.group_of(Place.objects.by_ids_or_codes(ids(name, value)))
        )


class MentionFilterSet(FilterSet):
    article = Ids(method="by_article", help_text="Ids of articles.")
    place = Ids(
        method="by_place", help_text="Ids or official codes: mentions by which articles belong to a place."
    )
    organization = Ids(method="by_organization", help_text="Ids of organizations.")
    kind = filters.ChoiceFilter(choices=Mention.Kind.choices)
    part = filters.ChoiceFilter(choices=Mention.Part.choices)
    surface = exactly(help_text="The name as printed, whole.")
    status = filters.ChoiceFilter(
        choices=Mention.Status.choices,
        method="by_status",
        help_text="By what stands after the editor's word.",
    )
    verdict = filters.ChoiceFilter(choices=Mention.Verdict.choices)
    doubtful = TrueOrFalse(method="by_doubt", help_text="Ambiguous or unknown, and not decided by an editor.")

    rights = {"verdict": "articles.view_article"}

    class Meta:
        model = Mention
        fields: list[str] = []

    def by_article(self, queryset: MentionQuerySet, name: str, value: str) -> MentionQuerySet:
        return queryset.filter(article__in=ids(name, value))

    def by_place(self, queryset: MentionQuerySet, name: str, value: str) -> MentionQuerySet:
        return queryset.of_places(Place.objects.by_ids_or_codes(ids(name, value)))

    def by_organization(self, queryset: MentionQuerySet, name: str, value: str) -> MentionQuerySet:
        return queryset.of_organizations(Organization.objects.survivors_of(ids(name, value)))

    def by_status(self, queryset: MentionQuerySet, _name: str, value: str) -> MentionQuerySet:
        return queryset.with_status(value)

    def by_doubt(self, queryset: MentionQuerySet, _name: str, value: str) -> MentionQuerySet:
        doubtful = Mention.objects.doubtful().values("pk")
        return queryset.filter(pk__in=doubtful) if value == "true" else queryset.exclude(pk__in=doubtful)


class PageFilterSet(FilterSet):
    id = Ids(method="by_id", help_text="By their ids, with commas between.")
    publication = exactly()
    page_number = exactly()
    issue_date = DateRange()

    class Meta:
        model = Page
        fields: list[str] = []

    def by_id(self, queryset: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        return queryset.filter(pk__in=ids(name, value))


class LoadFilterSet(FilterSet):
    started_since = Moment(field_name="started_at", lookup_expr="gte")

    class Meta:
        model = Load
        fields: list[str] = []


class LoadFileFilterSet(FilterSet):
    outcome = filters.ChoiceFilter(choices=LoadFile.Outcome.choices)

    class Meta:
        model = LoadFile
        fields: list[str] = []
