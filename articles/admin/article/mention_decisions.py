"""The names of an article that an editor decides, and the forms in which he or she does so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.mention_decisions import Decision
from articles.models import Article, Mention, Organization, Place

from .mention_candidates import chosen_record

# Only the type checker gives forms of models arguments.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

_PLACES = ("place__parent", "organization__seat")


def mentions_of_article(article: Article) -> list[Mention]:
    """The names of an article as it reads, with all that is shown of them."""
    rows = article.mentions.with_records().select_related(*_PLACES, "decided_by").in_order()
    return list(rows)


def doubtful_mentions(names: Iterable[Mention]) -> list[Mention]:
    """Those that wait for an editor, as `MentionQuerySet.doubtful` has it."""
    return [name for name in names if name.is_doubtful]


def next_doubtful_mention(names: Sequence[Mention], behind: Mention | None = None) -> Mention | None:
    """The first name in doubt behind another as the article reads, else the first of all."""
    waiting = doubtful_mentions(names)
    order = {name.pk: number for number, name in enumerate(names)}
    at = order.get(behind.pk, -1) if behind else -1
    return next((name for name in waiting if order[name.pk] > at), waiting[0] if waiting else None)


def posted_decision(request: HttpRequest, kind: str) -> Decision:
    """The decision in a POST: `choice` is a candidate's value, else `verdict` says it, with `record` where it relinks.

    `ValidationError` if there is no such record.
    """
    if choice := request.POST.get("choice"):
        return Decision(Mention.Verdict.RELINKED, chosen_record(kind, choice))
    verdict = request.POST.get("verdict", "")
    if verdict != Mention.Verdict.RELINKED:
        return Decision(verdict)
    form = LinkForm(kind, request.POST)
    if not form.is_valid():
        raise ValidationError(_("Choose a record first."))
    return Decision(verdict, form.cleaned_data["record"])


# --- Forms ------------------------------------------------------------------------------------------


class SpanForm(forms.Form):
    """A span of a text that an editor selected, as what it names."""

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

    @property
    def kind_label(self) -> Any:
        return Mention.Kind(self.cleaned_data["named"]).label


class LinkForm(forms.Form):
    """Any record that a name may stand for."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model: Any = Place if kind == Mention.Kind.PLACE else Organization
        self.fields["record"] = forms.ModelChoiceField(
            queryset=model.objects.surviving(),
            label=gettext_lazy("record"),
            widget=AutocompleteSelect(Mention._meta.get_field(kind), admin.site),
        )


class NewPlaceForm(_ModelForm):
    """A place that the archive does not have yet."""

    class Meta:
        model = Place
        fields = ["name", "kind", "parent"]
        widgets = {"parent": AutocompleteSelect(Place._meta.get_field("parent"), admin.site)}


class NewOrganizationForm(_ModelForm):
    """An organization that the archive does not have yet."""

    class Meta:
        model = Organization
        fields = ["name", "kind", "seat"]
        widgets = {"seat": AutocompleteSelect(Organization._meta.get_field("seat"), admin.site)}


NEW_RECORD_FORMS: dict[str, Any] = {
    Mention.Kind.PLACE: NewPlaceForm,
    Mention.Kind.ORGANIZATION: NewOrganizationForm,
}
