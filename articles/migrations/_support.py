"""What migrations use in the place of the app's own code, which changes: nothing here changes after a release."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class SafeMigration(migrations.Migration):
    """A migration that runs again wherever it was killed, as it is recorded in the transaction of its work.

    Django makes the indexes and keys of new tables last, and records a migration that has any after the transaction; so
    it does with every migration that is undone. Killed in between, the tables would be there and the record would not.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        if not collect_sql:
            _drop_triggers(schema_editor)
        state = super().apply(project_state, schema_editor, collect_sql)
        if not collect_sql:
            for statement in schema_editor.deferred_sql:
                schema_editor.execute(statement, None)
            schema_editor.deferred_sql.clear()
        return state

    def unapply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        if not collect_sql:
            _drop_triggers(schema_editor)
        state = super().unapply(project_state, schema_editor, collect_sql)
        if not collect_sql:
            MigrationRecorder(schema_editor.connection).record_unapplied(self.app_label, self.name)
        return state


_CHANGE_TRIGGERS = """
SELECT name FROM sqlite_master
WHERE type = 'trigger' AND (sql LIKE '%articles#_lastchange%' ESCAPE '#' OR name LIKE 'articles#_raise#_%' ESCAPE '#')
"""


def _drop_triggers(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers of changes on SQLite, which renames no table while a trigger names it; `migrate` ends by making them.

    Django makes a new table where a column changes, and gives it the name of the former one.
    """
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_CHANGE_TRIGGERS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


class TransactionId(models.Func):
    """The number of the transaction at hand on PostgreSQL; 0 on SQLite."""

    output_field = models.BigIntegerField()
    template = "0"

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="pg_current_xact_id()::text::bigint")
