"""The app and its name in the admin."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """All of Newsroom's models; tables are named `articles_...`."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Keep the search index: its functions on every connection; and all triggers, after every migration."""
        connection_created.connect(_register_search)
        post_migrate.connect(_prepare_triggers, sender=self)


def _register_search(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    # Imported when called, as the models that it asks for are not loaded with the app.
    from articles import search  # noqa: PLC0415

    search.register_functions(connection)


def _prepare_triggers(*, using: str, **_signal: Any) -> None:
    """A migration may remake the table of articles, and SQLite's triggers are lost with the old one."""
    from articles import search  # noqa: PLC0415
    from articles.counts import change_triggers  # noqa: PLC0415

    search.ensure_index(connections[using])
    change_triggers.ensure_change_triggers(connections[using])
