"""The admin site: the dashboard on its index page, and the pages that belong to no single model."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.checks import CheckMessage
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse


class NewsroomAdminSite(admin.AdminSite):
    """Django's admin site with Newsroom's dashboard."""

    # The same in every language.
    site_header = site_title = "Newsroom"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Lead to the reading site in the language of the desk, if there is one."""
        return super().each_context(request) | {
            "site_url": reverse("site:front") if settings.NEWSROOM_SITE else None
        }

    def discover(self) -> None:
        """Import the admin modules of all apps. Commands that load pages skip this and start a third faster."""
        admin.autodiscover()
        if apps.is_installed("procrastinate.contrib.django"):
            # Editors see loads, not the jobs of the queue.
            jobs = apps.get_app_config("procrastinate").get_models()
            self.unregister([model for model in jobs if self.is_registered(model)])

    def check(self, app_configs: Any) -> list[CheckMessage]:
        self.discover()
        return super().check(app_configs)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        # Imported late: the admin modules register with this site when they are imported.
        from articles.admin.dashboard.dashboard import get_dashboard  # noqa: PLC0415

        return super().index(request, {"dashboard": get_dashboard(request), **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        from articles.admin.dashboard.issue_calendar import calendar_urls  # noqa: PLC0415
        from articles.admin.records import merging  # noqa: PLC0415

        self.discover()
        return [*calendar_urls(self), *merging.merge_urls(self), *super().get_urls()]
