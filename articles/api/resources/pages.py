"""Printed pages, and for the newsroom the loads that brought them."""

from django.db.models import QuerySet
from rest_framework.serializers import BaseSerializer

from articles.api import serializers
from articles.api.query.filter_sets import LoadFileFilterSet, LoadFilterSet, PageFilterSet
from articles.models import Load, LoadFile, Page

from . import visibility
from .base import Resource


class PageResource(Resource):
    """Printed pages as their files gave them; a single one has its text, for the newsroom."""

    queryset = Page.objects.none()
    filterset_class = PageFilterSet
    orders = {"issue_date": ("sort_date", "pk"), "id": ("pk",)}
    default_order = "-issue_date"

    def get_queryset(self) -> QuerySet[Page]:
        return visibility.pages(self.request)

    def get_serializer_class(self) -> type[BaseSerializer[Page]]:
        if self.action != "list" and visibility.sees_all(self.request):
            return serializers.NewsroomPageSerializer
        return serializers.PageSerializer


class LoadResource(Resource):
    """Runs of the loader that changed something, for the newsroom."""

    queryset = Load.objects.none()
    serializer_class = serializers.LoadSerializer
    filterset_class = LoadFilterSet
    default_order = "-id"
    rights = {"list": "articles.view_load", "retrieve": "articles.view_load"}

    def get_queryset(self) -> QuerySet[Load]:
        return Load.objects.select_related("by")


class LoadFileResource(Resource):
    """The outcome of each file of a load, for the newsroom."""

    queryset = LoadFile.objects.none()
    serializer_class = serializers.LoadFileSerializer
    filterset_class = LoadFileFilterSet
    rights = {"list": "articles.view_load"}

    def get_queryset(self) -> QuerySet[LoadFile]:
        return LoadFile.objects.filter(load=self.parent_record().pk)
