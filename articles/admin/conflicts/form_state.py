"""What a form showed of a record, in a few characters that the form carries: a save tells by it what others changed since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SEEN = "seen"
_SALT = "articles.admin.conflicts.form_state"

Digests = dict[str, str]  # by the field
Seen = dict[str, Digests]  # by the prefix and the id of a row; "" is the record itself


class SeenField(forms.CharField):
    """The hidden state of a form; it is no value of the record, so it never counts as changed."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenForm(forms.ModelForm):  # type: ignore[type-arg] # Django's forms take none at run time
    """A form that knows what it showed; `stale` says what others changed meanwhile, and lets nothing be saved.

    Lines end as they are stored: a browser sends CR LF, which would count as a change of every text of several lines.
    """

    seen = SeenField(required=False, widget=forms.HiddenInput)
    stale: SafeString | str = ""

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        if data:
            data = data.copy()
            for name in data:
                data.setlist(name, [_with_plain_lines(value) for value in data.getlist(name)])
        super().__init__(data, *args, **options)

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.stale:
            self.add_error(None, self.stale)
        return cleaned


def decided(form: forms.BaseForm) -> Iterator[tuple[str, forms.Field]]:
    """The fields of a form that say something of its record."""
    technical = {SEEN, "DELETE"}
    for name, field in form.fields.items():
        is_link = field.widget.is_hidden or isinstance(field, forms.models.InlineForeignKeyField)
        if name not in technical and not field.disabled and not is_link:
            yield name, field


def seen_of(form: forms.BaseForm, formsets: Iterable[BaseInlineFormSet[Any, Any, Any]]) -> Seen:
    """What a form that was not sent yet shows of a record and of the rows below it."""
    seen = {"": _digests(form)}
    for formset in formsets:
        for row in formset.initial_forms:
            seen[f"{formset.prefix}-{row.instance.pk}"] = _digests(row)
    return seen


def signed(record: Model, seen: Seen) -> str:
    return signing.dumps({"of": _name(record), "seen": seen}, salt=_SALT, compress=True)


def loaded(record: Model, text: str) -> Seen:
    """What was shown, by what the form carries; nothing, if that is not what this record's form was given."""
    try:
        told: Any = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return {}
    found: Seen = told["seen"] if told["of"] == _name(record) else {}
    return found


def plain(value: Any) -> str:
    """A value of a form as a text that is the same for what is stored, shown and sent."""
    match value:
        case None | False:
            return ""
        case str():
            return _with_plain_lines(value).strip()
        case Model():
            return str(value.pk)
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case list() | dict():
            return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return str(value)


def sent(form: forms.BaseForm, name: str, data: Any) -> str:
    """A value that was sent for a field of a form, whether or not the field can take it."""
    field = form.fields[name]
    raw = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
    try:
        return plain(field.clean(raw))
    except ValidationError:
        return plain(raw)


def stored(form: forms.BaseForm, name: str) -> str:
    return plain(form.get_initial_for_field(form.fields[name], name))


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def in_words(field: forms.Field, text: str) -> str:
    """A value as people read it in a form."""
    if isinstance(field, forms.ModelChoiceField):
        queryset = field.queryset
        found = queryset.filter(pk=text).first() if queryset is not None and text.isdecimal() else None
        return str(found or text)
    if isinstance(field, forms.BooleanField):
        return _("yes") if text else _("no")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(text, text))  # type: ignore[arg-type] # labels are lazy
    return text


def put(form: forms.BaseForm, name: str, data: Any) -> None:
    """Let what was sent say of a field what is stored."""
    widget, key = form.fields[name].widget, form.add_prefix(name)
    value = form[name].value()
    if isinstance(form.fields[name], forms.BooleanField):
        data.pop(key, None)
        if value:
            data[key] = "on"
        return
    shown = widget.format_value(value)
    data.setlist(key, shown if isinstance(shown, list) else ["" if shown is None else str(shown)])


def _digests(form: forms.BaseForm) -> Digests:
    return {name: digest(stored(form, name)) for name, _field in decided(form)}


def _with_plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _name(record: Model) -> str:
    return f"{record._meta.label_lower}:{record.pk}"
