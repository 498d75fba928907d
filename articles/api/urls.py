"""Routes of the API: each resource, and the lists below a record, as `places/140830/articles/`."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import path, re_path
from django.urls.resolvers import URLPattern
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import APIRootView, DefaultRouter

from articles.models import Load, Organization, Place, Reporter

from .http import problems
from .oai_pmh.views import provider_urls
from .reconciliation.views import service_urls
from .resources import (
    article_writes,
    articles,
    changes,
    counts,
    mentions,
    page_annotations,
    pages,
    publications,
    records,
    suggestions,
    visibility,
)
from .resources.base import Parent, Resource, ThrottledView, find_by_id


class Root(ThrottledView, APIRootView):
    """The resources of Newsroom."""

    permission_classes = [AllowAny]


_router = DefaultRouter()
_router.APIRootView = Root
_router.include_format_suffixes = False
_router.register("articles", article_writes.WritableArticleResource, basename="article")
_router.register("reporters", records.ReporterResource, basename="reporter")
_router.register("places", records.PlaceResource, basename="place")
_router.register("organizations", records.OrganizationResource, basename="organization")
_router.register("mentions", mentions.MentionResource, basename="mention")
_router.register("pages", pages.PageResource, basename="page")
_router.register("loads", pages.LoadResource, basename="load")


def _by_id(visible: Callable[[Request], QuerySet[Any]]) -> Callable[[Request, str], Model | None]:
    """A function that finds a parent record by its id among those that the client may see."""
    return lambda request, pk: find_by_id(visible(request), pk)


def _find_place(request: Request, pk: str) -> Place | None:
    return visibility.places_and_above(request).by_id_or_code(pk)


_REPORTER = Parent("reporter", _by_id(visibility.reporters), Reporter)
_PLACE = Parent("place", _find_place, Place)
_ORGANIZATION = Parent("organization", _by_id(visibility.organizations), Organization)
_ARTICLE = Parent("article", _by_id(lambda request: visibility.articles(request).defer("body", "blocks")))
_PAGE = Parent("page", _by_id(visibility.pages))
_LOAD = Parent("load", _by_id(lambda _request: Load.objects.all()))

_LIST: dict[str, Any] = {"get": "list"}
_RECORDS = {"reporters": _REPORTER, "places": _PLACE, "organizations": _ORGANIZATION}


def _below(above: str, parent: Parent, name: str, resource: type[Resource], **methods: Any) -> URLPattern:
    """The route of a list below a record: `/places/140830/articles/`."""
    view = resource.as_view(methods or _LIST, parent=parent, basename=f"{parent.parameter}-{name}")
    return path(f"{above}/<str:parent>/{name}/", view, name=f"{parent.parameter}-{name}")


def _count(action: str) -> URLPattern:
    view = counts.ArticleCounts.as_view({"get": action}, basename="article")
    return path(f"articles/{action}/", view, name=f"article-{action}")


def _of_publications(route: str, action: str) -> URLPattern:
    view = publications.PublicationResource.as_view({"get": action}, basename="publication")
    return path(route, view, name=action)


urlpatterns = [
    path("changes/", changes.ChangeResource.as_view({"get": "feed"}, basename="change"), name="change-feed"),
    path(
        "suggest/",
        suggestions.SuggestionResource.as_view({"get": "suggest"}, basename="suggestion"),
        name="suggestion",
    ),
    _of_publications("publications/", "publications"),
    _of_publications("publications/<str:publication>/", "publication"),
    _of_publications("publications/<str:publication>/issues/", "issues"),
    _of_publications("publications/<str:publication>/issues/<str:issue_date>/", "issue"),
    _of_publications("publications/<str:publication>/missing-days/", "missing_days"),
    _count("facets"),
    _count("timeline"),
    *(
        _below(above, parent, name, resource, **methods)
        for above, parent in _RECORDS.items()
        for name, resource, methods in (
            ("articles", articles.ArticleResource, {}),
            ("facets", counts.ArticleCounts, {"get": "facets"}),
            ("timeline", counts.ArticleCounts, {"get": "timeline"}),
            ("company", counts.ArticleCounts, {"get": "company"}),
            ("aliases", records.AliasResource, {"get": "list", "post": "create"}),
        )
    ),
    *(
        path(
            f"{above}/<str:parent>/aliases/<str:pk>/",
            records.AliasResource.as_view({"delete": "destroy"}, parent=parent),
            name=f"{parent.parameter}-alias",
        )
        for above, parent in _RECORDS.items()
    ),
    _below("places", _PLACE, "mentions", mentions.MentionResource),
    _below("places", Parent("parent", _find_place, Place), "children", records.PlaceResource),
    _below("places", Parent("seat", _find_place, Place), "organizations", records.OrganizationResource),
    _below("organizations", _ORGANIZATION, "mentions", mentions.MentionResource),
    _below("articles", _ARTICLE, "mentions", mentions.MentionOfArticleResource, get="list", post="create"),
    _below("pages", _PAGE, "articles", articles.ArticleResource),
    _below("pages", _PAGE, "annotations", page_annotations.PageAnnotationResource, get="annotations"),
    _below("loads", _LOAD, "files", pages.LoadFileResource),
    *provider_urls,
    *service_urls,
    *_router.urls,
    re_path(r"^.*$", problems.no_such_address),
]
