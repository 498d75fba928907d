"""Merges several records of a list into one of them, after a question which one stays."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.display import RecordViews
from articles.editing.merging import merge

_MOST_RECORDS = 20  # that a person compares at a time


class MergeSeveral(RecordViews):
    """The action of a list of records that merges those that are chosen."""

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.add_merge")

    @admin.action(
        description=gettext_lazy("Merge the chosen %(verbose_name_plural)s into one"), permissions=["merge"]
    )
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask which record stays, then merge the others into it; each merge can be undone on its page."""
        records = list(queryset.order_by("pk")[: _MOST_RECORDS + 1])
        if not 2 <= len(records) <= _MOST_RECORDS:
            messages.error(request, _("Choose two to %(most)s records.") % {"most": _MOST_RECORDS})
            return None
        target = next((record for record in records if str(record.pk) == request.POST.get("into")), None)
        if target is None:
            return self._ask_which_stays(request, records)
        done = 0
        for record in records:
            done += record.pk != target.pk and self._merge_one(request, record, target)
        if done:
            text = _("Merged into “%(record)s”: %(count)s records.")
            messages.success(request, text % {"record": target, "count": done})
        return None

    def _merge_one(self, request: HttpRequest, record: Any, target: Any) -> bool:
        try:
            merge(record, target, request.user)
        except ValidationError as error:
            messages.error(request, _("Not merged: %s") % " ".join(error.messages))
            return False
        return True

    def _ask_which_stays(self, request: HttpRequest, records: list[Any]) -> HttpResponse:
        """The question, with the record that most articles name chosen."""
        self.count(records)  # type: ignore[attr-defined] # of the admin of records
        return self.render_page(
            request,
            "admin/records/merge_several.html",
            _("Which record stays?"),
            records=records,
            most_named=max(records, key=lambda record: record.naming.article_count),
            action_checkbox_name=ACTION_CHECKBOX_NAME,
        )
