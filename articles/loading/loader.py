"""The only writer: each page in one transaction, with its articles, its bylines and its row in the ledger."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, fields

from django.db import IntegrityError
from django.db.models import Count

from articles.loading.sources.files import PageSource
from articles.models import Boundary, LoadFile, Page
from articles.reading.formats import plain_text
from articles.reading.pipeline import read_page
from articles.reading.values import Reading, Rejected

from .article_rows import store_stories
from .imprint import Imprint, StatedImprint, imprint_of
from .load_ledger import LoadLedger, SharedLoadLedger
from .record_registry import RecordRegistry, recorded_names

_Outcome = LoadFile.Outcome
# Files that are looked up together: fewer are slower, more are stale when several loaders share the work.
_BATCH = 30

_IMPRINT = tuple(field.name for field in fields(Imprint))


@dataclass(frozen=True, slots=True)
class LoadTerms:
    """How a load goes: what it states of its pages, what holds where they are silent, their status and size."""

    stated: StatedImprint
    otherwise: Imprint
    status: str
    max_bytes: int

    @property
    def home(self) -> str:
        """The code of the division where the paper is at home, empty if nobody said."""
        return self.stated.home_code if self.stated.home_code is not None else self.otherwise.home_code

    def imprint(self, reading: Reading, before: Page | None = None) -> Imprint:
        """The imprint of a page that is read for the first time, maybe as a new version of another."""
        otherwise = _imprint(before) if before else self.otherwise
        return imprint_of(reading.page.masthead, otherwise).restated(self.stated)


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file; `articles` counts by outcome, `reading` is None where nothing had to be read."""

    path: str
    sha256: str
    outcome: str
    articles: Counter[str]
    reading: Reading | None = None
    imprint: Imprint | None = None
    rejected: Rejected | None = None


def dry_run(files: Iterable[PageSource], terms: LoadTerms) -> Iterator[FileResult]:
    """Read the files as if none were loaded, and leave the database alone."""
    for file in files:
        try:
            reading = read_page(file.read(terms.max_bytes), terms.home)
        except Rejected as rejected:
            yield FileResult(file.name, "", _Outcome.REJECTED, Counter(), rejected=rejected)
        else:
            articles = Counter(created=len(reading.stories))
            imprint = terms.imprint(reading)
            yield FileResult(file.name, reading.page.sha256, _Outcome.CREATED, articles, reading, imprint)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file's bytes and their digest, or why there are none."""

    path: str
    data: bytes = b""
    sha256: str = ""
    rejected: Rejected | None = None


class _Seen:
    """What the database has of some files: the last row of each path, and the pages by digest."""

    def __init__(self, read: Collection[_Read]) -> None:
        self.latest = LoadFile.objects.last_of(file.path for file in read)
        digests = {file.sha256 for file in read}
        pages = Page.objects.defer("text").filter(sha256__in=digests).annotate(count=Count("articles"))
        self.pages = {page.sha256: page for page in pages}
        self.article_counts = {page.pk: page.count for page in pages}
        self.registry = RecordRegistry()
        self.decisions = recorded_names()


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads files on its terms, and keeps their ledger."""

    terms: LoadTerms
    ledger: LoadLedger | SharedLoadLedger

    def load(self, files: Iterable[PageSource]) -> Iterator[FileResult]:
        """Load the files one by one; whoever stops in between has in the database all that was yielded."""
        for batch in self._batches(files):
            seen = _Seen(batch)
            for read in batch:
                try:
                    yield self._reject(read, read.rejected, seen) if read.rejected else self._load(read, seen)
                except Rejected as rejected:
                    yield self._reject(read, rejected, seen)

    def sift(self, files: Iterable[PageSource]) -> Iterator[FileResult | None]:
        """The result of each file that stands as when it was last loaded; None for one that is still to be loaded."""
        for batch in self._batches(files):
            seen = _Seen(batch)
            for read in batch:
                yield self._stands(read, seen)

    def _stands(self, read: _Read, seen: _Seen) -> FileResult | None:
        latest = seen.latest.get(read.path)
        try:
            if read.rejected:
                raise read.rejected
            if latest and latest.outcome == _Outcome.REJECTED and latest.sha256 == read.sha256:
                # Today's rules may read what was rejected; nothing but to read it tells.
                _plan(read, seen, self.terms)
            elif self._is_known(read, latest, seen):
                return self._load_as(read, seen)
        except Rejected as rejected:
            if _is_rejected_again(latest, read, rejected):
                return self._reject(read, rejected, seen)
        return None

    def _is_known(self, read: _Read, latest: LoadFile | None, seen: _Seen) -> bool:
        """Whether a file was last loaded with these bytes, and its page would be left alone."""
        page = seen.pages.get(read.sha256)
        if page is None or latest is None or latest.page != page:
            return False
        return _standing(page, None, latest, seen, self.terms) is not None

    def _batches(self, files: Iterable[PageSource]) -> Iterator[list[_Read]]:
        """Files to look up together, which is faster; of not many more bytes than one file may have."""
        batch: list[_Read] = []
        for file in files:
            batch.append(self._read(file))
            if len(batch) == _BATCH or sum(len(read.data) for read in batch) > self.terms.max_bytes:
                yield batch
                batch = []
        yield batch

    def _read(self, file: PageSource) -> _Read:
        try:
            data = file.read(self.terms.max_bytes)
        except Rejected as rejected:
            return _Read(file.name, rejected=rejected)
        return _Read(file.name, data, hashlib.sha256(data).hexdigest())

    def _load(self, read: _Read, seen: _Seen) -> FileResult:
        try:
            return self._load_as(read, seen)
        except IntegrityError:
            # The page was written meanwhile, by another loader or from another path; now it can be seen. Rows
            # that were made for it are undone, and their ids may be another's by now.
            seen.registry = RecordRegistry()
            return self._load_as(read, _Seen([read]))

    def _load_as(self, read: _Read, seen: _Seen) -> FileResult:
        plan = _plan(read, seen, self.terms)
        row = LoadFile(path=read.path, sha256=read.sha256, outcome=plan.outcome, page=plan.page)
        if plan.reading is None or plan.imprint is None:
            # That a page has one more path, or can be read again, is news all the same.
            count = plan.count
            self.ledger.note(row, is_news=not plan.is_known, unchanged=count)
            return FileResult(row.path, row.sha256, row.outcome, Counter(unchanged=count))
        earlier = [page for page in (plan.page, plan.before) if page]
        with self.ledger.news(row) as articles:
            row.page = _written(plan.page, plan.reading, plan.imprint, plan.before)
            status = self.terms.status
            articles.update(store_stories(row.page, plan.reading.stories, status, earlier, seen.registry))
        return FileResult(row.path, row.sha256, row.outcome, articles, plan.reading, plan.imprint)

    def _reject(self, read: _Read, rejected: Rejected, seen: _Seen) -> FileResult:
        row = LoadFile(path=read.path, sha256=read.sha256, outcome=_Outcome.REJECTED)
        row.reason, row.detail = rejected.reason, rejected.detail
        is_known = _is_rejected_again(seen.latest.get(read.path), read, rejected)
        self.ledger.note(row, is_news=not is_known)
        return FileResult(row.path, row.sha256, row.outcome, Counter(), rejected=rejected)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What shall become of a file, as the database stands; `reading` is None where nothing had to be read.

    `page` has the file's bytes already, `before` is the version that it replaces. `is_known` is said of a file
    that was loaded before with the same end.
    """

    outcome: str
    page: Page | None = None
    before: Page | None = None
    reading: Reading | None = None
    imprint: Imprint | None = None
    count: int = 0
    is_known: bool = False


