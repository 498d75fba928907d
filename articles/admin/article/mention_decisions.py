"""Deciding the names of an article: one by one, or all of one name on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Mention, Organization, Place
from articles.models.mention import MentionQuerySet

# Only the type checker gives forms of models arguments.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

_PLACES = ("place__parent", "organization__seat")


def names_of(article: Article) -> list[Mention]:
    """The names of an article as it reads, with all that is shown of them."""
    rows = article.mentions.with_records().select_related(*_PLACES, "decided_by").in_order()
    return list(rows)


def doubts(names: Iterable[Mention]) -> list[Mention]:
    """Those that wait for an editor, as `MentionQuerySet.doubtful` has it."""
    return [name for name in names if name.is_doubtful]


def next_doubt(names: Sequence[Mention], behind: Mention | None = None) -> Mention | None:
    """The first name in doubt behind another as the article reads, else the first of all."""
    waiting = doubts(names)
    order = {name.pk: number for number, name in enumerate(names)}
    at = order.get(behind.pk, -1) if behind else -1
    return next((name for name in waiting if order[name.pk] > at), waiting[0] if waiting else None)


def like(name: Mention) -> MentionQuerySet:
    """The same name elsewhere on the page, where nobody decided it."""
    if name.article.page_id is None:
        return Mention.objects.none()
    alike = Mention.objects.filter(article__page=name.article.page_id, kind=name.kind, surface=name.surface)
    return alike.filter(verdict="").exclude(article__status=Article.Status.TRASHED).exclude(pk=name.pk)


def seen(name: Mention) -> str:
    """What a form remembers of a name, to tell whether somebody else decided it meanwhile."""
    at = name.decided_at.isoformat() if name.decided_at else ""
    return f"{name.verdict or '-'} {at}"


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's word on a name; a record goes with `relinked`."""

    verdict: str
    record: Place | Organization | None = None


def decide(name: Mention, decision: Decision, was: str, by: Any, *, everywhere: bool) -> int:
    """Decide a name, or it is the same everywhere on its page; gives how many were decided.

    `was` is what the form remembers (`seen`).
    `ValidationError` if somebody decided it meanwhile, or it cannot be decided so.
    """
    with transaction.atomic():
        stored = Mention.objects.select_for_update().get(pk=name.pk)
        if seen(stored) != was:
            raise ValidationError(
                _("%(user)s decided this name meanwhile: look at it again.")
                % {"user": stored.decided_by or _("Somebody")}
            )
        others = list(like(name)) if everywhere else []
        for row in (stored, *others):
            row.decide(*_settled(row, decision), by)
    return 1 + len(others)


def _settled(row: Mention, decision: Decision) -> tuple[str, Place | Organization | None]:
    """To link a name to what it is linked to is to accept it."""
    linked = (row.place or row.organization) if row.status == Mention.Status.LINKED else None
    if decision.record is not None and linked is not None and linked.survivor == decision.record:
        return Mention.Verdict.ACCEPTED, None
    return decision.verdict, decision.record


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


NEW: dict[str, Any] = {Mention.Kind.PLACE: NewPlaceForm, Mention.Kind.ORGANIZATION: NewOrganizationForm}
