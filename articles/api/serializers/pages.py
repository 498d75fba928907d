"""Serializers of pages, and of the loads that brought them."""

from rest_framework import serializers

from articles.models import Load, LoadFile, Page

from .base import ReadOnlySerializer, SparseSerializer


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


class NewsroomPageSerializer(PageSerializer):
    """A page with its text and earlier version, which may include drafts."""

    class Meta:
        model = Page
        fields = [*PageSerializer.Meta.fields, "replaces", "text"]


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
