"""Saves that come too late: what another changed meanwhile is not overwritten, and both texts are shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.forms import Media
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin.display import ModelAdmin
from articles.admin.history.history_timeline import author_name
from articles.admin.history.text_diff import marked_diff

from .form_state import (
    SEEN,
    Digests,
    SeenForm,
    decided,
    digest,
    in_words,
    loaded,
    put,
    seen_of,
    sent,
    signed,
    stored,
)

_DIGITS = 6  # of a number of rows


@dataclass(frozen=True)
class Clash:
    """A field for which another saved one text and the user sent another; `mine` is None if he left it alone."""

    label: str
    theirs: str
    mine: str | None

    @property
    def shown(self) -> SafeString:
        """The user's text, marked where it is not the other's."""
        return marked_diff(self.theirs, self.mine or "")


@dataclass
class Stale:
    """What others changed since a form was shown; `data` is what was sent, with what only they changed put in."""

    data: Any
    clashes: list[Clash] = field(default_factory=list)

    def compare(self, form: forms.BaseForm, seen: Digests, row: object = "") -> None:
        """Compare a form with what was sent for it."""
        for name, its in decided(form):
            theirs = stored(form, name)
            if seen.get(name) == digest(theirs) or (mine := sent(form, name, self.data)) == theirs:
                continue
            label = f"{row} {capfirst(its.label or name)}".strip()
            is_untouched = seen.get(name) == digest(mine)
            self.clashes.append(
                Clash(label, in_words(its, theirs), None if is_untouched else in_words(its, mine))
            )
            if is_untouched:
                put(form, name, self.data)


class ConflictCheck(ModelAdmin):
    """Refuses to overwrite what was changed since the form was shown; to save once more is to decide it."""

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["articles/history.css"]})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        told = {"stale": getattr(request, "stale", "")}
        kwargs["form"] = type("SeenForm", (SeenForm, kwargs.get("form", self.form)), told)
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        """Let the form carry what it shows."""
        record: Any = options.get("obj")
        shown = context["adminform"]
        if options.get("change") and self.has_change_permission(request, record):
            if not shown.form.is_bound:
                inlines = context["inline_admin_formsets"]
                formsets = [
                    inline.formset for inline in inlines if inline.opts.has_change_permission(request, record)
                ]
                shown.form.initial[SEEN] = signed(record, seen_of(shown.form, formsets))
            name, first = shown.fieldsets[0]
            shown.fieldsets[0] = (name, {**first, "fields": [*first["fields"], SEEN]})
        return super().render_change_form(request, context, *args, **options)

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        if request.method == "POST" and object_id and "_saveasnew" not in request.POST:
            record = self._locked(request, object_id)
            if record is not None and self.has_change_permission(request, record):
                self._compare(request, record)
        view: Any = super()
        answer: HttpResponse = view._changeform_view(request, object_id, form_url, extra_context)
        return answer

    def _delete_view(self, request: HttpRequest, object_id: str, extra_context: Any) -> HttpResponse:
        """Ask again before deleting what was changed since the question."""
        record = self._locked(request, object_id)
        now = _row(record) if record is not None else ""
        if request.method == "POST" and request.POST.get(SEEN, now) != now:
            messages.warning(request, _("It was changed meanwhile: look at it again before you delete it."))
            return HttpResponseRedirect(request.get_full_path())
        view: Any = super()
        answer: HttpResponse = view._delete_view(request, object_id, {**(extra_context or {}), SEEN: now})
        return answer

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        """The record as it stands by now, which nobody else changes until this request is answered."""
        try:
            pk = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return None
        rows = self.model._base_manager
        list((rows.select_for_update() if request.method == "POST" else rows).filter(pk=pk).values_list("pk"))
        return self.get_object(request, unquote(object_id))

    def _compare(self, request: HttpRequest, record: Any) -> None:
        """Put into the request what others changed, if they did, and why it cannot be saved as it is."""
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(request, record, change=True, fields=fields)(instance=record)
        formsets = list(self._formsets(request, record))
        seen = loaded(record, request.POST.get(SEEN, ""))
        stale = Stale(request.POST.copy())
        stale.compare(form, seen.get("", {}))
        gone = {formset.prefix: _compare_rows(stale, formset, seen) for formset in formsets}
        if stale.clashes:
            for formset in formsets:
                _renumber(stale.data, formset, gone[formset.prefix])
            stale.data[SEEN] = signed(record, seen_of(form, formsets))
            request.POST = stale.data
            request.stale = self._told(record, stale)  # type: ignore[attr-defined] # read by get_form
            # Said where a long page begins too.
            told = _("Nothing was saved: somebody changed this meanwhile. Both texts stand above the form.")
            messages.error(request, format_html('<a href="#stale">{}</a>', told))

    def _formsets(self, request: HttpRequest, record: Any) -> Iterator[BaseInlineFormSet[Any, Any, Any]]:
        """The rows below the record as they stand, under the prefixes that Django's admin gives them."""
        counts: Counter[str] = Counter()
        for formset, inline in self.get_formsets_with_inlines(request, record):
            prefix = formset.get_default_prefix()
            counts[prefix] += 1
            if counts[prefix] > 1:
                prefix = f"{prefix}-{counts[prefix]}"
            if inline.has_change_permission(request, record):
                yield formset(instance=record, prefix=prefix, queryset=inline.get_queryset(request))

    def _told(self, record: Any, stale: Stale) -> SafeString:
        last = None
        if hasattr(record, "history"):
            last = (
                record.history.select_related("history_user").order_by("-history_date", "-history_id").first()
            )
        context = {"clashes": stale.clashes, "last": last, "who": author_name(last) if last else ""}
        return render_to_string("admin/conflicts/clashes.html", context)


