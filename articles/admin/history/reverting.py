"""A record made again what it was in a version, by the way in which people decide; so it is one version more."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from articles.editing.article_corrections import CORRECTABLE, allowed_statuses, correct_article
from articles.models import Article

from .version_fields import field_label, fields_of


def revert(record: Any, version: Any, *, may_publish: bool) -> list[str]:
    """Make a record what it was, and tell what stays as it is because it cannot be that any more.

    `ValidationError` if nothing of it can be.
    """
    if isinstance(record, Article):
        return _revert_article(record, version, may_publish=may_publish)
    return _revert_record(record, version)


def _revert_article(article: Article, version: Any, *, may_publish: bool) -> list[str]:
    if article.status == Article.Status.TRASHED:
        raise ValidationError(_("This article is in the trash: restore it first."))
    values = {name: getattr(version, name) for name in CORRECTABLE}
    left = []
    if values["status"] not in allowed_statuses(article, may_publish=may_publish):
        del values["status"]
        left.append(_("The status stays “%(status)s”.") % {"status": article.get_status_display()})
    if values["reviewed"] and not article.reviewed and article.mentions.doubtful().exists():
        del values["reviewed"]
        left.append(_("It stays unreviewed: names in it are in doubt."))
    correct_article(article, **values)
    return left


def _revert_record(record: Any, version: Any) -> list[str]:
    left = []
    for field in fields_of(type(record)):
        if not field.editable:
            continue
        if _is_gone(field, getattr(version, field.attname)):
            left.append(
                _("“%(field)s” stays: the record that it was is gone.") % {"field": field_label(field)}
            )
        else:
            setattr(record, field.attname, getattr(version, field.attname))
    record.full_clean()
    record.save()
    return left


def _is_gone(field: models.Field[Any, Any], value: Any) -> bool:
    model: Any = field.related_model
    return bool(
        field.remote_field and value is not None and not model._base_manager.filter(pk=value).exists()
    )
