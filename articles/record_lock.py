"""The lock between those who name records in articles and those who change what a name resolves to.

A load that names a county and a merge of this county would each derive appearances from rows that the other has not
committed. So a transaction that writes articles, credits or mentions shares this lock until its end, and one that
merges, moves, renames, trashes or restores a record holds it alone.

It is one lock for all records, taken before any row is locked. Single records would be locked in the order in which a
transaction comes to name them, which differs from one to the next, so that two transactions could deadlock. PostgreSQL
grants the lock in the order of requests. Triggers take it too, for other programs that write (see
`articles/counts/change_triggers.py`).

SQLite has one writer at a time, and needs no lock.
"""

from django.db import DEFAULT_DB_ALIAS, connections

LOCK_KEY = 724_551_097
"""The key of the advisory lock in PostgreSQL: any number that other programs of the database do not use."""


def share_records(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction changes records, and let none begin until this transaction ends."""
    _execute(using, "SELECT pg_advisory_xact_lock_shared(%s)")


def lock_records(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction writes articles or changes records, and let none begin until this one ends."""
    _execute(using, "SELECT pg_advisory_xact_lock(%s)")


def _execute(using: str, statement: str) -> None:
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, [LOCK_KEY])
