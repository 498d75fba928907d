"""Whether a database refused only for now: somebody else has had a lock for too long, or its server is away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

RETRY_AFTER_SECONDS = 5
"""Seconds after which it is worth trying again."""

_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# Connections lost or refused, transactions that were in each other's way, a server that stops or starts.
_POSTGRESQL_CLASSES = ("08", "40", "57P")
# A lock that was not to be had in time; a statement that took too long; more connections than there may be.
_POSTGRESQL = frozenset({"55P03", "57014", "53300"})


@contextmanager
def transaction_without_waiting() -> Iterator[None]:
    """One transaction that waits for nobody: where somebody else is writing, an `OperationalError` that is busy."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                with transaction.atomic():
                    yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {patience}")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        yield


def is_busy(error: BaseException | None) -> bool:
    """Whether whoever asks again in some seconds may be answered."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    state = getattr(cause, "sqlstate", None)  # None where there was no server to give one
    return state is None or state in _POSTGRESQL or state.startswith(_POSTGRESQL_CLASSES)
