"""Restores a record to one of its versions, as one more change by the user."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.models import Article

from .article_corrections import CORRECTABLE, allowed_statuses, correct_article

# Fields that follow from others, that only the loader writes, or that have a history of their own.
_DERIVED = frozenset(
    {
        "id", "key", "version", "created_at", "updated_at", "corrected", "flags", "page", "start", "end", "position",
        "written_by", "trashed_from", "merged_into", "decided_by", "decided_at",
    }
)  # fmt: skip


def version_fields(model: Any) -> list[models.Field[Any, Any]]:
    """The fields of a model by which its versions are compared and restored."""
    tracked = {field.name for field in model.history.model.tracked_fields}
    return [field for field in model._meta.fields if field.name in tracked - _DERIVED]


def revert(record: Any, version: Any, *, may_publish: bool) -> list[str]:
    """Restore a record to a version. Returns sentences about what could not be restored.

    Raises `ValidationError` if nothing could be.
    """
    if isinstance(record, Article):
        return _revert_article(record, version, may_publish=may_publish)
    return _revert_record(record, version)


def _revert_article(article: Article, version: Any, *, may_publish: bool) -> list[str]:
    if article.status == Article.Status.TRASHED:
        raise ValidationError(_("This article is in the trash: restore it first."))
    values = {name: getattr(version, name) for name in CORRECTABLE}
    notes = []
    if values["status"] not in allowed_statuses(article, may_publish=may_publish):
        del values["status"]
        notes.append(_("The status stays “%(status)s”.") % {"status": article.get_status_display()})
    if values["reviewed"] and not article.reviewed and article.mentions.doubtful().exists():
        del values["reviewed"]
        notes.append(_("It stays unreviewed: names in it are in doubt."))
    correct_article(article, **values)
    return notes


def _revert_record(record: Any, version: Any) -> list[str]:
    notes = []
    for field in version_fields(type(record)):
        if not field.editable:
            continue
        value = getattr(version, field.attname)
        model: Any = field.related_model
        if model and value is not None and not model._base_manager.filter(pk=value).exists():
            label = capfirst(field.verbose_name)
            notes.append(_("“%(field)s” stays: the record that it was is gone.") % {"field": label})
        else:
            setattr(record, field.attname, value)
    record.full_clean()
    record.save()
    return notes
