"""Cache of results that take long to count or to look up, valid until anything is written to the database."""

import threading
from collections.abc import Callable, Hashable
from typing import Any

from django.db import connections, router

from articles.models import Article

_CAPACITY = 16 * 1024**2  # bytes that a thread may use; a server has a few threads in each process
_SMALL = 2_000  # bytes of a short result


class QueryCache:
    """Results by key, all computed from the same state of the database; emptied when it is full."""

    def __init__(self) -> None:
        self._results: dict[Hashable, Any] = {}
        self._free = _CAPACITY

    def get(self, key: Hashable) -> Any:
        """The result of a key, which the caller must not change; None if there is none."""
        return self._results.get(key)

    def put(self, key: Hashable, result: Any, size: int = _SMALL) -> None:
        """Add a result of about `size` bytes."""
        if size > self._free:
            self._results, self._free = {}, _CAPACITY
        if size <= self._free:
            self._results[key] = result
            self._free -= size


class _Thread(threading.local):
    """The cache of a thread, with the state of the database that it is valid for."""

    state: Hashable = None
    cache = QueryCache()


_thread = _Thread()


def current_query_cache() -> QueryCache | None:
    """The cache for the present state of the database; None inside a transaction, where nothing can be cached.

    Get it before reading from the database, and put results into the same object: after a write in between, another
    object is current, and the outdated result is never read.
    """
    state = _database_state()
    if state is None:
        return None
    if _thread.state != state:
        _thread.state, _thread.cache = state, QueryCache()
    return _thread.cache


def cached_until_written(key: Hashable, compute: Callable[[], Any], size: int = _SMALL) -> Any:
    """The result of `compute`, from the cache if nothing was written since; never None, not to be changed."""
    cache = current_query_cache()
    if cache is None:
        return compute()
    result = cache.get(key)
    if result is None:
        result = compute()
        cache.put(key, result, size)
    return result


def _database_state() -> Hashable:
    """A value that differs after every commit to the database by any process; None inside a transaction."""
    connection = connections[router.db_for_read(Article)]
    if connection.in_atomic_block:
        return None  # its own writes are in no snapshot, and may be rolled back
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Commits of other connections, and writes of this one.
            (others,) = cursor.execute("PRAGMA data_version").fetchone()
            return (connection.connection, others, connection.connection.total_changes)
        # Every commit changes the set of visible transactions. A replica does not list those that are running, so the
        # end of one of several could be missed; but it reports how far it has replayed the log.
        cursor.execute("SELECT pg_current_snapshot()::text, pg_last_wal_replay_lsn()::text")
        return (connection.alias, *cursor.fetchone())
