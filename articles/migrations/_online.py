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
