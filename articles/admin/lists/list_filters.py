"""The filters of a list as one form: they combine, keep each other, and each can be taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ModelAdmin

_MEDIA = forms.Media(css={"all": ["articles/desk.css"]}, js=["articles/filters.js"])
_ALL = _("all")
_YES_OR_NO = [("", _ALL), ("true", _("yes")), ("false", _("no"))]


class Chip(NamedTuple):
    """A filter that is set, and the address of the list without it."""

    label: str
    value: str
    without: str


class FilterForm(forms.Form):
    """What a list can be narrowed to; a field `place` narrows by the method `by_place`."""

    use_required_attribute = False

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.set_values():
            queryset = getattr(self, f"by_{name}")(queryset, value)
        return queryset

    def set_values(self) -> Iterator[tuple[str, Any]]:
        for name, value in self.cleaned_data.items():
            if value not in (None, "", False):
                yield name, value

    def shown(self, name: str, value: Any) -> str:
        """A value as people read it."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return str(field.label_from_instance(value))
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type] # no groups among them
        return str(_("yes")) if value is True else str(value)


class DateRangeForm(FilterForm):
    """From a day to a day, both included, or whatever has no date."""

    issue_date_after = forms.DateField(label=_("from"), required=False, input_formats=["%Y-%m-%d"])
    issue_date_before = forms.DateField(label=_("to"), required=False, input_formats=["%Y-%m-%d"])
    undated = forms.BooleanField(label=_("without a date"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("issue_date_after", "issue_date_before"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("issue_date_after"), data.get("issue_date_before")
        if first and last and last < first:
            self.add_error(
                "issue_date_before", _("This day is before the first one: nothing could be found.")
            )
        return data

    def by_issue_date_after(self, queryset: QuerySet[Any], day: Any) -> QuerySet[Any]:
        return queryset.filter(sort_date__gte=day, issue_date__isnull=False)

    def by_issue_date_before(self, queryset: QuerySet[Any], day: Any) -> QuerySet[Any]:
        return queryset.filter(sort_date__lte=day, issue_date__isnull=False)

    def by_undated(self, queryset: QuerySet[Any], _value: bool) -> QuerySet[Any]:
        # The first of all days stands for none in the index: see `sort_date`.
        return queryset.filter(sort_date=dt.date.min, issue_date__isnull=True)


def yes_or_no(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=_YES_OR_NO)


def choice(label: Any, choices: Any, empty: Any = _ALL) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


def record(label: Any, model: type[Model], field_name: str, queryset: QuerySet[Any]) -> Any:
    """A record that is looked for by its name; the field of a model says to the admin what may be looked for."""
    widget = AutocompleteSelect(model._meta.get_field(field_name), admin.site, attrs={"data-width": "100%"})
    return forms.ModelChoiceField(queryset, label=label, required=False, widget=widget)


class FormFilter(admin.ListFilter):
    """A `FilterForm` as Django's lists take filters; what cannot be used finds nothing, and says why."""

    title = _("Filters")
    template = "admin/dashboard/filters.html"
    form_class: type[FilterForm]

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: type[Model], model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self._given: dict[str, str] = {
            name: params.pop(name)[-1] for name in self.form_class.base_fields if name in params
        }
        self._query = request.GET.copy()
        self._query.pop(PAGE_VAR, None)
        self._asked = self.form_class(self._given)
        self.is_usable = self._asked.is_valid()
        # A list that is acted upon is shown once more right after, and says it then.
        if request.method == "GET":
            self._complain(request)

    def expected_parameters(self) -> list[str | None]:
        return list(self.form_class.base_fields)

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self._asked.narrowed(queryset) if self.is_usable else queryset.none()

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Nothing that is one of a few links: the form has it all."""
        return iter(())

    @property
    def form(self) -> FilterForm:
        """The form to fill in, with whatever could be used: a widget may choke on the rest."""
        usable = {name: value for name, value in self._given.items() if name not in self._asked.errors}
        return self.form_class(initial=usable, auto_id="filter_%s", label_suffix="")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The search, the order and whatever else the list's address has besides these filters."""
        names = [name for name in self._query if name not in self.form_class.base_fields]
        return [(name, value) for name in names for value in self._query.getlist(name)]

    @property
    def chips(self) -> list[Chip]:
        """Every filter that is set, those too that cannot be used."""
        usable = [(name, self._asked.shown(name, value)) for name, value in self._asked.set_values()]
        broken = [(name, self._given.get(name, "")) for name in self._asked.errors]
        return [
            Chip(str(self._asked.fields[name].label), value, without(self._query, name))
            for name, value in [*usable, *broken]
        ]

    def _complain(self, request: HttpRequest) -> None:
        for name, errors in self._asked.errors.items():
            label = self._asked.fields[name].label
            told = {
                "filter": label,
                "value": self._given.get(name, "")[:60],
                "why": " ".join(map(str, errors)),
            }
            messages.error(request, _("The filter “%(filter)s” cannot be “%(value)s”: %(why)s") % told)


def without(query: QueryDict, name: str) -> str:
    """A query without one of its parameters; `?` for one that is left with none."""
    rest = query.copy()
    rest.pop(name, None)
    return f"?{rest.urlencode()}"


def of(form: type[FilterForm]) -> type[FormFilter]:
    """The filter of a list that a form makes."""
    return type(f"{form.__name__}Filter", (FormFilter,), {"form_class": form})


class TwoStepChangeList(ChangeList):
    """A list that sorts ids, and reads only the rows of its page: to sort whole articles takes a second."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ids = list(self.result_list.values_list("pk", flat=True))
        found = self.root_queryset.in_bulk(ids)
        self.result_list = [found[pk] for pk in ids if pk in found]


class FilteredAdmin(ModelAdmin):
    """A list with a form of filters, and what is set of them above its rows."""

    filter_form: type[FilterForm]
    change_list_template = "admin/dashboard/change_list.html"
    # Counts beside filters would count the whole list once for each of them.
    show_facets = admin.ShowFacets.NEVER

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [of(self.filter_form)]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TwoStepChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Django leads here without any filter when the address has what no list knows."""
        if ERROR_FLAG in request.GET:
            messages.error(
                request,
                _("The address of the list had a filter that does not exist; this is the whole list."),
            )
        # What the widgets need first: the script of the form uses it.
        media = self.filter_form().media + self.media + _MEDIA
        return super().changelist_view(request, {"media": media, **(extra_context or {})})
