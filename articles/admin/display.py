"""How values are shown on the pages of the admin; all of it is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Only the type checker gives these classes arguments.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


def record_link(record: Model | None) -> SafeString | str:
    """The record's name, leading to its page in the admin."""
    if record is None:
        return "—"
    meta = record._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    return format_html('<a href="{}">{}</a>', url, str(record))


def one_per_line(items: Iterable[str | SafeString]) -> SafeString | str:
    """The items, one a line."""
    return format_html_join("", "<div>{}</div>", ((item,) for item in items)) or "—"


class ReadOnlyAdmin(ModelAdmin):
    """Records that only the loader makes, to be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
