"""Marks all articles of a page as reviewed by one decision, under the rules that hold for each."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.editing.article_corrections import (
    allowed_statuses,
    check_reviewable,
    correct_article,
)
from articles.models import Article, Mention, Page

UNREVIEWABLE = [Article.Status.TRASHED, Article.Status.WITHDRAWN]
"""The statuses of articles that no editor has to review."""


class Obstacle(NamedTuple):
    """Why a page cannot be called right: the first article with a doubt in page order, its name in doubt, the reason."""

    article: Article
    mention: Mention | None
    reason: str


def approve_page(page: Page, *, publish: bool = False) -> int | Obstacle:
    """Mark all articles of a page as reviewed, and `publish` those that are not public; return how many were changed.

    If one of them may not be called reviewed, none is changed, and the obstacle is returned. The caller checks the right
    to publish.
    """
    with transaction.atomic():
        rows = Article.objects.filter(page=page).exclude(status__in=UNREVIEWABLE)
        articles = list(rows.select_for_update().order_by("pk"))
        articles.sort(key=lambda article: (article.position or 0, article.pk))
        for article in articles:
            if obstacle := _obstacle(article):
                return obstacle
        return sum(_approve(article, publish=publish) for article in articles)


def _approve(article: Article, *, publish: bool) -> bool:
    decided: dict[str, Any] = {"reviewed": True}
    published = Article.Status.PUBLISHED
    if publish and article.status != published and published in allowed_statuses(article, may_publish=True):
        decided["status"] = published
    return correct_article(article, **decided)


def _obstacle(article: Article) -> Obstacle | None:
    if article.reviewed:
        return None
    try:
        check_reviewable(article)
    except ValidationError as error:
        mention = article.mentions.doubtful().in_order().first()
        return Obstacle(article, mention, " ".join(error.messages))
    return None
