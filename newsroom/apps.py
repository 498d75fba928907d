"""Django's admin as Newsroom installs it."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with the editors' desk for its site."""

    default_site = "newsroom.site.DeskSite"
