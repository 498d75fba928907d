"""Gives the names that editors recorded, by which texts are searched and linked: of records that are not in the trash.

These are aliases, the names of records that a person made or changed, and the names of merged records. Names that only
the loader gave are not among them: rules find them again, and an error of the rules must not spread.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django.db import connection

from articles.models import Alias, Merge, Organization, Place
from articles.models.history import FOUND, LOADER
from articles.reading.gazetteer.lookup import without_marks
from articles.reading.linking.linker import Decisions
from articles.reading.linking.organization_resolution import NamedRecord
from articles.reading.names.recorded_names import RecordedNames
from articles.reading.values import MentionKind

# Rows of history that are counted: one with a smaller id than others may be committed after them.
_RECENT = 1_000
_HISTORIES = [model.history.model._meta.db_table for model in (Alias, Place, Organization, Merge)]
_CHANGES = " UNION ALL ".join(
    f"SELECT '{table}', COUNT(*), MAX(history_id), MAX(history_date) FROM {table} "  # noqa: S608 - no value in it
    f"WHERE history_id > (SELECT MAX(history_id) FROM {table}) - {_RECENT}"
    for table in _HISTORIES
)
_Stamp = tuple[Any, ...]


def recorded_names() -> Decisions:
    """The names that editors recorded until now; they are read and compiled only if one was recorded since the last call."""
    return _names_at(_stamp())


def _stamp() -> _Stamp:
    """A value that differs after each change of a record or alias by a person; no table is scanned for it."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES)
        return tuple(sorted(cursor.fetchall()))


@lru_cache(maxsize=1)
def _names_at(_stamp: _Stamp) -> Decisions:
    names: defaultdict[tuple[MentionKind, str], dict[int, NamedRecord]] = defaultdict(dict)
    keys: set[tuple[MentionKind, str]] = set()
    for kind, key, record in _named_records():
        keys.add((kind, key))
        names[kind, without_marks(key)].setdefault(record.id or 0, record)
    return Decisions(
        names={of: tuple(records.values()) for of, records in names.items()}, recorded=RecordedNames(keys)
    )


def _named_records() -> Iterator[tuple[MentionKind, str, NamedRecord]]:
    """The keys of names, aliases first, each with its kind and the record that it means."""
    for kind, model, columns, make in _KINDS:
        by_people = model.history.exclude(history_change_reason__in=[LOADER, FOUND]).values("id")
        sources = (
            (Alias.objects.filter(**{f"{kind}__isnull": False}), f"{kind}__"),
            # Two queries, and a comparison for "is not null": otherwise SQLite would scan all records.
            (model.objects.filter(pk__in=by_people), ""),
            (model.objects.filter(merged_into__gt=0), ""),
        )
        for rows, base in sources:
            read = [f"{base}{name}" for name in columns] + [f"{base}merged_into__{name}" for name in columns]
            for key, *values in rows.order_by().values_list("key", *read):
                # The survivor, if the record is merged into one.
                pk, trashed_at, *rest = (
                    values[len(columns) :] if values[len(columns)] else values[: len(columns)]
                )
                if trashed_at is None:
                    yield kind, key, make(pk, not base, *rest)


def _place(pk: int, is_own_name: bool, name: str, code: str, path: str) -> NamedRecord:
    return NamedRecord(name, code or None, None if code else _last_code(path), pk, is_own_name)


def _organization(pk: int, is_own_name: bool, name: str, seat: str | None) -> NamedRecord:
    return NamedRecord(name, _last_code(seat or ""), None, pk, is_own_name)


def _last_code(path: str) -> str | None:
    """The code of the place with a path, or of the nearest place with a code that it is within."""
    return path.rpartition(".")[2] or None


_KINDS: tuple[tuple[MentionKind, Any, tuple[str, ...], Callable[..., NamedRecord]], ...] = (
    ("place", Place, ("pk", "trashed_at", "name", "code", "path"), _place),
    ("organization", Organization, ("pk", "trashed_at", "name", "seat__path"), _organization),
)
