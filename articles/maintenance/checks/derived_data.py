"""What is derived from the rest: made anew where it is wrong. And the file of the database itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from articles import search
from articles.counts import change_triggers
from articles.models import appearance

from .check import REPAIR, RESTORE, Advance, Check, Fault


def _database(advance: Advance) -> Iterator[Fault]:
    """SQLite's own check of its file; a PostgreSQL server sees to its files itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(10)")
            told = [line for (line,) in cursor.fetchall()]
        for line in told:
            if line != "ok":
                yield Fault("the database's file", " ".join(line.split()), RESTORE)
    advance()


def _appearances(advance: Advance) -> Iterator[Fault]:
    if wrong := appearance.stale():
        yield Fault("appearances", f"{wrong:,} are wrong, or missing", REPAIR)
    advance()


def _changes(advance: Advance) -> Iterator[Fault]:
    if lacking := change_triggers.missing_change_triggers(connection):
        yield Fault("changes of articles", f"nothing notes them: {', '.join(lacking)} is not there", REPAIR)
    advance()


def _index(advance: Advance) -> Iterator[Fault]:
    if lacking := search.missing_pieces(connection):
        yield Fault("search index", f"it lacks {', '.join(lacking)}", REPAIR)
    elif wrong := search.count_outdated(connection):
        yield Fault("search index", f"it does not hold {wrong:,} articles as they are", REPAIR)
    advance()


DATABASE_CHECK = Check("database", _database)
APPEARANCE_CHECK = Check("appearances", _appearances, mend=appearance.rebuild)
CHANGE_TRIGGER_CHECK = Check(
    "changes of articles", _changes, mend=lambda: change_triggers.ensure_change_triggers(connection)
)
SEARCH_INDEX_CHECK = Check("search index", _index, mend=lambda: search.rebuild_index(connection))
