"""Articles: lists, searches, and single ones in all formats."""

from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.urls import get_script_prefix
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles import search
from articles.api import serializers
from articles.api.http.representation_cache import CachedJsonRenderer, RepresentationCache
from articles.api.query.filter_sets import ArticleFilterSet
from articles.api.query.parameters import parse_search
from articles.api.representations import (
    AnnotationRenderer,
    AtomRenderer,
    CsvRenderer,
    JsonLdRenderer,
    JsonLinesRenderer,
    NdjsonRenderer,
    NinjsRenderer,
)
from articles.models import Article, Byline, LastChange, Mention, OrganizationAppearance, PlaceAppearance
from articles.models.last_change import FEED_COLUMNS, is_settled
from articles.reading.values import PARTS
from articles.search import Query, highlights

from . import visibility
from .base import Order, Resource
from .history import HistoryMixin

_CSV_COLUMNS = [
    "id", "issue_date", "publication", "page_number", "section", "kicker", "headline", "subtitle", "reporters",
    "places", "place_codes", "organizations", "status", "reviewed", "updated_at", "url",
]  # fmt: skip
# Columns that lists do not read, and those that no representation shows.
_TEXT = ("body", "blocks")
_NOT_RENDERED = ("extracted", "flags", "corrected", "page__text", "page__nul_offsets", "page__flags")
PREFETCHED = (
    Prefetch(
        "bylines",
        # A reporter in the trash is not credited; the printed line still names them.
        Byline.objects.filter(reporter__trashed_at=None)
        .select_related("reporter__merged_into")
        .order_by("order"),
    ),
    Prefetch(
        "place_appearances",
        PlaceAppearance.objects.filter(position__isnull=False)
        .select_related("place")
        .order_by("position", "place_id"),
    ),
    Prefetch(
        "organization_appearances",
        OrganizationAppearance.objects.select_related("organization").order_by("position", "organization_id"),
    ),
    # For single articles only, so it stands last.
    Prefetch("mentions", Mention.objects.unrejected().with_records().in_order()),
)
# A row of a list takes about 5 kB, a single article 20.
_CACHES = {"list": RepresentationCache(2_000), "retrieve": RepresentationCache(500)}


