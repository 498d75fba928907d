"""Columns that several models have, and the check of ids from outside."""

import datetime as dt
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.reading.name_keys import name_key

# The largest id of a database has 19 digits.
_ID_DIGITS = 18
MAX_ID = 10**_ID_DIGITS - 1


def is_id(text: str) -> bool:
    """Whether a text from outside can be an id: decimal digits, few enough for a database column."""
    return text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS


def is_row_id(text: str) -> bool:
    """Whether a text from outside is an id as it is written: a positive number, without zeros in front."""
    return is_id(text) and not text.startswith("0")


class _ReadableEncoder(json.JSONEncoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class ReadableJSONField(models.JSONField):
    """JSON with Chinese characters unescaped: half the bytes, and legible in the database."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "encoder": _ReadableEncoder})

    def deconstruct(self) -> Any:
        """Migrations know Django's field, as they must run when this code is another."""
        name, _path, args, options = super().deconstruct()
        del options["encoder"]
        return name, "django.db.models.JSONField", args, options


class _NameKeyField(models.CharField):  # type: ignore[type-arg] # Django's fields take none at run time
    """The `name_key` of the record's `name`, set whenever the record is written, by bulk_create too."""

    def deconstruct(self) -> Any:
        """Migrations know Django's field, as they must run when this code is another."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(model_instance.name)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, key)
        return key


def sort_date() -> models.GeneratedField:
    """The issue date, or the first possible date if there is none: databases sort NULL differently."""
    date = Coalesce("issue_date", dt.date.min)
    return models.GeneratedField(
        verbose_name=_("date to sort by"), expression=date, output_field=models.DateField(), db_persist=True
    )


class Named(models.Model):
    """A model with a name, found by the key of the name."""

    name = models.CharField(_("name"), max_length=100)
    key = _NameKeyField(_("key"), max_length=100, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Reject a name without letters, and the name of another record: forms do not validate `key`."""
        self.key = name_key(self.name)
        if not self.key:
            raise ValidationError({"name": _("This name has no character that prints.")})
        self.validate_constraints()
