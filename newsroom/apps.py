"""Django's admin as Newsroom installs it."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with the editors' desk for its site."""

    default_site = "newsroom.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        if apps.is_installed("procrastinate.contrib.django"):
            # Jobs are no editor's business: what they load is told of in the loads.
            jobs = apps.get_app_config("procrastinate").get_models()
            admin.site.unregister([model for model in jobs if admin.site.is_registered(model)])
