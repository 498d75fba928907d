"""The app and its name in the admin."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """All of Newsroom's models; tables are named `articles_...`."""

    name = "articles"
    verbose_name = _("Articles")
