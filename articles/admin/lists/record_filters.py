"""The filters of the lists of reporters, places and organizations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.duplicates import suggestions
from articles.models import Organization, Place, Reporter
from articles.models.merge import kind_of

from .list_filters import FilterForm, choice, record, yes_or_no

TRASH, MERGED = "trash", "merged"


class RecordFilters(FilterForm):
    """Records that stand for something are listed; others to whoever asks for them."""

    suggested = yes_or_no(_("possible duplicates"))
    state = choice(
        _("merged or in the trash"),
        [(MERGED, _("merged into others")), (TRASH, _("in the trash"))],
        _("neither"),
    )

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.cleaned_data["state"]:
            queryset = queryset.filter(merged_into=None, trashed_at=None)
        return super().narrowed(queryset)

    def by_state(self, queryset: QuerySet[Any], state: str) -> QuerySet[Any]:
        if state == TRASH:
            return queryset.filter(trashed_at__isnull=False)
        return queryset.filter(merged_into__isnull=False)

    def by_suggested(self, queryset: QuerySet[Any], suggested: str) -> QuerySet[Any]:
        found = suggestions.suggest_duplicates(kind_of(queryset.model()))
        ids = {pk for pair in found for pk in (pair.first, pair.second)}
        return queryset.filter(pk__in=ids) if suggested == "true" else queryset.exclude(pk__in=ids)


class ReporterFilters(RecordFilters):
    model = Reporter


class PlaceFilters(RecordFilters):
    """Places by their kind and by what they lie in."""

    kind = choice(_("kind"), Place.Kind.choices)
    coded = yes_or_no(_("official code"))
    within = record(_("lies in"), Place, "parent", Place.objects.with_ancestors())

    field_order = ("kind", "within", "coded")

    def by_kind(self, queryset: QuerySet[Any], kind: str) -> QuerySet[Any]:
        return queryset.filter(kind=kind)

    def by_coded(self, queryset: QuerySet[Any], coded: str) -> QuerySet[Any]:
        return queryset.exclude(code="") if coded == "true" else queryset.filter(code="")

    def by_within(self, queryset: QuerySet[Any], place: Place) -> QuerySet[Any]:
        return queryset.filter(_inside(place))


class OrganizationFilters(RecordFilters):
    """Organizations by their kind and by where they are seated."""

    kind = choice(_("kind"), Organization.Kind.choices)
    seat = record(_("seat, with all that lies in it"), Organization, "seat", Place.objects.with_ancestors())

    field_order = ("kind", "seat")

    def by_kind(self, queryset: QuerySet[Any], kind: str) -> QuerySet[Any]:
        return queryset.filter(kind=kind)

    def by_seat(self, queryset: QuerySet[Any], place: Place) -> QuerySet[Any]:
        inside = Place.objects.filter(Q(pk=place.pk) | _inside(place))
        return queryset.filter(seat__in=inside.order_by().values("pk"))


def _inside(place: Place) -> Q:
    """What lies in a place; below one without a code only what lies in it directly is known."""
    directly = Q(parent__in=place.survivor.group().values("pk"))
    if not place.code:
        return directly
    # A place without a code has the path of what it lies in.
    return directly | Q(path__startswith=f"{place.path}.") | Q(path=place.path, code="")
