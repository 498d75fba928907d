"""The list of articles in the admin: its columns, filters, search and actions."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from articles.admin.display import yes_or_dash
from articles.admin.lists.article_filters import ArticleFilters
from articles.admin.lists.bulk_actions import BULK_ACTIONS
from articles.admin.lists.bulk_fields import BulkFields
from articles.admin.lists.exports import EXPORT_ACTIONS, ExportActions
from articles.admin.lists.filtered_list import FilteredAdmin
from articles.models import Article
from articles.search import QueryError, filter_matching, parse_query
from articles.search.highlights import highlights

from .article_trash import ARTICLE_TRASH_ACTIONS

_FRAGMENTS = 3  # that a row of a search shows


class ArticleList(FilteredAdmin, BulkFields, ExportActions):
    filter_form = ArticleFilters
    actions = [*BULK_ACTIONS, *EXPORT_ACTIONS, *ARTICLE_TRASH_ACTIONS]

    list_display = [
        "headline_or_body", "credited", "issue_date", "publication", "section", "status", "reviewed_shown",
    ]  # fmt: skip
    search_fields = ["headline"]  # shows the box; `get_search_results` does the search
    search_help_text = _(
        "All words must occur, “a phrase” in quotes exactly as written; -word must not occur."
    )
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        articles = super().get_queryset(request).select_related("page")
        return articles.prefetch_related("bylines__reporter").defer("page__text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Search as the API does; an invalid query finds nothing and shows why."""
        if not search_term.strip():
            return queryset, False
        try:
            return filter_matching(queryset, parse_query(search_term)), False
        except QueryError as error:
            messages.warning(request, str(error))
            return queryset.none(), False

    @admin.display(description=_("headline"), ordering="headline")
    def headline_or_body(self, article: Article) -> str:
        """The headline, of the article that a search found with the words of it in their context."""
        query = getattr(article, "searched", "").strip()  # by the list
        if not query:
            return str(article)
        fragments = [(mark_safe(one.fragment),) for one in highlights(article, parse_query(query))]  # noqa: S308 - escaped there
        found = format_html_join(" … ", "{}", fragments[:_FRAGMENTS])
        return format_html('{}<span class="found-words">{}</span>', str(article), found)

    @admin.display(description=_("reviewed"), ordering="reviewed")
    def reviewed_shown(self, article: Article) -> str:
        return yes_or_dash(article.reviewed)

    @admin.display(description=_("reporters"))
    def credited(self, article: Article) -> str:
        return "、".join(dict.fromkeys(byline.reporter.name for byline in article.bylines.all()))
