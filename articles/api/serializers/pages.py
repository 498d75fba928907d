"""Serializers of pages, and of the loads that brought them."""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.models import Load, LoadFile, Page
from articles.reading.values import ResidueKind

from .base import ReadOnlySerializer, SparseSerializer

_RESIDUE_KINDS = [kind for kind in get_args(ResidueKind) if kind != "blank"]


class PageSerializer(SparseSerializer):
    """A printed page as its file gave it."""

    issue_date_source = serializers.ChoiceField(choices=Page.DateSource.choices, allow_blank=True)

    class Meta:
        model = Page
        fields = [
            "id", "url", "sha256", "encoding", "flags", "publication", "issue_date", "issue_date_source",
            "page_number", "page_name", "home_code",
        ]  # fmt: skip
        extra_kwargs = {"flags": {"help_text": "What the loader noticed of the file."}}


class ResidueSerializer(serializers.Serializer[Any]):
    """What is printed besides articles; `start` and `end` count the code points of the page's text."""

    kind = serializers.ChoiceField(choices=_RESIDUE_KINDS)
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()


class NewsroomPageSerializer(PageSerializer):
    """A page with its text, what is printed besides its articles, and its earlier version; it may include drafts."""

    residue = serializers.SerializerMethodField()

    class Meta:
        model = Page
        fields = [*PageSerializer.Meta.fields, "replaces", "text", "residue"]

    @extend_schema_field(ResidueSerializer(many=True))
    def get_residue(self, page: Page) -> list[dict[str, Any]]:
        """What is printed besides articles; empty for a page that was not read again since residue is stored."""
        return [{**one, "text": page.text[one["start"] : one["end"]]} for one in page.residue or ()]


class LoadSerializer(SparseSerializer):
    """A run of the loader that changed something; `finished_at` is null while it runs, or if it was killed."""

    by = serializers.CharField(source="by.username", default=None, allow_null=True)

    class Meta:
        model = Load
        fields = ["id", "url", "started_at", "finished_at", "by", "paths", "options", "tally"]


class LoadFileSerializer(ReadOnlySerializer):
    """The outcome of one file in a load."""

    class Meta:
        model = LoadFile
        fields = ["id", "path", "sha256", "page", "outcome", "reason", "detail"]
