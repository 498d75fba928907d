"""What programs that read web sites ask for: robots.txt, and the addresses of all that is public."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from articles.api.resources import visibility

from .issue_pages import issue_url
from .responses import public_page

# Only the type checker gives the class an argument.
if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap

_LIMIT = 5_000  # addresses of a file


class _Listed(_Sitemap):
    """The pages of public rows, in the order of their ids."""

    limit = _LIMIT
    kind = ""

    def __init__(self, request: HttpRequest) -> None:
        self.public = Request(request)

    def location(self, item: Any) -> str:
        return reverse(f"site:{self.kind}", args=[item.pk])


class _Articles(_Listed):
    kind = "article"

    def items(self) -> QuerySet[Any]:
        return (
            visibility.articles(self.public).select_related("last_change").only("last_change").order_by("pk")
        )

    def lastmod(self, item: Any) -> dt.datetime:
        changed: dt.datetime = item.last_change.changed_at
        return changed


class _Records(_Listed):
    def __init__(self, request: HttpRequest, kind: str, visible: Any) -> None:
        super().__init__(request)
        self.kind, self.visible = kind, visible

    def items(self) -> QuerySet[Model]:
        records: QuerySet[Model] = self.visible(self.public).only("pk").order_by("pk")
        return records


class _Issues(_Listed):
    def items(self) -> QuerySet[Any]:
        dated = visibility.articles(self.public).filter(sort_date__gt=dt.date.min)
        return dated.order_by("sort_date", "publication").values_list("publication", "sort_date").distinct()

    def location(self, item: tuple[str, dt.date]) -> str:
        return issue_url(*item)


def _sections(request: HttpRequest) -> dict[str, Any]:
    return {
        "issues": _Issues(request),
        "articles": _Articles(request),
        "reporters": _Records(request, "reporter", visibility.reporters),
        "places": _Records(request, "place", visibility.places_and_above),
        "organizations": _Records(request, "organization", visibility.organizations),
    }


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The files of the sitemap."""
    response = sitemap_views.index(request, _sections(request), sitemap_url_name="site:sitemap")
    return response.render()


@public_page
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one kind of page."""
    return sitemap_views.sitemap(request, _sections(request), section).render()


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say what programs that follow links may read: all but the desk, and lists that differ by filters only."""
    sitemap_url = request.build_absolute_uri(reverse("site:sitemaps"))
    refused = [reverse("admin:index"), f"{reverse('site:articles')}?"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused), f"Sitemap: {sitemap_url}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
