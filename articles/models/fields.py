"""Columns that several models have, and the check of ids from outside."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.reading.name_keys import name_key
from articles.reading.pinyin import initials_of, pinyin_of

# The largest id of a database has 19 digits.
_ID_DIGITS = 18
_PINYIN_LETTERS = 200  # of a name; more than anybody types
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


class _FromNameField(models.CharField):  # type: ignore[type-arg] # Django's fields take none at run time
    """A text that follows from the record's `name`, set whenever the record is written, by bulk_create too."""

    make: Callable[[str], str]

    def deconstruct(self) -> Any:
        """Migrations know Django's field, as they must run when this code is another."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        made = type(self).make(model_instance.name)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, made)
        return made


class _NameKeyField(_FromNameField):
    """The `name_key` of the name, by which names are compared."""

    make = staticmethod(name_key)


class _PinyinField(_FromNameField):
    """The name in pinyin; null in a row that an older version wrote."""

    make = staticmethod(lambda name: pinyin_of(name)[:_PINYIN_LETTERS])


class _InitialsField(_FromNameField):
    """The first letters of the pinyin of the name; null in a row that an older version wrote."""

    make = staticmethod(lambda name: initials_of(name)[:_PINYIN_LETTERS])


NOT_IN_HISTORY = ["pinyin", "initials"]
"""Columns that follow from the name, which histories hold."""


def name_indexes(table: str) -> list[models.Index]:
    """The indexes by which the names of a table are found by what they begin with.

    With the default operator class PostgreSQL would not use an index for LIKE 'x%'. Rows whose name is just what was
    typed are found by the same.
    """
    return [
        models.Index(fields=[column], name=f"{table}_{column}", opclasses=["varchar_pattern_ops"])
        for column in ("key", "pinyin", "initials")
    ]


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
    # For what is typed by its sound. Nullable, so that an upgrade rewrites no table.
    pinyin = _PinyinField(_("in pinyin"), max_length=_PINYIN_LETTERS, null=True, editable=False)
    initials = _InitialsField(
        _("first letters in pinyin"), max_length=_PINYIN_LETTERS, null=True, editable=False
    )

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