def preview_file(file: PageSource, terms: LoadTerms) -> FilePlan:
    """What a load would make of a file now; `Rejected` as it would reject it. Nothing is written."""
    data = file.read(terms.max_bytes)
    read = _Read(file.name, data, hashlib.sha256(data).hexdigest())
    return _plan(read, _Seen([read]), terms)


def _is_rejected_again(latest: LoadFile | None, read: _Read, rejected: Rejected) -> bool:
    return latest is not None and (latest.sha256, latest.reason) == (read.sha256, rejected.reason)


def _plan(read: _Read, seen: _Seen, terms: LoadTerms) -> FilePlan:
    latest, page = seen.latest.get(read.path), seen.pages.get(read.sha256)
    before = _version_before(read.path, page, latest)
    if page is None:
        places = _boundaries_before(before, read.data)
        reading = read_page(read.data, terms.home, seen.decisions, places)
        outcome = _Outcome.UPDATED if before else _Outcome.CREATED
        return FilePlan(outcome, None, before, reading, terms.imprint(reading, before))
    if standing := _standing(page, before, latest, seen, terms):
        return standing
    imprint = _imprint(page).restated(terms.stated)
    reading = read_page(read.data, imprint.home_code, seen.decisions, Boundary.objects.of(page))
    return FilePlan(_Outcome.UPDATED, page, before, reading, imprint)


def _standing(
    page: Page, before: Page | None, latest: LoadFile | None, seen: _Seen, terms: LoadTerms
) -> FilePlan | None:
    """The plan for a page that is in the database and needs not be read again; None if it does."""
    if before is not None or _imprint(page).restated(terms.stated) != _imprint(page):
        return None
    is_known = latest is not None and latest.page == page
    return FilePlan(_Outcome.UNCHANGED, page, count=seen.article_counts[page.pk], is_known=is_known)


def _written(page: Page | None, reading: Reading, imprint: Imprint, before: Page | None) -> Page:
    """The page with its imprint: a new one, maybe a version of another, or one that is known and read again."""
    if page is not None:
        for name, value in asdict(imprint).items():
            setattr(page, name, value)
        page.save(update_fields=_IMPRINT)
        return page
    page = Page.objects.create(
        sha256=reading.page.sha256,
        text=reading.page.text,
        encoding=reading.page.encoding,
        flags=list(reading.page.flags),
        nul_offsets=list(reading.page.nul_offsets),
        replaces=before,
        **asdict(imprint),
    )
    if before:
        _carry_boundaries(before, page)
    return page


def _imprint(page: Page) -> Imprint:
    return Imprint(**{name: getattr(page, name) for name in _IMPRINT})


def _boundaries_before(before: Page | None, data: bytes) -> dict[int, bool]:
    """Where editors said that articles begin on the version of a page before this one, as places on this one."""
    if before is None or not before.boundaries.exists():
        return {}
    return Boundary.objects.moved_to(before, plain_text.decode_page(data).text)


def _carry_boundaries(before: Page, page: Page) -> None:
    for offset, begins in Boundary.objects.moved_to(before, page.text).items():
        Boundary.objects.say(page, offset, begins=begins, by=None)


def _version_before(path: str, page: Page | None, latest: LoadFile | None) -> Page | None:
    """The other page that was last loaded under this path, unless another file still has it."""
    if latest is None or (latest.page and latest.page == page):
        return None
    last = latest if latest.page else LoadFile.objects.exclude(page=None).last_of([path]).get(path)
    if last is None or last.page is None or last.page == page:
        return None
    return None if LoadFile.objects.holds(last.page, besides=path) else last.page
