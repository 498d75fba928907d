"""Recognizes errors of a busy or unreachable database, after which a retry may succeed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import clear_frames

from django.db import OperationalError, connection, transaction

RETRY_AFTER_SECONDS = 5
"""The time after which a client should try again."""

_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# Lost or refused connections, conflicts of transactions, a server that stops or starts.
_POSTGRESQL_CLASSES = ("08", "40", "57P")
# Timeout of a lock, timeout of a statement, too many connections.
_POSTGRESQL = frozenset({"55P03", "57014", "53300"})


@contextmanager
def transaction_without_waiting() -> Iterator[None]:
    """A transaction that does not wait for locks: a busy `OperationalError` if another writer has one."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            timeout = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                with transaction.atomic():
                    yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {timeout}")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        yield


def release_cursors(error: BaseException | None) -> None:
    """Free the cursors that the traceback of a database error holds, in the thread of their connection.

    Such an error is in a cycle. If the garbage collector freed it in another thread, that thread would wait while
    the connection waits for a lock: SQLite lets one thread at a time use a connection.
    """
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__


def is_busy(error: BaseException | None) -> bool:
    """Whether the same request may succeed in some seconds."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    state = getattr(cause, "sqlstate", None)  # None if no server answered
    return state is None or state in _POSTGRESQL or state.startswith(_POSTGRESQL_CLASSES)
