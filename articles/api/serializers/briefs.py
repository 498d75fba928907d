"""Brief forms of records inside other resources."""

from articles.models import Organization, Page, Place, Reporter

from .base import BriefSerializer


class ReporterBriefSerializer(BriefSerializer):
    """A reporter as articles name them."""

    class Meta:
        model = Reporter
        fields = ["id", "name", "disambiguation"]


class PlaceBriefSerializer(BriefSerializer):
    """A place as other records name it; `code` is empty for a place that is no official division."""

    class Meta:
        model = Place
        fields = ["id", "code", "name"]


class OrganizationBriefSerializer(BriefSerializer):
    """An organization as other records name it."""

    class Meta:
        model = Organization
        fields = ["id", "name"]


class PrintedSerializer(BriefSerializer):
    """Where an article was printed."""

    class Meta:
        model = Page
        fields = ["id", "publication", "issue_date", "page_number", "page_name"]
