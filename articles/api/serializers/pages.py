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
            "issue_earliest", "issue_latest", "page_number", "page_name", "home_code",
        ]  # fmt: skip
        extra_kwargs = {
            "flags": {"help_text": "What the loader noticed of the file."},
            "issue_date": {
                "help_text": "Null unless the day is known; filters and facets by date count no other."
            },
            "issue_earliest": {
                "help_text": "Where no date is known, the text of the page says that it is not older; null if unknown."
            },
            "issue_latest": {
                "help_text": "As `issue_earliest`: the last day that the text of the page allows."
            },
        }


class ResidueSerializer(serializers.Serializer[Any]):
    """What is printed besides articles; `start` and `end` count the code points of the page's text."""

    kind = serializers.ChoiceField(choices=_RESIDUE_KINDS)
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()


class DateEvidenceSerializer(serializers.Serializer[Any]):
    """A rule that reads when a page was printed, and what it reads; offsets count the code points of the page's text."""

    rule = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()


class NewsroomPageSerializer(PageSerializer):
    """A page with its text, what is printed besides its articles, and its earlier version; it may include drafts."""

    residue = serializers.SerializerMethodField()
    issue_evidence = serializers.SerializerMethodField()

    class Meta:
        model = Page
        fields = [*PageSerializer.Meta.fields, "issue_evidence", "replaces", "text", "residue"]

    @extend_schema_field(DateEvidenceSerializer(many=True))
    def get_issue_evidence(self, page: Page) -> list[dict[str, Any]]:
        """What the text says of the date, where that is not known."""
        return page.issue_evidence["found"] if page.issue_evidence else []

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
