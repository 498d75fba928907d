"""Finds the records that a cell of a table may mean, with a score of how well the name and the properties fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from articles.models.place import full_code
from articles.reading.name_keys import name_key

from .entities import TYPES, count_public_articles, description, entity_id, public_records, type_of
from .properties import has_value

_MOST_OF_A_KIND = 100  # records of a kind that are compared
_DEFAULT_LIMIT, _MOST = 10, 50
_SHORTEST = 2  # characters of the name of a place inside a longer text
_LONGEST = 100  # characters of the name of a record
_NAME, _OTHER_NAME, _BEGINNING = 100.0, 95.0, 60.0
_SURE = _OTHER_NAME
_OF_ANOTHER = 0.5  # of the score is left for a property that does not fit


class QueryFormError(ValueError):
    """A query of a batch is not of the form that the specification requires."""


@dataclass(frozen=True, slots=True)
class CellQuery:
    """What a cell asks for: a name, the types that are wanted, and properties with wanted values."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    properties: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, query: Any) -> Self:
        """The query of a JSON object; raises QueryFormError, which says what is wrong."""
        if not isinstance(query, dict):
            raise QueryFormError("A query is an object.")
        text, kinds, limit = (
            query.get("query", ""),
            query.get("type"),
            query.get("limit", _DEFAULT_LIMIT),
        )
        kinds = [] if kinds is None else [kinds] if isinstance(kinds, str) else kinds
        if not isinstance(text, str) or "\0" in text:
            raise QueryFormError("`query` is text.")
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            raise QueryFormError("`type` is the id of a type, or a list of them.")
        if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
            raise QueryFormError("`limit` is a positive number.")
        properties = query.get("properties", [])
        if not isinstance(properties, list) or not all(map(_is_property, properties)):
            raise QueryFormError("`properties` is a list of objects with `pid` and `v`.")
        wanted = tuple(kind for kind in TYPES if kind in kinds) if kinds else tuple(TYPES)
        pairs = tuple((one["pid"], one["v"]) for one in properties)
        return cls(text.strip()[:_LONGEST], wanted, int(min(limit, _MOST)), pairs)


def _is_property(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("pid"), str) and "v" in one


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A record, how well its name fits, and which properties do."""

    kind: str
    record: Any
    name_score: float
    fits: dict[str, bool]

    @property
    def score(self) -> float:
        missed = sum(not fit for fit in self.fits.values())
        return round(self.name_score * _OF_ANOTHER**missed, 1)

    def as_json(self, *, match: bool) -> dict[str, Any]:
        features = [
            {"id": "name", "value": self.name_score},
            *({"id": pid, "value": fit} for pid, fit in self.fits.items()),
        ]
        return {
            "id": entity_id(self.record),
            "name": self.record.name,
            "description": description(self.record),
            "type": [type_of(self.record)],
            "score": self.score,
            "match": match,
            "features": features,
        }


def reconcile(query: CellQuery) -> list[dict[str, Any]]:
    """The candidates of a query, the best first; equal ones by how many articles name them.

    One that is called so and has all the properties matches for sure, if it is the only one.
    """
    found = [
        _Candidate(kind, record, score, {pid: has_value(record, kind, pid, v) for pid, v in query.properties})
        for kind in query.kinds
        for record, score in _named(kind, query)
    ]
    counts = count_public_articles(candidate.record for candidate in found)
    found.sort(
        key=lambda candidate: (
            -candidate.score,
            -counts[entity_id(candidate.record)].article_count,
            entity_id(candidate.record),
        )
    )
    sure = [candidate for candidate in found if candidate.score >= _SURE]
    return [
        candidate.as_json(match=candidate in sure and len(sure) == 1) for candidate in found[: query.limit]
    ]


def _named(kind: str, query: CellQuery) -> Iterator[tuple[Any, float]]:
    """The records of a kind that a text may name, with the score of the name."""
    records = public_records(kind)
    key = name_key(query.text)
    if not key:
        codes = [
            full_code(str(v).strip()) for pid, v in query.properties if pid == "code" and kind == "place"
        ]
        yield from ((place, _NAME) for place in records.filter(code__in=codes).exclude(code=""))
        return
    known = set()
    for record in records.called(query.text)[:_MOST_OF_A_KIND]:
        known.add(record.pk)
        yield record, _NAME if record.key == key else _OTHER_NAME
    if kind == "place":
        for place in _in_full(records, key):
            if place.pk not in known:
                known.add(place.pk)
                yield place, _NAME
    for record in records.filter(_begins_with(key)).distinct()[:_MOST_OF_A_KIND]:
        if record.pk not in known:
            length = len(record.key) if record.key.startswith(key) else 2 * len(key)
            yield record, _BEGINNING + (_OTHER_NAME - _BEGINNING) * len(key) / (length + 1)


def _begins_with(key: str) -> Q:
    """Condition of the records whose name or alias begins with a key."""
    return Q(key__startswith=key) | Q(aliases__key__startswith=key)


def _in_full(places: Any, key: str) -> list[Any]:
    """The places that a text names with the places above them: 山西省芮城县 and 山西芮城县 are 芮城县."""
    ends = [key[start:] for start in range(1, len(key) - _SHORTEST + 1)]
    return [
        place
        for place in places.filter(key__in=ends)[:_MOST_OF_A_KIND]
        if _names_above(key.removesuffix(place.key), place)
    ]


def _names_above(text: str, place: Any) -> bool:
    """Whether a text is names of the places above a place, in their order; each in full or without its unit."""
    for above in place.ancestors():
        for length in range(len(above.key), _SHORTEST - 1, -1):
            if text.startswith(above.key[:length]):
                text = text[length:]
                break
    return not text


def suggested(prefix: str) -> list[dict[str, Any]]:
    """The records whose names begin with what a user has typed, those that most articles name first."""
    key = name_key(prefix[:_LONGEST])
    if not key:
        return []
    found = [
        record
        for kind in TYPES
        for record in public_records(kind).filter(_begins_with(key)).distinct()[:_MOST_OF_A_KIND]
    ]
    counts = count_public_articles(found)
    found.sort(key=lambda record: (-counts[entity_id(record)].article_count, entity_id(record)))
    return [
        {
            "id": entity_id(record),
            "name": record.name,
            "description": description(record),
            "notable": [type_of(record)],
        }
        for record in found[:_DEFAULT_LIMIT]
    ]
