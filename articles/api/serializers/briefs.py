"""Records as other resources name them."""

from __future__ import annotations

from articles.models import Organization, Page, Place, Reporter

from .shown import Brief


class ReporterBrief(Brief):
    """A reporter as articles name them."""

    class Meta:
        model = Reporter
        fields = ["id", "name", "disambiguation"]


class PlaceBrief(Brief):
    """A place as other records name it; `code` is empty for a place that is no official division."""

    class Meta:
        model = Place
        fields = ["id", "code", "name"]


class OrganizationBrief(Brief):
    """An organization as other records name it."""

    class Meta:
        model = Organization
        fields = ["id", "name"]


class Printed(Brief):
    """Where an article was printed."""

    class Meta:
        model = Page
        fields = ["id", "publication", "issue_date", "page_number", "page_name"]
