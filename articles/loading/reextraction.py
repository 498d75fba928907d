"""Reads stored pages again by today's rules, and says what that changes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace

from articles.editing.name_authority import recorded_names
from articles.editing.record_registry import RecordRegistry
from articles.models import LoadFile, Page

from .article_plan import PagePlan
from .file_plan import FilePlan, articles_of_versions, plan_reextraction
from .imprint import Imprint
from .load_ledger import LoadLedger
from .loader import OutdatedPlan, note_score, write_plan
from .reading_differences import Difference, compare_imprints, compare_page, compare_residue


@dataclass(frozen=True, slots=True)
class ReextractedPage:
    """What reading a page again did, or would do; `articles` counts by outcome."""

    page: Page
    path: str
    articles: Counter[str]
    differences: tuple[Difference, ...]


def reextract(
    pages: Iterable[Page], status: str, ledger: LoadLedger, *, dry_run: bool
) -> Iterator[ReextractedPage]:
    """Read pages again that are the current version of a file, one transaction a page; editors' decisions stay.

    A dry run plans the same and writes nothing.
    """
    registry = RecordRegistry()
    for page in pages:
        # Of each page, as editors record names during a run that takes hours.
        while plan := plan_reextraction(page, recorded_names()):
            try:
                yield _reextract(page, plan, status, ledger if not dry_run else None, registry)
            except OutdatedPlan:
                registry.forget()
                continue
            break


def _reextract(
    page: Page, plan: FilePlan, status: str, ledger: LoadLedger | None, registry: RecordRegistry
) -> ReextractedPage:
    before, residue = Imprint.of_page(page), page.residue
    articles = _preview(page, plan, status)
    if ledger:
        if not articles.is_change and (plan.imprint, list(articles.residue)) == (before, residue):
            plan = replace(plan, outcome=LoadFile.Outcome.UNCHANGED)
        # Planned again by the same function, from rows that are locked.
        articles = write_plan(plan, ledger, registry, status) or articles
        if plan.reading:
            note_score(page, plan.reading)
    differences = (
        *compare_imprints(before, plan.imprint or before),
        *compare_residue(page.text, residue or [], articles.residue),
        *compare_page(articles),
    )
    return ReextractedPage(page, plan.path, articles.counts, differences)


def _preview(page: Page, plan: FilePlan, status: str) -> PagePlan:
    """What writing a plan would make of the articles now."""
    read = copy(page)
    if plan.imprint:
        plan.imprint.write_to(read)
    return plan.plan_articles(read, status, articles_of_versions(page, plan.versions))
