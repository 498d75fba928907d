"""The admin as the editors' desk: what stands at its front, and the pages that belong to no one model."""

from __future__ import annotations

from django.contrib import admin


class DeskSite(admin.AdminSite):
    """Django's admin site, with the desk in front."""

    # A proper name, the same in every language.
    site_header = site_title = "Newsroom"
