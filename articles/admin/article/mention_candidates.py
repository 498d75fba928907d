"""The records that a mention may name: those that the loader left open, and those with the name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.editing.record_registry import RecordRegistry
from articles.models import Mention, Organization, Place
from articles.models.fields import is_id
from articles.models.merge import MODELS
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.linking.link_rules import candidate_name

# More can be found by the search.
_MOST_SHOWN = 9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A choice of the form; its `value` is the id of a record (`id:7`) or an official code (`code:140830`)."""

    value: str
    label: str
    is_current: bool = False


def candidate_records(mention: Mention) -> list[Candidate]:
    """The choices for a mention, the most likely first."""
    found: dict[str, Candidate] = {}
    for candidate in (*_of_records(mention), *_of_codes(mention)):
        found.setdefault(candidate.label, candidate)
    return list(found.values())[:_MOST_SHOWN]


def proposed_names(mention: Mention) -> list[str]:
    """Names for a new record: those that the loader proposes and no record has yet."""
    if mention.kind != Mention.Kind.ORGANIZATION:
        return []
    names = [name for name in mention.candidates if not Organization.objects.called(name).exists()]
    return names[:_MOST_SHOWN]


def chosen_record(kind: str, value: str) -> Place | Organization:
    """The record of a choice, created from the official list if necessary; `ValidationError` if it is gone."""
    what, _colon, key = value.partition(":")
    if what == "code" and kind == Mention.Kind.PLACE:
        try:
            return RecordRegistry().division(key)
        except LookupError as error:
            raise ValidationError(_("The official list has no code %(code)s.") % {"code": key}) from error
    record: Place | Organization | None = None
    if what == "id" and is_id(key):
        record = MODELS[kind].objects.surviving().filter(pk=key).first()
    if record is None:
        raise ValidationError(_("This record does not exist any more: choose another."))
    return record


def _of_records(mention: Mention) -> Iterator[Candidate]:
    current = mention.record
    if current:
        yield Candidate(f"id:{current.pk}", _label(current), is_current=True)
    model: Any = MODELS[mention.kind]
    proposed = mention.candidates if mention.kind == Mention.Kind.ORGANIZATION else []
    for name in dict.fromkeys([*map(str, proposed), mention.surface]):
        records = model.objects.surviving().called(name)
        records = records.with_ancestors() if model is Place else records.select_related("seat")
        for record in records[:_MOST_SHOWN]:
            yield Candidate(f"id:{record.pk}", _label(record), is_current=record == current)


def _of_codes(mention: Mention) -> Iterator[Candidate]:
    """The places that the loader left open, by their official codes."""
    for code in mention.candidates if mention.kind == Mention.Kind.PLACE else ():
        if load_gazetteer().by_code(str(code)):
            yield Candidate(f"code:{code}", candidate_name(str(code), load_gazetteer(), _))


def _label(record: Place | Organization) -> str:
    if isinstance(record, Place):
        if record.code and load_gazetteer().by_code(record.code):
            return candidate_name(record.code, load_gazetteer(), _)
        return f"{record.full_name}"
    seat = f"（{record.seat.name}）" if record.seat else ""
    return f"{record.name}{seat}"
