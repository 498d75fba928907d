"""Forms in which editors decide mentions, and the decision that a POST holds."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.forms.models import modelform_factory
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.mention_decisions import Decision
from articles.models import Article, Mention, Organization, Place
from articles.models.merge import MODELS

from .mention_candidates import chosen_record


def posted_decision(request: HttpRequest, kind: str) -> Decision:
    """The decision in a POST: a candidate's value in `choice`, or a `verdict`, with a `record` if it relinks.

    `ValidationError` if there is no such record.
    """
    if choice := request.POST.get("choice"):
        return Decision(Mention.Verdict.RELINKED, chosen_record(kind, choice))
    verdict = request.POST.get("verdict", "")
    return Decision(verdict, posted_record(request, kind) if verdict == Mention.Verdict.RELINKED else None)


def posted_record(request: HttpRequest, kind: str) -> Place | Organization:
    """The record chosen in a `LinkForm`; `ValidationError` if there is none."""
    form = LinkForm(kind, request.POST)
    if not form.is_valid():
        raise ValidationError(_("Choose a record first."))
    record: Place | Organization = form.cleaned_data["record"]
    return record


class SpanForm(forms.Form):
    """A span of an article's text that an editor selected, and the kind of record that it names."""

    # Not `kind`, which forms of new records have too.
    named = forms.ChoiceField(choices=Mention.Kind.choices)
    part = forms.ChoiceField(choices=Mention.Part.choices)
    start = forms.IntegerField(min_value=0)
    end = forms.IntegerField(min_value=1)

    def __init__(self, article: Article, values: Any) -> None:
        super().__init__(values)
        self._article = article
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    @property
    def span(self) -> tuple[int, int]:
        return self.cleaned_data["start"], self.cleaned_data["end"]

    @property
    def surface(self) -> str:
        text: str = getattr(self._article, self.cleaned_data["part"])
        return text[slice(*self.span)]


class LinkForm(forms.Form):
    """Chooses any record of a kind for a mention."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model: Any = MODELS[kind]
        self.fields["record"] = forms.ModelChoiceField(
            queryset=model.objects.surviving(),
            label=gettext_lazy("record"),
            widget=AutocompleteSelect(
                Mention._meta.get_field(kind), admin.site, attrs={"aria-label": gettext_lazy("record")}
            ),
        )


def _record_form(model: Any, parent: str) -> Any:
    widget = AutocompleteSelect(model._meta.get_field(parent), admin.site)
    return modelform_factory(model, fields=["name", "kind", parent], widgets={parent: widget})


NEW_RECORD_FORMS = {
    Mention.Kind.PLACE.value: _record_form(Place, "parent"),
    Mention.Kind.ORGANIZATION.value: _record_form(Organization, "seat"),
}
"""The form of a new record, by kind."""


def may_add_record(request: HttpRequest, kind: str) -> bool:
    return bool(request.user.has_perm(f"articles.add_{kind}"))


def new_record_form(request: HttpRequest, kind: str, name: str) -> Any:
    """The form of a new record with a proposed name; None if the user may not add records."""
    return NEW_RECORD_FORMS[kind](initial={"name": name}) if may_add_record(request, kind) else None
