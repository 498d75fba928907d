"""Reporters, places and organizations, with their other names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import (
    Alias,
    Mention,
    Organization,
    OrganizationAppearance,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.mention import MentionQuerySet
from articles.models.place import ABOVE, PlaceQuerySet
from articles.names import name_key

from .history import HistoryPages
from .mentions import newest
from .presence import PresenceShown
from .show import ModelAdmin, TabularInline, link
from .stale import StaleCheck


class AliasInline(TabularInline):
    model = Alias
    fields = ["name"]
    extra = 0


class EntityAdmin(HistoryPages, StaleCheck, PresenceShown, ModelAdmin):
    """Records that go by a name, found however the name is spelt."""

    search_fields = ["key", "aliases__key"]
    search_help_text = _("Searches names and aliases, in Simplified or Traditional characters.")
    list_per_page = 50
    show_full_result_count = False
    inlines = [AliasInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, name_key(search_term))


@admin.register(Reporter)
class ReporterAdmin(EntityAdmin):
    list_display = ["name", "disambiguation", "article_count"]
    fields = ["name", "disambiguation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reporter]:
        reporters: QuerySet[Reporter] = super().get_queryset(request)
        return reporters.annotate(article_count=Count("bylines__article", distinct=True))

    @admin.display(description=_("articles"), ordering="article_count")
    def article_count(self, reporter: Reporter) -> int:
        count: int = reporter.article_count  # type: ignore[attr-defined] # annotated in get_queryset
        return count


# Columns that tell how often a record is named, and since when.
_NAMING = ("article_count", "first_named", "last_named")


class NamedChangeList(ChangeList):
    """A list of records that are counted when it is known which of them are on its page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.model_admin.count(list(self.result_list))  # type: ignore[attr-defined] # a NamedAdmin's list


class NamedAdmin(EntityAdmin):
    """Records that articles name, with how often, since when, and where."""

    class Media:
        css = {"all": ["articles/admin.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NamedChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        record = super().get_object(request, object_id, from_field)
        if record is not None:
            self.count([record])
        return record

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A record that is only being added is named nowhere, and lies nowhere yet."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:1]

    def count(self, records: list[Any]) -> None:
        raise NotImplementedError

    def mentions_of(self, record: Any) -> MentionQuerySet:
        raise NotImplementedError

    @admin.display(description=_("articles"))
    def article_count(self, record: Place | Organization) -> int:
        return record.naming.article_count

    @admin.display(description=_("first named"))
    def first_named(self, record: Place | Organization) -> dt.date | str:
        return record.naming.first_named or "—"

    @admin.display(description=_("last named"))
    def last_named(self, record: Place | Organization) -> dt.date | str:
        return record.naming.last_named or "—"

    @admin.display(description=_("newest mentions"))
    def mentions_shown(self, record: Place | Organization) -> SafeString | str:
        return newest(self.mentions_of(record))


def _chain(places: Iterable[Place]) -> SafeString | str:
    """Links to places that lie in each other, the largest first."""
    return format_html_join(" › ", "{}", ((link(place),) for place in places)) or "—"


@admin.register(Place)
class PlaceAdmin(NamedAdmin):
    list_display = ["name", "full_name", "kind", "code", *_NAMING]
    list_filter = ["kind"]
    search_fields = [*EntityAdmin.search_fields, "code"]
    search_help_text = _("Searches names, aliases and codes, in Simplified or Traditional characters.")
    fieldsets = [
        (None, {"fields": ["name", ("kind", "code"), "parent"]}),
        (_("Where it lies"), {"fields": ["ancestors_shown", "children_shown"]}),
        (
            _("Where it is named"),
            {"fields": [_NAMING, "within_shown", "mentions_shown"]},
        ),
    ]
    readonly_fields = [*_NAMING, "mentions_shown", "ancestors_shown", "children_shown", "within_shown"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request: HttpRequest) -> PlaceQuerySet:
        return Place.objects.with_ancestors()

    def count(self, records: list[Place]) -> None:
        PlaceAppearance.objects.count_in(records)

    def mentions_of(self, record: Place) -> MentionQuerySet:
        return Mention.objects.of_places(Place.objects.filter(pk=record.pk))

    @admin.display(description=_("full name"))
    def full_name(self, place: Place) -> str:
        return place.full_name

    @admin.display(description=_("all that it lies in"))
    def ancestors_shown(self, place: Place) -> SafeString | str:
        return _chain(place.ancestors())

    @admin.display(description=_("in it lie"))
    def children_shown(self, place: Place) -> SafeString | str:
        return format_html_join("、", "{}", ((link(child),) for child in place.children.all())) or "—"

    @admin.display(description=_("articles, with all that lies in it"))
    def within_shown(self, place: Place) -> int:
        return PlaceAppearance.objects.filter(place=place).count()


@admin.register(Organization)
class OrganizationAdmin(NamedAdmin):
    list_display = ["name", "kind", "seat_full_name", *_NAMING]
    list_filter = ["kind"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "seat", "parent"]}),
        (_("Where it lies"), {"fields": ["seat_shown"]}),
        (
            _("Where it is named"),
            {"fields": [_NAMING, "mentions_shown"]},
        ),
    ]
    readonly_fields = [*_NAMING, "mentions_shown", "seat_shown"]
    autocomplete_fields = ["seat", "parent"]

    list_select_related = [f"seat__{ABOVE[-1]}"]

    def count(self, records: list[Organization]) -> None:
        OrganizationAppearance.objects.count_in(records)

    def mentions_of(self, record: Organization) -> MentionQuerySet:
        return Mention.objects.of_organizations(Organization.objects.filter(pk=record.pk))

    @admin.display(description=_("seat"))
    def seat_full_name(self, organization: Organization) -> str:
        return organization.seat.full_name if organization.seat else "—"

    @admin.display(description=_("seat"))
    def seat_shown(self, organization: Organization) -> SafeString | str:
        seat = organization.seat
        return _chain((*seat.ancestors(), seat)) if seat else "—"


@admin.register(Alias)
class AliasAdmin(EntityAdmin):
    list_display = ["name", "reporter", "place", "organization"]
    search_fields = ["key"]
    fields = ["name", "reporter", "place", "organization"]
    autocomplete_fields = ["reporter", "place", "organization"]
    list_select_related = ["reporter", "place", "organization"]
    inlines = []
