"""Migrations of a large archive: indexes are made while others write, and again if they were interrupted."""

from __future__ import annotations

import re
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from articles import search

pytestmark = pytest.mark.slow

ONLINE = {
    "0007_indexes_of_lists": 3,
    "0009_index_of_searches": 1,
    "0010_indexes_of_records": 12,
    "0013_index_of_mentions": 2,
}


def indexes() -> set[str]:
    """Asked of the database itself: Django reads every table's statement to the last word for it."""
    select = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'articles#_%' ESCAPE '#'",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename LIKE 'articles#_%' ESCAPE '#'",
    }
    with connection.cursor() as cursor:
        cursor.execute(select[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("migration", ONLINE)
def test_an_index_keeps_no_writer_out(migration: str) -> None:
    call_command("sqlmigrate", "articles", migration, stdout=(out := StringIO()))
    made = [line for line in out.getvalue().splitlines() if line.startswith("CREATE INDEX")]
    assert len(made) == ONLINE[migration]
    if connection.vendor == "postgresql":
        assert all(line.startswith("CREATE INDEX CONCURRENTLY ") for line in made)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("migration", ONLINE)
def test_what_an_interrupted_migration_left_is_made_anew(migration: str) -> None:
    before = indexes()
    state = MigrationLoader(connection).project_state(("articles", migration))
    module = import_module(f"articles.migrations.{migration}")
    for operation in module.Migration.operations[: ONLINE[migration]]:
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("articles", editor, state, state)
    assert indexes() == before


@pytest.mark.django_db(transaction=True)
def test_an_index_that_goes_comes_back_when_the_migration_is_undone() -> None:
    def own() -> list[str]:
        return sorted(
            name
            for name in indexes()
            if re.match(r"articles_[a-z]+_merged_into_id_[0-9a-f]+$", name) and "historical" not in name
        )

    assert own() == []
    call_command("migrate", "articles", "0009", verbosity=0)
    assert [name.split("_")[1] for name in own()] == ["organization", "place", "reporter"]
    call_command("migrate", "articles", verbosity=0)
    assert own() == []


@pytest.mark.django_db(transaction=True)
def test_a_search_index_is_given_the_piece_it_lacks_and_not_made_again() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX articles_search_by_head_gram")
        assert search.missing_pieces(connection) == ["articles_search_by_head_gram"]
    migration = import_module("articles.migrations.0012_index_of_ranks")
    for _ in range(2):  # the second after an attempt that was interrupted
        with CaptureQueriesContext(connection) as queries, connection.schema_editor(atomic=False) as editor:
            migration.make_index(None, editor)
        made = [query["sql"] for query in queries if "INDEX" in query["sql"]]
        assert [sql.split()[:3] for sql in made] == ([
            ["DROP", "INDEX", "CONCURRENTLY"],
            ["CREATE", "INDEX", "CONCURRENTLY"],
            ["ALTER", "INDEX", "articles_search_by_head_gram"],
        ] if connection.vendor == "postgresql" else [])  # fmt: skip
        assert search.missing_pieces(connection) == []
