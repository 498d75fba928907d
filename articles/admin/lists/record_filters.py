"""The filters of the lists of reporters, places and organizations."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.duplicates import suggestions
from articles.models import Organization, Place
from articles.models.merge import kind_of

from .filtered_list import FilterForm, choice, record_choice, yes_or_no

TRASH, MERGED = "trash", "merged"


class RecordFilters(FilterForm):
    """The filters of all records; without a state, merged and trashed records are left out."""

    suggested = yes_or_no(_("possible duplicates"))
    state = choice(
        _("merged or in the trash"),
        [(MERGED, _("merged into others")), (TRASH, _("in the trash"))],
        _("neither"),
    )

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.cleaned_data["state"]:
            queryset = queryset.filter(merged_into=None, trashed_at=None)
        return super().apply(queryset)

    def by_state(self, queryset: QuerySet[Any], state: str) -> QuerySet[Any]:
        if state == TRASH:
            return queryset.filter(trashed_at__isnull=False)
        return queryset.filter(merged_into__isnull=False)

    def by_suggested(self, queryset: QuerySet[Any], is_suggested: bool) -> QuerySet[Any]:
        found = suggestions.suggest_duplicates(kind_of(queryset.model()))
        ids = {pk for pair in found for pk in (pair.first, pair.second)}
        return queryset.filter(pk__in=ids) if is_suggested else queryset.exclude(pk__in=ids)


class PlaceFilters(RecordFilters):
    """The filters of places."""

    kind = choice(_("kind"), Place.Kind.choices)
    coded = yes_or_no(_("official code"))
    within = record_choice(_("within"), Place, "parent", Place.objects.with_ancestors())

    field_order = ("kind", "within", "coded")

    def by_coded(self, queryset: QuerySet[Any], is_coded: bool) -> QuerySet[Any]:
        return queryset.exclude(code="") if is_coded else queryset.filter(code="")

    def by_within(self, queryset: QuerySet[Any], place: Place) -> QuerySet[Any]:
        return queryset.filter(_inside(place))


class OrganizationFilters(RecordFilters):
    """The filters of organizations."""

    kind = choice(_("kind"), Organization.Kind.choices)
    seat = record_choice(
        _("seat, with everything in it"), Organization, "seat", Place.objects.with_ancestors()
    )

    field_order = ("kind", "seat")

    def by_seat(self, queryset: QuerySet[Any], place: Place) -> QuerySet[Any]:
        inside = Place.objects.filter(Q(pk=place.pk) | _inside(place))
        return queryset.filter(seat__in=inside.order_by().values("pk"))


def _inside(place: Place) -> Q:
    """Query conditions of the places within a place; of one without a code only its direct children are known."""
    directly = Q(parent__in=place.survivor.group().values("pk"))
    if not place.code:
        return directly
    # A place without a code has the path of its parent.
    return directly | Q(path__startswith=f"{place.path}.") | Q(path=place.path, code="")
