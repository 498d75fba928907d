"""The writes of articles: what the newsroom creates, corrects, publishes, splits and joins."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles.api import serializers
from articles.api.http.problems import Conflict
from articles.api.serializers import request_bodies
from articles.editing.article_corrections import (
    FOLLOWING_STATUSES,
    PUBLIC_STATUSES,
    correct_article,
    is_own_draft,
)
from articles.editing.bylines import create_with_bylines, set_bylines
from articles.editing.split_join import join_next_article, move_block, split_article
from articles.models import Article

from . import visibility
from .articles import PREFETCHED, ArticleResource
from .base import find_by_id

_PUBLISH = "articles.publish_article"
_CHANGE, _CHANGE_OWN = "articles.change_article", "articles.change_own_article"
# What the form of the desk does not let writers set in their own drafts.
_NOT_OF_WRITERS = {"reviewed": _CHANGE, "bylines": "articles.change_byline"}


class WritableArticleResource(ArticleResource):
    """Articles, the newest first; a single one has its text, its printed blocks, its credits and its mentions."""

    rights = {
        **ArticleResource.rights,
        "create": "articles.add_article",
        "partial_update": _CHANGE,
        "submit": _CHANGE,
        "split": _CHANGE,
        "join": _CHANGE,
        "move_block": _CHANGE,
        "publish": _PUBLISH,
        "withdraw": _PUBLISH,
    }
    own_rights = dict.fromkeys(("partial_update", "submit"), _CHANGE_OWN)

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action in {"create", "partial_update"}:
            return request_bodies.ArticleWriteSerializer
        return super().get_serializer_class()

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
        changed = get_object_or_404(self.get_queryset().prefetch_related(*PREFETCHED), pk=article.pk)
        return self.respond_with(changed, serializers.ArticleSerializer, status)
