"""What a version of a record says, in words, and how two versions differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.admin.article.name_highlighting import BLOCK_KINDS
from articles.reading.values import PART_OF

from .text_diff import marked_diff

# What follows from the rest, what only the loader says, and what has a history of its own.
_DERIVED = frozenset(
    {
        "id", "key", "version", "created_at", "updated_at", "corrected", "flags", "page", "start", "end", "position",
        "written_by", "trashed_from", "merged_into", "decided_by", "decided_at",
    }
)  # fmt: skip


@dataclass(frozen=True)
class FieldDifference:
    """A field that is one thing in a version and another in the next."""

    label: str
    shown: SafeString


def fields_of(model: Any) -> list[models.Field[Any, Any]]:
    """The fields of a model that its versions are compared by."""
    kept = {field.name for field in model.history.model.tracked_fields}
    return [field for field in model._meta.fields if field.name in kept - _DERIVED]


def field_label(field: models.Field[Any, Any]) -> str:
    return str(capfirst(field.verbose_name))


def changed_fields(model: Any, older: Any, newer: Any) -> Iterator[models.Field[Any, Any]]:
    """The fields in which two versions differ; blocks only where the texts do not tell it already."""
    for field in fields_of(model):
        before, after = (getattr(version, field.attname) for version in (older, newer))
        if before != after and not (field.name == "blocks" and _shape(before) == _shape(after)):
            yield field


def compare_versions(model: Any, older: Any, newer: Any) -> list[FieldDifference]:
    """How two versions differ, field by field; either may be the record as it stands."""
    fields = list(changed_fields(model, older, newer))
    named = {field.name: _records(field, (older, newer)) for field in fields if field.remote_field}
    found = []
    for field in fields:
        before, after = (_words(field, version, named.get(field.name, {})) for version in (older, newer))
        found.append(FieldDifference(field_label(field), value_diff(field, before, after)))
    return found


def value_text(field: models.Field[Any, Any], value: Any) -> str:
    """A value as people read it."""
    if value is None or value in ("", []):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case bool():
            told = _("yes") if value else _("no")
        case dt.datetime():
            told = date_format(localtime(value), "DATETIME_FORMAT")
        case dt.date():
            told = date_format(value, "DATE_FORMAT")
        case list() if field.name == "blocks":
            told = "\n".join(f"{BLOCK_KINDS[block['kind']]}：{block['text']}" for block in value)
        case list():
            told = "、".join(map(str, value))
        case _:
            told = str(value)
    return told


def _words(field: models.Field[Any, Any], version: Any, records: dict[Any, Any]) -> str:
    value = getattr(version, field.attname)
    if not field.remote_field or value is None:
        return value_text(field, value)
    record = records.get(value)
    return str(record) if record else _("no. %(id)s, which is gone") % {"id": value}


def _records(field: Any, versions: Sequence[Any]) -> dict[Any, Any]:
    """The records to which a field of some versions points, by id."""
    ids = {getattr(version, field.attname) for version in versions} - {None}
    found: dict[Any, Any] = field.related_model._base_manager.in_bulk(ids)
    return found


def value_diff(field: models.Field[Any, Any], before: str, after: str) -> SafeString:
    """Two values as one: texts compared by character, anything else as a whole."""
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    if is_text or field.name == "blocks":
        return marked_diff(before, after)
    return format_html("<del>{}</del> → <ins>{}</ins>", before or "—", after or "—")


def _shape(blocks: Any) -> list[tuple[str, str]]:
    """What blocks say beyond the texts that are made of them."""
    return [
        (block["kind"], "" if block["kind"] in PART_OF else block["text"])
        for block in blocks
        if block["kind"] != "paragraph"
    ]
