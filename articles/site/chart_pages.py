"""Pages that draw the archive: issues by day, places on a map, and who is named with whom."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from rest_framework.request import Request

from articles.api.representations.base import JsonDict
from articles.api.resources import visibility
from articles.charts.charts import ChartValue
from articles.charts.issue_calendar import calendar_months, missing_pages_of, weekday_names
from articles.charts.link_graph import draw_graph
from articles.charts.place_map import MapPoint, PlaceMap, draw_map, nearest_coordinates
from articles.models import Place

from .api_answers import get_from_api
from .issue_pages import issue_url
from .responses import View, public_page, render_site_page

_LEVELS = (Place.Kind.COUNTY, Place.Kind.CITY, Place.Kind.PROVINCE)
_MOST_PLACES = 100
_MOST_NODES = 10  # of a kind
_WIDE, _NARROW = (1200, 640), (360, 420)
_SMALL = (360, 260)
_KINDS = ("place", "organization", "reporter")


@public_page
def issue_calendar(request: HttpRequest) -> HttpResponse:
    """The issues of a paper in a year."""
    articles = visibility.articles(Request(request)).filter(sort_date__gt=dt.date.min)
    papers = [*articles.order_by("publication").values_list("publication", flat=True).distinct()]
    newest = articles.order_by("-sort_date").values_list("publication", flat=True).first()
    asked = request.GET.get("publication", newest)
    paper = asked if asked in papers else newest
    dated = articles.filter(publication=paper).order_by("sort_date").values_list("sort_date", flat=True)
    first, last = dated.first(), dated.last()
    years = list(range(first.year, last.year + 1)) if first and last else []
    year = _asked_year(request, "year", years, years[-1] if years else 0)
    rows = dated.filter(sort_date__gte=dt.date(year or 1, 1, 1), sort_date__lte=dt.date(year or 1, 12, 31))
    issues: defaultdict[dt.date, list[str]] = defaultdict(list)
    for date, number in rows.values_list("sort_date", "page__page_number").distinct():
        issues[date].append(number or "")
    months = (
        calendar_months(year, issues, {date: issue_url(paper or "", date) for date in issues}) if year else []
    )
    return render_site_page(
        request,
        "site/calendar.html",
        papers=papers,
        paper=paper,
        years=years,
        year=year,
        months=months,
        gaps=missing_pages_of(months),
        weekdays=weekday_names(),
    )


def _asked_year(request: HttpRequest, name: str, years: list[int], default: int) -> int:
    """The year of a parameter if it is one of these, else the default."""
    known = {str(year): year for year in years}
    return known.get(request.GET.get(name, ""), default)


@public_page
def place_map(request: HttpRequest) -> HttpResponse:
    """The places of a level that articles of some years name, on a map."""
    periods = get_from_api(request, "article-timeline", {"interval": "year"})["results"]
    known = [int(one["period"]) for one in periods if one["period"]]
    years = list(range(min(known), max(known) + 1)) if known else []
    level = next((level for level in _LEVELS if level == request.GET.get("level")), _LEVELS[0])
    query: dict[str, Any] = {"facet": "place", "place_level": level, "size": _MOST_PLACES}
    filters = {}
    if years:
        one, other = (
            _asked_year(request, name, years, year) for name, year in (("from", years[0]), ("to", years[-1]))
        )
        first, last = sorted((one, other))
        if (first, last) != (years[0], years[-1]):
            filters = {"issue_date_after": f"{first:04}", "issue_date_before": f"{last:04}"}
    places = get_from_api(request, "article-facets", {**query, **filters})["place"]
    points = [point for place in places if (point := _map_point(place, filters))]
    return render_site_page(
        request,
        "site/map.html",
        maps=[draw_map(points, *size) for size in (_WIDE, _NARROW)] if points else [],
        places=[{**place, "url": reverse("site:place", args=[place["id"]])} for place in places],
        years=years,
        first=first if years else None,
        last=last if years else None,
        levels=[(level.value, level.label) for level in _LEVELS],
        level=level.value,
    )


def _map_point(place: JsonDict, filters: dict[str, str]) -> MapPoint | None:
    """A place of the counts, which leads to its articles; None if it is not known where it lies."""
    query = urlencode({"place": place["id"], **filters})
    value = ChartValue(place["name"], place["count"], f"{reverse('site:articles')}?{query}")
    at = nearest_coordinates([place["code"]])
    return MapPoint(value, at) if at else None


def maps_of_place(record: JsonDict, url: str) -> list[PlaceMap]:
    """Where a place of the API lies, or the smallest place with known coordinates that it is within."""
    codes = [record["code"], *(above["code"] for above in reversed(record["ancestors"]))]
    if (at := nearest_coordinates(codes)) is None:
        return []
    point = MapPoint(ChartValue(record["name"], record["article_count"], url), at)
    return [draw_map([point], *_SMALL, is_whole=True)]


def _graph_page(kind: str) -> View:
    @public_page
    def view(request: HttpRequest, pk: str) -> HttpResponse:
        record = get_from_api(request, f"{kind}-detail", pk=pk)
        query = {"size": _MOST_NODES, "interval": "year"}
        found = get_from_api(request, f"{kind}-company", query, parent=record["id"])
        groups = [(other, [_node(other, one) for one in found[other]]) for other in _KINDS]
        graphs = [
            draw_graph(groups, width, is_narrow=is_narrow)
            for width, is_narrow in ((1000, False), (360, True))
        ]
        return render_site_page(
            request, "site/graph.html", kind=kind, record=record, graphs=graphs, groups=groups
        )

    return view


def _node(kind: str, record: JsonDict) -> ChartValue:
    """A record of a graph, which leads to its own graph."""
    return ChartValue(record["name"], record["count"], reverse(f"site:{kind}-graph", args=[record["id"]]))


reporter_graph, place_graph, organization_graph = map(_graph_page, ("reporter", "place", "organization"))
