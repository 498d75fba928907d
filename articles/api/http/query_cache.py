"""What takes long to count or to look up, kept for as long as nothing at all is written to the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

from django.db import connections, router

from articles.models import Article

_ROOM = 16 * 1024**2  # bytes of what a thread keeps; a server has some threads in each process
_FEW = 2_000  # bytes of an answer that is short


class Answers:
    """What was answered in one state of the database; when it becomes too much it begins anew."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self._room = _ROOM

    def get(self, question: Hashable) -> Any:
        """The answer, which is not for the caller to change; None if there is none."""
        return self._kept.get(question)

    def put(self, question: Hashable, answer: Any, size: int = _FEW) -> None:
        """Keep an answer of about so many bytes."""
        if size > self._room:
            self._kept, self._room = {}, _ROOM
        if size <= self._room:
            self._kept[question] = answer
            self._room -= size


class _Thread(threading.local):
    """What a thread has answered, and the state that the database was in."""

    state: Hashable = None
    answers = Answers()


_thread = _Thread()


def answers() -> Answers | None:
    """Where answers are kept until something is written; None if nobody can tell when that is.

    Ask for it before anything is read, and put there what was read then: once something was written in between, that
    is where nobody looks any more.
    """
    state = _state()
    if state is None:
        return None
    if _thread.state != state:
        _thread.state, _thread.answers = state, Answers()
    return _thread.answers


def while_unchanged(question: Hashable, answer: Callable[[], Any], size: int = _FEW) -> Any:
    """The answer to a question, found anew once anything was written; never None, and not for the caller to change."""
    kept = answers()
    if kept is None:
        return answer()
    found = kept.get(question)
    if found is None:
        found = answer()
        kept.put(question, found, size)
    return found


def _state() -> Hashable:
    """What is another value after every write to the database that is read, by whomever; None if that cannot be told."""
    connection = connections[router.db_for_read(Article)]
    if connection.in_atomic_block:
        return None  # its own writes are in no snapshot, and may be undone
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Others' commits as this connection sees them, and its own writes.
            (others,) = cursor.execute("PRAGMA data_version").fetchone()
            return (connection.connection, others, connection.connection.total_changes)
        # Which transactions are seen: any that commits makes it another set. A replica does not list those that are at
        # work, so that one of several may end unnoticed; but it says how far it has followed.
        cursor.execute("SELECT pg_current_snapshot()::text, pg_last_wal_replay_lsn()::text")
        return (connection.alias, *cursor.fetchone())
