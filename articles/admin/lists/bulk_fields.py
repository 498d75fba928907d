"""The action that says of many articles in which paper, on which day and in which section they were printed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.forms.models import fields_for_model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.display import RecordViews
from articles.editing.article_corrections import correct_article
from articles.models import Article

from .bulk_actions import BulkActions

_COLUMNS = ("publication", "issue_date", "section")


class _PrintedForm(forms.Form):
    """What is filled in is set; the rest stays as it is."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields.update(fields_for_model(Article, _COLUMNS, widgets={"issue_date": day}))
        for field in self.fields.values():
            field.required = False


class BulkFields(BulkActions, RecordViews):
    """Asks for paper, day and section, and sets those that are filled in."""

    @admin.action(description=gettext_lazy("Set paper, issue date or section"), permissions=["change"])
    def set_printed(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        form = _PrintedForm(request.POST if "post" in request.POST else None)
        given: dict[str, Any] = {}
        if form.is_bound and form.is_valid():
            given = {name: form.cleaned_data[name] for name in _COLUMNS if form.cleaned_data[name]}
        if given:
            self._change_each(request, queryset, lambda one: _set(one, given), _("changed"))
            return None
        ids = list(queryset.order_by().values_list("pk", flat=True))
        meaning = ngettext(
            "This is about %(count)s article. What you fill in is set, the rest stays.",
            "This is about %(count)s articles. What you fill in is set, the rest stays.",
            len(ids),
        )
        return self.render_page(
            request,
            "admin/lists/set_columns.html",
            _("Set paper, issue date or section"),
            action="set_printed",
            action_checkbox_name=ACTION_CHECKBOX_NAME,
            form=form,
            ids=ids,
            meaning=meaning % {"count": len(ids)},
        )


def _set(article: Article, given: dict[str, Any]) -> None:
    correct_article(article, **given)
