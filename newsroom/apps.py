"""Django's admin as Newsroom installs it."""

from __future__ import annotations

from django.contrib.admin.apps import SimpleAdminConfig


class DeskConfig(SimpleAdminConfig):
    """Django's admin, with the editors' desk for its site, which reads by itself what apps register."""

    default_site = "newsroom.admin_site.DeskSite"
