"""The resources, read-only."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from articles.models import Article, Byline, Organization, Page, Place, Reporter

from . import filters, serializers, visibility


class ArticleViewSet(ReadOnlyModelViewSet[Article]):
    """Articles, the newest first; a single one has its text, its printed blocks and its credits."""

    queryset = Article.objects.none()
    filterset_class = filters.ArticleFilterSet

    def get_queryset(self) -> QuerySet[Article]:
        bylines = Prefetch("bylines", Byline.objects.select_related("reporter"))
        articles = visibility.articles(self.request).select_related("page").prefetch_related(bylines)
        text = () if self.detail else ("body", "blocks")
        return articles.defer("found", "page__text", *text)

    def get_serializer_class(self) -> type[BaseSerializer[Article]]:
        return serializers.ArticleSerializer if self.detail else serializers.ArticleListSerializer


class ReporterViewSet(ReadOnlyModelViewSet[Reporter]):
    """The people whom articles credit."""

    queryset = Reporter.objects.none()
    serializer_class = serializers.ReporterSerializer
    filterset_class = filters.ReporterFilterSet

    def get_queryset(self) -> QuerySet[Reporter]:
        return visibility.reporters(self.request)


@extend_schema_view(retrieve=extend_schema(responses=serializers.StaffPageSerializer))
class PageViewSet(ReadOnlyModelViewSet[Page]):
    """Printed pages as their files gave them; a single one has its text, for staff."""

    queryset = Page.objects.none()
    filterset_class = filters.PageFilterSet

    def get_queryset(self) -> QuerySet[Page]:
        return visibility.pages(self.request)

    def get_serializer_class(self) -> type[BaseSerializer[Page]]:
        if self.detail and visibility.is_staff(self.request):
            return serializers.StaffPageSerializer
        return serializers.PageSerializer


class PlaceViewSet(ReadOnlyModelViewSet[Place]):
    """The places that articles name, by the path of official codes."""

    queryset = Place.objects.none()
    serializer_class = serializers.PlaceSerializer
    filterset_class = filters.PlaceFilterSet

    def get_queryset(self) -> QuerySet[Place]:
        return visibility.places(self.request)


class OrganizationViewSet(ReadOnlyModelViewSet[Organization]):
    """The bodies that articles name."""

    queryset = Organization.objects.none()
    serializer_class = serializers.OrganizationSerializer
    filterset_class = filters.OrganizationFilterSet

    def get_queryset(self) -> QuerySet[Organization]:
        return visibility.organizations(self.request)
