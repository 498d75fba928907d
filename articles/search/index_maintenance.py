"""The index in a database: made, mended and checked."""

from __future__ import annotations

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

from . import postgresql_index, sqlite_index
from .backend import ProgressCallback, SearchBackend, count_articles

_BACKENDS: dict[str, SearchBackend] = {"sqlite": sqlite_index, "postgresql": postgresql_index}


def search_backend(connection: BaseDatabaseWrapper) -> SearchBackend:
    """What knows the index of a database; `NotSupportedError` if it is of a kind that has none."""
    try:
        return _BACKENDS[connection.vendor]
    except KeyError:
        raise NotSupportedError(
            f"articles are searched in SQLite and PostgreSQL, not in {connection.display_name}"
        ) from None


def register_functions(connection: BaseDatabaseWrapper) -> None:
    """Make a new connection able to write articles, whose text triggers index."""
    search_backend(connection).register_functions(connection)


def ensure_index(connection: BaseDatabaseWrapper) -> bool:
    """Make the index if it lacks a piece or is of another version, and say whether that was so.

    A few catalog look-ups when all stands. Nothing is made where there are no articles yet.
    """
    if "articles_article" not in connection.introspection.table_names() or not missing_pieces(connection):
        return False
    rebuild_index(connection)
    return True


def rebuild_index(
    connection: BaseDatabaseWrapper, progress: ProgressCallback = lambda _done, _total: None
) -> None:
    """Index all articles anew, some hundred at a time; `progress` is told how many are done, and of how many.

    SQLite takes its write lock until the end, PostgreSQL locks a batch at a time; both answer searches meanwhile.
    """
    search_backend(connection).rebuild_index(connection, progress)


def missing_pieces(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the index's tables, triggers and functions that are not there, or the version that is not."""
    return search_backend(connection).missing_pieces(connection)


def count_outdated(connection: BaseDatabaseWrapper) -> int:
    """How many articles the index does not hold as they stand; all articles, if a piece of it is missing.

    Reads the whole index and all text: some minutes at 100,000 articles. What is written meanwhile may be counted.
    """
    return (
        count_articles(connection)
        if missing_pieces(connection)
        else search_backend(connection).count_outdated(connection)
    )
