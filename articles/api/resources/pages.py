"""Printed pages, and for the newsroom the loads that brought them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles.api import serializers
from articles.api.http.problems import Conflict
from articles.api.query.filter_sets import LoadFileFilterSet, LoadFilterSet, PageFilterSet
from articles.api.serializers import request_bodies
from articles.editing.page_regions import put_back, set_aside
from articles.models import Article, Load, LoadFile, Page

from . import visibility
from .articles import PlainTextRenderer
from .base import Resource

# The parts of an article as they are printed, from above.
_PRINTED = ("kicker", "headline", "subtitle", "body")


class PageResource(Resource):
    """Printed pages as their files gave them; a single one has its text, for the newsroom."""

    queryset = Page.objects.none()
    filterset_class = PageFilterSet
    orders = {"issue_date": ("sort_date", "pk"), "id": ("pk",)}
    default_order = "-issue_date"

    rights = {"residue": "articles.change_article"}

    def get_queryset(self) -> QuerySet[Page]:
        return visibility.pages(self.request)

    def get_serializer_class(self) -> type[BaseSerializer[Page]]:
        if self.action != "list" and visibility.sees_all(self.request):
            return serializers.NewsroomPageSerializer
        return serializers.PageSerializer

    def get_renderers(self) -> list[Any]:
        return [PlainTextRenderer()] if self.action == "text" else super().get_renderers()

    @extend_schema(responses={(200, "text/plain"): str})
    @action(detail=True, renderer_classes=[PlainTextRenderer])
    def text(self, request: Request, pk: str) -> HttpResponse:
        """The plain text of the articles on the page that the client may see, in printed order, with a blank line between.

        The whole text of the file, with adverts and notices, is the `text` of the page, for the newsroom.
        """
        self.record = self.get_object()
        articles = (
            visibility.articles(request).filter(page=self.record).exclude(status=Article.Status.TRASHED)
        )
        ordered = articles.order_by(Coalesce("position", 0), "pk").values_list(*_PRINTED)
        texts = ("\n".join(filter(None, parts)) for parts in ordered)
        return HttpResponse("\n\n".join(texts), content_type="text/plain; charset=utf-8")

    @extend_schema(request=request_bodies.RegionWriteSerializer, responses=serializers.NewsroomPageSerializer)
    @action(detail=True, methods=["post"])
    def residue(self, request: Request, pk: str) -> Response:
        """Say what a region of the page is: an advert or a notice, or text of an article. Later loads keep to it.

        It needs no If-Match: the text of a page never changes, so that the same region means the same for everybody.
        """
        values = request_bodies.validated_values(request, request_bodies.RegionWriteSerializer)
        page = self.get_object()
        span = (values["start"], values["end"])
        with transaction.atomic(), request_bodies.validation_errors_as_conflicts():
            if values["kind"] == "text":
                article = Article.objects.filter(page=page, pk=values["article"]).first()
                if article is None:
                    raise Conflict(f"The page has no article {values['article']}.")
                put_back(article, *span)
            else:
                set_aside(page, *span, values["kind"])
        return self.respond_with(page, serializers.NewsroomPageSerializer)


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
