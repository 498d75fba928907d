"""The admin of aliases, other names of records."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.conflicts.conflict_check import ConflictCheck
from articles.admin.conflicts.presence import PresenceAdmin
from articles.admin.display import ModelAdmin, TabularInline
from articles.admin.history.history_pages import HistoryPages
from articles.models import Alias
from articles.reading.name_keys import name_key


class AliasInline(TabularInline):
    model = Alias
    fields = ["name"]
    extra = 0


class NamedAdmin(HistoryPages, ModelAdmin):
    """A list that is searched by name, in any spelling."""

    search_fields = ["key"]
    search_help_text = _("Searches names, in Simplified or Traditional characters.")
    list_per_page = 50
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, name_key(search_term))


@admin.register(Alias)
class AliasAdmin(ConflictCheck, PresenceAdmin, NamedAdmin):
    list_display = ["name", "reporter", "place", "organization"]
    fields = ["name", "reporter", "place", "organization"]
    autocomplete_fields = ["reporter", "place", "organization"]
    list_select_related = ["reporter", "place", "organization"]

    def save_model(self, request: HttpRequest, obj: Alias, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record = obj.reporter or obj.place or obj.organization
        if record:
            record.mark()
