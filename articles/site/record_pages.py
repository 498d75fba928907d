"""The pages of reporters, places and organizations: their articles, when they were printed, and who is named with them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from articles.api.representations.base import JsonDict
from articles.charts.charts import ChartValue, draw_bars
from articles.models import Organization, Place

from .api_answers import RefusedQueryError, get_from_api
from .article_pages import article_list, issue_day
from .chart_pages import maps_of_place
from .responses import View, public_page, render_site_page

_MOST_NAMED_WITH = 10  # of a kind
_WIDE, _NARROW = 640, 340
_KINDS = {"place": Place.Kind, "organization": Organization.Kind}


def _record_page(kind: str) -> View:
    @public_page
    def view(request: HttpRequest, pk: str) -> HttpResponse:
        record = get_from_api(request, f"{kind}-detail", pk=pk)
        given = {
            kind: record["id"],
            **({"cursor": request.GET["cursor"]} if request.GET.get("cursor") else {}),
        }
        try:
            listed = article_list(request, given)
        except RefusedQueryError:
            listed = article_list(request, {kind: record["id"]})
        return render_site_page(
            request,
            "site/record.html",
            kind=kind,
            record=record,
            first_named=issue_day(record["first_named"]),
            last_named=issue_day(record["last_named"]),
            kind_label=_KINDS[kind](record["kind"]).label if kind in _KINDS else "",
            feed_query=f"?{kind}={record['id']}",
            named_with=_named_with(request, kind, record),
            timeline=_timeline(request, kind, record),
            maps=maps_of_place(record, request.path) if kind == "place" else [],
            graph_url=reverse(f"site:{kind}-graph", args=[record["id"]]),
            **listed,
        )

    return view


reporter, place, organization = map(_record_page, ("reporter", "place", "organization"))


def _named_with(request: HttpRequest, kind: str, record: JsonDict) -> list[tuple[str, list[JsonDict]]]:
    """The records that the same articles name, by kind, the commonest first."""
    query = {"size": _MOST_NAMED_WITH, "interval": "year"}
    found = get_from_api(request, f"{kind}-company", query, parent=record["id"])
    return [(other, found[other]) for other in ("place", "organization", "reporter") if found[other]]


def _timeline(request: HttpRequest, kind: str, record: JsonDict) -> list[Any]:
    """The articles of each year as bars, drawn for a screen and for a telephone."""
    periods = get_from_api(request, f"{kind}-timeline", {"interval": "year"}, parent=record["id"])["results"]
    counts = {int(one["period"]): one["count"] for one in periods if one["period"]}
    if len(counts) < 2:
        return []
    values = [_year(year, counts.get(year, 0), kind, record) for year in range(min(counts), max(counts) + 1)]
    return [draw_bars(values, width, 160) for width in (_WIDE, _NARROW)]


def _year(year: int, count: int, kind: str, record: JsonDict) -> ChartValue:
    query = f"?{kind}={record['id']}&issue_date_after={year:04}&issue_date_before={year:04}"
    return ChartValue(f"{year:04}", count, reverse("site:articles") + query, short=f"{year:04}")
