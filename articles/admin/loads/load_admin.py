"""The admin of loads and of their files with outcomes and reasons."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ReadOnlyAdmin, one_per_line, record_link
from articles.admin.lists.article_filters import StillRejected
from articles.admin.review.review_queue import review_queue
from articles.loading.doubled_stories import find_doubled_files
from articles.loading.upload_loading import retryable
from articles.models import Article, Load, LoadFile, Page
from articles.reading.gazetteer.divisions import load_gazetteer

from . import load_actions, upload_views
from .rejection_texts import ReasonFilter, reason_advice, reason_label, tally_text

_OPTIONS = {
    "publication": _("publication"),
    "issue_date": _("issue date"),
    "home": _("home"),
    "status": _("status of the articles"),
}

# Files that the page of a load shows at a time.
_FILES_SHOWN = 50


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
        shown = _files_and_actions(request, load) if load else {}
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
        return one_per_line(
            f"{_OPTIONS.get(name, name)}: {_option(name, value)}" for name, value in load.options.items()
        )


@admin.register(LoadFile)
class LoadFileAdmin(ReadOnlyAdmin):
    list_display = ["path", "outcome", "reason_shown", "detail_shown", "page_link", "load"]
    list_filter = [StillRejected, "outcome", ReasonFilter]
    search_fields = ["path", "sha256"]
    show_full_result_count = False
    fields = ["load", "path", "sha256", "page_link", "outcome", "reason_shown", "detail_shown"]

    class Media:
        css = {"all": ["articles/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[LoadFile]:
        files: QuerySet[LoadFile] = super().get_queryset(request)
        return files.select_related("load", "page").defer("page__text")

    @admin.display(description=_("page"))
    def page_link(self, file: LoadFile) -> SafeString | str:
        return record_link(_with_name(file).page)

    @admin.display(description=_("detail"))
    def detail_shown(self, file: LoadFile) -> SafeString | str:
        """What was wrong, as the log has it, in English."""
        return format_html('<span lang="en">{}</span>', file.detail) if file.detail else "—"

    @admin.display(description=_("reason"), ordering="reason")
    def reason_shown(self, file: LoadFile) -> str:
        return reason_label(file.reason) or "—"


def _with_name(file: LoadFile) -> LoadFile:
    """The file; its page is called by it without a query, if it has no masthead."""
    if file.page:
        file.page.file_name = PurePosixPath(file.path).name
    return file


def _first_to_review(load: Load) -> Page | None:
    """The first page of a load with an article that waits for a review."""
    waiting = review_queue().filter(page__files__load=load).order_by("page__files__pk", "position")
    article = waiting.select_related("page").first()
    return article.page if article else None


def _option(name: str, value: str) -> str:
    """The value of an option of a load, as people read it."""
    if name == "status":
        return str(dict(Article.Status.choices).get(value, value))
    division = load_gazetteer().by_code(value) if name == "home" else None
    return f"{division.name} ({value})" if division else value


def _files_and_actions(request: HttpRequest, load: Load) -> dict[str, Any]:
    """The context of a load's page: its files, filtered and paginated, and the actions that the user may take."""
    asked = {name: request.GET[name] for name in ("outcome", "reason") if request.GET.get(name)}
    files = load.files.select_related("page").defer("page__text").filter(**asked)
    counts = load.files.order_by().values("outcome", "reason").annotate(count=Count("pk"))
    page = Paginator(files, _FILES_SHOWN).get_page(request.GET.get("p"))
    rows, upload = retryable(load) if upload_views.may_load(request) else ([], None)
    return {
        "files": page,
        "rows": [(_with_name(file), reason_label(file.reason), reason_advice(file.reason)) for file in page],
        "filters": _filters(counts, asked),
        "asked": asked,
        "doubled": find_doubled_files(page),
        "may_retry": bool(rows or upload),
        "to_review": _first_to_review(load),
        "may_load": upload_views.may_load(request),
        "may_purge": request.user.has_perm("articles.delete_load"),
        "unfinished": None if load.finished_at else load.uploads.first(),
    }


def _filters(counts: Iterable[Any], asked: dict[str, str]) -> list[tuple[str, str, int, bool]]:
    """The filters of the files: query, label, number of files, and whether it is set."""
    outcomes, reasons = Counter[str](), Counter[str]()
    for row in counts:
        outcomes[row["outcome"]] += row["count"]
        if row["reason"].isidentifier():
            reasons[row["reason"]] += row["count"]
    found: list[tuple[dict[str, str], Any, int]] = [({}, _("all"), outcomes.total())]
    found += [({"outcome": one.value}, one.label, outcomes[one]) for one in LoadFile.Outcome if outcomes[one]]
    found += [({"reason": reason}, reason_label(reason), count) for reason, count in reasons.items()]
    return [(f"?{urlencode(query)}", str(label), count, asked == query) for query, label, count in found]
