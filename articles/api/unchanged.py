"""What takes long to count or to look up, kept for as long as nothing at all is written to the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection

_MANY = 1_000  # answers, of a few kB each


class _Kept(threading.local):
    """What a thread has counted in one state of the database."""

    state: Hashable = None
    answers: dict[Hashable, Any] = {}


_kept = _Kept()


def while_unchanged(question: Hashable, answer: Callable[[], Any]) -> Any:
    """The answer to a question, counted again once anything was written; not for the caller to change.

    The state is asked for before anything is counted, so that what comes in between is told by the next request.
    """
    state = _state()
    if state is None:
        return answer()
    if _kept.state != state or len(_kept.answers) >= _MANY:
        _kept.state, _kept.answers = state, {}
    answers = _kept.answers
    if question not in answers:
        answers[question] = answer()
    return answers[question]


def _state() -> Hashable:
    """What is another value after every write, by whomever; None if that cannot be told."""
    if connection.in_atomic_block:
        return None  # its own writes are in no snapshot, and may be undone
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Others' commits as this connection sees them, and its own writes.
            (others,) = cursor.execute("PRAGMA data_version").fetchone()
            return (connection.connection, others, connection.connection.total_changes)
        # Which transactions are seen: any that commits makes it another set.
        cursor.execute("SELECT pg_current_snapshot()::text")
        (seen,) = cursor.fetchone()
        return str(seen)
