"""The queue of printed articles that wait for a review: page by page, the newest first."""

from typing import NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from articles.editing.review.page_approval import UNREVIEWABLE
from articles.editing.review.page_samples import sure_pages
from articles.models import Article, Page, PageAcceptance
from articles.models.article import ArticleQuerySet

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


def pages_to_review(order: str) -> QuerySet[Page]:
    """The pages of the queue: the `newest` first, or those that are likeliest wrong, and last those that are sure.

    A page that no score was noted for comes first: it was read before there were scores.
    """
    unreviewed = review_queue().filter(page=OuterRef("pk")).order_by()
    pages = Page.objects.defer("text").filter(Exists(unreviewed))
    if order == "newest":
        return pages.order_by("-sort_date", "-pk")
    sampled = Exists(PageAcceptance.objects.filter(page=OuterRef("pk"), is_sample=True, verdict=""))
    is_sure = Case(When(pk__in=sure_pages().values("pk"), then=Value(1)), default=Value(0))
    likeliest = F("least_score").asc(nulls_first=True)
    return pages.order_by(sampled.desc(), is_sure, likeliest, "-sort_date", "-pk")


def next_page(page: Page) -> Page | None:
    """The page of the queue after another one, else its first; None if no other page waits."""
    waiting = review_queue().exclude(page=page.pk).select_related("page").defer("page__text")
    same_day = Q(sort_date=page.sort_date)
    behind = waiting.filter(Q(sort_date__lt=page.sort_date) | same_day & Q(page_id__lt=page.pk)).first()
    found = behind or waiting.first()
    return found.page if found else None
