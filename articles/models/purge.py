"""Taking a load back."""

from __future__ import annotations

from collections import Counter

from django.db import models, transaction

from .article import Article, ArticleQuerySet
from .history import by_machine
from .load import Load
from .page import Page
from .reporter import Reporter


def purgeable(load: Load) -> ArticleQuerySet:
    """The articles that a load created and no person touched, on the pages that it was the first to load."""
    return Article.objects.untouched().filter(page__in=_pages(load), created_at__gte=load.started_at)


def purge(load: Load) -> Counter[str]:
    """Delete what a load created, and count it: articles, pages, reporters; kept are the articles that stay.

    A page stays with an article that a person touched, or that stood on an earlier version of the page.
    The ledger stays too, so that the load can be read about; its files load anew.
    """
    purged = Counter[str]()
    with transaction.atomic(), by_machine():
        for page in list(_pages(load)):
            articles = purgeable(load).filter(page=page)
            reporters = list(Reporter.objects.filter(bylines__article__in=articles).distinct())
            purged["articles"] += articles.count()
            articles.delete()
            purged["reporters"] += sum(_delete_if_unused(reporter) for reporter in reporters)
            if kept := page.articles.count():
                purged["kept"] += kept
            else:
                page.delete()
                purged["pages"] += 1
    return purged


def _pages(load: Load) -> models.QuerySet[Page]:
    return Page.objects.defer("text").filter(files__load=load).exclude(files__load__lt=load.pk).distinct()


def _delete_if_unused(reporter: Reporter) -> bool:
    """Delete a reporter whom no byline names any more and of whom nobody wrote anything down."""
    is_merged = reporter.merged_into_id or reporter.merged.exists()
    used = is_merged or reporter.disambiguation or reporter.bylines.exists() or reporter.aliases.exists()
    if not used:
        reporter.delete()
    return not used
