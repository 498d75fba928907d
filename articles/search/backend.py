"""The interface of a search backend, and functions that both backends use."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from .folding import index_version
from .query_parser import Query

# Called with the number of articles that were dealt with since the last call.
ProgressCallback = Callable[[int], object]

Sql = tuple[str, list[Any]]


class SearchBackend(Protocol):
    """The functions that a module must have to index and search articles in one kind of database."""

    def register_functions(self, connection: BaseDatabaseWrapper) -> None:
        """Register the functions that triggers call on a new connection."""

    def missing_pieces(self, connection: BaseDatabaseWrapper) -> list[str]:
        """The names of missing tables, triggers and functions, or the version if it is another one."""

    def rebuild_index(self, connection: BaseDatabaseWrapper, progress: ProgressCallback) -> None:
        """Create missing pieces and index all articles."""

    def count_outdated(self, connection: BaseDatabaseWrapper, progress: ProgressCallback) -> int:
        """The number of articles that are indexed wrongly; no piece may be missing."""

    def matching_ids(self, query: Query) -> Sql:
        """A SELECT of the ids of the articles that match a query."""

    def candidate_ids(self, query: Query) -> Sql:
        """A SELECT of these ids and possibly more, where checking each match would take much longer."""

    def match_condition(self, column: str, query: Query) -> Sql | None:
        """An SQL expression: whether the candidate whose id is in `column` matches; None if all candidates do."""

    def rank_expression(self, column: str, query: Query) -> Sql:
        """An SQL expression for the `search_rank` of the article whose id is in `column`."""


class _Batch(NamedTuple):
    """Articles with `after < id <= last`."""

    after: int
    last: int
    size: int


def article_batches(connection: BaseDatabaseWrapper, size: int = 500) -> Iterator[_Batch]:
    """Ranges of ids that together contain all articles, `size` articles each."""
    after = -1
    while True:
        last, found = fetch_row(connection, _BATCH, [after, size])
        if not found:
            return
        yield _Batch(after, last, found)
        after = last


def count_articles(connection: BaseDatabaseWrapper) -> int:
    """The number of all articles."""
    return int(fetch_row(connection, "SELECT count(*) FROM articles_article")[0])


def fetch_row(connection: BaseDatabaseWrapper, sql: str, params: list[Any] | None = None) -> tuple[Any, ...]:
    """The only row of a statement's result."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def is_current_version(connection: BaseDatabaseWrapper) -> bool:
    """Whether the index is complete and of the current version; the version table must exist.

    Its only row is written last, so that an interrupted rebuild is done again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM articles_search_version")
        return bool(cursor.fetchall() == [(index_version(),)])


def set_version(connection: BaseDatabaseWrapper) -> None:
    """Record that the index is complete."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search_version")
        cursor.execute("INSERT INTO articles_search_version VALUES (%s)", [index_version()])


_BATCH = """
SELECT max(id), count(*)
FROM (SELECT id FROM articles_article WHERE id > %s ORDER BY id LIMIT %s) AS batch
"""
