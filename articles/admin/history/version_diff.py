"""How two versions of a record differ, field by field.

simple-history's own diff takes no record that is not a version, and calls an empty foreign key a deleted record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import display_for_value
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin.article.name_highlighting import BLOCK_KINDS
from articles.editing.reverting import version_fields
from articles.reading.values import PART_OF

from .text_diff import marked_diff


@dataclass(frozen=True)
class FieldDifference:
    """A field that has one value in a version and another in the next."""

    label: str
    shown: SafeString


def field_label(field: models.Field[Any, Any]) -> str:
    return str(capfirst(field.verbose_name))


def changed_fields(model: Any, older: Any, newer: Any) -> Iterator[models.Field[Any, Any]]:
    """The fields in which two versions differ; blocks only where the texts do not show it already."""
    for field in version_fields(model):
        before, after = (getattr(version, field.attname) for version in (older, newer))
        if before != after and not (field.name == "blocks" and _block_kinds(before) == _block_kinds(after)):
            yield field


def _block_kinds(blocks: Any) -> list[tuple[str, str]]:
    """What blocks say beyond the texts that are made of them."""
    return [
        (block["kind"], "" if block["kind"] in PART_OF else block["text"])
        for block in blocks
        if block["kind"] != "paragraph"
    ]


def compare_versions(model: Any, older: Any, newer: Any) -> list[FieldDifference]:
    """How two versions differ, field by field; either may be the record as it is now."""
    return [
        FieldDifference(
            field_label(field), _diff(field, *(_text(field, version) for version in (older, newer)))
        )
        for field in changed_fields(model, older, newer)
    ]


def _text(field: models.Field[Any, Any], version: Any) -> str:
    """The value of a field as people read it."""
    value = getattr(version, field.attname)
    if value is None or value in ("", []):
        return ""
    if field.related_model:
        related: Any = field.related_model
        record = related._base_manager.filter(pk=value).first()
        return str(record) if record else _("no. %(id)s, which is gone") % {"id": value}
    if field.choices:
        value = dict(field.flatchoices).get(value, value)
    elif isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif field.name == "blocks":
        value = "\n".join(f"{BLOCK_KINDS[block['kind']]}：{block['text']}" for block in value)
    elif isinstance(value, list):
        value = "、".join(map(str, value))
    return str(display_for_value(value, ""))


def _diff(field: models.Field[Any, Any], before: str, after: str) -> SafeString:
    """Two values as one: texts compared by character, other values as a whole."""
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    if is_text or field.name == "blocks":
        return marked_diff(before, after)
    return format_html("<del>{}</del> → <ins>{}</ins>", before or "—", after or "—")
