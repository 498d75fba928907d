"""The tables of the tests' database: made from the models, without the migrations, which have tests of their own."""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from articles.models.roles import make_groups

# The queue has no models that make its tables: its migrations are SQL.
MIGRATED = {"procrastinate"}


def without_migrations() -> dict[str, None]:
    """Return the setting `MIGRATION_MODULES` by which `migrate` makes tables from the models at once."""
    return {app.label: None for app in apps.get_app_configs() if app.label not in MIGRATED}


def complete(connection: BaseDatabaseWrapper) -> None:
    """Make what migrations put into a database besides tables, and record them all as applied.

    The search index and the triggers are there already: the signal after `migrate` makes them.
    """
    recorder, loader = MigrationRecorder(connection), MigrationLoader(None)
    # As in a migration, whose models write no history.
    models = loader.project_state(loader.graph.leaf_nodes("auth")).apps
    groups, permissions = models.get_model("auth", "Group"), models.get_model("auth", "Permission")
    make_groups(groups.objects.using(connection.alias), permissions.objects.using(connection.alias))
    for app, name in loader.graph.nodes.keys() - recorder.applied_migrations().keys():
        recorder.record_applied(app, name)
