"""The admin of places."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Case, Count, IntegerField, QuerySet, When
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.lists.record_filters import PlaceFilters
from articles.models import Article, Place, PlaceAppearance
from articles.models.place import PlaceQuerySet

from .record_admin import RecordAdmin, ordering_by_count, place_chain


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
        """A place that is being added has no ancestors to show yet."""
        fields = ["name", ("kind", "code"), "parent"]
        return [(None, {"fields": [*fields, "ancestors_shown"] if obj else fields})]

    def get_queryset(self, request: HttpRequest) -> PlaceQuerySet:
        return Place.objects.with_ancestors()

    def order_offered(self) -> tuple[Any, ...]:
        """Of several the official divisions first, the larger before the smaller, whose codes are longer."""
        no_division = Case(When(code="", then=1), default=0, output_field=IntegerField())
        return (no_division, "code", "name")

    naming = PlaceAppearance.objects

    def count(self, records: list[Place]) -> None:
        super().count(records)
        rows = PlaceAppearance.objects.filter(place__in=records)
        trashed = rows.filter(article__in=Article.objects.filter(status=Article.Status.TRASHED).values("pk"))
        # All minus the trash, which is small: both counts need only an index.
        counts = Counter(_by_place(rows)) - Counter(_by_place(trashed))
        for place in records:
            place.within = counts[place.pk]  # type: ignore[attr-defined] # for this list

    # Ordered by this count and not by the place's own articles: it needs only an index.
    @admin.display(
        description=_("with everything in it"),
        ordering=ordering_by_count(PlaceAppearance.objects.all(), "place", Count("*")),
    )
    def within_count(self, place: Place) -> int:
        within: int = place.within  # type: ignore[attr-defined] # by `count`
        return within

    @admin.display(description=_("full name"))
    def full_name(self, place: Place) -> str:
        return place.full_name

    @admin.display(description=_("ancestors"))
    def ancestors_shown(self, place: Place) -> SafeString | str:
        return place_chain(place.ancestors())


def _by_place(rows: QuerySet[PlaceAppearance]) -> dict[int, int]:
    counted: Iterable[tuple[int, int]] = rows.order_by().values_list("place").annotate(number=Count("*"))
    return dict(counted)