class PlainTextRenderer(BaseRenderer):
    """Renders the text of a part, in which the offsets of mentions count."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return str(data).encode()


class ArticleResource(HistoryMixin, Resource):
    """Articles, the newest first; a single one has its text, its printed blocks, its credits and its mentions."""

    queryset = Article.objects.none()
    filterset_class = ArticleFilterSet
    orders = {
        "issue_date": ("sort_date", "pk"),
        "updated_at": (*FEED_COLUMNS, "pk"),
        "id": ("pk",),
        "relevance": ("search_rank", "-sort_date", "-pk"),
        "position": ("page_id", "printed", "pk"),
    }
    default_order = "-issue_date"
    columns = _CSV_COLUMNS
    formats = {
        "list": (JsonLdRenderer, NinjsRenderer, AtomRenderer, CsvRenderer, JsonLinesRenderer, NdjsonRenderer),
        "retrieve": (JsonLdRenderer, NinjsRenderer, AnnotationRenderer),
    }
    # Texts that lists read only for clients that want them.
    extra_fields = ("dateline", "agency", "body")
    rights = {"history": "articles.view_article"}

    def get_queryset(self) -> QuerySet[Article]:
        if self.is_feed():
            return visibility.changed_articles(self.request).only("sort_date")
        articles = visibility.articles(self.request)
        if self.action == "list":
            # Just the order of lists: that is in an index.
            return articles.only("sort_date")
        # With the version, which must not be read after what is shown.
        articles = articles.select_related("last_change")
        if self.action == "retrieve":
            return articles.only("version", "last_change__changed_at", "last_change__transaction")
        return articles.select_related("page").defer(*_NOT_RENDERED)

    def is_feed(self) -> bool:
        """Whether this is a list in the order of changes."""
        return self.action == "list" and self.ordering()[0].endswith("updated_at")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A feed ends before the first change that an open transaction may precede: it comes when that has ended."""
        articles: QuerySet[Any] = super().filter_queryset(queryset)
        if self.ordering()[0].endswith("position"):
            articles = articles.annotate(printed=Coalesce("position", 0))
        if not self.is_feed():
            return articles
        articles = articles.filter(last_change__isnull=False).annotate(**FEED_COLUMNS)
        is_forwards = self.ordering()[0] == "updated_at"
        return articles.filter(is_settled(articles.db)) if is_forwards else articles

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return serializers.ArticleListSerializer if self.action == "list" else serializers.ArticleSerializer

    def get_renderers(self) -> list[BaseRenderer]:
        if self.action == "text":
            return [PlainTextRenderer()]
        _json, *others = super().get_renderers()
        return [CachedJsonRenderer(), *others]

    def search_query(self) -> Query | None:
        q = self.request.query_params.get("q")
        return parse_search("q", q) if q else None

    def order_names(self) -> list[str]:
        """Relevance is an order of searches, the printed order one of the articles of pages."""
        names = [name for name in super().order_names() if not name.endswith(("relevance", "position"))]
        if "q" in self.request.query_params:
            names.append("relevance")
        return [*names, "position", "-position"] if self.is_of_pages() else names

    def is_of_pages(self) -> bool:
        below_page = self.parent is not None and self.parent.parameter == "page"
        return below_page or "page" in self.request.query_params

    def ordering(self) -> tuple[str, Order]:
        """Searches are ordered by relevance, articles below a page as printed, unless the client asks for another order."""
        if "ordering" in self.request.query_params:
            return super().ordering()
        if "q" in self.request.query_params:
            return "relevance", self.orders["relevance"]
        if self.parent and self.parent.parameter == "page":
            return "position", self.orders["position"]
        return super().ordering()

    def first(self, queryset: QuerySet[Any], size: int) -> list[Any]:
        query = self.search_query()
        return search.first_page(queryset, query, size) if query else super().first(queryset, size)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.record = self.get_object()
        for shown in self.serialize([self.record]):
            return Response(shown)
        raise Http404

    def serialize(self, chunk: list[Article]) -> list[dict[str, Any]]:
        wanted, query = self.represented_fields(), self.search_query()
        origin = self.request.build_absolute_uri(get_script_prefix())
        stamps = LastChange.objects.stamps([article.pk for article in chunk])
        cached = _CACHES[self.action].get_or_make(stamps, origin, self.represent)
        rows: list[dict[str, Any]] = [cached[article.pk] for article in chunk if article.pk in cached]
        if self.action == "list":
            rows = self.with_texts(rows)
        if query:
            texts, fragment = (
                Article.objects.only(*PARTS).in_bulk(cached),
                serializers.FragmentSerializer(),
            )
            rows = [
                {
                    **row,
                    "highlights": [fragment.to_representation(one) for one in highlights(texts[pk], query)],
                }
                for row in rows
                if (pk := row["id"]) in texts
            ]
        if wanted:
            rows = [{name: row[name] for name in ("id", *wanted) if name in row} for row in rows]
        return rows

    def with_texts(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with the texts that the client wants; without articles that were withdrawn meanwhile."""
        wanted = [name for name in self.wanted_fields() or () if name in self.extra_fields]
        if not wanted:
            return rows
        visible = visibility.articles(self.request).filter(pk__in=[row["id"] for row in rows]).order_by()
        texts = {text.pop("pk"): text for text in visible.values("pk", *wanted)}
        return [{**row, **texts[row["id"]]} for row in rows if row["id"] in texts]

    def represented(self, chunk: list[Article]) -> list[dict[str, Any]]:
        """The representations of articles, which an export reads once: the cache is for others."""
        found = self.represent([article.pk for article in chunk])
        return [found[article.pk] for article in chunk if article.pk in found]

    def represent(self, pks: Collection[int]) -> dict[int, dict[str, Any]]:
        """Representations of articles by id: list rows for a list, else complete ones."""
        articles = visibility.articles(self.request).filter(pk__in=pks).select_related("page", "last_change")
        if self.action == "list":
            articles = articles.defer(*_NOT_RENDERED, *_TEXT).prefetch_related(*PREFETCHED[:-1])
        else:
            articles = articles.defer(*_NOT_RENDERED).prefetch_related(*PREFETCHED)
        serializer = self.get_serializer_class()(articles, many=True, context={"request": self.request})
        return {shown["id"]: shown for shown in serializer.data}

    @extend_schema(responses={(200, "text/plain"): str})
    @action(
        detail=True,
        url_path="text/(?P<part>headline|kicker|subtitle|body)",
        renderer_classes=[PlainTextRenderer],
    )
    def text(self, request: Request, pk: str, part: str) -> HttpResponse:
        """The plain text of a part, in which the offsets of mentions count."""
        self.record = self.get_object()
        # Not DRF's Response, which sends no Content-Type with an empty text.
        return HttpResponse(getattr(self.record, part), content_type="text/plain; charset=utf-8")
