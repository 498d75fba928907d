"""Counts of articles: by what they name (facets), over time (timeline), and who is named with whom (company)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.models import Article, Place
from articles.models.company import appearing, articles_of, commonest

from . import visibility
from .articles import ArticleResource
from .kept import Representation
from .parameters import chosen
from .problems import parameter_error
from .schema import several
from .serializers import OrganizationBrief, PlaceBrief, ReporterBrief
from .unchanged import while_unchanged

MAX_SIZE = 100
_COUNTS = 50_000  # bytes of an answer
LEVELS = [kind for kind in Place.Kind.values if kind != Place.Kind.OTHER]
INTERVALS = ("day", "month", "year")
RECORDS = ("reporter", "place", "organization")
# The parameters by which a client narrows a facet: its own counts are taken before them.
_OWN = {
    "reporter": {"reporter"},
    "place": {"place"},
    "organization": {"organization"},
    "publication": {"publication"},
    "month": {"issue_date_after", "issue_date_before"},
}
FACETS = tuple(_OWN)
_INTERVAL = OpenApiParameter(
    "interval", str, enum=INTERVALS, default="month", description="How long a period is."
)
_SIZE = OpenApiParameter(
    "size",
    {"type": "integer", "minimum": 1, "default": 20},
    description=f"How many values; more than {MAX_SIZE} are cut to that.",
)
_ISO_LENGTH = {"day": 10, "month": 7, "year": 4}
_BRIEFS: dict[str, Any] = {
    "reporter": ReporterBrief,
    "place": PlaceBrief,
    "organization": OrganizationBrief,
}


class FacetValue(serializers.Serializer[Any]):
    """A value with how many of the articles have it: a record's id and name, a name alone, or a period."""

    id = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    disambiguation = serializers.CharField(required=False)
    period = serializers.CharField(required=False, allow_null=True)
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Any]):
    """For each facet that was asked for its commonest values, or its periods in their order."""

    reporter = FacetValue(many=True, required=False)
    place = FacetValue(many=True, required=False)
    organization = FacetValue(many=True, required=False)
    publication = FacetValue(many=True, required=False)
    month = FacetValue(many=True, required=False)


class Period(serializers.Serializer[Any]):
    """How many articles were issued in a period: `2024-07-30`, `2024-07`, `2024`; null is without a date."""

    period = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class TimelineSerializer(serializers.Serializer[Any]):
    interval = serializers.ChoiceField(choices=INTERVALS)
    results = Period(many=True)


class Companion(FacetValue):
    """A record with how many articles name it together with the other one, and when."""

    periods = Period(many=True)


class CompanySerializer(serializers.Serializer[Any]):
    """Who and what articles name together with a record, the commonest first."""

    interval = serializers.ChoiceField(choices=INTERVALS)
    reporter = Companion(many=True, required=False)
    place = Companion(many=True, required=False)
    organization = Companion(many=True, required=False)


