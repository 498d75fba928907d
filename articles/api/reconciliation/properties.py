"""Properties of entities: by which a query is refined, and which a client adds to its table (data extension)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from articles.counts.article_counts import Naming
from articles.models import Organization, Place
from articles.reading.gazetteer.coordinates import Coordinates, coordinates
from articles.reading.name_keys import name_key

from .entities import entity_id

_Values = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Property:
    """A property of some types of entities; `values` gives its values as the data extension writes them."""

    name: str
    types: tuple[str, ...]
    values: Callable[[Any, Naming], _Values]
    is_of_entities: bool = False


def _texts(texts: Iterable[str]) -> _Values:
    return [{"str": text} for text in texts if text]


def _days(day: dt.date | None) -> _Values:
    return [{"date": f"{day.isoformat()}T00:00:00Z"}] if day else []


def _point(record: Any) -> Coordinates | None:
    return coordinates(record.code)


def _places_of(record: Any) -> list[Place]:
    """The places that a place or organization is within, the nearest first; of an organization its seat too."""
    match record:
        case Place():
            return record.ancestors()[::-1]
        case Organization():
            seat = record.seat and record.seat.untrashed_survivor
            return [seat, *seat.ancestors()[::-1]] if seat else []
        case _:
            return []


def _entities(records: Iterable[Any]) -> _Values:
    return [{"id": entity_id(record), "name": record.name} for record in records]


_ALL = ("place", "organization", "reporter")
PROPERTIES = {
    "code": _Property("Official code", ("place",), lambda record, _naming: _texts([record.code])),
    "kind": _Property("Kind", ("place", "organization"), lambda record, _naming: _texts([record.kind])),
    "within": _Property(
        "Within", ("place", "organization"), lambda record, _naming: _entities(_places_of(record)[:1]),
        is_of_entities=True,
    ),
    "full_name": _Property(
        "Name with the places above", ("place",), lambda record, _naming: _texts([record.full_name])
    ),
    "latitude": _Property(
        "Latitude", ("place",),
        lambda record, _naming: [{"float": point.latitude}] if (point := _point(record)) else [],
    ),
    "longitude": _Property(
        "Longitude", ("place",),
        lambda record, _naming: [{"float": point.longitude}] if (point := _point(record)) else [],
    ),
    "disambiguation": _Property(
        "Disambiguation", ("reporter",), lambda record, _naming: _texts([record.disambiguation])
    ),
    "aliases": _Property("Other names", _ALL, lambda record, _naming: _texts(record.other_names())),
    "article_count": _Property(
        "Articles that name it", _ALL, lambda _record, naming: [{"int": naming.article_count}]
    ),
    "first_named": _Property("First named", _ALL, lambda _record, naming: _days(naming.first_named)),
    "last_named": _Property("Last named", _ALL, lambda _record, naming: _days(naming.last_named)),
}  # fmt: skip
"""The properties by their ids."""

REFINING = ("within", "code", "kind", "disambiguation")
"""The properties by which a query is refined."""


def has_value(record: Any, kind: str, pid: str, wanted: Any) -> bool:
    """Whether a record has one of the values that a query wants of a property; a place is named by id, code or name."""
    if pid not in REFINING or kind not in PROPERTIES[pid].types:
        return False
    values = wanted if isinstance(wanted, list) else [wanted]
    given = {str(value.get("id", "") if isinstance(value, dict) else value).strip() for value in values}
    if pid != "within":
        own = str(getattr(record, pid))
        return bool(own) and name_key(own) in {name_key(text) for text in given}
    keys = {name_key(text) for text in given}
    return any(
        entity_id(place) in given or (place.code and place.code in given) or _is_called(place, keys)
        for place in _places_of(record)
    )


def _is_called(place: Place, keys: set[str]) -> bool:
    """Whether one of the keys is that of a place, also without its unit (山西) or with the places above it."""
    own = {place.key, name_key(place.full_name)}
    return bool(keys & own) or any(len(key) > 1 and place.key.startswith(key) for key in keys)