def _row(record: Any) -> str:
    """The columns of a record in a few characters, without the time of the last change."""
    values = [(its.attname, getattr(record, its.attname)) for its in record._meta.concrete_fields]
    text = repr([value for value in values if value[0] != "updated_at"])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _compare_rows(stale: Stale, formset: BaseInlineFormSet[Any, Any, Any], seen: Any) -> list[int]:
    """Compare the rows below a record; gives the numbers of those sent that are not there any more."""
    model: Any = formset.model
    there = {str(row.instance.pk): row for row in formset.initial_forms}
    gone = []
    for number in range(_sent_count(stale.data, formset, "INITIAL")):
        pk = stale.data.get(_key(formset, number, model._meta.pk.name), "")
        if pk not in there:
            gone.append(number)
            mine = _text_of(formset, number, stale.data)
            name = str(capfirst(model._meta.verbose_name))
            stale.clashes.append(Clash(name, _("taken away meanwhile"), mine))
            continue
        row = there[pk]
        row.prefix = f"{formset.prefix}-{number}"
        stale.compare(row, seen.get(f"{formset.prefix}-{pk}", {}), row.instance)
    return gone


def _text_of(formset: BaseInlineFormSet[Any, Any, Any], number: int, data: Any) -> str:
    form = formset.empty_form
    form.prefix = f"{formset.prefix}-{number}"
    words = [in_words(its, sent(form, name, data)) for name, its in decided(form)]
    return " ".join(filter(None, words))


def _renumber(data: Any, formset: BaseInlineFormSet[Any, Any, Any], gone: list[int]) -> None:
    """Take out of what was sent the rows that are not there any more: whoever wants one back adds it again."""
    if not gone:
        return
    initial, total = (_sent_count(data, formset, name) for name in ("INITIAL", "TOTAL"))
    kept = [number for number in range(total) if number not in gone]
    start = f"{formset.prefix}-"
    rows = [
        {
            key.removeprefix(f"{start}{number}-"): data.getlist(key)
            for key in list(data)
            if key.startswith(f"{start}{number}-")
        }
        for number in kept
    ]
    for key in [key for key in data if key.startswith(start) and key[len(start) :][:1].isdecimal()]:
        del data[key]
    for number, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{start}{number}-{name}", values)
    data[f"{start}INITIAL_FORMS"] = str(initial - len(gone))
    data[f"{start}TOTAL_FORMS"] = str(len(kept))


def _sent_count(data: Any, formset: BaseInlineFormSet[Any, Any, Any], name: str) -> int:
    """How many rows were sent; none if that is no number, which the formset refuses by itself."""
    text = data.get(f"{formset.prefix}-{name}_FORMS", "")
    count = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0
    return min(count, formset.absolute_max)


def _key(formset: BaseInlineFormSet[Any, Any, Any], number: int, name: str) -> str:
    return f"{formset.prefix}-{number}-{name}"
