"""Accepts pages in bulk in which nothing is in doubt, with a sample that editors check, and gives its error rate."""

import random
from collections.abc import Sequence
from math import sqrt
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.models import Article, Mention, Page, PageAcceptance
from articles.row_lock import lock_row

from .page_approval import UNREVIEWABLE, Obstacle, approve_page

# The least score of the blocks of a page from which the reader counts as sure of it (docs/desk.md has the figures).
_SURE = 2.0

# Of so many pages one is checked.
_ONE_IN = 10
# Columns that the reader reads: who corrects one of them, wherever that is, found an error.
_READ = {"kicker", "headline", "subtitle", "blocks", "body"}
# The normal quantile of an interval of 95 %.
_QUANTILE = 1.96


class Accepted(NamedTuple):
    """What accepting pages did: pages that are reviewed now, pages to check, and pages that had a doubt."""

    reviewed: int
    sampled: int
    doubtful: int


class SampleRate(NamedTuple):
    """How many sampled pages were checked and were wrong, with the share and its 95 % interval (Wilson)."""

    waiting: int
    checked: int
    wrong: int

    @property
    def share(self) -> float:
        return self.wrong / self.checked if self.checked else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and the upper end of the interval; everything is possible before a page was checked."""
        if not self.checked:
            return 0.0, 1.0
        n, z = self.checked, _QUANTILE
        centre = (self.share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(self.share * (1 - self.share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(centre - half, 0.0), min(centre + half, 1.0)


def sure_pages() -> Any:
    """The pages to review in which the reader is sure and no name is in doubt; a sampled page is not among them."""
    waiting = Article.objects.filter(page=OuterRef("pk"), reviewed=False).exclude(status__in=UNREVIEWABLE)
    doubts = Mention.objects.doubtful().filter(article__page=OuterRef("pk"))
    doubts = doubts.exclude(article__status__in=UNREVIEWABLE)
    pages = Page.objects.filter(Exists(waiting.order_by()), ~Exists(doubts), least_score__gte=_SURE)
    return pages.filter(acceptance=None)


def accept_pages(pages: Sequence[Page], by: Any, chance: random.Random | None = None) -> Accepted:
    """Mark pages as reviewed but for a random sample, one in ten and at least one, which an editor has to check."""
    chosen = sure_pages().filter(pk__in=[page.pk for page in pages]).order_by("pk")
    ids = list(chosen.values_list("pk", flat=True))
    count = -(-len(ids) // _ONE_IN)
    sample = set((chance or random.SystemRandom()).sample(ids, count))
    sampled = reviewed = doubtful = 0
    for row in Page.objects.filter(pk__in=ids).defer("text").order_by("pk"):
        with transaction.atomic():
            page = lock_row(row, no_key=True)
            if PageAcceptance.objects.filter(page=page).exists():
                continue  # another request accepted it meanwhile
            is_sample = page.pk in sample
            if not is_sample and isinstance(approve_page(page), Obstacle):
                doubtful += 1
                continue
            PageAcceptance.objects.create(page=page, by=by, is_sample=is_sample)
            sampled += is_sample
            reviewed += not is_sample
    return Accepted(reviewed, sampled, doubtful)


def check_sample(page: Page, by: Any, *, is_right: bool) -> None:
    """Record what an editor found on a sampled page; the first finding counts, as it is about what was read."""
    acceptance = PageAcceptance.objects.filter(page=page, is_sample=True, verdict="").first()
    if acceptance:
        corrected = Article.objects.filter(page=page).values_list("corrected", flat=True)
        is_right = is_right and not any(_READ & {*columns} for columns in corrected)
        acceptance.verdict = PageAcceptance.Finding.RIGHT if is_right else PageAcceptance.Finding.WRONG
        acceptance.checked_by, acceptance.checked_at = by, timezone.now()
        acceptance.save()


def sample_rate() -> SampleRate:
    """The findings on all sampled pages so far."""
    findings = list(PageAcceptance.objects.filter(is_sample=True).values_list("verdict", flat=True))
    wrong = findings.count(PageAcceptance.Finding.WRONG)
    waiting = findings.count("")
    return SampleRate(waiting, len(findings) - waiting, wrong)
