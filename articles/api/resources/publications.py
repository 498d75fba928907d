"""The papers, their issues day by day with the pages in printed order, and the days without an issue."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.links import record_url
from articles.api.query.filter_sets import IssueFilterSet
from articles.models import Article, Page
from articles.search.folding import fold_text
from articles.search.publications import same_publications

from . import visibility
from .base import Resource

_COUNTED = {
    "first": Min("issue_date"),
    "last": Max("issue_date"),
    "issues": Count("issue_date", distinct=True),
    "dated": Count("issue_date"),
    "pages": Count("pk"),
}
_PAPER = OpenApiParameter(
    "publication",
    {"type": "string", "pattern": r"^[^/\x00]+$", "minLength": 1, "maxLength": 200},
    OpenApiParameter.PATH,
)
_DAY = OpenApiParameter(
    "issue_date", {"type": "string", "format": "date", "maxLength": 10}, OpenApiParameter.PATH
)
_NUMBER = re.compile("[0-9]+")


class PublicationSerializer(serializers.Serializer[Any]):
    """A paper, with its first and its last issue; pages whose date is not known are in no issue."""

    name = serializers.CharField()
    url = serializers.URLField()
    first_issue = serializers.DateField(allow_null=True)
    last_issue = serializers.DateField(allow_null=True)
    issue_count = serializers.IntegerField()
    page_count = serializers.IntegerField()
    undated_page_count = serializers.IntegerField()


class PublicationsSerializer(serializers.Serializer[Any]):
    """All papers, by name."""

    results = PublicationSerializer(many=True)


class IssueSerializer(serializers.Serializer[Any]):
    """A day of a paper."""

    issue_date = serializers.DateField()
    url = serializers.URLField()
    page_count = serializers.IntegerField()


class IssuesSerializer(serializers.Serializer[Any]):
    """The days of a paper, the earliest first."""

    results = IssueSerializer(many=True)


class IssuePageSerializer(serializers.Serializer[Any]):
    """A page of an issue."""

    id = serializers.IntegerField()
    url = serializers.URLField()
    page_number = serializers.CharField(allow_blank=True)
    page_name = serializers.CharField(allow_blank=True)
    article_count = serializers.IntegerField()


class WholeIssueSerializer(serializers.Serializer[Any]):
    """The pages of a day in printed order, and the issues before and after it."""

    publication = serializers.CharField()
    issue_date = serializers.DateField()
    previous = serializers.URLField(allow_null=True)
    next = serializers.URLField(allow_null=True)
    pages = IssuePageSerializer(many=True)


class MissingDaysSerializer(serializers.Serializer[Any]):
    """Days in sequence of which there is no page."""

    first = serializers.DateField()
    last = serializers.DateField()
    days = serializers.IntegerField()


class GapsSerializer(serializers.Serializer[Any]):
    """The days without an issue between the first and the last one, the earliest first."""

    results = MissingDaysSerializer(many=True)


class PublicationResource(Resource):
    """The papers, their issues, and the days without one."""

    queryset = Page.objects.none()
    serializer_class = PublicationsSerializer
    filterset_class = IssueFilterSet
    filtered = frozenset({"publications", "issues", "missing_days"})
    formats = {}
    pagination_class = None

    def get_queryset(self) -> QuerySet[Page]:
        return visibility.pages(self.request).exclude(publication="").order_by()

    @extend_schema(responses=PublicationsSerializer)
    def publications(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the papers, or those of some days. Names in Traditional and in Simplified characters are one paper."""
        papers: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        pages = self.filter_queryset(self.get_queryset())
        counted: Any = pages.values("publication").annotate(**_COUNTED).order_by("publication")
        for row in counted:
            papers[fold_text(row["publication"])].append(row)
        return Response({"results": [self._publication(rows) for rows in papers.values()]})

    def _publication(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """A paper, from the counts of its spellings."""
        name = _name_of(rows)
        issues = (
            rows[0]["issues"]
            if len(rows) == 1
            else len(self._days(self.filter_queryset(self._pages_of(name))))
        )
        pages = sum(row["pages"] for row in rows)
        return {
            "name": name,
            "url": self._url("publication", name),
            "first_issue": min((row["first"] for row in rows if row["first"]), default=None),
            "last_issue": max((row["last"] for row in rows if row["last"]), default=None),
            "issue_count": issues,
            "page_count": pages,
            "undated_page_count": pages - sum(row["dated"] for row in rows),
        }

    @extend_schema(responses=PublicationSerializer, parameters=[_PAPER])
    def publication(self, request: Request, publication: str) -> Response:
        """Get a paper by its name, in Simplified or Traditional characters."""
        return Response(self._publication(self._rows(publication)))

    @extend_schema(responses=IssuesSerializer, parameters=[_PAPER])
    def issues(self, request: Request, publication: str) -> Response:
        """List the days of a paper, the earliest first, with the number of pages of each."""
        name = _name_of(self._rows(publication))
        days = self._days(self.filter_queryset(self._pages_of(publication)))
        return Response(
            {
                "results": [
                    {"issue_date": day, "url": self._url("issue", name, day), "page_count": count}
                    for day, count in days.items()
                ]
            }
        )

    @extend_schema(responses=GapsSerializer, parameters=[_PAPER])
    def missing_days(self, request: Request, publication: str) -> Response:
        """List the days without an issue between the first and the last one, as first and last day of each gap."""
        self._rows(publication)  # a 404 if there is no such paper
        days = self._days(self.filter_queryset(self._pages_of(publication)))
        return Response({"results": list(_gaps(days))})

    @extend_schema(responses=WholeIssueSerializer, parameters=[_PAPER, _DAY])
    def issue(self, request: Request, publication: str, issue_date: str) -> Response:
        """Get an issue: its pages in printed order, and the issues before and after it."""
        day = _day(issue_date)
        pages = self._pages_of(publication)
        found = sorted(
            pages.filter(issue_date=day), key=lambda page: (_printed_order(page.page_number), page.pk)
        )
        if not found:
            raise Http404
        name = _name_of(self._rows(publication))
        before = pages.filter(issue_date__lt=day).aggregate(day=Max("issue_date"))["day"]
        after = pages.filter(issue_date__gt=day).aggregate(day=Min("issue_date"))["day"]
        counts = self._article_counts([page.pk for page in found])
        return Response(
            {
                "publication": name,
                "issue_date": day,
                "previous": before and self._url("issue", name, before),
                "next": after and self._url("issue", name, after),
                "pages": [
                    {
                        "id": page.pk,
                        "url": record_url("page", page.pk, {"request": request}),
                        "page_number": page.page_number,
                        "page_name": page.page_name,
                        "article_count": counts.get(page.pk, 0),
                    }
                    for page in found
                ],
            }
        )

    def _rows(self, name: str) -> list[dict[str, Any]]:
        """The counts of each spelling of a paper's name; a 404 if the client may see no page of it."""
        visible = self.get_queryset().filter(publication__in=same_publications(Page, name))
        counted: Any = visible.values("publication").annotate(**_COUNTED).order_by("publication")
        rows: list[dict[str, Any]] = list(counted)
        if not rows:
            raise Http404
        return rows

    def _pages_of(self, name: str) -> QuerySet[Page]:
        return self.get_queryset().filter(publication__in=same_publications(Page, name))

    def _days(self, pages: QuerySet[Page]) -> dict[dt.date, int]:
        """The number of pages of each day, in order."""
        dated = pages.filter(issue_date__isnull=False).order_by()
        return dict(dated.values_list("issue_date").annotate(pages=Count("pk")).order_by("issue_date"))

    def _article_counts(self, pages: list[int]) -> dict[int, int]:
        articles = visibility.articles(self.request).filter(page__in=pages)
        counted = articles.exclude(status=Article.Status.TRASHED).order_by()
        return dict(counted.values_list(F("page")).annotate(Count("pk")))

    def _url(self, route: str, *arguments: object) -> str:
        return self.request.build_absolute_uri(reverse(route, args=[str(one) for one in arguments]))


def _name_of(rows: list[dict[str, Any]]) -> str:
    """The name of a paper: that which most of its pages have, of those in Traditional or Simplified characters."""
    return str(max(rows, key=lambda row: row["pages"])["publication"])


def _day(text: str) -> dt.date:
    """The day of an address, as in `2024-07-30`."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if day.isoformat() != text:
        raise Http404
    return day


def _printed_order(number: str) -> list[tuple[int, int, str]]:
    """A key by which 2 is before 10, and A2 before A10 and B1; a page without a number is last.

    >>> sorted(["B1", "10", "", "A10", "2", "A2"], key=_printed_order)
    ['2', '10', 'A2', 'A10', 'B1', '']
    """
    if not number:
        return [(2, 0, "")]
    parts = re.findall("[0-9]+|[^0-9]+", number)
    return [(0, int(part), "") if _NUMBER.fullmatch(part) else (1, 0, part) for part in parts]


def _gaps(days: Iterable[dt.date]) -> Iterator[dict[str, Any]]:
    """The days between two that follow each other."""
    one = dt.timedelta(days=1)
    for before, after in pairwise(days):
        if after - before > one:
            yield {"first": before + one, "last": after - one, "days": (after - before).days - 1}
