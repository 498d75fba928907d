"""The app config of `articles`."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """All of Newsroom's models; their tables are named `articles_...`."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Connect the functions of the search on new connections, triggers after migrations, receivers of signals."""
        from articles.counts import appearances  # noqa: F401, PLC0415 - its receivers need the loaded models

        connection_created.connect(_register_search_functions)
        post_migrate.connect(_restore_derived, sender=self)


def _register_search_functions(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    # Imported late: it imports the models, which are not loaded yet when this module is.
    from articles import search  # noqa: PLC0415

    search.register_functions(connection)


def _restore_derived(*, using: str, **_signal: Any) -> None:
    """Create the triggers that SQLite dropped with a recreated table, and a search index of another version.

    Only where all migrations are applied: at an older state this code may not fit the tables.
    """
    from articles import search  # noqa: PLC0415
    from articles.counts import change_triggers  # noqa: PLC0415

    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes("articles")):
        return
    search.ensure_index(connections[using])
    change_triggers.ensure_change_triggers(connections[using])
