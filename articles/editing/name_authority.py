"""Gives the names that editors recorded, by which texts are searched and linked: of records that are not in the trash.

These are aliases, the names of records that a person made or changed, and the names of merged records. Names that only
the loader gave are not among them: rules find them again, and an error of the rules must not spread.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

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
    for kind, model, make in _KINDS:
        rows = list(_rows(kind, model))
        records = _surviving(model, {pk for _, pk, _ in rows})
        for key, pk, is_own_name in rows:
            if record := records.get(pk):
                keys.add((kind, key))
                names[kind, without_marks(key)].setdefault(pk, make(record, is_own_name))
    return Decisions(
        names={of: tuple(records.values()) for of, records in names.items()}, recorded=RecordedNames(keys)
    )


def _rows(kind: MentionKind, model: Any) -> Iterator[tuple[str, int, bool]]:
    """The keys of names, each with the id of its record's survivor, and whether it is its own name; aliases first."""
    aliases = Alias.objects.filter(**{f"{kind}__isnull": False})
    for key, pk, into in aliases.values_list("key", f"{kind}_id", f"{kind}__merged_into_id"):
        yield key, into or pk, False
    by_people = model.history.exclude(history_change_reason__in=[LOADER, FOUND]).values("id")
    # Two queries, and a comparison for "is not null": otherwise SQLite would scan all records.
    for own in (model.objects.filter(pk__in=by_people), model.objects.filter(merged_into__gt=0)):
        for key, pk, into in own.order_by().values_list("key", "pk", "merged_into_id"):
            yield key, into or pk, True


def _surviving(model: Any, ids: Collection[int]) -> dict[int, Any]:
    rows: QuerySet[Any] = model.objects.surviving()
    rows = rows.select_related("seat") if model is Organization else rows
    return rows.in_bulk(ids)


def _named_place(place: Place, is_own_name: bool) -> NamedRecord:
    within = None if place.code else _last_code(place)
    return NamedRecord(place.name, place.code or None, within, place.pk, is_own_name)


def _named_organization(organization: Organization, is_own_name: bool) -> NamedRecord:
    code = _last_code(organization.seat) if organization.seat else None
    return NamedRecord(organization.name, code, None, organization.pk, is_own_name)


def _last_code(place: Place) -> str | None:
    """The code of a place, or of the nearest place with a code that it is within."""
    return place.path.rpartition(".")[2] or None


_KINDS: tuple[tuple[MentionKind, Any, Any], ...] = (
    ("place", Place, _named_place),
    ("organization", Organization, _named_organization),
)
