"""What a migration does to a large archive while readers and loaders go on."""

from __future__ import annotations

from typing import Any

from django.db import migrations


class AddIndexOnline(migrations.AddIndex):
    """Makes an index without keeping writers out, on PostgreSQL; the migration must not be atomic.

    What an attempt left that was interrupted is made anew.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        model = to_state.apps.get_model(app_label, self.model_name)
        online = "CONCURRENTLY " if is_postgresql else ""
        schema_editor.execute(f"DROP INDEX {online}IF EXISTS {schema_editor.quote_name(self.index.name)}")
        schema_editor.add_index(model, self.index, **({"concurrently": True} if is_postgresql else {}))


class RemoveIndexOnline(migrations.RemoveIndex):
    """Takes an index away without keeping writers out, on PostgreSQL, unless an earlier attempt has."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        online = "CONCURRENTLY " if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP INDEX {online}IF EXISTS {schema_editor.quote_name(self.name)}")


class DropIndexOfField(migrations.AlterField):
    """Says that a field has no index of its own any more, and takes that away.

    `AlterField` would make the table anew on SQLite, which takes long and leaves its triggers out.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in self._indexes(app_label, schema_editor, to_state):
            schema_editor.execute(f"DROP INDEX IF EXISTS {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not self._indexes(app_label, schema_editor, from_state):
            model = to_state.apps.get_model(app_label, self.model_name)
            for statement in schema_editor._field_indexes_sql(model, model._meta.get_field(self.name)):
                schema_editor.execute(statement)

    def _indexes(self, app_label: str, schema_editor: Any, state: Any) -> list[str]:
        """The names of the field's own indexes, and not of those that the model declares."""
        model = state.apps.get_model(app_label, self.model_name)
        declared = {index.name for index in model._meta.indexes}
        column = model._meta.get_field(self.name).column
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        return [
            name
            for name, constraint in found.items()
            if constraint["index"] and not constraint["unique"] and constraint["columns"] == [column]
            if name not in declared
        ]
