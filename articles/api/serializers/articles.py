"""Serializers of articles, in lists and alone."""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.models import Article, Byline, Mention
from articles.reading.values import BlockKind

from .base import ReadOnlySerializer, SparseSerializer
from .briefs import (
    OrganizationBriefSerializer,
    PlaceBriefSerializer,
    PrintedSerializer,
    ReporterBriefSerializer,
)
from .mentions import MentionInArticleSerializer


class CreditSerializer(ReadOnlySerializer):
    """Who is credited, and for what."""

    reporter = ReporterBriefSerializer(source="reporter.survivor")

    class Meta:
        model = Byline
        fields = ["reporter", "role"]


class PrintedCreditSerializer(CreditSerializer):
    """A credit with its position: `start` and `end` count the code points of the page's text."""

    class Meta:
        model = Byline
        fields = ["reporter", "role", "surface", "start", "end"]


class BlockSerializer(serializers.Serializer[dict[str, Any]]):
    """A printed block: its spans count the code points of the page's text, end not included."""

    kind = serializers.ChoiceField(choices=list(get_args(BlockKind)))
    text = serializers.CharField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )


class FragmentSerializer(serializers.Serializer[Any]):
    """A passage that matches a search: HTML from a part of the article, the words in `<mark>`.

    `start`, `end` and `marks` count the code points of the part.
    """

    part = serializers.ChoiceField(choices=Mention.Part.choices)
    fragment = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )


class ArticleListSerializer(SparseSerializer):
    """An article without its text; `highlights` only in the results of a search."""

    bylines = CreditSerializer(many=True)
    page = PrintedSerializer(allow_null=True)
    places = serializers.SerializerMethodField()
    organizations = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField(source="last_change.changed_at")
    highlights = FragmentSerializer(many=True, required=False)

    class Meta:
        model = Article
        fields = [
            "id", "url", "publication", "issue_date", "section", "kicker", "headline", "subtitle", "bylines", "page",
            "position", "places", "organizations", "status", "reviewed", "version", "updated_at", "highlights",
        ]  # fmt: skip

    def to_representation(self, instance: Article) -> dict[str, Any]:
        if not hasattr(instance, "highlights"):
            self.fields.pop("highlights", None)
        return super().to_representation(instance)

    @extend_schema_field(PlaceBriefSerializer(many=True))
    def get_places(self, article: Article) -> Any:
        """The places that the article names, and the seats of the organizations that it names."""
        return [PlaceBriefSerializer.of(appearance.place) for appearance in article.place_appearances.all()]

    @extend_schema_field(OrganizationBriefSerializer(many=True))
    def get_organizations(self, article: Article) -> Any:
        bodies = article.organization_appearances.all()
        return [OrganizationBriefSerializer.of(appearance.organization) for appearance in bodies]


class ArticleSerializer(ArticleListSerializer):
    """An article with its text and its mentions, without rejected ones."""

    blocks = BlockSerializer(many=True)
    bylines = PrintedCreditSerializer(many=True)
    mentions = MentionInArticleSerializer(many=True)
    highlights = None  # type: ignore[assignment] # a search is a list

    class Meta:
        model = Article
        fields = [
            *(name for name in ArticleListSerializer.Meta.fields if name != "highlights"),
            "dateline", "agency", "body", "blocks", "mentions", "start", "end", "created_at",
        ]  # fmt: skip
