"""The queue of articles that nobody has reviewed: page by page, the newest first."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.models import Article
from articles.models.article import ArticleQuerySet

REVIEWED = "reviewed"
# By the id of the page: `page` would order by what pages are ordered by.
_ORDER = ("-sort_date", "-page_id", "position", "pk")
_BACK = ("sort_date", "page_id", "-position", "-pk")


class Neighbours(NamedTuple):
    """The unreviewed articles before and behind one in the queue, and how many are left on its page."""

    previous: Article | None
    next: Article | None
    left_on_page: int


def queue() -> ArticleQuerySet:
    """The printed articles that wait for a review, in the order in which they are gone through."""
    waiting = Article.objects.filter(reviewed=False, page__isnull=False)
    gone = [Article.Status.TRASHED, Article.Status.WITHDRAWN]
    return waiting.exclude(status__in=gone).order_by(*_ORDER)


def neighbours(article: Article) -> Neighbours:
    position = article.position or 0
    if article.page_id is None:
        return Neighbours(None, None, 0)
    same_day = Q(sort_date=article.sort_date)
    same_page = same_day & Q(page=article.page_id)
    # The first condition follows from the others: it says where in the index to begin.
    behind = Q(sort_date__lte=article.sort_date) & (
        Q(sort_date__lt=article.sort_date)
        | same_day & Q(page__lt=article.page_id)
        | same_page & Q(position__gt=position)
    )
    before = Q(sort_date__gte=article.sort_date) & (
        Q(sort_date__gt=article.sort_date)
        | same_day & Q(page__gt=article.page_id)
        | same_page & Q(position__lt=position)
    )
    waiting = queue().exclude(pk=article.pk).only("pk", "headline")
    return Neighbours(
        waiting.filter(before).order_by(*_BACK).first(),
        waiting.filter(behind).first(),
        queue().filter(page=article.page_id).count(),
    )


def move(article: Article, status: str, by: Any) -> None:
    """Give an article a status, or call it reviewed; `ValidationError` if it cannot become that."""
    if status == REVIEWED:
        if not by.has_perm("articles.change_article"):
            raise ValidationError(_("To call an article reviewed takes the right to change any article."))
        article.correct(reviewed=True)
        return
    following = article.next_statuses(may_publish=by.has_perm("articles.publish_article"))
    if status not in following:
        raise ValidationError(_("The article cannot become that from what it is now."))
    article.correct(status=status)
