"""Checks of data that is derived from other rows, and of the database file."""

from collections.abc import Iterator

from django.db import connection

from articles import search
from articles.counts import change_triggers
from articles.counts.appearances import count_wrong_appearances, rebuild_appearances
from articles.models import Article

from .check import REPAIR, RESTORE, Advance, Check, Fault


def _database(advance: Advance) -> Iterator[Fault]:
    """SQLite's own check of its file; a PostgreSQL server checks its files itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(10)")
            lines = [line for (line,) in cursor.fetchall()]
        for line in lines:
            if line != "ok":
                yield Fault("the database's file", " ".join(line.split()), RESTORE)
    advance()


def _appearances(advance: Advance) -> Iterator[Fault]:
    if wrong := count_wrong_appearances():
        yield Fault("appearances", f"{wrong:,} are wrong or missing", REPAIR)
    advance()


def _change_triggers(advance: Advance) -> Iterator[Fault]:
    if missing := change_triggers.missing_change_triggers(connection):
        yield Fault("changes of articles", f"they are not recorded: {', '.join(missing)} is missing", REPAIR)
    if unknown := Article.objects.filter(last_change=None).count():
        yield Fault("changes of articles", f"of {unknown:,} articles no change is recorded", REPAIR)
    advance()


def _rebuild_changes() -> None:
    change_triggers.ensure_change_triggers(connection)
    change_triggers.note_all_changed(connection)


def _search_index(advance: Advance) -> Iterator[Fault]:
    if missing := search.missing_pieces(connection):
        yield Fault("search index", f"{', '.join(missing)} is missing", REPAIR)
    elif wrong := search.count_outdated(connection, advance):
        yield Fault("search index", f"the text of {wrong:,} articles is indexed wrongly", REPAIR)


DATABASE_CHECK = Check("database", _database)
APPEARANCE_CHECK = Check("appearances", _appearances, rebuild=rebuild_appearances)
CHANGE_TRIGGER_CHECK = Check(
    "changes of articles",
    _change_triggers,
    rebuild=_rebuild_changes,
)
SEARCH_INDEX_CHECK = Check(
    "articles in the search index",
    _search_index,
    total=Article.objects.count,
    rebuild=lambda: search.rebuild_index(connection),
)
