"""What editors decided of two records: merges, and that two are not the same."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Distinction, Merge
from articles.models.merge import MODELS

from .history import HistoryPages
from .show import ReadOnlyAdmin, link


def _record(kind: str, pk: int) -> SafeString | str:
    return link(MODELS[kind]._default_manager.filter(pk=pk).first())


@admin.register(Merge)
class MergeAdmin(HistoryPages, ReadOnlyAdmin):
    list_display = ["kind", "source_shown", "target_shown", "by", "at", "undone_at"]
    list_filter = ["kind"]
    list_select_related = ["by"]
    fields = ["kind", "source_shown", "target_shown", "by", "at", "undone_at"]

    @admin.display(description=_("merged record"))
    def source_shown(self, merge: Merge) -> SafeString | str:
        return _record(merge.kind, merge.source)

    @admin.display(description=_("into"))
    def target_shown(self, merge: Merge) -> SafeString | str:
        return _record(merge.kind, merge.target)


@admin.register(Distinction)
class DistinctionAdmin(HistoryPages, ReadOnlyAdmin):
    list_display = ["kind", "first_shown", "second_shown", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["by"]
    fields = ["kind", "first_shown", "second_shown", "by", "at"]

    @admin.display(description=_("first record"))
    def first_shown(self, distinction: Distinction) -> SafeString | str:
        return _record(distinction.kind, distinction.first)

    @admin.display(description=_("second record"))
    def second_shown(self, distinction: Distinction) -> SafeString | str:
        return _record(distinction.kind, distinction.second)
