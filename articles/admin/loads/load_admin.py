"""Loads: which files were loaded when, and what became of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ReadOnlyAdmin, one_per_line, record_link
from articles.admin.lists.load_file_filters import StillRejected
from articles.models import Load, LoadFile

from . import load_actions, upload_views
from .rejection_texts import ReasonFilter, reason_advice, reason_label, tally_text
from .upload_loading import retryable

# Files that a load's own page shows at a time.
_SHOWN = 50


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "started_at", "finished_at", "by", "files_tally", "articles_tally"]
    list_filter = ["started_at"]
    list_select_related = ["by"]
    change_list_template = "admin/loads/load_list.html"
    change_form_template = "admin/loads/load.html"
    fieldsets = [
        (None, {"fields": [("started_at", "finished_at"), "by", "paths_shown", "options_shown"]}),
        (_("Result"), {"fields": ["files_tally", "articles_tally"]}),
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        return [*upload_views.upload_urls(), *load_actions.load_action_urls(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"may_load": upload_views.may_load(request), **(extra_context or {})}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        load = self.get_object(request, object_id)
        shown = _shown(request, load) if load else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    @admin.display(description=_("files"))
    def files_tally(self, load: Load) -> str:
        return tally_text(load.tally, "files")

    @admin.display(description=_("articles"))
    def articles_tally(self, load: Load) -> str:
        return tally_text(load.tally, "articles")

    @admin.display(description=_("paths"))
    def paths_shown(self, load: Load) -> SafeString | str:
        return one_per_line(load.paths)

    @admin.display(description=_("options"))
    def options_shown(self, load: Load) -> SafeString | str:
        return one_per_line(f"{name}: {value}" for name, value in load.options.items())


@admin.register(LoadFile)
class LoadFileAdmin(ReadOnlyAdmin):
    list_display = ["path", "outcome", "reason_shown", "detail", "page_link", "load"]
    list_filter = [StillRejected, "outcome", ReasonFilter]
    search_fields = ["path", "sha256"]
    show_full_result_count = False
    fields = ["load", "path", "sha256", "page_link", "outcome", "reason_shown", "detail"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LoadFile]:
        files: QuerySet[LoadFile] = super().get_queryset(request)
        return files.select_related("load", "page").defer("page__text")

    @admin.display(description=_("page"))
    def page_link(self, file: LoadFile) -> SafeString | str:
        return record_link(file.page)

    @admin.display(description=_("reason"), ordering="reason")
    def reason_shown(self, file: LoadFile) -> str:
        return reason_label(file.reason) or "—"


def _shown(request: HttpRequest, load: Load) -> dict[str, Any]:
    """A load's files, as many as a page takes, by outcome and reason, and what can be done with the load."""
    asked = {name: request.GET[name] for name in ("outcome", "reason") if request.GET.get(name)}
    files = load.files.select_related("page").defer("page__text").filter(**asked)
    counts = load.files.order_by().values("outcome", "reason").annotate(count=Count("pk"))
    page = Paginator(files, _SHOWN).get_page(request.GET.get("p"))
    rows, upload = retryable(load) if upload_views.may_load(request) else ([], None)
    return {
        "files": page,
        "rows": [(file, reason_label(file.reason), reason_advice(file.reason)) for file in page],
        "filters": _filters([dict(row) for row in counts], asked),
        "asked": asked,
        "may_retry": bool(rows or upload),
        "may_load": upload_views.may_load(request),
        "may_purge": request.user.has_perm("articles.delete_load"),
        "unfinished": None if load.finished_at else load.uploads.first(),
    }


def _filters(counts: list[dict[str, Any]], asked: dict[str, str]) -> list[tuple[str, str, int, bool]]:
    """What the files can be narrowed to: a query, what it is called, how many files, and whether it is so now."""
    everything = sum(row["count"] for row in counts)
    found: list[tuple[str, str, int, bool]] = [("?", str(_("all")), everything, not asked)]
    for outcome in LoadFile.Outcome:
        of_outcome = sum(row["count"] for row in counts if row["outcome"] == outcome)
        if of_outcome:
            query = {"outcome": outcome.value}
            found.append((f"?outcome={outcome.value}", str(outcome.label), of_outcome, asked == query))
    for row in counts:
        if row["reason"] and row["reason"].isidentifier():
            query = {"reason": row["reason"]}
            found.append(
                (f"?reason={row['reason']}", reason_label(row["reason"]), row["count"], asked == query)
            )
    return found
