"""Finds records by the beginning of a name as somebody types it: in characters, in pinyin, or by its initials."""

# ruff: noqa: S608 - the SQL is made of names that stand in this module, and of numbers

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connections, router

from articles.models import Reporter
from articles.reading.name_keys import name_key
from articles.reading.pinyin import typed_latin

from .facet_index import FacetIndex, current_facet_index

_LIMIT = 300  # names that one index is read for
_BATCH, _BATCHES = (
    500,
    4,
)  # records that are tested where more names begin so, those that are named most first
_LAST = "\U0010ffff"

# The tables have few columns of names, and each part reads one index of one of them.
_OF_RECORD = """
SELECT '{kind}', coalesce(named.merged_into_id, named.id), named.name FROM articles_{kind} AS named
WHERE {condition} AND named.trashed_at IS NULL
"""
_OF_ALIAS = """
SELECT '{kind}', coalesce(record.merged_into_id, record.id), named.name FROM articles_alias AS named
JOIN articles_{kind} AS record ON record.id = named.{kind}_id WHERE {condition} AND record.trashed_at IS NULL
"""


class SuggestedRecord(NamedTuple):
    """A record that was probably meant, with a name of it that begins so, and the number of articles that have it."""

    kind: str
    pk: int
    name: str
    article_count: int


def suggest_records(
    typed: str, kinds: Collection[str], articles: Sequence[str], size: int, *, with_unnamed: bool
) -> list[SuggestedRecord]:
    """The records with a name that begins as typed, those that most `articles` of these statuses have first.

    With unnamed records too, those that no such article has come last. Where very many names begin so, the records that
    are named most are tested alone, so that it takes a bounded time.
    """
    prefixes = _prefixes(typed)
    if not prefixes:
        return []
    found: defaultdict[str, dict[int, str]] = defaultdict(dict)
    is_cut = set()
    for kind, names in _names(_parts(kinds, prefixes)).items():
        is_cut |= {kind} if len(names) >= _LIMIT else set()
        for pk, name in names:
            found[kind].setdefault(pk, name)
    with current_facet_index() as index:
        counted = index.having("status", articles)
        for kind in is_cut:
            _add_most_named(found[kind], kind, prefixes, index, size)
        suggestions = [
            SuggestedRecord(kind, pk, name, count)
            for kind in kinds
            for pk, name in found[kind].items()
            if (count := index.count_of(kind, pk, counted)) or with_unnamed
        ]
    return sorted(suggestions, key=lambda one: (-one.article_count, one.kind, one.pk))[:size]


def _prefixes(typed: str) -> dict[str, str]:
    """What the columns of names must begin with."""
    key = name_key(typed)
    latin = typed_latin(key) if key.isascii() or "ü" in key else ""
    return {"key": key} | ({"pinyin": latin, "initials": latin} if latin else {}) if key else {}


def _add_most_named(
    found: dict[int, str], kind: str, prefixes: dict[str, str], index: FacetIndex, size: int
) -> None:
    """Add those of the records that are named most which have such a name, until there are enough."""
    ranked, added = index.most_named(kind), 0
    for start in range(0, _BATCH * _BATCHES, _BATCH):
        batch = ranked[start : start + _BATCH]
        if not batch or added >= size:
            return
        for names in _names(_parts([kind], prefixes, batch)).values():
            for pk, name in names:
                found.setdefault(pk, name)
            added += len({pk for pk, _name in names})


def _parts(
    kinds: Collection[str], prefixes: dict[str, str], among: Sequence[int] = ()
) -> Iterator[tuple[str, list[str]]]:
    """The SELECT of each column, with its values; `among` are the ids of the only records that are tested."""
    is_sqlite = connections[router.db_for_read(Reporter)].vendor == "sqlite"
    for kind in kinds:
        for column, prefix in prefixes.items():
            condition, values = _begins(f"named.{column}", prefix, is_sqlite=is_sqlite, by_index=not among)
            for template, owner in ((_OF_RECORD, "id"), (_OF_ALIAS, f"{kind}_id")):
                ids = ", ".join(map(str, among))
                chosen = f"{condition} AND named.{owner} IN ({ids})" if among else condition
                yield template.format(kind=kind, condition=chosen), values


def _begins(column: str, prefix: str, *, is_sqlite: bool, by_index: bool) -> tuple[str, list[str]]:
    """The condition that a column begins with a text, in the form for which each database uses an index."""
    if is_sqlite:
        column = column if by_index else f"+{column}"
        return f"{column} >= %s AND {column} < %s", [prefix, prefix + _LAST]
    escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{column} LIKE %s", [f"{escaped}%"]


def _names(parts: Iterator[tuple[str, list[str]]]) -> dict[str, list[tuple[int, str]]]:
    """The id and the name of each record that the parts find, by kind, in one query."""
    selects, values = [], []
    for select, asked in parts:
        selects.append(f"SELECT * FROM ({select} LIMIT {_LIMIT}) AS part")
        values += asked
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    with connections[router.db_for_read(Reporter)].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        rows: list[Any] = cursor.fetchall()
    for kind, pk, name in rows:
        found[kind].append((pk, name))
    return found
