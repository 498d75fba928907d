"""Loads page files: writes each page with its articles, its credits and its row in the ledger in one transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Self

from django.db import IntegrityError

from articles.editing.record_registry import RecordRegistry
from articles.loading.sources.files import PageSource
from articles.models import Article, Boundary, LoadFile, Page, PageSetting, Region
from articles.models.history import by_machine
from articles.reading.formats.page_json import layout_to_json
from articles.reading.layout.decided_regions import DecidedRegion
from articles.reading.values import Reading, Rejected

from .article_plan import PagePlan
from .article_rows import store_stories
from .file_plan import FilePlan, KnownFiles, plan_file, plan_known_file
from .imprint import Imprint
from .load_ledger import LoadLedger, SharedLoadLedger
from .load_terms import LoadTerms
from .read_files import ReadFile

# Files that are looked up together: fewer are slower, more are outdated when several loaders share the work.
_BATCH = 30


@dataclass(frozen=True, slots=True)
class FileResult:
    """What a load did with a file; `articles` counts by outcome, `reading` is None where the page was not read."""

    path: str
    sha256: str
    outcome: str
    articles: Counter[str]
    reading: Reading | None = None
    imprint: Imprint | None = None
    rejected: Rejected | None = None

    @classmethod
    def of(cls, plan: FilePlan, articles: Counter[str]) -> Self:
        return cls(plan.path, plan.sha256, plan.outcome, articles, plan.reading, plan.imprint, plan.rejected)


class OutdatedPlan(Exception):
    """The file has another version by now, or an editor set a boundary, since its load was planned."""


def dry_run(sources: Iterable[PageSource], terms: LoadTerms) -> Iterator[FileResult]:
    """Read files as if none were loaded, without any database."""
    for source in sources:
        for file in ReadFile.pages_of(source, terms.max_bytes):
            plan = plan_file(file, KnownFiles(), terms)
            yield FileResult.of(plan, +Counter(created=plan.article_count))


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads files by its terms, and records them in a ledger."""

    terms: LoadTerms
    ledger: LoadLedger | SharedLoadLedger

    def load(self, sources: Iterable[PageSource]) -> Iterator[FileResult]:
        """Load files one by one; what was yielded is committed."""
        for batch in self._batches(sources):
            known, registry = KnownFiles.look_up(batch), RecordRegistry()
            for file in batch:
                yield self._load(file, known, registry)

    def find_known(self, sources: Iterable[PageSource]) -> Iterator[tuple[ReadFile, FileResult | None]]:
        """Record the pages that end as at their last load; gives None for a page that is still to be loaded."""
        for batch in self._batches(sources):
            known, registry = KnownFiles.look_up(batch), RecordRegistry()
            for file in batch:
                plan = plan_known_file(file, known, self.terms)
                yield file, self._write(plan, registry) if plan else None

    def _batches(self, sources: Iterable[PageSource]) -> Iterator[list[ReadFile]]:
        """Read files in batches of little more than the bytes that one file may have."""
        batch: list[ReadFile] = []
        for source in sources:
            for file in ReadFile.pages_of(source, self.terms.max_bytes):
                batch.append(file)
                if len(batch) == _BATCH or sum(file.size for file in batch) > self.terms.max_bytes:
                    yield batch
                    batch = []
        yield batch

    def _load(self, file: ReadFile, known: KnownFiles, registry: RecordRegistry) -> FileResult:
        try:
            return self._write(plan_file(file, known, self.terms), registry)
        except (IntegrityError, OutdatedPlan):
            # Another loader wrote the page meanwhile, or this one did from another path, or an editor split an article.
            # The records that were created for it are rolled back, and their ids may be those of other records now.
            registry.forget()
            return self._write(plan_file(file, KnownFiles.look_up([file]), self.terms), registry)

    def _write(self, plan: FilePlan, registry: RecordRegistry) -> FileResult:
        written = write_plan(plan, self.ledger, registry, self.terms.status)
        return FileResult.of(plan, written.counts if written else +Counter(unchanged=plan.article_count))


def write_plan(
    plan: FilePlan, ledger: LoadLedger | SharedLoadLedger, registry: RecordRegistry, status: str
) -> PagePlan | None:
    """Write what a plan says, with its row of the ledger; return what became of the articles, None if nothing did."""
    row = LoadFile(path=plan.path, sha256=plan.sha256, outcome=plan.outcome, page=plan.page)
    if plan.rejected:
        row.reason, row.detail = plan.rejected.reason, plan.rejected.detail
    if plan.reading is None or plan.outcome == LoadFile.Outcome.UNCHANGED:
        if plan.is_known and isinstance(ledger, LoadLedger):
            ledger.defer(row)
        else:
            with ledger.record(row) as articles:
                articles.update(+Counter(unchanged=plan.article_count))
        return None
    with ledger.record(row) as articles:
        stored = _lock(plan)
        row.page = page = plan.page or _create_page(plan.reading, plan.imprint, plan.versions.replaced)
        _write_boundaries(page, plan.boundaries)
        _write_regions(page, plan.regions)
        note_score(page, plan.reading)
        if plan.imprint and plan.imprint != Imprint.of_page(page):
            plan.imprint.write_to(page)
            with by_machine():
                page.save(update_fields=asdict(plan.imprint))
        written = store_stories(page, plan, status, stored, registry)
        articles.update(written.counts)
    return written


def note_score(page: Page, reading: Reading) -> None:
    """Store how sure the reader was of its least sure line, by which pages are ordered for review."""
    if page.least_score != reading.least_score:
        page.least_score = reading.least_score
        Page.objects.filter(pk=page.pk).update(least_score=reading.least_score)


def _lock(plan: FilePlan) -> list[Article]:
    """Lock the versions of a page and their articles against other loads and editors, and return the articles.

    `OutdatedPlan` if one of them was faster. An editor who splits or joins locks articles, so decisions are compared last.
    """
    pages = [page.pk for page in (plan.page, *plan.versions.earlier) if page]
    if not pages:
        return []
    list(Page.objects.select_for_update(no_key=True).filter(pk__in=pages).order_by("pk").values_list("pk"))
    articles = list(Article.objects.select_for_update().filter(page__in=pages).order_by("pk"))
    if plan.is_outdated():
        raise OutdatedPlan
    return articles


@by_machine()
def _create_page(reading: Reading, imprint: Imprint | None, replaced: Page | None) -> Page:
    page = Page.objects.create(
        sha256=reading.page.sha256,
        text=reading.page.text,
        encoding=reading.page.encoding,
        flags=list(reading.page.flags),
        nul_offsets=list(reading.page.nul_offsets),
        least_score=reading.least_score,
        replaces=replaced,
        **asdict(imprint or Imprint()),
    )
    if reading.page.layout:
        PageSetting.objects.create(page=page, **layout_to_json(reading.page.layout))
    return page


def _write_boundaries(page: Page, boundaries: Mapping[int, bool]) -> None:
    """Store the boundaries by which a page was read: those from an earlier version are new to it."""
    stored = Boundary.objects.of(page) if boundaries else {}
    for offset, begins in boundaries.items():
        if stored.get(offset) is not begins:
            Boundary.objects.say(page, offset, begins=begins, by=None)


def _write_regions(page: Page, regions: Sequence[DecidedRegion]) -> None:
    """Store the regions by which a page was read: those from an earlier version are new to it."""
    stored = Region.objects.of(page) if regions else []
    for region in regions:
        if region not in stored:
            Region.objects.say(page, *astuple(region))
