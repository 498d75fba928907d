"""The admin as the editors' desk: what stands at its front, and the pages that belong to no one model."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse


class DeskSite(admin.AdminSite):
    """Django's admin site, with the desk in front."""

    # A proper name, the same in every language.
    site_header = site_title = "Newsroom"

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        # Imported when called: what registers with the site needs it to be there.
        from articles.admin.desk import desk  # noqa: PLC0415

        return super().index(request, {"desk": desk(request), **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        from articles.admin import merging  # noqa: PLC0415

        return [*merging.urls(self), *super().get_urls()]
