"""Articles: lists, searches, single ones in all formats, and the writes of the newsroom."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import get_script_prefix
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles import search
from articles.api import serializers
from articles.api.http.problems import Conflict
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
from articles.api.serializers import request_bodies
from articles.editing.article_corrections import (
    FOLLOWING_STATUSES,
    PUBLIC_STATUSES,
    correct_article,
    is_own_draft,
)
from articles.editing.bylines import create_with_bylines, set_bylines
from articles.editing.split_join import join_next_article, move_block, split_article
from articles.models import Article, Byline, LastChange, Mention, OrganizationAppearance, PlaceAppearance
from articles.models.last_change import FEED_COLUMNS, is_settled
from articles.reading.values import PARTS
from articles.search import Query, highlights

from . import visibility
from .base import Order, Resource, find_by_id
from .history import HistoryMixin

_PUBLISH = "articles.publish_article"
_CHANGE, _CHANGE_OWN = "articles.change_article", "articles.change_own_article"
# What the form of the desk does not let writers set in their own drafts.
_NOT_OF_WRITERS = {"reviewed": _CHANGE, "bylines": "articles.change_byline"}
_CSV_COLUMNS = [
    "id", "issue_date", "publication", "page_number", "section", "kicker", "headline", "subtitle", "reporters",
    "places", "place_codes", "organizations", "status", "reviewed", "updated_at", "url",
]  # fmt: skip
# Columns that lists do not read, and those that no representation shows.
_TEXT = ("body", "blocks")
_NOT_RENDERED = ("extracted", "flags", "corrected", "page__text", "page__nul_offsets", "page__flags")
_PREFETCHED = (
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


class _PlainTextRenderer(BaseRenderer):
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
    rights = {
        "create": "articles.add_article",
        "partial_update": "articles.change_article",
        "submit": "articles.change_article",
        "split": "articles.change_article",
        "join": "articles.change_article",
        "move_block": "articles.change_article",
        "publish": _PUBLISH,
        "withdraw": _PUBLISH,
        "history": "articles.view_article",
    }

    own_rights = dict.fromkeys(("partial_update", "submit"), _CHANGE_OWN)

    # --- Reading -----------------------------------------------------------------------------------

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
        if self.action in {"create", "partial_update"}:
            return request_bodies.ArticleWriteSerializer
        return serializers.ArticleListSerializer if self.action == "list" else serializers.ArticleSerializer

    def get_renderers(self) -> list[BaseRenderer]:
        if self.action == "text":
            return [_PlainTextRenderer()]
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

    def represent(self, pks: Collection[int]) -> dict[int, dict[str, Any]]:
        """Representations of articles by id: list rows for a list, else complete ones."""
        articles = visibility.articles(self.request).filter(pk__in=pks).select_related("page", "last_change")
        if self.action == "list":
            articles = articles.defer(*_NOT_RENDERED, *_TEXT).prefetch_related(*_PREFETCHED[:-1])
        else:
            articles = articles.defer(*_NOT_RENDERED).prefetch_related(*_PREFETCHED)
        serializer = self.get_serializer_class()(articles, many=True, context={"request": self.request})
        return {shown["id"]: shown for shown in serializer.data}

    @extend_schema(responses={(200, "text/plain"): str})
    @action(
        detail=True,
        url_path="text/(?P<part>headline|kicker|subtitle|body)",
        renderer_classes=[_PlainTextRenderer],
    )
    def text(self, request: Request, pk: str, part: str) -> HttpResponse:
        """The plain text of a part, in which the offsets of mentions count."""
        self.record = self.get_object()
        # Not DRF's Response, which sends no Content-Type with an empty text.
        return HttpResponse(getattr(self.record, part), content_type="text/plain; charset=utf-8")

    # --- Writing -----------------------------------------------------------------------------------

    @extend_schema(
        request=request_bodies.ArticleWriteSerializer, responses={201: serializers.ArticleSerializer}
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create an article: a draft, unless the client may publish and asks for it."""
        values = self.values_of(request)
        credits = values.pop("bylines", ())
        writer: Any = request.user
        with transaction.atomic():
            article = Article(**values, written_by=writer)
            article.full_clean()
            create_with_bylines(article, credits)
        return self.shown(article, status=201)

    @extend_schema(request=request_bodies.ArticleWriteSerializer, responses=serializers.ArticleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the fields that the body names; later loads do not overwrite them. Needs If-Match."""
        values = self.values_of(request)
        credits = values.pop("bylines", None)
        for name in _NOT_OF_WRITERS.keys() & set(request.data):
            if not request.user.has_perm(_NOT_OF_WRITERS[name]):
                raise PermissionDenied(f"The field {name} is for editors.")
        with transaction.atomic():
            article = self.find_for_write(pk)
            if "status" in values:
                self.check_status_change(article, values["status"])
            correct_article(article, **values)
            if credits is not None:
                set_bylines(article, credits)
        return self.shown(article)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Submit a draft for review. Needs If-Match."""
        return self.set_status(pk, Article.Status.IN_REVIEW)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Publish the article. Needs If-Match."""
        return self.set_status(pk, Article.Status.PUBLISHED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw a published article: only the newsroom sees it from then on. Needs If-Match."""
        return self.set_status(pk, Article.Status.WITHDRAWN)

    @extend_schema(
        request=request_bodies.SplitWriteSerializer, responses={201: serializers.ArticleSerializer}
    )
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        """Begin a new article of the page at a block, or at a character inside it; gives the new one. Needs If-Match."""
        values = request_bodies.validated_values(request, request_bodies.SplitWriteSerializer)
        with transaction.atomic(), request_bodies.validation_errors_as_conflicts():
            article = self.find_for_write(pk)
            second = split_article(
                article, values["block"], request.user, headline=values["headline"], at=values["at"]
            )
        return self.shown(second, status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Append the next article of the page, which goes to the trash. A split there takes it back. Needs If-Match."""
        request_bodies.require_empty_body(request)
        with transaction.atomic(), request_bodies.validation_errors_as_conflicts():
            article = join_next_article(self.find_for_write(pk), request.user)
        return self.shown(article)

    @extend_schema(request=request_bodies.BlockMoveSerializer, responses=serializers.ArticleSerializer)
    @action(detail=True, methods=["post"], url_path="move-block")
    def move_block(self, request: Request, pk: str) -> Response:
        """Move a printed block to the next article of the page, or to the one before. Needs If-Match."""
        values = request_bodies.validated_values(request, request_bodies.BlockMoveSerializer)
        with transaction.atomic(), request_bodies.validation_errors_as_conflicts():
            article = self.find_for_write(pk)
            move_block(article, values["block"], to_next=values["to"] == "next")
        return self.shown(article)

    def set_status(self, pk: str, status: Article.Status) -> Response:
        request_bodies.require_empty_body(self.request)
        with transaction.atomic():
            article = self.find_for_write(pk)
            if article.status == status:
                raise Conflict(f"The article is already {article.get_status_display()}.")
            self.check_status_change(article, status)
            correct_article(article, status=status)
        return self.shown(article)

    def check_status_change(self, article: Article, status: str) -> None:
        if status == article.status:
            return
        if PUBLIC_STATUSES & {status, article.status} and not self.request.user.has_perm(_PUBLISH):
            raise PermissionDenied("Publishing and withdrawing need the permission to publish.")
        if status not in FOLLOWING_STATUSES[Article.Status(article.status)]:
            now = article.get_status_display()
            raise Conflict(f"The article is {now}: its status cannot become {Article.Status(status).label}.")

    def values_of(self, request: Request) -> dict[str, Any]:
        """The validated values of a body, if the client may set them."""
        values = request_bodies.validated_values(
            request, request_bodies.ArticleWriteSerializer, shown=serializers.ArticleSerializer
        )
        if values.get("status") in PUBLIC_STATUSES and not request.user.has_perm(_PUBLISH):
            raise PermissionDenied("Publishing and withdrawing need the permission to publish.")
        if values.get("status") == Article.Status.TRASHED:
            raise Conflict("Move articles to the trash, and restore them, in the admin.")
        return values

    def find_for_write(self, pk: str) -> Article:
        """The article of an id, locked; 404, 412 or 428 if it is gone or changed since the client read it."""
        rows = visibility.articles(self.request).select_for_update(of=("self",)).select_related("page")
        article: Article | None = find_by_id(rows, pk)
        may_change = self.request.user.has_perm(self.rights[self.action])
        if article and not may_change and not is_own_draft(article, self.request.user):
            raise PermissionDenied("You may change articles that you wrote while they are drafts.")
        return self.check_for_write(article)

    def shown(self, article: Article, status: int = 200) -> Response:
        changed = get_object_or_404(self.get_queryset().prefetch_related(*_PREFETCHED), pk=article.pk)
        return self.respond_with(changed, serializers.ArticleSerializer, status)
