"""The page of an article, lists of articles with search and filters, and their Atom feeds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from rest_framework.request import Request

from articles.api.representations import AtomRenderer, JsonLdRenderer
from articles.api.representations.base import JsonDict
from articles.models.merge import MODELS

from .api_answers import MergedRecordError, RefusedQueryError, get_from_api
from .article_text import article_text
from .issue_pages import issue_url
from .responses import public_page, render_site_page

# The parameters of the API that the site takes; others, as those that mark where a visitor comes from, change nothing.
_FILTERS = (
    "q", "publication", "section", "issue_date_after", "issue_date_before", "place", "organization", "reporter",
)  # fmt: skip
_ORDERS = ("ordering",)
_MOST_ON_PAGE = 100
_FACETS = ("place", "organization", "reporter", "publication")
_DESCRIPTION = 120  # characters


@public_page
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """An article to read and to print."""
    found = get_from_api(request, "article-detail", pk=pk)
    return render_site_page(
        request, "site/article.html", json_ld=_json_ld(request, found), **article_context(request, found)
    )


def article_context(request: HttpRequest, found: JsonDict) -> dict[str, Any]:
    """What the template of an article shows, of an article of the API."""
    neighbours, date = _same_page(request, found), issue_day(found["issue_date"])
    at = next((number for number, one in enumerate(neighbours) if one["id"] == found["id"]), None)
    return {
        "article": found,
        "text": article_text(found),
        "date": date,
        "issue_url": issue_url(found["publication"], date) if date and found["publication"] else "",
        "description": found["body"].replace("\n", "")[:_DESCRIPTION],
        "neighbours": neighbours,
        "before": neighbours[at - 1] if at else None,
        "after": neighbours[at + 1] if at is not None and at + 1 < len(neighbours) else None,
    }


def _same_page(request: HttpRequest, found: JsonDict) -> list[JsonDict]:
    """The public articles of the same printed page, in printed order."""
    if not found["page"]:
        return []
    query = {"page": found["page"]["id"], "ordering": "position", "page_size": _MOST_ON_PAGE}
    rows: list[JsonDict] = get_from_api(request, "article-list", query)["results"]
    return rows


def _json_ld(request: HttpRequest, found: JsonDict) -> SafeString:
    """The article for search engines; the renderer escapes what could end the element around it."""
    content = JsonLdRenderer().written(_at_site(request, found), {"request": Request(request)})
    return mark_safe(content)  # noqa: S308


def _at_site(request: HttpRequest, found: JsonDict) -> JsonDict:
    """An article of the API with its address in the site."""
    return {**found, "url": request.build_absolute_uri(reverse("site:article", args=[found["id"]]))}


def article_list(request: HttpRequest, given: Mapping[str, Any]) -> dict[str, Any]:
    """A page of a list of articles, with the queries of the pages before and after it."""
    answer = get_from_api(request, "article-list", given)
    return {
        "articles": [{**row, "date": issue_day(row["issue_date"])} for row in answer["results"]],
        "count": answer.get("count"),
        "previous": _page_query(request, answer["previous"]),
        "next": _page_query(request, answer["next"]),
    }


def issue_day(text: str | None) -> dt.date | None:
    """A date of the API; None if there is none."""
    return dt.date.fromisoformat(text) if text else None


def _page_query(request: HttpRequest, url: str | None) -> str:
    """The query of another page of the list; empty if there is none."""
    if not url:
        return ""
    query = request.GET.copy()
    query["cursor"] = parse_qs(urlsplit(url).query)["cursor"][0]
    return f"?{query.urlencode()}"


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Articles that match a search and filters, the newest or the best first."""
    filters = _given(request, _FILTERS)
    asked = {**filters, **_given(request, (*_ORDERS, "cursor"))}
    try:
        listed = article_list(request, {**asked, "count": "true"})
        facets = get_from_api(request, "article-facets", {**filters, "facet": ",".join(_FACETS), "size": 10})
    except RefusedQueryError as error:
        context: dict[str, Any] = {"errors": error.errors, "articles": []}
        return render_site_page(request, "site/search.html", 400, filters=filters, **context)
    return render_site_page(
        request,
        "site/search.html",
        filters=filters,
        chosen=_chosen(request, filters),
        facets=[_facet(name, facets[name], filters) for name in _FACETS if facets[name]],
        feed_query=f"?{urlencode(filters)}" if filters else "",
        **listed,
    )


def _given(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    """The parameters of these names that are not empty; a form sends its empty fields too."""
    return {name: request.GET[name] for name in names if request.GET.get(name, "").strip()}


def _chosen(request: HttpRequest, filters: Mapping[str, str]) -> list[dict[str, str]]:
    """The filters without a field in the form, each with the query without it."""
    chosen = []
    for name in ("place", "organization", "reporter", "section"):
        if name in filters:
            query = urlencode({other: filters[other] for other in filters if other != name})
            shown = _shown_value(request, name, filters[name])
            chosen.append({"name": name, "asked": filters[name], "value": shown, "query": f"?{query}"})
    return chosen


def _shown_value(request: HttpRequest, name: str, value: str) -> str:
    """The name of a record that a filter asks for; other values as they are."""
    if name not in MODELS:
        return value
    try:
        return str(get_from_api(request, f"{name}-detail", pk=value)["name"])
    except (Http404, MergedRecordError):
        return value


def _facet(name: str, values: list[JsonDict], filters: Mapping[str, str]) -> dict[str, Any]:
    """The commonest values of a facet, each with the query that chooses it."""
    links = []
    for value in values:
        chosen = str(value.get("id") or value["name"])
        links.append(
            {
                "name": value["name"],
                "count": value["count"],
                "query": f"?{urlencode({**filters, name: chosen})}",
                "is_chosen": filters.get(name) == chosen,
            }
        )
    return {"name": name, "values": links}


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest articles of a list as Atom, with the filters of the search."""
    given = {**_given(request, _FILTERS), "ordering": "-issue_date", **_given(request, ("cursor",))}
    try:
        answer = get_from_api(request, "article-list", given)
    except RefusedQueryError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    here = request.build_absolute_uri(request.path)
    queries = {name: _page_query(request, answer[name]) for name in ("next", "previous")}
    pages = {name: f"{here}{query}" for name, query in queries.items() if query}
    shown = {"results": [_at_site(request, row) for row in answer["results"]], **pages}
    content = AtomRenderer().written(shown, {"request": Request(request)})
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
