"""Serializers of mentions, inside an article and alone."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from articles.api.links import record_url
from articles.api.text_fragments import surrounding_text
from articles.models import Article, Mention, Organization, Place

from .base import ReadOnlySerializer, SparseSerializer
from .briefs import OrganizationBriefSerializer, PlaceBriefSerializer

_ANY_RECORD = PolymorphicProxySerializer(
    "MentionRecord", [PlaceBriefSerializer, OrganizationBriefSerializer], None, allow_null=True
)


OUTCOMES = [*Mention.Status.choices, (Mention.Verdict.REJECTED.value, Mention.Verdict.REJECTED.label)]
"""The statuses that result from the editor's decision."""


class MentionInArticleSerializer(ReadOnlySerializer):
    """Where an article names something: `start` and `end` count the code points of its `part`, end not included."""

    url = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    record = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField()
    verdict = serializers.ChoiceField(choices=Mention.Verdict.choices, allow_blank=True)

    class Meta:
        model = Mention
        fields = [
            "id", "url", "kind", "part", "start", "end", "surface", "status", "record", "method", "rule", "rule_version",
            "score", "candidates", "verdict",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, mention: Mention) -> str:
        return record_url("mention", mention.pk, self.context)

    @extend_schema_field(serializers.ChoiceField(OUTCOMES))
    def get_status(self, mention: Mention) -> str:
        """The status after the editor's decision: linked if an editor linked it, rejected (for the newsroom) if rejected."""
        return mention.outcome

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_candidates(self, mention: Mention) -> list[str]:
        """The official codes of the divisions among which no rule decided; names of records are for the newsroom."""
        return [
            candidate for candidate in mention.candidates if candidate.isascii() and candidate.isdecimal()
        ]

    @extend_schema_field(_ANY_RECORD)
    def get_record(self, mention: Mention) -> dict[str, Any] | None:
        """The place or the organization, as `kind` has it; null if it is ambiguous or unknown."""
        match mention.record:
            case Place() as place:
                return PlaceBriefSerializer.of(place)
            case Organization() as organization:
                return OrganizationBriefSerializer.of(organization)
        return None


class ArticleBriefSerializer(ReadOnlySerializer):
    """An article as its mentions name it."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = ["id", "url", "headline"]

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, article: Article) -> str:
        return record_url("article", article.pk, self.context)


class MentionSerializer(SparseSerializer, MentionInArticleSerializer):
    """A mention with its article and the text around it; who decided on it is for the newsroom."""

    article = ArticleBriefSerializer()
    prefix = serializers.SerializerMethodField()
    suffix = serializers.SerializerMethodField()

    class Meta:
        model = Mention
        fields = [
            *MentionInArticleSerializer.Meta.fields[:2],
            "article",
            *MentionInArticleSerializer.Meta.fields[2:],
            "prefix",
            "suffix",
        ]

    def get_prefix(self, mention: Mention) -> str:
        return _around(mention)[0]

    def get_suffix(self, mention: Mention) -> str:
        return _around(mention)[1]


def _around(mention: Mention) -> tuple[str, str]:
    """The text before and after a mention; empty if the text was changed since."""
    text = getattr(mention.article, mention.part)
    return surrounding_text(text, mention.start, mention.end, mention.surface) or ("", "")


class NewsroomMentionSerializer(MentionSerializer):
    """A mention with all candidates of the linker, and who decided on it."""

    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)

    class Meta:
        model = Mention
        fields = [
            *MentionSerializer.Meta.fields, "decided_by", "decided_at",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_candidates(self, mention: Mention) -> list[str]:
        """The official codes and the names among which no rule decided."""
        return list(mention.candidates)
