"""The actions that change many articles at once; they report how many were changed and why others were not."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.display import ModelAdmin
from articles.editing.article_corrections import allowed_statuses, check_reviewable, correct_article
from articles.models import Article

# Articles that one request changes: more would take longer than a web server waits.
_MOST_ARTICLES = 1_000
BULK_ACTIONS = ("publish", "withdraw", "submit", "back_to_draft", "mark_reviewed", "set_printed")
_STATUS = Article.Status
STATUS_ACTS = {
    _STATUS.PUBLISHED: gettext_lazy("Publish"),
    _STATUS.WITHDRAWN: gettext_lazy("Withdraw"),
    _STATUS.IN_REVIEW: gettext_lazy("Submit for review"),
    _STATUS.DRAFT: gettext_lazy("Back to draft"),
}
"""What an editor does to give an article a status, as on buttons."""


class _ArticleSkipped(Exception):
    """Raised with the reason why an article is left as it is."""


class BulkActions(ModelAdmin):
    """The actions of the list of articles that change them."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_submit_permission(self, request: HttpRequest) -> bool:
        """Whether the user may change all articles, or own drafts."""
        rights = ("articles.change_article", "articles.change_own_article")
        return any(request.user.has_perm(right) for right in rights)

    @admin.action(description=STATUS_ACTS[_STATUS.PUBLISHED], permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._set_status(request, queryset, _STATUS.PUBLISHED)

    @admin.action(description=STATUS_ACTS[_STATUS.WITHDRAWN], permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._set_status(request, queryset, _STATUS.WITHDRAWN)

    @admin.action(description=STATUS_ACTS[_STATUS.IN_REVIEW], permissions=["submit"])
    def submit(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._set_status(request, queryset, _STATUS.IN_REVIEW)

    @admin.action(description=STATUS_ACTS[_STATUS.DRAFT], permissions=["submit"])
    def back_to_draft(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._set_status(request, queryset, _STATUS.DRAFT)

    @admin.action(description=gettext_lazy("Mark as reviewed"), permissions=["change"])
    def mark_reviewed(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        def review(article: Article) -> None:
            if article.status == _STATUS.TRASHED:
                raise _ArticleSkipped(_STATUS.TRASHED.label)
            if article.reviewed:
                raise _ArticleSkipped(_("reviewed before"))
            try:
                check_reviewable(article)
            except ValidationError as error:
                # The message of the error has the number of names, which differs for each article.
                are_names = article.mentions.doubtful().exists()
                raise _ArticleSkipped(_("names in doubt") if are_names else _("joins in doubt")) from error
            correct_article(article, reviewed=True)

        self._change_each(request, queryset, review, _("reviewed"))

    def _set_status(self, request: HttpRequest, queryset: QuerySet[Article], status: Any) -> None:
        may_publish = self.has_publish_permission(request)

        def become(article: Article) -> None:
            following = allowed_statuses(article, may_publish=may_publish) - {article.status}
            if status not in following:
                raise _ArticleSkipped(article.get_status_display())
            correct_article(article, status=status)

        self._change_each(request, queryset, become, status.label)

    def _change_each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Article],
        act: Callable[[Article], None],
        outcome: Any,
    ) -> None:
        """Act on each article that the user may change, and report the counts; `act` raises `_ArticleSkipped`."""
        chosen = list(queryset.order_by().values_list("pk", flat=True)[: _MOST_ARTICLES + 1])
        if len(chosen) > _MOST_ARTICLES:
            text = _("At most %(most)s articles are changed at once, nothing was changed: narrow the list.")
            messages.error(request, text % {"most": _MOST_ARTICLES})
            return
        done, skipped = 0, Counter[str]()
        with transaction.atomic():
            # In the order of ids, so that two users who choose the same articles cannot block each other.
            for article in Article.objects.select_for_update().filter(pk__in=chosen).order_by("pk"):
                if not self.has_change_permission(request, article):
                    skipped[_("not yours to change")] += 1
                    continue
                try:
                    act(article)
                    done += 1
                except _ArticleSkipped as reason:
                    skipped[str(reason)] += 1
                except ValidationError as error:
                    skipped[" ".join(error.messages)] += 1
        _report(request, done, skipped, outcome)


def _report(request: HttpRequest, done: int, skipped: Counter[str], outcome: Any) -> None:
    if done:
        text = _("Articles that are “%(outcome)s” now: %(count)s.")
        messages.success(request, text % {"outcome": outcome, "count": done})
    for reason, count in skipped.most_common():
        text = _("Articles left as they were: %(count)s (%(reason)s).")
        messages.warning(request, text % {"count": count, "reason": reason})
