"""The resources, read-only."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from articles.models import Article, Byline, Mention, Organization, Page, Place, Reporter
from articles.models.place import PlaceQuerySet

from . import filters, serializers, visibility


class ArticleViewSet(ReadOnlyModelViewSet[Article]):
    """Articles, the newest first; a single one has its text, its printed blocks, its credits and its mentions."""

    queryset = Article.objects.none()
    filterset_class = filters.ArticleFilterSet

    def get_queryset(self) -> QuerySet[Article]:
        bylines = Prefetch("bylines", Byline.objects.select_related("reporter"))
        mentions = Prefetch("mentions", Mention.objects.standing().with_records().in_order())
        articles = (
            visibility.articles(self.request).select_related("page").prefetch_related(bylines, mentions)
        )
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


@extend_schema_view(
    retrieve=extend_schema(
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="Id or official code.")]
    )
)
class PlaceViewSet(ReadOnlyModelViewSet[Place]):
    """The places that articles name, by the path of official codes; what these lie in answers by its id or code."""

    queryset = Place.objects.none()
    filterset_class = filters.PlaceFilterSet

    def get_queryset(self) -> PlaceQuerySet:
        seen = visibility.places_and_above if self.detail else visibility.places
        return seen(self.request).with_ancestors().prefetch_related("aliases")

    def get_serializer_class(self) -> type[BaseSerializer[Place]]:
        return serializers.PlaceSerializer if self.detail else serializers.PlaceListSerializer

    def get_object(self) -> Place:
        places: PlaceQuerySet = self.filter_queryset(self.get_queryset())  # type: ignore[assignment] # it keeps the class
        place = places.by_id_or_code(self.kwargs["pk"])
        if place is None:
            raise Http404
        visibility.mentions(self.request).count_places([place])
        return place

    def paginate_queryset(self, queryset: Any) -> Any:
        places = super().paginate_queryset(queryset) or []
        visibility.mentions(self.request).count_places(places)
        return places


class OrganizationViewSet(ReadOnlyModelViewSet[Organization]):
    """The bodies that articles name."""

    queryset = Organization.objects.none()
    serializer_class = serializers.OrganizationSerializer
    filterset_class = filters.OrganizationFilterSet

    def get_queryset(self) -> QuerySet[Organization]:
        organizations = visibility.organizations(self.request)
        return organizations.select_related("seat").prefetch_related("aliases")

    def get_object(self) -> Organization:
        organization = super().get_object()
        visibility.mentions(self.request).count_organizations([organization])
        return organization

    def paginate_queryset(self, queryset: Any) -> Any:
        organizations = super().paginate_queryset(queryset) or []
        visibility.mentions(self.request).count_organizations(organizations)
        return organizations
