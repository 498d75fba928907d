"""The admin of decisions about two records: merges, and that two are different."""

from collections import defaultdict
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ReadOnlyAdmin, record_link
from articles.admin.history.history_pages import HistoryPages
from articles.models import Distinction, Merge
from articles.models.merge import MODELS


class _PairsChangeList(ChangeList):
    """A list of decisions that reads the records of its page with one query for each kind."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        names = self.model_admin.two  # type: ignore[attr-defined] # a DecisionAdmin's list
        ids: defaultdict[str, set[int]] = defaultdict(set)
        for row in rows:
            ids[row.kind] |= {getattr(row, name) for name in names}
        found = {kind: MODELS[kind].objects.in_bulk(pks) for kind, pks in ids.items()}
        for row in rows:
            row.records = {name: found[row.kind].get(getattr(row, name)) for name in names}
        self.result_list = rows


class DecisionAdmin(HistoryPages, ReadOnlyAdmin):
    """Decisions about two records, whose ids are in the columns `two`."""

    list_filter = ["kind"]
    list_select_related = ["by"]
    two: tuple[str, str]

    class Media:
        css = {"all": ["articles/records.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _PairsChangeList

    def shown(self, decision: Any, name: str) -> SafeString | str:
        if hasattr(decision, "records"):
            return record_link(decision.records[name])
        return record_link(MODELS[decision.kind].objects.filter(pk=getattr(decision, name)).first())


@admin.register(Merge)
class MergeAdmin(DecisionAdmin):
    list_display = ["kind", "source_shown", "target_shown", "by", "at", "undone_at"]
    fields = ["kind", "source_shown", "target_shown", "by", "at", "undone_at"]
    two = ("source", "target")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        names = list(super().get_list_display(request))
        return [*names, "undo"] if request.user.has_perm("articles.change_merge") else names

    @admin.display(description=_("merged record"))
    def source_shown(self, merge: Merge) -> SafeString | str:
        return self.shown(merge, "source")

    @admin.display(description=_("into"))
    def target_shown(self, merge: Merge) -> SafeString | str:
        return self.shown(merge, "target")

    @admin.display(description=_("undo"))
    def undo(self, merge: Merge) -> SafeString | str:
        """A button in the form of the list, which has the CSRF token already."""
        if merge.undone_at:
            return ""
        url = reverse("admin:merge_undo", args=[merge.pk])
        return format_html(
            '<button class="undo" formaction="{}" formmethod="post">{}</button>', url, _now("Undo")
        )


@admin.register(Distinction)
class DistinctionAdmin(DecisionAdmin):
    list_display = ["kind", "first_shown", "second_shown", "by", "at"]
    fields = ["kind", "first_shown", "second_shown", "by", "at"]
    two = ("first", "second")

    @admin.display(description=_("first record"))
    def first_shown(self, distinction: Distinction) -> SafeString | str:
        return self.shown(distinction, "first")

    @admin.display(description=_("second record"))
    def second_shown(self, distinction: Distinction) -> SafeString | str:
        return self.shown(distinction, "second")
