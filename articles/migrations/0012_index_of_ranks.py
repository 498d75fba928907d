from __future__ import annotations

from typing import Any

from django.db import migrations


def make_index(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    """Give a search index that stands the one piece it lacks; without it all articles would be indexed again."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql" or "articles_search" not in connection.introspection.table_names():
        return
    name = "articles_search_by_head_gram"
    # What an attempt left that was interrupted is made anew.
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    schema_editor.execute(
        f"CREATE INDEX CONCURRENTLY {name} ON articles_search"
        " USING gin (articles_search_grams(ARRAY[headline, kicker, subtitle]))"
    )
    schema_editor.execute(f"ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 0")


class Migration(migrations.Migration):
    atomic = False  # an index is made online outside of a transaction only
    dependencies = [("articles", "0011_changes_of_articles")]

    operations = [migrations.RunPython(make_index, migrations.RunPython.noop)]
