"""The tables of the tests' database: made from the models, without the migrations, which have tests of their own."""

import re
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# The queue has no models that make its tables: its migrations are SQL.
MIGRATED = {"procrastinate"}


def without_migrations() -> dict[str, None]:
    """Return the setting `MIGRATION_MODULES` by which `migrate` makes tables from the models at once."""
    return {app.label: None for app in apps.get_app_configs() if app.label not in MIGRATED}


def complete() -> None:
    """Make what migrations put into a database besides tables, and record them all as applied.

    The search index and the triggers are there already: the signal after `migrate` makes them.
    """
    recorder, loader = MigrationRecorder(connection), MigrationLoader(None)
    # As in a migration, whose models write no history.
    make_groups(loader.project_state(loader.graph.leaf_nodes("auth")).apps)
    for app, name in loader.graph.nodes.keys() - recorder.applied_migrations().keys():
        recorder.record_applied(app, name)


def make_groups(models: Any = apps) -> None:
    """Make reporters, editors and chiefs as the migrations do; a test with transactions leaves no groups behind."""
    roles = import_module("articles.migrations.0002_roles")
    roles.make_groups(models, SimpleNamespace(connection=connection))
    residue = import_module("articles.migrations.0004_residue")
    residue.grant(models, SimpleNamespace(connection=connection))
    webhooks = import_module("articles.migrations.0014_webhooks")
    webhooks.grant(models, SimpleNamespace(connection=connection))


def schema(connection: BaseDatabaseWrapper) -> set[tuple[object, ...]]:
    """Return our tables, columns, indexes, constraints, functions and triggers, as the database describes them."""
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA[connection.vendor])
        return {tuple(map(_normalized, row)) for row in cursor.fetchall()}


def _normalized(part: object) -> str:
    """A column of the description, with the columns of a table sorted: where one was added, its place is another."""
    text = " ".join(str(part).split())
    # Without the bracket at its end, which would stay with the last column.
    return (
        ", ".join(sorted(_COLUMN.split(text.removesuffix(")")))) if text.startswith("CREATE TABLE") else text
    )


_COLUMN = re.compile(r', (?="|CONSTRAINT)')


_SCHEMA = {
    "sqlite": """
        SELECT type, name, tbl_name, sql FROM sqlite_master
        WHERE tbl_name LIKE 'articles#_%' ESCAPE '#' AND name NOT LIKE 'sqlite#_%' ESCAPE '#'
    """,
    "postgresql": """
        WITH relation AS (
            SELECT oid, relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'articles#_%' ESCAPE '#' AND relkind = 'r'
        )
        SELECT 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
               attstattarget, attcollation, pg_get_expr(adbin, adrelid)
        FROM relation JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT 'index', relname, pg_get_indexdef(indexrelid), '', NULL, NULL, NULL, NULL, NULL, NULL
        FROM relation JOIN pg_index ON indrelid = oid
        UNION ALL
        SELECT 'constraint', relname, conname, pg_get_constraintdef(pg_constraint.oid), NULL, NULL, NULL, NULL, NULL, NULL
        FROM relation JOIN pg_constraint ON conrelid = relation.oid
        UNION ALL
        SELECT 'trigger', relname, pg_get_triggerdef(pg_trigger.oid), '', NULL, NULL, NULL, NULL, NULL, NULL
        FROM relation JOIN pg_trigger ON tgrelid = relation.oid WHERE NOT tgisinternal
        UNION ALL
        SELECT 'function', proname, pg_get_functiondef(oid), '', NULL, NULL, NULL, NULL, NULL, NULL
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'articles#_%' ESCAPE '#'
    """,
}
