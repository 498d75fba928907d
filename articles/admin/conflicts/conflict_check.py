"""Refuses a save that would overwrite what another user changed since the form was shown, and shows both texts."""

import copy
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin.display import ModelAdmin
from articles.admin.history.history_timeline import author_name
from articles.admin.history.text_diff import marked_diff
from articles.models.fields import is_id

_FORM_STATE = "form_state"  # the hidden field with a digest of each value that the form showed

_Digests = dict[str, str]  # by the key of a field, see `_fields`
_FormSet = Any  # a BaseInlineFormSet: Django gives it no arguments at run time


@dataclass(frozen=True)
class _FieldConflict:
    """A field for which another user saved one text and this user sent another; `mine` is None if left alone."""

    label: str
    theirs: str
    mine: str | None

    @property
    def diff(self) -> SafeString:
        """The user's text, marked where it differs from the other's."""
        return marked_diff(self.theirs, self.mine or "")


class _Unsaved(NamedTuple):
    """What a user sent that was not saved, what the form had shown, and what the next form says it shows."""

    data: QueryDict
    shown: _Digests
    next_state: str


class ConflictCheck(ModelAdmin):
    """Lets no save overwrite what the user has not seen; the user decides by saving once more."""

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        """On a conflict show the form again: with the values of the database, and with what the user changed."""
        if request.method == "POST" and object_id and "_saveasnew" not in request.POST:
            request.POST = _with_stored_line_ends(request.POST)  # type: ignore[assignment] # mutable, as Django's
            record = self._locked(request, object_id)
            if record is not None and self.has_change_permission(request, record):
                request = self._checked(request, record)
        view: Any = super()
        response: HttpResponse = view._changeform_view(request, object_id, form_url, extra_context)
        return response

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        """The record as it is by now; no other request changes it until this one is answered."""
        try:
            pk = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return None
        list(self.model._default_manager.select_for_update().filter(pk=pk).values_list("pk"))
        return self.get_object(request, unquote(object_id))

    def _checked(self, request: HttpRequest, record: Any) -> HttpRequest:
        """The request; on a conflict one that only asks for the form, with what was sent in `unsaved`."""
        asking = copy.copy(request)
        asking.method = "GET"
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(asking, record, change=True, fields=fields)(instance=record)
        formsets, inlines = self._create_formsets(asking, record, change=True)
        may_change = [inline.has_change_permission(request, record) for inline in inlines]
        formsets = [formset for formset, may in zip(formsets, may_change, strict=True) if may]
        shown = _read_state(record, request.POST.get(_FORM_STATE, ""))
        conflicts = list(_conflicts(form, formsets, request.POST, shown))
        if not conflicts:
            return request
        state = _sign_state(record, _digests(form, formsets))
        asking.unsaved = _Unsaved(request.POST, shown, state)  # type: ignore[attr-defined] # read below
        messages.error(request, _message(record, conflicts))
        return asking

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """The rows below a record, with what the user had changed in them before a conflict."""
        base: Any = super()
        formsets, inlines = base._create_formsets(request, obj, change)
        if unsaved := getattr(request, "unsaved", None):
            for formset in formsets:
                _refill_rows(formset, unsaved)
        return formsets, inlines

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        """Add the digests of what the form shows."""
        record: Any = options.get("obj")
        if options.get("change") and self.has_change_permission(request, record):
            shown = context["adminform"]
            shown.form.fields[_FORM_STATE] = forms.CharField(
                label="", required=False, widget=forms.HiddenInput
            )
            if unsaved := getattr(request, "unsaved", None):
                _refill(shown.form, "", unsaved)
                shown.form.initial[_FORM_STATE] = unsaved.next_state
            elif not shown.form.is_bound:
                inlines = context["inline_admin_formsets"]
                formsets = [row.formset for row in inlines if row.opts.has_change_permission(request, record)]
                shown.form.initial[_FORM_STATE] = _sign_state(record, _digests(shown.form, formsets))
            name, first = shown.fieldsets[0]
            shown.fieldsets[0] = (name, {**first, "fields": [*first["fields"], _FORM_STATE]})
        return super().render_change_form(request, context, *args, **options)


# --- What the form showed -------------------------------------------------------------------------


def _digests(form: forms.BaseForm, formsets: Iterable[_FormSet]) -> _Digests:
    """A digest of each value of a record and of the rows below it."""
    rows = [form, *(row for formset in formsets for row in formset.initial_forms)]
    return {
        _key(row, name): _digest(field, row.get_initial_for_field(field, name))
        for row in rows
        for name, field in _decided_fields(row)
    }


def _decided_fields(form: forms.BaseForm) -> Iterator[tuple[str, forms.Field]]:
    """The fields of a form by which a user says something of its record."""
    for name, field in form.fields.items():
        if not field.disabled and not field.widget.is_hidden:
            yield name, field


def _key(form: Any, name: str) -> str:
    """The name of a field, the same for a row whatever its number in the form."""
    return f"{form.instance._meta.model_name}-{form.instance.pk}-{name}"


