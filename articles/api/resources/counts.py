"""Counts of articles by what they name (facets), by date (timeline), and by records named together (company)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pyroaring import BitMap
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.http.problems import parameter_error
from articles.api.http.query_cache import cached_until_written
from articles.api.http.representation_cache import Representation
from articles.api.openapi.descriptions import comma_separated
from articles.api.query.filter_sets import requested_records
from articles.api.query.parameters import parse_choices, parse_size
from articles.api.serializers import (
    OrganizationBriefSerializer,
    PlaceBriefSerializer,
    ReporterBriefSerializer,
)
from articles.counts.facet_index import FacetIndex, article_ids, current_facet_index
from articles.models import Place
from articles.models.merge import MODELS

from . import visibility
from .articles import ArticleResource

_MAX_SIZE = 100
_COUNTS = 50_000  # bytes of an answer
_PLACE_LEVELS = [kind for kind in Place.Kind.values if kind != Place.Kind.OTHER]
_INTERVALS = ("day", "month", "year")
_RECORD_KINDS = ("reporter", "place", "organization")
# The parameters that select values of a facet: its own counts ignore them.
_OWN = {
    "reporter": {"reporter"},
    "place": {"place"},
    "organization": {"organization"},
    "publication": {"publication"},
    "section": {"section"},
    "role": {"role"},
    **{interval: {"issue_date_after", "issue_date_before"} for interval in _INTERVALS},
}
_FACETS = tuple(_OWN)
_DEFAULT = ("reporter", "place", "organization", "publication", "month")
_NAMES = ("publication", "section", "role")  # facets whose values are names, without records
_INTERVAL = OpenApiParameter(
    "interval", str, enum=_INTERVALS, default="month", description="How long a period is."
)
_SIZE = OpenApiParameter(
    "size",
    {"type": "integer", "minimum": 1, "default": 20},
    description=f"How many values; more than {_MAX_SIZE} are cut to that.",
)
_ISO_LENGTH = {"day": 10, "month": 7, "year": 4}
_BRIEFS: dict[str, Any] = {
    "reporter": ReporterBriefSerializer,
    "place": PlaceBriefSerializer,
    "organization": OrganizationBriefSerializer,
}


class FacetValueSerializer(serializers.Serializer[Any]):
    """A value with the number of articles that have it: a record's id and name, a name alone, or a period."""

    id = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    disambiguation = serializers.CharField(required=False)
    period = serializers.CharField(required=False, allow_null=True)
    count = serializers.IntegerField()


class FacetTotalsSerializer(serializers.Serializer[Any]):
    """What a facet is counted of, and what its values leave out: articles with other values alone, and without any."""

    articles = serializers.IntegerField()
    values = serializers.IntegerField()
    other = serializers.IntegerField()
    missing = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Any]):
    """The commonest values of each requested facet, or its periods in order."""

    reporter = FacetValueSerializer(many=True, required=False)
    place = FacetValueSerializer(many=True, required=False)
    organization = FacetValueSerializer(many=True, required=False)
    publication = FacetValueSerializer(many=True, required=False)
    section = FacetValueSerializer(many=True, required=False)
    role = FacetValueSerializer(many=True, required=False)
    day = FacetValueSerializer(many=True, required=False)
    month = FacetValueSerializer(many=True, required=False)
    year = FacetValueSerializer(many=True, required=False)
    totals = serializers.DictField(child=FacetTotalsSerializer(), required=False)


class PeriodSerializer(serializers.Serializer[Any]):
    """The number of articles issued in a period: `2024-07-30`, `2024-07`, `2024`; null is without a date."""

    period = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class TimelineSerializer(serializers.Serializer[Any]):
    interval = serializers.ChoiceField(choices=_INTERVALS)
    results = PeriodSerializer(many=True)


class CompanionSerializer(FacetValueSerializer):
    """A record with the number of articles that name it together with the requested one, by period."""

    periods = PeriodSerializer(many=True)


class CompanySerializer(serializers.Serializer[Any]):
    """The records that articles name together with the requested one, the commonest first."""

    interval = serializers.ChoiceField(choices=_INTERVALS)
    reporter = CompanionSerializer(many=True, required=False)
    place = CompanionSerializer(many=True, required=False)
    organization = CompanionSerializer(many=True, required=False)


