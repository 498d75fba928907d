"""The front page, issues by paper and day, and their pages with the articles in printed order."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from articles.api.resources import visibility
from articles.models import Article

from .api_answers import get_from_api
from .responses import public_page, render_site_page

_NEWEST_DAYS = 6
_NEWEST_ISSUES = 8
_LEADING = 5  # articles of an issue on the front page
_MOST_NAMED = 12
_BEGINNING = 30  # characters of an article without a headline


@dataclass
class _IssuePage:
    """A printed page with its public articles; without a page, the articles that were written by hand."""

    pk: int | None
    number: str
    name: str
    articles: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Issue:
    """A day's issue of a paper, whose name may be unknown."""

    publication: str
    date: dt.date
    pages: list[_IssuePage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return issue_url(self.publication, self.date)

    @property
    def article_count(self) -> int:
        return sum(len(page.articles) for page in self.pages)

    @property
    def page_count(self) -> int:
        return sum(page.pk is not None for page in self.pages)

    @property
    def leading(self) -> list[dict[str, Any]]:
        """The first articles in printed order."""
        return [article for page in self.pages for article in page.articles][:_LEADING]


def issue_url(publication: str, date: dt.date) -> str:
    """The address of an issue; those of unknown papers are on the page of the day."""
    if not publication:
        return reverse("site:day", args=[date])
    return reverse("site:issue", args=[date, publication])


@public_page
def front(request: HttpRequest) -> HttpResponse:
    """The newest issues, and what articles name most."""
    facets = get_from_api(
        request, "article-facets", {"facet": "place,organization,reporter", "size": _MOST_NAMED}
    )
    named = [(kind, facets[kind]) for kind in ("place", "organization", "reporter") if facets[kind]]
    return render_site_page(request, "site/front.html", issues=_newest_issues(_public(request)), named=named)


@public_page
def day(request: HttpRequest, date: dt.date) -> HttpResponse:
    """All issues of a day."""
    issues = _issues(_public(request).filter(sort_date=date))
    if not issues:
        raise Http404
    return render_site_page(request, "site/day.html", date=date, issues=issues)


@public_page
def issue(request: HttpRequest, date: dt.date, publication: str) -> HttpResponse:
    """An issue as it was printed: its pages, and their articles in order."""
    articles = _public(request).filter(publication=publication)
    found = _issues(articles.filter(sort_date=date))
    if not found:
        raise Http404
    dated = articles.order_by("sort_date").values_list("sort_date", flat=True)
    before = dated.filter(sort_date__lt=date, sort_date__gt=dt.date.min).last()
    after = dated.filter(sort_date__gt=date).first()
    return render_site_page(
        request,
        "site/issue.html",
        issue=found[0],
        before=before and issue_url(publication, before),
        after=after and issue_url(publication, after),
    )


def _public(request: HttpRequest) -> QuerySet[Article]:
    """The articles that everybody may see, by the rule of the API."""
    return visibility.articles(Request(request))


def _newest_issues(articles: QuerySet[Article]) -> list[_Issue]:
    """The issues of the newest days, the newest first."""
    days = (
        articles.filter(sort_date__gt=dt.date.min).order_by("-sort_date").values_list("sort_date", flat=True)
    )
    return _issues(articles.filter(sort_date__in=list(days.distinct()[:_NEWEST_DAYS])))[:_NEWEST_ISSUES]


def _issues(articles: QuerySet[Article]) -> list[_Issue]:
    """The issues of some articles, the newest first, their pages by number, the articles as printed."""
    columns = (
        "pk",
        "headline",
        "kicker",
        "sort_date",
        "publication",
        "page",
        "page__page_number",
        "page__page_name",
    )
    rows = articles.annotate(beginning=Substr("body", 1, _BEGINNING), printed=Coalesce("position", 0))
    return _grouped(rows.order_by("-sort_date", "publication", "printed", "pk").values(*columns, "beginning"))


def _grouped(rows: Iterable[dict[str, Any]]) -> list[_Issue]:
    issues: dict[tuple[dt.date, str], _Issue] = {}
    pages: dict[tuple[dt.date, str, int | None], _IssuePage] = {}
    for row in rows:
        key = (row["sort_date"], row["publication"])
        if key not in issues:
            issues[key] = _Issue(row["publication"], row["sort_date"])
        if (page := pages.get((*key, row["page"]))) is None:
            page = _IssuePage(row["page"], row["page__page_number"] or "", row["page__page_name"] or "")
            pages[(*key, row["page"])] = page
            issues[key].pages.append(page)
        page.articles.append(row)
    for issue_found in issues.values():
        issue_found.pages.sort(key=_page_order)
    return list(issues.values())


def _page_order(page: _IssuePage) -> tuple[Any, ...]:
    """Pages by their number, A2 before A10; those without a number next, and articles without a page last."""
    parts = re.findall(r"\d+|\D+", page.number)
    return (
        page.pk is None,
        not parts,
        [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts],
    )
