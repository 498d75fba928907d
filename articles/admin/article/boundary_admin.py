"""The list of boundaries: where editors said that an article begins, or does not."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ReadOnlyAdmin, record_link
from articles.models import Boundary


@admin.register(Boundary)
class BoundaryAdmin(ReadOnlyAdmin):
    list_display = ["page_link", "offset", "begins", "by", "at"]
    list_display_links = ["offset"]
    list_filter = ["begins"]
    list_select_related = ["page", "by"]
    fields = ["page_link", "offset", "begins", "by", "at"]

    @admin.display(description=_("page"), ordering="page")
    def page_link(self, boundary: Boundary) -> SafeString | str:
        return record_link(boundary.page)
