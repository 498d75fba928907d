"""The filters of a list as one form: they combine, and each has a chip above the list that removes it.

Django's own filters are links, one for each value: an archive has thousands of places, and a range of days has none.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ModelAdmin

_MEDIA = forms.Media(css={"all": ["articles/lists.css"]}, js=["articles/filters.js"])
_ALL = _("all")
_YES_OR_NO = [("", _ALL), ("true", _("yes")), ("false", _("no"))]


class _Chip(NamedTuple):
    """A filter that is set, and the address of the list without it."""

    label: str
    value: str
    without: str


class FilterForm(forms.Form):
    """The filters of a list: a field `place` filters by the method `by_place`, or else by the column `place`."""

    use_required_attribute = False

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.set_values():
            method = getattr(self, f"by_{name}", None)
            queryset = method(queryset, value) if method else queryset.filter(**{name: value})
        return queryset

    def set_values(self) -> Iterator[tuple[str, Any]]:
        """The filters that are set; an unchecked box is not."""
        for name, value in self.cleaned_data.items():
            is_unchecked = value is False and isinstance(self.fields[name], forms.BooleanField)
            if value not in (None, "") and not is_unchecked:
                yield name, value

    def value_text(self, name: str, value: Any) -> str:
        """A value as people read it."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return str(field.label_from_instance(value))
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[self.data[name]])  # type: ignore[arg-type] # no groups among them
        return str(_("yes")) if value is True else str(value)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget)


class DateRangeForm(FilterForm):
    """From a day to a day, both included, or without a date."""

    issue_date_after = _day(_("from"))
    issue_date_before = _day(_("to"))
    undated = forms.BooleanField(label=_("without a date"), required=False)

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
        # The index has the first of all days for rows without a date: see `sort_date`.
        return queryset.filter(sort_date=dt.date.min, issue_date__isnull=True)


def yes_or_no(label: Any) -> forms.TypedChoiceField:
    """A choice whose value is True or False."""
    return forms.TypedChoiceField(
        label=label, required=False, choices=_YES_OR_NO, coerce=lambda text: text == "true"
    )


def choice(label: Any, choices: Any, empty: Any = _ALL) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


def record_choice(
    label: Any,
    model: type[Model],
    field_name: str,
    queryset: QuerySet[Any],
    field: Any = forms.ModelChoiceField,
) -> Any:
    """A record that is searched by its name; the admin searches the records that a field of a model may have."""
    widget = AutocompleteSelect(model._meta.get_field(field_name), admin.site, attrs={"data-width": "100%"})
    return field(queryset, label=label, required=False, widget=widget)


class _FormFilter(admin.ListFilter):
    """The filter form of a list, for Django's change list; a filter that cannot be used finds nothing."""

    title = _("Filters")
    template = "admin/lists/filters.html"

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: type[Model], model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self._form_class: type[FilterForm] = model_admin.filter_form
        names = self._form_class.base_fields
        self._given: dict[str, str] = {name: params.pop(name)[-1] for name in names if name in params}
        self._query = request.GET.copy()
        self._query.pop(PAGE_VAR, None)
        self._sent = self._form_class(self._given)
        self._is_usable = self._sent.is_valid()
        # An action redirects to the list, which then reports the errors.
        if request.method == "GET":
            self._report_errors(request)

    def expected_parameters(self) -> list[str | None]:
        return list(self._form_class.base_fields)

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self._sent.apply(queryset) if self._is_usable else queryset.none()

    def choices(self, changelist: Any) -> Iterator[Any]:
        """No links: the template shows the form."""
        return iter(())

    @property
    def form(self) -> FilterForm:
        """The form to fill in, with the usable values: a widget may fail on others."""
        usable = {name: value for name, value in self._given.items() if name not in self._sent.errors}
        return self._form_class(initial=usable, auto_id="filter_%s", label_suffix="")

    @property
    def other_parameters(self) -> list[tuple[str, str]]:
        """The search, the order and the other parameters of the list besides these filters."""
        names = [name for name in self._query if name not in self._form_class.base_fields]
        return [(name, value) for name in names for value in self._query.getlist(name)]

    @property
    def chips(self) -> list[_Chip]:
        """Every filter that is set, also one that cannot be used."""
        usable = [(name, self._sent.value_text(name, value)) for name, value in self._sent.set_values()]
        broken = [(name, self._given.get(name, "")) for name in self._sent.errors]
        return [self._chip(name, value) for name, value in [*usable, *broken]]

    def _chip(self, name: str, value: str) -> _Chip:
        rest = self._query.copy()
        rest.pop(name, None)
        return _Chip(str(self._sent.fields[name].label), value, f"?{rest.urlencode()}")

    def _report_errors(self, request: HttpRequest) -> None:
        for name, errors in self._sent.errors.items():
            details = {
                "filter": self._sent.fields[name].label,
                "value": self._given.get(name, "")[:60],
                "why": " ".join(map(str, errors)),
            }
            messages.error(request, _("The filter “%(filter)s” cannot be “%(value)s”: %(why)s") % details)


class _TwoStepChangeList(ChangeList):
    """A list that sorts ids, and reads only the rows of its page: to sort whole articles takes a second."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ids = list(self.result_list.values_list("pk", flat=True))
        found = self.root_queryset.in_bulk(ids)
        self.result_list = [found[pk] for pk in ids if pk in found]
        for record in self.result_list:
            record.searched = self.query


class FilteredAdmin(ModelAdmin):
    """A list with a form of filters, and chips of those that are set."""

    filter_form: type[FilterForm]
    list_filter = [_FormFilter]
    change_list_template = "admin/lists/change_list.html"
    # Django would count the whole list once for each filter.
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _TwoStepChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Report an unknown filter: for one, Django redirects to the whole list without a word."""
        if ERROR_FLAG in request.GET:
            messages.error(
                request,
                _("The address of the list had a filter that does not exist; this is the whole list."),
            )
        # The media of the widgets come first: the script of the form uses them.
        media = self.filter_form().media + self.media + _MEDIA
        return super().changelist_view(request, {"media": media, **(extra_context or {})})
