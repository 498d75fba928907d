"""What clients get of each resource."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from articles.models import Article, Byline, Organization, Page, Place, Reporter


class ReporterSerializer(serializers.ModelSerializer[Reporter]):
    class Meta:
        model = Reporter
        fields = ["id", "name", "disambiguation"]


class PrintedSerializer(serializers.ModelSerializer[Page]):
    """Where an article was printed."""

    class Meta:
        model = Page
        fields = ["id", "publication", "issue_date", "page_number", "page_name"]


class BylineSerializer(serializers.ModelSerializer[Byline]):
    reporter = ReporterSerializer()

    class Meta:
        model = Byline
        fields = ["reporter", "role", "surface", "start", "end"]


class CreditSerializer(serializers.ModelSerializer[Byline]):
    """A byline as lists show it."""

    id = serializers.IntegerField(source="reporter_id")
    name = serializers.CharField(source="reporter.name")

    class Meta:
        model = Byline
        fields = ["id", "name", "role"]


class ArticleListSerializer(serializers.ModelSerializer[Article]):
    """An article without its text."""

    bylines = CreditSerializer(many=True)
    page = PrintedSerializer(allow_null=True)

    class Meta:
        model = Article
        fields = [
            "id", "publication", "issue_date", "section", "kicker", "headline", "subtitle", "bylines", "page",
            "status", "reviewed", "version", "updated_at",
        ]  # fmt: skip


class SpannedTextSerializer(serializers.Serializer[dict[str, Any]]):
    """A printed block: its spans count the code points of the page's text, end not included."""

    kind = serializers.CharField()
    text = serializers.CharField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )


class ArticleSerializer(serializers.ModelSerializer[Article]):
    blocks = SpannedTextSerializer(many=True)
    bylines = BylineSerializer(many=True)
    page = PrintedSerializer(allow_null=True)

    class Meta:
        model = Article
        fields = [
            *ArticleListSerializer.Meta.fields,
            "dateline", "agency", "body", "blocks", "position", "start", "end", "created_at",
        ]  # fmt: skip


class PageSerializer(serializers.ModelSerializer[Page]):
    class Meta:
        model = Page
        fields = [
            "id", "sha256", "encoding", "flags", "publication", "issue_date", "issue_date_source",
            "page_number", "page_name", "home_code",
        ]  # fmt: skip


class StaffPageSerializer(serializers.ModelSerializer[Page]):
    """A page with its text and earlier version, which may tell of drafts."""

    class Meta:
        model = Page
        fields = [*PageSerializer.Meta.fields, "replaces", "text"]


class PlaceSerializer(serializers.ModelSerializer[Place]):
    class Meta:
        model = Place
        fields = ["id", "name", "kind", "code", "path"]


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["id", "name", "kind"]