def _digest(field: forms.Field, value: Any) -> str:
    """A digest of a value as the form shows it: the same for what is stored and for what a browser sends back."""
    shown = value if isinstance(value, bool) else field.widget.format_value(value)
    return hashlib.blake2b(str(shown or "").strip().encode(), digest_size=6).hexdigest()


def _sign_state(record: Model, digests: _Digests) -> str:
    return signing.dumps(digests, salt=f"{__name__}:{record._meta.label_lower}:{record.pk}", compress=True)


def _read_state(record: Model, text: str) -> _Digests:
    """The digests that a form sends; none, if they are not those of this record."""
    try:
        digests: _Digests = signing.loads(text, salt=f"{__name__}:{record._meta.label_lower}:{record.pk}")
    except signing.BadSignature:
        return {}
    return digests


# --- What the user sent ---------------------------------------------------------------------------


def _conflicts(
    form: forms.BaseForm, formsets: Iterable[_FormSet], data: QueryDict, shown: _Digests
) -> Iterator[_FieldConflict]:
    """Where another user changed what the form showed, and this user sent something else; `shown` are its digests."""
    yield from _field_conflicts(form, "", data, shown)
    for formset in formsets:
        rows = {str(row.instance.pk): row for row in formset.initial_forms}
        for pk, prefix in _sent_rows(formset, data)[0].items():
            if row := rows.get(pk):
                yield from _field_conflicts(row, prefix, data, shown)
            else:
                name = str(capfirst(formset.model._meta.verbose_name))
                yield _FieldConflict(name, _("taken away meanwhile"), _row_text(formset, prefix, data))


def _field_conflicts(form: Any, prefix: str, data: QueryDict, shown: _Digests) -> Iterator[_FieldConflict]:
    for name, field in _decided_fields(form):
        stored, sent = form.get_initial_for_field(field, name), _sent(field, name, prefix, data)
        digest = shown.get(_key(form, name))
        if digest != _digest(field, stored) and field.has_changed(stored, sent):
            mine = None if digest == _digest(field, sent) else _in_words(field, sent)
            label = f"{form.instance if prefix else ''} {capfirst(field.label or name)}".strip()
            yield _FieldConflict(label, _in_words(field, stored), mine)


def _sent(field: forms.Field, name: str, prefix: str, data: QueryDict) -> Any:
    return field.widget.value_from_datadict(data, {}, f"{prefix}-{name}" if prefix else name)


def _sent_rows(formset: _FormSet, data: QueryDict) -> tuple[dict[str, str], list[str]]:
    """The prefixes of the rows that were sent: by their ids, and those that the user added."""
    texts = [data.get(f"{formset.prefix}-{name}_FORMS", "") for name in ("INITIAL", "TOTAL")]
    # The formset itself refuses what is no number.
    initial, total = (min(int(text), formset.absolute_max) if is_id(text) else 0 for text in texts)
    prefixes = [f"{formset.prefix}-{number}" for number in range(total)]
    pk = formset.model._meta.pk.name
    return {data.get(f"{prefix}-{pk}", ""): prefix for prefix in prefixes[:initial]}, prefixes[initial:]


def _row_text(formset: _FormSet, prefix: str, data: QueryDict) -> str:
    fields = [(name, field) for name, field in _decided_fields(formset.empty_form) if name != "DELETE"]
    return " ".join(
        filter(None, (_in_words(field, _sent(field, name, prefix, data)) for name, field in fields))
    )


def _refill(form: Any, prefix: str, unsaved: _Unsaved) -> None:
    """Put into a form what the user had changed; everything else stays as the database has it."""
    for name, field in _decided_fields(form):
        sent = _sent(field, name, prefix, unsaved.data)
        if unsaved.shown.get(_key(form, name)) != _digest(field, sent):
            form.initial[name] = sent


def _refill_rows(formset: _FormSet, unsaved: _Unsaved) -> None:
    """Put into the rows what the user had changed, and below them the rows that the user had added."""
    there, added = _sent_rows(formset, unsaved.data)
    fields = dict(_decided_fields(formset.empty_form))
    formset.extra = len(added)
    formset.initial_extra = [
        {name: _sent(field, name, prefix, unsaved.data) for name, field in fields.items()} for prefix in added
    ]
    for row in formset.initial_forms:
        if prefix := there.get(str(row.instance.pk)):
            _refill(row, prefix, unsaved)


def _with_stored_line_ends(data: QueryDict) -> QueryDict:
    """What was sent, with lines that end as they are stored: a browser sends CR LF."""
    data = data.copy()
    for name, values in list(data.lists()):
        data.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return data


def _message(record: Any, conflicts: list[_FieldConflict]) -> SafeString:
    last = None
    if hasattr(record, "history"):
        last = record.history.select_related("history_user").order_by("-history_date", "-history_id").first()
    context = {"conflicts": conflicts, "last": last, "who": author_name(last) if last else ""}
    return render_to_string("admin/conflicts/conflicts.html", context)


def _in_words(field: forms.Field, value: Any) -> str:
    """A value as people read it in a form."""
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=value).first() if is_id(str(value)) else None  # type: ignore[union-attr]
        return str(found or value or "")
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type] # labels are lazy
    return str(value or "")
