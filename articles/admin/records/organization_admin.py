"""The admin of organizations."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.lists.record_filters import OrganizationFilters
from articles.models import Organization, OrganizationAppearance
from articles.models.place import ABOVE

from .record_admin import RecordAdmin, ordering_by_count, place_chain


@admin.register(Organization)
class OrganizationAdmin(RecordAdmin):
    list_display = ["name", "kind", "seat_full_name", "article_count", "first_named", "last_named"]
    filter_form = OrganizationFilters
    readonly_fields = ["seat_shown"]
    autocomplete_fields = ["seat", "parent"]
    list_select_related = [f"seat__{ABOVE[-1]}"]

    def get_fieldsets(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        """An organization that is being added has no seat to show yet."""
        fields = ["name", "kind", "seat", "parent"]
        return [(None, {"fields": [*fields, "seat_shown"] if obj else fields})]

    naming = OrganizationAppearance.objects

    @admin.display(
        description=_("articles"),
        ordering=ordering_by_count(OrganizationAppearance.objects.all(), "organization", Count("*")),
    )
    def article_count(self, record: Organization) -> int:
        return super().article_count(record)

    @admin.display(description=_("seat"))
    def seat_full_name(self, organization: Organization) -> str:
        return organization.seat.full_name if organization.seat else "—"

    @admin.display(description=_("where it is"))
    def seat_shown(self, organization: Organization) -> SafeString | str:
        seat = organization.seat
        return place_chain((*seat.ancestors(), seat)) if seat else "—"
