"""The admin of pages (their text, articles and files), and of the boundaries and regions that editors set on them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ReadOnlyAdmin, flags_text, one_per_line, record_link, yes_or_dash
from articles.admin.lists.article_filters import PageFilters
from articles.admin.lists.filtered_list import FilteredAdmin
from articles.admin.records.record_admin import CountedChangeList, ordering_by_count
from articles.models import Article, Boundary, LoadFile, Page, Region
from articles.models.page import set_file_names

from .page_actions import PageActions
from .page_dating import interval_text, review_url
from .page_review import PageReview

_LAST_PATH = Subquery(LoadFile.objects.filter(page=OuterRef("pk")).order_by("-pk").values("path")[:1])


@admin.register(Page)
class PageAdmin(PageActions, PageReview, FilteredAdmin, ReadOnlyAdmin):
    list_display = [
        "__str__", "file_name", "publication", "date_shown", "page_number", "article_count", "flags_shown",
    ]  # fmt: skip
    filter_form = PageFilters
    search_fields = ["publication", "page_name", "sha256", "files__path"]
    search_help_text = _("Searches publications, page names, digests and the paths of files.")
    list_per_page = 50
    show_full_result_count = False
    fieldsets = [
        (
            None,
            {"fields": ["publication", ("page_number", "page_name"), ("issue_date", "issue_date_source"), "home_code"]},
        ),
        (_("Articles"), {"fields": ["articles_shown"]}),
        (_("Text"), {"fields": ["text_shown"]}),
        (
            _("File"),
            {"fields": ["paths", "sha256", ("encoding", "flags_shown"), "replaces_shown", "replaced_by_shown"]},
        ),
    ]  # fmt: skip

    class Media:
        css = {"all": ["articles/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return super().get_queryset(request).defer("text")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountedChangeList]:
        return CountedChangeList

    def count(self, pages: list[Page]) -> None:
        """Set the number of articles and the last file of each page in the list."""
        counts = dict(
            Article.objects.filter(page__in=pages).order_by().values_list("page").annotate(Count("pk"))
        )
        set_file_names(pages)
        for page in pages:
            page.article_count = counts.get(page.pk, 0)  # type: ignore[attr-defined]

    @admin.display(description=_("issue date"), ordering="sort_date")
    def date_shown(self, page: Page) -> SafeString | str:
        """The date; of a page without one the days that are inferred, and where to confirm them."""
        if page.issue_date:
            return date_format(page.issue_date, "Y-m-d")
        text = interval_text(page.issue_earliest, page.issue_latest)
        if page.issue_date_source == Page.DateSource.EDITOR:
            return text
        shown = text if page.issue_earliest else _("no date")
        return format_html('<a href="{}">{} ?</a>', review_url(page.pk, queue="dates"), shown)

    @admin.display(description=_("file"), ordering=_LAST_PATH)
    def file_name(self, page: Page) -> str:
        return page.file_name or "—"

    @admin.display(
        description=_("articles"), ordering=ordering_by_count(Article.objects.all(), "page", Count("*"))
    )
    def article_count(self, page: Page) -> int:
        count: int = page.article_count  # type: ignore[attr-defined] # by `count`
        return count

    @admin.display(description=_("flags"))
    def flags_shown(self, page: Page) -> str:
        return flags_text(page.flags)

    @admin.display(description=_("articles"))
    def articles_shown(self, page: Page) -> SafeString | str:
        return one_per_line(record_link(article) for article in page.articles.order_by("position"))

    @admin.display(description=_("text"))
    def text_shown(self, page: Page) -> SafeString:
        return format_html('<pre class="page">{}</pre>', page.text)

    @admin.display(description=_("paths"))
    def paths(self, page: Page) -> SafeString | str:
        return one_per_line(page.files.order_by("path").values_list("path", flat=True).distinct())

    @admin.display(description=_("replaces"))
    def replaces_shown(self, page: Page) -> SafeString | str:
        return record_link(page.replaces)

    @admin.display(description=_("replaced by"))
    def replaced_by_shown(self, page: Page) -> SafeString | str:
        return one_per_line(record_link(newer) for newer in page.replaced_by.all())


class _RowsOfPages(ReadOnlyAdmin):
    """A list whose rows are each of a page, which is called by its file where nothing else is known of it."""

    list_select_related = ["page"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountedChangeList]:
        return CountedChangeList

    def count(self, rows: list[Any]) -> None:
        """Set the files of the pages of the list, by one query."""
        set_file_names([row.page for row in rows])

    @admin.display(description=_("page"), ordering="page")
    def page_link(self, row: Any) -> SafeString | str:
        return record_link(row.page)


@admin.register(Boundary)
class BoundaryAdmin(_RowsOfPages):
    """Where editors said that an article begins, or does not."""

    list_display = ["page_link", "offset", "begins_shown", "by", "at"]
    fields = ["page_link", "offset", "begins_shown", "by", "at"]
    list_display_links = ["offset"]
    list_filter = ["begins"]
    list_select_related = ["page", "by"]

    @admin.display(description=_("an article begins here"), ordering="begins")
    def begins_shown(self, boundary: Boundary) -> str:
        return yes_or_dash(boundary.begins)


@admin.register(Region)
class RegionAdmin(_RowsOfPages):
    """Which regions of pages editors said to be adverts, notices or text of an article."""

    list_display = ["page_link", "start", "end", "kind", "at"]
    fields = ["page_link", "start", "end", "kind", "anchor", "at"]
    list_display_links = ["start"]
    list_filter = ["kind"]
