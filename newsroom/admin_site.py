"""The admin as the editors' desk: what stands at its front, and the pages that belong to no one model."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.checks import CheckMessage
from django.http import HttpRequest
from django.template.response import TemplateResponse


class DeskSite(admin.AdminSite):
    """Django's admin site, with the desk in front."""

    # A proper name, the same in every language.
    site_header = site_title = "Newsroom"

    def discover(self) -> None:
        """Read what apps register. Commands that load pages do without it, and start in two thirds of the time."""
        admin.autodiscover()
        if apps.is_installed("procrastinate.contrib.django"):
            # Jobs are no editor's business: what they load is told of in the loads.
            jobs = apps.get_app_config("procrastinate").get_models()
            self.unregister([model for model in jobs if self.is_registered(model)])

    def check(self, app_configs: Any) -> list[CheckMessage]:
        self.discover()
        return super().check(app_configs)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        # Imported when called: what registers with the site needs it to be there.
        from articles.admin.dashboard.dashboard import get_dashboard  # noqa: PLC0415

        return super().index(request, {"dashboard": get_dashboard(request), **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        from articles.admin.records import merging  # noqa: PLC0415

        self.discover()
        return [*merging.merge_urls(self), *super().get_urls()]
