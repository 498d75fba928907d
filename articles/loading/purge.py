"""Purges a load: deletes what it created and no person changed."""

from collections import Counter
from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone

from articles.editing.block_spans import spans_of
from articles.editing.page_residue import NOT_ON_PAGE, record_residue
from articles.models.article import Article, ArticleQuerySet
from articles.models.history import by_machine, history_of
from articles.models.load import Load
from articles.models.merge import Distinction, Kind
from articles.models.page import Page
from articles.models.reporter import Byline, Reporter
from articles.reading.layout.block_parts import spans_without
from articles.record_lock import share_records


class PurgePreview(NamedTuple):
    """The articles, pages and reporters that a purge would delete, and the articles that would remain."""

    articles: ArticleQuerySet
    remaining: ArticleQuerySet
    pages: models.QuerySet[Page]
    reporters: models.QuerySet[Reporter]


def preview_purge(load: Load) -> PurgePreview:
    """What `purge` would do now."""
    deleted = purgeable(load)
    pages = _pages(load)
    remaining = Article.objects.filter(page__in=pages).exclude(pk__in=deleted.values("pk"))
    other_bylines = Byline.objects.filter(reporter=models.OuterRef("pk")).exclude(
        article__in=deleted.values("pk")
    )
    credited = Reporter.objects.filter(bylines__article__in=deleted.values("pk"))
    reporters = _undecided(credited).exclude(models.Exists(other_bylines)).distinct()
    return PurgePreview(deleted, remaining, pages.exclude(pk__in=remaining.values("page")), reporters)


def purgeable(load: Load) -> ArticleQuerySet:
    """The articles that a load created and no person changed, on the pages that it was the first to load."""
    return Article.objects.untouched().filter(page__in=_pages(load), created_at__gte=load.started_at)


def purge(load: Load) -> Counter[str]:
    """Delete what a load created; count the deleted articles, pages and reporters, and the remaining articles.

    A page stays if it has an article that a person changed or that an earlier version of the page had. The load and its
    rows stay as a record; its files can be loaded again, and a page that stays can be read again.
    """
    # In a transaction of its own, as workers may have locked the rows of their pages.
    queued = Load.objects.filter(pk=load.pk, finished_at=None).exclude(expected=None)
    queued.update(finished_at=timezone.now())
    with transaction.atomic():
        share_records()
        with by_machine():
            counts = _delete(load)
        if summary := ", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count):
            # One row for all: articles that no person changed had no history before either.
            history_of(Load).note(load, f"purged: {summary}")
    return counts


def _delete(load: Load) -> Counter[str]:
    counts = Counter[str]()
    for page in list(_pages(load)):
        articles = purgeable(load).filter(page=page)
        credited = Reporter.objects.filter(bylines__article__in=articles).distinct()
        reporters = list(credited.values_list("pk", flat=True))
        spans = [span for article in articles for span in spans_of(article.blocks)]
        counts["articles"] += articles.count()
        articles.delete()
        # One by one, as each has a history.
        for reporter in list(_undecided(Reporter.objects.filter(pk__in=reporters, bylines=None))):
            reporter.delete()
            counts["reporters"] += 1
        if remaining := page.articles.count():
            counts["remaining"] += remaining
            others = page.articles.exclude(status__in=NOT_ON_PAGE)
            shown = [span for article in others for span in spans_of(article.blocks)]
            record_residue(page, spans_without(spans, shown), "removed")
        else:
            page.delete()
            counts["pages"] += 1
    return counts


def _pages(load: Load) -> models.QuerySet[Page]:
    return Page.objects.defer("text").filter(files__load=load).exclude(files__load__lt=load.pk).distinct()


def _undecided(reporters: models.QuerySet[Reporter]) -> models.QuerySet[Reporter]:
    """The reporters about whom no editor decided anything: no disambiguation, alias, merge or "not the same"."""
    distinctions = Distinction.objects.filter(kind=Kind.REPORTER).filter(
        models.Q(first=models.OuterRef("pk")) | models.Q(second=models.OuterRef("pk"))
    )
    undecided = reporters.filter(disambiguation="", aliases=None, merged_into=None, merged=None)
    return undecided.exclude(models.Exists(distinctions))
