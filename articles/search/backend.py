"""What is indexed of an article, and what both databases do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from .folding import index_version
from .query_parser import Query

# Called with the articles that are indexed by now, and all that will be.
ProgressCallback = Callable[[int, int], None]

Sql = tuple[str, list[Any]]


class SearchBackend(Protocol):
    """What a database must do to hold an index."""

    def register_functions(self, connection: BaseDatabaseWrapper) -> None:
        """Give a new connection what its writes of articles call."""

    def missing_pieces(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Which pieces are not there, or of another version; empty if the index is kept up."""

    def rebuild_index(self, connection: BaseDatabaseWrapper, progress: ProgressCallback) -> None:
        """Make all pieces that are missing, and index every article."""

    def count_outdated(self, connection: BaseDatabaseWrapper) -> int:
        """How many articles the index does not hold as they are; no pieces may be missing."""

    def matching_ids(self, query: Query) -> Sql:
        """A SELECT of the ids of the articles that a query finds."""

    def candidate_ids(self, query: Query) -> Sql:
        """A SELECT of the same ids, and of more where those are much dearer to tell apart than to list."""

    def match_condition(self, column: str, query: Query) -> Sql | None:
        """An expression that tells whether the candidate whose id is in a column is a hit; None if all are."""

    def rank_expression(self, column: str, query: Query) -> Sql:
        """An expression for the `search_rank` of the article whose id is in a column."""


class _Batch(NamedTuple):
    """Articles with `after < id <= last`."""

    after: int
    last: int
    size: int


def article_batches(connection: BaseDatabaseWrapper, size: int = 500) -> Iterator[_Batch]:
    """All articles by id, a batch at a time, so that memory does not grow with their number."""
    after = -1
    while True:
        last, found = fetch_row(connection, _BATCH, [after, size])
        if not found:
            return
        yield _Batch(after, last, found)
        after = last


def count_articles(connection: BaseDatabaseWrapper) -> int:
    """How many articles there are."""
    return int(fetch_row(connection, "SELECT count(*) FROM articles_article")[0])


def fetch_row(connection: BaseDatabaseWrapper, sql: str, params: list[Any] | None = None) -> tuple[Any, ...]:
    """The one row that a statement answers with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        answer: tuple[Any, ...] = cursor.fetchone()
        return answer


def is_current_version(connection: BaseDatabaseWrapper) -> bool:
    """Whether an index was completed, and by the folds of today; its table of the version must be there.

    The one row of that table is written last, so that an index is made again whose making was broken off.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM articles_search_version")
        return bool(cursor.fetchall() == [(index_version(),)])


def set_version(connection: BaseDatabaseWrapper) -> None:
    """Note that the index is complete."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search_version")
        cursor.execute("INSERT INTO articles_search_version VALUES (%s)", [index_version()])


_BATCH = """
SELECT max(id), count(*)
FROM (SELECT id FROM articles_article WHERE id > %s ORDER BY id LIMIT %s) AS batch
"""
