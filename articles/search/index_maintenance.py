"""Creates, rebuilds and checks the search index of a database."""

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

from . import postgresql_index, sqlite_index
from .backend import ProgressCallback, SearchBackend, count_articles

_BACKENDS: dict[str, SearchBackend] = {"sqlite": sqlite_index, "postgresql": postgresql_index}


def _ignore(_count: int) -> None:
    """Report no progress."""


def search_backend(connection: BaseDatabaseWrapper) -> SearchBackend:
    """The backend of a database; `NotSupportedError` for databases other than SQLite and PostgreSQL."""
    try:
        return _BACKENDS[connection.vendor]
    except KeyError:
        raise NotSupportedError(
            f"articles are searched in SQLite and PostgreSQL, not in {connection.display_name}"
        ) from None


def register_functions(connection: BaseDatabaseWrapper) -> None:
    """Register the functions that the index triggers call; needed on every connection that writes articles."""
    search_backend(connection).register_functions(connection)


def ensure_index(connection: BaseDatabaseWrapper) -> bool:
    """Rebuild the index if a piece is missing or it has another version; return whether it was rebuilt.

    Makes a few catalog queries if all is there.
    """
    if not missing_pieces(connection):
        return False
    rebuild_index(connection)
    return True


def rebuild_index(connection: BaseDatabaseWrapper, progress: ProgressCallback = _ignore) -> None:
    """Index all articles again in batches, and report the number of indexed ones to `progress`.

    SQLite holds its write lock until the end, PostgreSQL locks one batch at a time; searches work meanwhile.
    """
    search_backend(connection).rebuild_index(connection, progress)


def missing_pieces(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of missing tables, triggers and functions of the index, or the version if it is another one."""
    return search_backend(connection).missing_pieces(connection)


def count_outdated(connection: BaseDatabaseWrapper, progress: ProgressCallback = _ignore) -> int:
    """The number of articles that are indexed wrongly; all articles if a piece of the index is missing.

    Reads the whole index and all texts: some minutes for 100,000 articles. Articles written meanwhile may be counted.
    """
    return (
        count_articles(connection)
        if missing_pieces(connection)
        else search_backend(connection).count_outdated(connection, progress)
    )
