"""The queue of printed articles that wait for a review: page by page, the newest first."""

from typing import NamedTuple

from django.db.models import Q

from articles.models import Article
from articles.models.article import ArticleQuerySet

UNREVIEWABLE = [Article.Status.TRASHED, Article.Status.WITHDRAWN]
# By the id of the page: `page` would order by the ordering of pages.
_ORDER = ("-sort_date", "-page_id", "position", "pk")


class Neighbours(NamedTuple):
    """The unreviewed articles before and behind one in the queue, and how many are left on its page."""

    previous: Article | None
    next: Article | None
    left_on_page: int


def review_queue() -> ArticleQuerySet:
    """The articles of the queue, in its order."""
    waiting = Article.objects.filter(reviewed=False, page__isnull=False)
    return waiting.exclude(status__in=UNREVIEWABLE).order_by(*_ORDER)


def neighbours(article: Article) -> Neighbours:
    position = article.position or 0
    if article.page_id is None:
        return Neighbours(None, None, 0)
    same_day = Q(sort_date=article.sort_date)
    same_page = same_day & Q(page=article.page_id)
    # The first condition follows from the others, but lets the database use the index.
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
    waiting = review_queue().exclude(pk=article.pk).only("pk", "headline")
    return Neighbours(
        waiting.filter(before).reverse().first(),
        waiting.filter(behind).first(),
        review_queue().filter(page=article.page_id).count(),
    )
