"""The places that articles name, and what they lie in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Place, PlaceAppearance
from articles.models.place import PlaceQuerySet

from .record_filters import PlaceFilters
from .records import RecordAdmin, chain, number, untrashed


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    list_display = [
        "name",
        "full_name",
        "kind",
        "code",
        "article_count",
        "within_count",
        "first_named",
        "last_named",
    ]
    filter_form = PlaceFilters
    search_fields = [*RecordAdmin.search_fields, "code"]
    search_help_text = _("Searches names, aliases and codes, in Simplified or Traditional characters.")
    readonly_fields = ["ancestors_shown"]
    autocomplete_fields = ["parent"]

    def get_fieldsets(self, request: HttpRequest, obj: Place | None = None) -> Any:
        """A place that is only being added lies nowhere yet."""
        fields = ["name", ("kind", "code"), "parent"]
        return [(None, {"fields": [*fields, "ancestors_shown"] if obj else fields})]

    def get_queryset(self, request: HttpRequest) -> PlaceQuerySet:
        return Place.objects.with_ancestors()

    naming = PlaceAppearance.objects

    def count(self, records: list[Place]) -> None:
        super().count(records)
        rows = untrashed(PlaceAppearance.objects.filter(place__in=records)).order_by().values_list("place")
        counts = dict(rows.annotate(number=Count("*")))
        for place in records:
            place.within = counts.get(place.pk, 0)  # type: ignore[attr-defined] # for this list

    # By all that lies in it, not by the place's own articles: an index alone has those.
    @admin.display(
        description=_("with all that lies in it"),
        ordering=number(PlaceAppearance.objects.all(), "place", Count("*")),
    )
    def within_count(self, place: Place) -> int:
        within: int = place.within  # type: ignore[attr-defined] # by `count`
        return within

    @admin.display(description=_("full name"))
    def full_name(self, place: Place) -> str:
        return place.full_name

    @admin.display(description=_("all that it lies in"))
    def ancestors_shown(self, place: Place) -> SafeString | str:
        return chain(place.ancestors())
