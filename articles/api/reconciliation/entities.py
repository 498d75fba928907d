"""Places, organizations and reporters as entities of the reconciliation service, each with an id as `place-12`.

The service shows every client what an anonymous one may see.
"""

import re
from collections.abc import Collection, Iterable
from types import SimpleNamespace
from typing import Any

from articles.api.resources import visibility
from articles.counts.article_counts import Naming
from articles.counts.facet_index import current_facet_index
from articles.models import Article, Organization, Place
from articles.models.fields import is_row_id
from articles.models.merge import kind_of
from articles.models.record import RecordQuerySet

_ANYBODY: Any = SimpleNamespace(user=None)
_ENTITY = re.compile(r"(place|organization|reporter)-([0-9]+)", re.ASCII)

TYPES = {"place": "Place", "organization": "Organization", "reporter": "Reporter"}
"""The types of entities by their ids, with their names."""


def public_records(kind: str) -> RecordQuerySet:
    """The records of a kind that are public, with what their descriptions show."""
    match kind:
        case "place":
            return visibility.places_and_above(_ANYBODY).with_ancestors()
        case "organization":
            seat = ("seat__merged_into", "seat__parent__parent__parent__parent")
            return visibility.organizations(_ANYBODY).select_related(*seat)
        case _:
            return visibility.reporters(_ANYBODY)


def entity_id(record: Any) -> str:
    return f"{kind_of(record)}-{record.pk}"


def _split_entity_id(text: str) -> tuple[str, str] | None:
    """The kind and the id of a record from the id of an entity; None if it is not one."""
    match = _ENTITY.fullmatch(text)
    return (match[1], match[2]) if match and is_row_id(match[2]) else None


def find_entities(ids: Collection[str]) -> dict[str, Any]:
    """The public records of some entity ids; a record that was merged is the one that it is merged into."""
    found: dict[str, Any] = {}
    parts = {text: split for text in ids if (split := _split_entity_id(text))}
    for kind in {kind for kind, _pk in parts.values()}:
        asked = {int(pk): text for text, (of, pk) in parts.items() if of == kind}
        rows = public_records(kind).survivors_of(asked).prefetch_related("aliases", "merged__aliases")
        for record in rows:
            merged = {other.pk for other in record.merged.all()}
            found |= {text: record for pk, text in asked.items() if pk == record.pk or pk in merged}
    return found


def count_public_articles(records: Iterable[Any]) -> dict[str, Naming]:
    """How many public articles name each record, and when, by the ids of the entities."""
    with current_facet_index() as index:
        public = index.having("status", [Article.Status.PUBLISHED])
        return {
            entity_id(record): index.naming(public & index.having(kind_of(record), [record.pk]))
            for record in records
        }


def description(record: Any) -> str:
    """What distinguishes a record from others of its name: where it is, or who."""
    match record:
        case Place():
            above = "".join(place.name for place in record.ancestors())
            return ", ".join(filter(None, [record.kind, above]))
        case Organization():
            seat = record.seat and record.seat.untrashed_survivor
            return ", ".join([record.kind, *([seat.full_name] if seat else [])])
        case _:
            return str(record.disambiguation)


def type_of(record: Any) -> dict[str, str]:
    kind = kind_of(record)
    return {"id": kind, "name": TYPES[kind]}
