"""Checks that no printed character of a page is lost or held twice, and that every span has its words."""

from itertools import pairwise
from typing import Any

from django.utils import timezone

from articles.counts.appearances import count_wrong_appearances
from articles.loading.load_ledger import LoadLedger
from articles.loading.reextraction import reextract
from articles.maintenance.verification import verify
from articles.models import Article, Load, Mention, Page
from articles.reading.layout.block_parts import spans_without, trimmed_spans

NOT_ON_PAGE = ("trashed", "withdrawn")


def live_articles(page: Page) -> list[Article]:
    return list(page.articles.exclude(status__in=NOT_ON_PAGE).order_by("start"))


def holders(page: Page) -> list[tuple[int, int, str]]:
    """Every span of a page with what holds it: an article or a kind of residue."""
    found = [
        (start, end, f"article {article.pk}")
        for article in live_articles(page)
        for block in article.blocks
        for start, end in block["spans"]
    ]
    return sorted([*found, *((one["start"], one["end"], one["kind"]) for one in page.residue or ())])


def holder_by_character(page: Page) -> dict[int, str]:
    """What holds each printed character of a page."""
    return {char: holder for start, end, holder in holders(page) for char in range(start, end)}


def assert_evidence_is_conserved(page: Page) -> None:
    """Every printed character of a page is in one block or residue, and mentions are at their words."""
    spans = [(start, end) for start, end, _holder in holders(page)]
    assert all(one[1] <= other[0] for one, other in pairwise(spans)), holders(page)
    lost = trimmed_spans(spans_without([(0, len(page.text))], spans), page.text)
    assert [page.text[start:end] for start, end in lost] == []
    for row in Mention.objects.filter(article__in=live_articles(page)).select_related("article"):
        assert getattr(row.article, row.part)[row.start : row.end] == row.surface
    assert count_wrong_appearances() == 0
    faults = list(verify(lambda _name, _total: lambda _count=1: None, repair=False))
    assert faults == [], faults


def read_again(page: Page) -> list[Any]:
    """Read a page again by today's rules, and return what that did."""
    ledger = LoadLedger(Load(started_at=timezone.now()))
    return list(reextract([Page.objects.get(pk=page.pk)], "published", ledger, dry_run=False))


def blocks_of(article: Article) -> list[tuple[str, str, list[list[int]]]]:
    article.refresh_from_db()
    return [(block["kind"], block["text"], block["spans"]) for block in article.blocks]