class ArticleCounts(ArticleResource):
    """Counts of the articles that the list has with the same filters."""

    formats = {}
    own_parameters = {
        "facets": (
            comma_separated(
                "facet",
                _FACETS,
                f"The facets, with commas between; {', '.join(_DEFAULT)} if it is left out.",
            ),
            OpenApiParameter(
                "totals",
                str,
                enum=["true", "false"],
                default="false",
                description="Add the number of articles and values of each facet, and of the articles that have no value here.",
            ),
            OpenApiParameter(
                "place_level", str, enum=_PLACE_LEVELS, default="county", description="The level of places."
            ),
            _SIZE,
        ),
        "timeline": (_INTERVAL,),
        "company": (
            comma_separated(
                "kind", _RECORD_KINDS, "What kinds of records, with commas between; all if it is left out."
            ),
            _INTERVAL,
            _SIZE,
        ),
    }
    filtered = frozenset(own_parameters)
    postings: FacetIndex  # set while counting
    _answered_by_sql: Collection[str] = ()

    @extend_schema(responses=FacetsSerializer)
    def facets(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Counts of articles by what they have; a facet's own filter applies after its counts."""
        asked = parse_choices("facet", request.query_params.get("facet", ",".join(_DEFAULT)), _FACETS)
        with_totals = _one_of("totals", request.query_params.get("totals", "false"), ("true", "false"))

        def count() -> dict[str, Any]:
            found: dict[str, Any] = {facet: self.facet(facet) for facet in asked}
            if with_totals == "true":
                found["totals"] = {facet: self.totals(facet, found[facet]) for facet in asked}
            return found

        return self.counted(count)

    @extend_schema(responses=TimelineSerializer)
    def timeline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The number of articles by issue date."""
        interval = self.interval()
        return self.counted(lambda: {"interval": interval, "results": self.periods(self.among(), interval)})

    @extend_schema(responses=CompanySerializer)
    def company(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The records that articles name together with this one, how often, and when."""
        kinds = parse_choices(
            "kind", request.query_params.get("kind", ",".join(_RECORD_KINDS)), _RECORD_KINDS
        )
        interval = self.interval()
        return self.counted(
            lambda: {"interval": interval} | {kind: self.companions(kind, interval) for kind in kinds}
        )

    def counted(self, count: Callable[[], dict[str, Any]]) -> Response:
        """The response to this address, cached for all clients that see the same articles."""
        asked = tuple(sorted(self.request.query_params.items()))
        question = (self.request.path, asked, visibility.sees_all(self.request))

        def answer() -> Representation:
            with current_facet_index() as self.postings:
                self._found: dict[frozenset[str], BitMap] = {}
                return Representation(count())

        return Response(cached_until_written(question, answer, _COUNTS))

    def among(self, without: Collection[str] = ()) -> BitMap:
        """The filtered articles, without the filters of some parameters; the parent's filter always applies."""
        own = {self.parent.parameter} if self.parent else set()
        given = super().filter_data().keys() & self.filter_parameters()
        narrowing = frozenset(given - (set(without) - own))
        if narrowing not in self._found:
            self._found[narrowing] = self.found(narrowing)
        return self._found[narrowing]

    def found(self, narrowing: frozenset[str]) -> BitMap:
        """The articles that match the filters of these parameters."""
        by_sql = narrowing - set(_RECORD_KINDS)
        # A role is that of a credit of the reporter.
        self._answered_by_sql = by_sql | (narrowing & {"reporter"} if "role" in by_sql else set())
        if self._answered_by_sql:
            articles = article_ids(self.filter_queryset(self.get_queryset()))
        else:
            articles = self.postings.having("status", visibility.listed_statuses(self.request))
        given = super().filter_data()
        for name in narrowing.intersection(_RECORD_KINDS):
            articles &= self.named(name, requested_records(name, given[name]))
        return articles

    def filter_data(self) -> Any:
        data = super().filter_data()
        for name in data.keys() - self._answered_by_sql:
            del data[name]
        return data

    def named(self, name: str, records: list[int]) -> BitMap:
        return self.postings.within(records) if name == "place" else self.postings.having(name, records)

    def facet(self, facet: str) -> list[dict[str, Any]]:
        articles = self.among(_OWN[facet])
        if facet in _INTERVALS:
            return self.periods(articles, facet)
        if facet in _NAMES:
            found = self.postings.most_common(facet, articles, self.size())
            return [{"name": name, "count": count} for name, count in found.items()]
        return self.commonest(facet, self.level() if facet == "place" else facet, articles)

    def totals(self, facet: str, shown: list[dict[str, Any]]) -> dict[str, int]:
        """What the values of a facet are counted of, and what they leave out."""
        articles = self.among(_OWN[facet])
        if facet in _INTERVALS:
            missing = sum(value["count"] for value in shown if value["period"] is None)
            values = sum(value["period"] is not None for value in shown)
            return {"articles": len(articles), "values": values, "other": 0, "missing": missing}
        key = "name" if facet in _NAMES else "id"
        kind = self.level() if facet == "place" else facet
        return self.postings.spread(kind, articles, [value[key] for value in shown])._asdict()

    def companions(self, kind: str, interval: str) -> list[dict[str, Any]]:
        articles = self.among()
        own = self.parent_record().pk if self.parent and self.parent.parameter == kind else None
        found = self.commonest(kind, kind, articles, but=own)
        return [
            {**value, "periods": self.periods(articles & self.postings.having(kind, [value["id"]]), interval)}
            for value in found
        ]

    def commonest(
        self, kind: str, values: str, among: BitMap, but: int | None = None
    ) -> list[dict[str, Any]]:
        """The records that most of the articles name, with their counts."""
        found = self.postings.most_common(values, among, self.size(), but)
        records = MODELS[kind].objects.in_bulk(found)
        return [
            {**_BRIEFS[kind].of(records[pk]), "count": count} for pk, count in found.items() if pk in records
        ]

    def periods(self, articles: BitMap, interval: str) -> list[dict[str, Any]]:
        """The number of articles of each period, the earliest first, those without a date last."""
        counts: Counter[str | None] = Counter()
        for period, posted in self.postings.items("day" if interval == "day" else "month"):
            counts[period and period[: _ISO_LENGTH[interval]]] += posted.intersection_cardinality(articles)
        ordered = sorted((+counts).items(), key=lambda item: (item[0] is None, item[0] or ""))
        return [{"period": period, "count": count} for period, count in ordered]

    # --- Options -----------------------------------------------------------------------------------

    def interval(self) -> str:
        return _one_of("interval", self.request.query_params.get("interval", "month"), _INTERVALS)

    def level(self) -> str:
        return _one_of("place_level", self.request.query_params.get("place_level", "county"), _PLACE_LEVELS)

    def size(self) -> int:
        """The most values that a facet has."""
        return parse_size("size", self.request.query_params.get("size", "20"), _MAX_SIZE)


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    if value not in known:
        raise parameter_error(name, f"{value[:40]!r} is not one of {', '.join(known)}.")
    return value
