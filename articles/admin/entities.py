"""Reporters, places and organizations, with their other names."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import Alias, Organization, Place, Reporter
from articles.names import name_key

from .show import ModelAdmin, TabularInline


class AliasInline(TabularInline):
    model = Alias
    fields = ["name"]
    extra = 0


class EntityAdmin(ModelAdmin):
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


@admin.register(Place)
class PlaceAdmin(EntityAdmin):
    list_display = ["name", "kind", "code", "parent"]
    list_filter = ["kind"]
    search_fields = [*EntityAdmin.search_fields, "code"]
    fields = ["name", "kind", "code", "parent", "full_name", "path"]
    readonly_fields = ["full_name", "path"]
    autocomplete_fields = ["parent"]
    list_select_related = ["parent"]

    @admin.display(description=_("full name"))
    def full_name(self, place: Place) -> str:
        return place.full_name


@admin.register(Organization)
class OrganizationAdmin(EntityAdmin):
    list_display = ["name", "kind", "seat", "parent"]
    list_filter = ["kind"]
    fields = ["name", "kind", "seat", "parent"]
    autocomplete_fields = ["seat", "parent"]
    list_select_related = ["seat", "parent"]


@admin.register(Alias)
class AliasAdmin(EntityAdmin):
    list_display = ["name", "reporter", "place", "organization"]
    search_fields = ["key"]
    fields = ["name", "reporter", "place", "organization"]
    autocomplete_fields = ["reporter", "place", "organization"]
    list_select_related = ["reporter", "place", "organization"]
    inlines = []
