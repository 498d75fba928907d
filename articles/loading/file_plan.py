"""Decides what a load does with a page file: create its page, update it, leave it unchanged, or reject the file."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Count

from articles.editing.name_authority import recorded_names
from articles.editing.span_anchoring import boundaries_on
from articles.loading.sources.files import PageSource
from articles.models import Boundary, LoadFile, Page
from articles.reading.formats import text_decoding
from articles.reading.linking.linker import Decisions
from articles.reading.pipeline import read_page
from articles.reading.values import Page as ReadPage
from articles.reading.values import Reading, Rejected

from .article_rows import is_stored
from .imprint import Imprint
from .load_terms import LoadTerms

_Outcome = LoadFile.Outcome


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The bytes of a file and their SHA-256, or the reason why the file could not be read."""

    path: str
    data: bytes = b""
    sha256: str = ""
    rejected: Rejected | None = None

    @classmethod
    def of(cls, source: PageSource, max_bytes: int) -> Self:
        try:
            data = source.read(max_bytes)
        except Rejected as rejected:
            return cls(source.name, rejected=rejected)
        return cls(source.name, data, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """What the database holds about some files; empty for a run without a database.

    `last_rows` are the last `LoadFile` of each path, `pages` those with a file's bytes, by SHA-256, and
    `article_counts` the number of articles by the id of a page.
    """

    last_rows: dict[str, LoadFile] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    article_counts: dict[int, int] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=Decisions)

    @classmethod
    def look_up(cls, files: Collection[ReadFile]) -> Self:
        digests = {file.sha256 for file in files}
        pages = list(Page.objects.defer("text").filter(sha256__in=digests).annotate(count=Count("articles")))
        return cls(
            LoadFile.objects.last_of(file.path for file in files),
            {page.sha256: page for page in pages},
            {page.pk: page.count for page in pages},
            recorded_names(),
        )


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What a load does with a file.

    `page` is the stored page with the file's bytes, `replaced` the page whose new version the file is. `reading` is None
    where the page needs not be read. `is_known` says that the last load of this path ended in the same way.
    """

    path: str
    sha256: str
    outcome: str
    page: Page | None = None
    replaced: Page | None = None
    reading: Reading | None = None
    imprint: Imprint | None = None
    article_count: int = 0
    rejected: Rejected | None = None
    is_known: bool = False


def plan_file(file: ReadFile, known: KnownFiles, terms: LoadTerms) -> FilePlan:
    """Decide what a load does with a file. The page is read only where the database cannot answer."""
    last, page = known.last_rows.get(file.path), known.pages.get(file.sha256)
    if file.rejected:
        return _reject(file, file.rejected, last)
    try:
        replaced = _replaced_page(file.path, page, last)
        if page is None:
            return _plan_new_page(file, replaced, known, terms)
        if replaced is None and _keeps_imprint(page, terms):
            is_known = last is not None and last.page == page
            count = known.article_counts[page.pk]
            return FilePlan(
                file.path, file.sha256, _Outcome.UNCHANGED, page, article_count=count, is_known=is_known
            )
        return _plan_stored_page(file, page, replaced, known, terms)
    except Rejected as rejected:
        return _reject(file, rejected, last)


def plan_known_file(file: ReadFile, known: KnownFiles, terms: LoadTerms) -> FilePlan | None:
    """The plan for a file that ends as at its last load; None for a file that is still to be loaded.

    A page is read only if its file was rejected before: today's rules may accept it.
    """
    last, page = known.last_rows.get(file.path), known.pages.get(file.sha256)
    if last is None:
        return None
    was_rejected = last.outcome == _Outcome.REJECTED and last.sha256 == file.sha256
    is_stored_page = page is not None and last.page == page and _keeps_imprint(page, terms)
    if not (file.rejected or was_rejected or is_stored_page):
        return None
    plan = plan_file(file, known, terms)
    return plan if plan.is_known else None


def preview_file(source: PageSource, terms: LoadTerms) -> FilePlan:
    """Decide what a load would do with a file now, and write nothing."""
    file = ReadFile.of(source, terms.max_bytes)
    return plan_file(file, KnownFiles.look_up([file]), terms)


def plan_reextraction(page: Page, decisions: Decisions) -> FilePlan:
    """Decide what reading a stored page by today's rules does to its articles."""
    stored = ReadPage(page.text, page.sha256, page.encoding, tuple(page.flags), tuple(page.nul_offsets))
    data = text_decoding.encode_page(stored)
    reading = read_page(data, page.home_code, decisions, Boundary.objects.of(page))
    is_same = is_stored(page, reading.stories)
    outcome = _Outcome.UNCHANGED if is_same else _Outcome.UPDATED
    count = len(reading.stories)
    return FilePlan(
        _last_path(page),
        page.sha256,
        outcome,
        page,
        reading=reading,
        article_count=count,
        is_known=is_same,
    )


def _reject(file: ReadFile, rejected: Rejected, last: LoadFile | None) -> FilePlan:
    is_known = last is not None and (last.sha256, last.reason) == (file.sha256, rejected.reason)
    return FilePlan(file.path, file.sha256, _Outcome.REJECTED, rejected=rejected, is_known=is_known)


def _plan_new_page(file: ReadFile, replaced: Page | None, known: KnownFiles, terms: LoadTerms) -> FilePlan:
    boundaries: dict[int, bool] = {}
    if replaced and replaced.boundaries.exists():
        # Where editors said that articles begin on the earlier version.
        boundaries = boundaries_on(replaced, text_decoding.decode_page(file.data).text)
    reading = read_page(file.data, terms.home_code, known.decisions, boundaries)
    imprint = terms.imprint_of(reading.page.masthead, Imprint.of_page(replaced) if replaced else None)
    outcome = _Outcome.UPDATED if replaced else _Outcome.CREATED
    count = len(reading.stories)
    return FilePlan(file.path, file.sha256, outcome, None, replaced, reading, imprint, count)


def _plan_stored_page(
    file: ReadFile, page: Page, replaced: Page | None, known: KnownFiles, terms: LoadTerms
) -> FilePlan:
    imprint = Imprint.of_page(page).with_stated(terms.stated)
    reading = read_page(file.data, imprint.home_code, known.decisions, Boundary.objects.of(page))
    count = len(reading.stories)
    return FilePlan(file.path, file.sha256, _Outcome.UPDATED, page, replaced, reading, imprint, count)


def _keeps_imprint(page: Page, terms: LoadTerms) -> bool:
    imprint = Imprint.of_page(page)
    return imprint.with_stated(terms.stated) == imprint


def _replaced_page(path: str, page: Page | None, last: LoadFile | None) -> Page | None:
    """The other page that was last loaded from this path, unless another file still has it."""
    if last is None or (last.page and last.page == page):
        return None
    if last.page is None:
        last = LoadFile.objects.exclude(page=None).last_of([path]).get(path)
    if last is None or last.page is None or last.page == page:
        return None
    return None if LoadFile.objects.holds(last.page, besides=path) else last.page


def _last_path(page: Page) -> str:
    """The path from which a page was last loaded; the SHA-256 of a page whose file has another version now.

    A load records a path once, and both versions may still have articles.
    """
    last = page.files.order_by("pk").last()
    if last is None:
        return page.sha256
    later = LoadFile.objects.filter(path=last.path, pk__gt=last.pk, page__isnull=False)
    return page.sha256 if later.exclude(page=page).exists() else last.path
