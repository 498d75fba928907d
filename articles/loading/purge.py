"""Taking a load back."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone

from articles.models.article import Article, ArticleQuerySet
from articles.models.history import by_machine, history_of
from articles.models.load import Load
from articles.models.merge import Distinction, Kind
from articles.models.page import Page
from articles.models.reporter import Byline, Reporter


class PurgePreview(NamedTuple):
    """What a purge takes away and what it leaves, before it is done."""

    articles: ArticleQuerySet
    kept: ArticleQuerySet
    pages: models.QuerySet[Page]
    reporters: models.QuerySet[Reporter]


def preview_purge(load: Load) -> PurgePreview:
    """What `purge` would do now: the articles, pages and reporters that would go, and the articles that would stay."""
    going = purgeable(load)
    pages = _pages(load)
    kept = Article.objects.filter(page__in=pages).exclude(pk__in=going.values("pk"))
    other_bylines = Byline.objects.filter(reporter=models.OuterRef("pk")).exclude(
        article__in=going.values("pk")
    )
    credited = Reporter.objects.filter(bylines__article__in=going.values("pk"))
    reporters = _plain(credited).exclude(models.Exists(other_bylines)).distinct()
    return PurgePreview(going, kept, pages.exclude(pk__in=kept.values("page")), reporters)


def purgeable(load: Load) -> ArticleQuerySet:
    """The articles that a load created and no person touched, on the pages that it was the first to load."""
    return Article.objects.untouched().filter(page__in=_pages(load), created_at__gte=load.started_at)


def purge(load: Load) -> Counter[str]:
    """Delete what a load created, and count it: articles, pages, reporters; kept are the articles that stay.

    A page stays with an article that a person touched, or that stood on an earlier version of the page.
    The ledger stays too, so that the load can be read about; its files load anew.
    """
    _end(load)
    with transaction.atomic():
        with by_machine():
            purged = _purged(load)
        if told := ", ".join(f"{count} {what}" for what, count in sorted(purged.items()) if count):
            # One row for all: of what no person touched there was no history before either.
            history_of(Load).note(load, f"purged: {told}")
    return purged


def _end(load: Load) -> None:
    """Let workers load no more of it, not even the page at hand; by itself, as that page's rows may be locked."""
    is_queued = Load.objects.filter(pk=load.pk, finished_at=None).exclude(expected=None)
    is_queued.update(finished_at=timezone.now())


def _purged(load: Load) -> Counter[str]:
    purged = Counter[str]()
    for page in list(_pages(load)):
        articles = purgeable(load).filter(page=page)
        reporters = [
            *Reporter.objects.filter(bylines__article__in=articles).distinct().values_list("pk", flat=True)
        ]
        purged["articles"] += articles.count()
        articles.delete()
        purged["reporters"] += _delete_unused(reporters)
        if kept := page.articles.count():
            purged["kept"] += kept
        else:
            page.delete()
            purged["pages"] += 1
    return purged


def _pages(load: Load) -> models.QuerySet[Page]:
    return Page.objects.defer("text").filter(files__load=load).exclude(files__load__lt=load.pk).distinct()


def _plain(reporters: models.QuerySet[Reporter]) -> models.QuerySet[Reporter]:
    """Those of whom nobody wrote anything down: no namesake told apart, no other name, no merge and no "not the same"."""
    told_apart = Distinction.objects.filter(kind=Kind.REPORTER).filter(
        models.Q(first=models.OuterRef("pk")) | models.Q(second=models.OuterRef("pk"))
    )
    plain = reporters.filter(disambiguation="", aliases=None, merged_into=None, merged=None)
    return plain.exclude(models.Exists(told_apart))


def _delete_unused(reporters: list[int]) -> int:
    """Delete those of the reporters whom no byline names any more, and say how many they were."""
    unused = list(_plain(Reporter.objects.filter(pk__in=reporters, bylines=None)))
    for reporter in unused:
        reporter.delete()
    return len(unused)
