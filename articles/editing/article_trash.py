"""Moves articles to the trash and back, with the status that they had, decided or not; no load restores one."""

from django.db import transaction

from articles.models.article import Article

from .article_corrections import store_decision
from .page_residue import take_printed_text


def trash_article(article: Article) -> None:
    """Move an article to the trash, from where it can be restored."""
    if article.status != Article.Status.TRASHED:
        store_decision(article, {"status": Article.Status.TRASHED, "trashed_from": article.status})


def restore_article(article: Article) -> None:
    """Take an article out of the trash, with the status that it had before and its text of the page.

    `ValidationError` names another article that has this text now, as after a join.
    """
    if article.status == Article.Status.TRASHED:
        with transaction.atomic():
            take_printed_text(article)
            store_decision(article, {"status": article.trashed_from, "trashed_from": ""})