class ArticleCounts(ArticleResource):
    """Counts over the same articles, by the same filters, as the list of articles."""

    formats = {}
    own_parameters = {
        "facets": (
            several("facet", FACETS, "The facets, with commas between; all if it is left out."),
            OpenApiParameter(
                "place_level", str, enum=LEVELS, default="county", description="The level of places."
            ),
            _SIZE,
        ),
        "timeline": (_INTERVAL,),
        "company": (
            several("kind", RECORDS, "What kinds of records, with commas between; all if it is left out."),
            _INTERVAL,
            _SIZE,
        ),
    }
    filtered = frozenset(own_parameters)

    def articles_without(self, parameters: Iterable[str] = ()) -> QuerySet[Article]:
        """The articles that the filters leave, but for some parameters, with nothing looked up."""
        self._left_out = set(parameters)
        articles: QuerySet[Article] = self.filter_queryset(self.get_queryset())
        return articles.order_by().prefetch_related(None).select_related(None)

    def filter_data(self) -> Any:
        data = super().filter_data()
        kept = {self.parent.parameter} if self.parent else set()
        for name in self._left_out - kept:
            data.pop(name, None)
        return data

    @extend_schema(responses=FacetsSerializer)
    def facets(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Counts of articles by what they have; a facet's own filter applies after its counts."""
        asked = chosen("facet", request.query_params.get("facet", ",".join(FACETS)), FACETS)
        return self.counted(lambda: {facet: self.facet(facet) for facet in asked})

    @extend_schema(responses=TimelineSerializer)
    def timeline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How many articles were issued when."""
        interval = self.interval()
        return self.counted(
            lambda: {"interval": interval, "results": _periods(self.articles_without(), interval)}
        )

    @extend_schema(responses=CompanySerializer)
    def company(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who and what articles name together with the record, how often, and when."""
        kinds = chosen("kind", request.query_params.get("kind", ",".join(RECORDS)), RECORDS)
        interval, articles = self.interval(), self.articles_without()
        return self.counted(
            lambda: (
                {"interval": interval} | {kind: self.companions(kind, articles, interval) for kind in kinds}
            )
        )

    def counted(self, count: Callable[[], dict[str, Any]]) -> Response:
        """The answer to this address, counted for whoever sees the same articles."""
        asked = tuple(sorted(self.request.query_params.items()))
        question = (self.request.path, asked, visibility.sees_all(self.request))
        return Response(while_unchanged(question, lambda: Representation(count()), _COUNTS))

    def facet(self, facet: str) -> list[dict[str, Any]]:
        articles = self.articles_without(_OWN[facet])
        match facet:
            case "month":
                return _periods(articles, "month")
            case "publication":
                rows = articles.exclude(publication="").values_list("publication").annotate(count=Count("pk"))
                ordered = rows.order_by("-count", "publication")[: self.size()]
                return [{"name": name, "count": count} for name, count in ordered]
        found, less = appearing(facet, articles), None
        if not self.is_narrowed():
            found, less = appearing(facet), appearing(facet, visibility.unlisted(self.request))
        if facet == "place":
            level = Place.objects.filter(kind=self.level())
            # An index of places is the way to begin, unless there are articles to begin with.
            found = found.filter(place__kind=self.level()) if less is None else found.filter(place__in=level)
        return self.commonest(facet, found, less)

    def is_narrowed(self) -> bool:
        """Whether a filter leaves some articles only."""
        return not self.filter_parameters().isdisjoint(self.filter_data())

    def companions(self, kind: str, articles: QuerySet[Article], interval: str) -> list[dict[str, Any]]:
        rows = appearing(kind, articles)
        if kind == "place":
            rows = rows.filter(position__isnull=False)
        if self.parent and self.parent.parameter == kind:
            rows = rows.exclude(record=self.parent_record().pk)
        found = self.commonest(kind, rows)
        dated = rows.filter(record__in=[value["id"] for value in found])
        days = dated.values_list("record", "article__issue_date").annotate(count=articles_of(kind))
        periods: defaultdict[int, list[tuple[dt.date | None, int]]] = defaultdict(list)
        for record, day, count in days.order_by():
            periods[record].append((day, count))
        return [{**value, "periods": _by_period(periods[value["id"]], interval)} for value in found]

    def commonest(
        self, kind: str, appearances: QuerySet[Any], less: QuerySet[Any] | None = None
    ) -> list[dict[str, Any]]:
        found = commonest(kind, appearances, self.size(), less)
        return [{**_BRIEFS[kind].of(record), "count": count} for record, count in found]

    # --- Options -----------------------------------------------------------------------------------

    def interval(self) -> str:
        return _one_of("interval", self.request.query_params.get("interval", "month"), INTERVALS)

    def level(self) -> str:
        return _one_of("place_level", self.request.query_params.get("place_level", "county"), LEVELS)

    def size(self) -> int:
        """How many values a facet shows at most."""
        asked = self.request.query_params.get("size", "20")
        if not (asked.isascii() and asked.isdecimal() and asked.strip("0")):
            raise parameter_error("size", f"Give a number from 1 to {MAX_SIZE}.")
        return min(int(asked[:20]), MAX_SIZE)


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    if value not in known:
        raise parameter_error(name, f"{value[:40]!r} is none of {', '.join(known)}.")
    return value


def _periods(articles: QuerySet[Article], interval: str) -> list[dict[str, Any]]:
    # By the column that an index has, in which the first of all days stands for none.
    days = articles.values_list("sort_date").annotate(count=Count("pk")).order_by()
    return _by_period(((None if day == dt.date.min else day, count) for day, count in days), interval)


def _by_period(days: Iterable[tuple[dt.date | None, int]], interval: str) -> list[dict[str, Any]]:
    """Counts of days summed up to periods, the earliest first, what has no date last.

    >>> _by_period([(dt.date(2024, 7, 30), 2), (dt.date(2024, 7, 1), 1)], "month")
    [{'period': '2024-07', 'count': 3}]
    """
    counts: Counter[str | None] = Counter()
    for day, count in days:
        counts[day.isoformat()[: _ISO_LENGTH[interval]] if day else None] += count
    ordered = sorted(counts.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return [{"period": period, "count": count} for period, count in ordered]
