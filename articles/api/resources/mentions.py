"""Mentions of places and organizations in articles, and the decisions of editors about them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles.api import serializers
from articles.api.http.problems import Conflict
from articles.api.query.filter_sets import MentionFilterSet
from articles.api.representations import AnnotationRenderer, CsvRenderer, JsonLinesRenderer, NdjsonRenderer
from articles.api.serializers import request_bodies
from articles.editing.mention_decisions import Decision, add_mention, decide_mention, delete_added_mention
from articles.models import Mention
from articles.models.fields import is_row_id

from . import visibility
from .base import Resource
from .history import HistoryMixin

_NOT_RENDERED = ("article__blocks", "article__extracted", "article__flags", "article__corrected")


class MentionResource(HistoryMixin, Resource):
    """Where articles name places and organizations; rejected mentions are for the newsroom only."""

    queryset = Mention.objects.none()
    filterset_class = MentionFilterSet
    default_order = "-id"
    columns = [
        "id", "url", "article_id", "article_headline", "kind", "part", "start", "end", "surface", "status", "record_id",
        "record_code", "record_name", "method", "rule", "score", "prefix", "suffix",
    ]  # fmt: skip
    formats = {
        "list": (AnnotationRenderer, CsvRenderer, JsonLinesRenderer, NdjsonRenderer),
        "retrieve": (AnnotationRenderer,),
    }
    rights = {
        "decide": "articles.change_mention",
        "destroy": "articles.delete_mention",
        "history": "articles.view_article",
    }

    def get_queryset(self) -> QuerySet[Mention]:
        if self.action == "list":
            # Only the ids of the page; `serialize` looks up the rest for those rows alone.
            return visibility.mentions(self.request).only("pk")
        return self.complete_rows()

    def complete_rows(self) -> QuerySet[Mention]:
        """The mentions that the client may see, with all that representations show of them."""
        mentions = visibility.mentions(self.request).with_records()
        return mentions.select_related("article", "decided_by").defer(*_NOT_RENDERED)

    def serialize(self, chunk: list[Mention]) -> list[dict[str, Any]]:
        found = self.complete_rows().in_bulk([mention.pk for mention in chunk])
        return super().serialize([found[mention.pk] for mention in chunk if mention.pk in found])

    def get_serializer_class(self) -> type[BaseSerializer[Mention]]:
        if visibility.sees_all(self.request):
            return serializers.NewsroomMentionSerializer
        return serializers.MentionSerializer

    @extend_schema(
        request=request_bodies.VerdictWriteSerializer, responses=serializers.NewsroomMentionSerializer
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Accept, reject or relink a mention, or take that back with a null. Needs If-Match."""
        values = request_bodies.validated_values(request, request_bodies.VerdictWriteSerializer)
        with transaction.atomic():
            mention = self.find_for_write(pk)
            record = (
                request_bodies.find_record(mention.kind, values["record"]) if "record" in values else None
            )
            decide_mention(mention, Decision(values["verdict"] or "", record), request.user)
        return self.shown(mention)

    def destroy(self, request: Request, pk: str, *args: Any, **kwargs: Any) -> Response:
        """Delete a mention that an editor added; one that was extracted is rejected instead. Needs If-Match."""
        with transaction.atomic():
            mention = self.find_for_write(pk)
            with request_bodies.validation_errors_as_conflicts():
                delete_added_mention(mention)
        return Response(status=204)

    def find_for_write(self, pk: str) -> Mention:
        """The mention of an id, locked; 404, 412 or 428 if it is gone or changed since the client read it."""
        found = visibility.mentions(self.request).filter(pk=pk) if is_row_id(pk) else Mention.objects.none()
        return self.check_for_write(found.locked().first())

    def shown(self, mention: Mention, status: int = 200) -> Response:
        changed = get_object_or_404(self.complete_rows(), pk=mention.pk)
        return self.respond_with(changed, self.get_serializer_class(), status)


class MentionOfArticleResource(MentionResource):
    """Where an article names places and organizations; here one is added that was not extracted."""

    rights = {**MentionResource.rights, "create": "articles.add_mention"}

    @extend_schema(
        request=request_bodies.MentionWriteSerializer, responses={201: serializers.NewsroomMentionSerializer}
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a mention that was not extracted. Needs If-Match of the article, whose text the offsets count."""
        values = request_bodies.validated_values(
            request, request_bodies.MentionWriteSerializer, shown=serializers.MentionSerializer
        )
        record = request_bodies.find_record(values["kind"], values["record"])
        with transaction.atomic():
            article = self.lock(self.parent_record())
            span = (values["start"], values["end"])
            same = article.mentions.filter(
                part=values["part"], start=span[0], end=span[1], kind=values["kind"]
            )
            if existing := same.first():
                raise Conflict(f"Mention {existing.pk} of this kind has this span already.")
            mention = add_mention(article, values["part"], span, record, request.user)
        return self.shown(mention, status=201)
