"""Decides what a load does with a page file: create its page, update it, leave it unchanged, or reject the file."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from django.db.models import Count, QuerySet

from articles.editing.name_authority import recorded_names
from articles.editing.span_anchoring import boundaries_on, regions_on
from articles.loading.sources.files import PageSource
from articles.models import Article, Boundary, LoadFile, Page, Region
from articles.models.page import page_layout
from articles.reading.formats import text_decoding
from articles.reading.formats.file_names import read_file_name
from articles.reading.formats.page_headers import read_masthead
from articles.reading.formats.page_size import check_page_size
from articles.reading.layout.decided_regions import DecidedRegion
from articles.reading.linking.linker import Decisions
from articles.reading.pipeline import read_page
from articles.reading.values import Masthead, Reading, Rejected
from articles.reading.values import Page as ReadPage

from .article_plan import PagePlan, plan_articles
from .held_boundaries import held_boundaries
from .imprint import Imprint
from .load_terms import LoadTerms
from .read_files import ReadFile

_Outcome = LoadFile.Outcome


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
            {page.pk: page.count for page in pages},  # type: ignore[attr-defined] # by the query
            recorded_names(),
        )


@dataclass(frozen=True, slots=True)
class Versions:
    """The pages that a file had before, without those that another file still has.

    `current` is the id of the page that it has until now, `replaced` is this page if it is one of the `earlier` ones, on
    any of which articles that editors changed may still be.
    """

    current: int | None = None
    replaced: Page | None = None
    earlier: tuple[Page, ...] = ()

    @classmethod
    def of(cls, path: str, page: Page | None, last: LoadFile | None) -> Self:
        """The versions before `page`; `last` is the last row of the path in the ledger."""
        if last is not None and last.page is None:
            last = LoadFile.objects.filter(path=path).versions().select_related("page").first()
        if last is None:
            return cls()
        earlier = tuple(
            Page.objects.superseded_at([path]).exclude(pk__in=[page.pk] if page else []).order_by("pk")
        )
        return cls(last.page_id, last.page if last.page in earlier else None, earlier)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What a load does with a file.

    `page` is the stored page with the file's bytes, `versions` are the pages that the file had before. `reading` is None
    where the page needs not be read; `boundaries` and `regions` are those by which it was read. `is_known` says that
    the last load of this path ended in the same way.
    """

    path: str
    sha256: str
    outcome: str
    page: Page | None = None
    versions: Versions = Versions()
    reading: Reading | None = None
    imprint: Imprint | None = None
    boundaries: Mapping[int, bool] = field(default_factory=dict)
    regions: Sequence[DecidedRegion] = ()
    article_count: int = 0
    rejected: Rejected | None = None
    is_known: bool = False
    held: Mapping[int, bool] = field(default_factory=dict)

    def plan_articles(self, page: Page, status: str, stored: Collection[Article]) -> PagePlan:
        """Plan what the reading makes of the `stored` articles; `page` is the stored page with its new imprint."""
        if self.reading is None:
            return PagePlan()
        return plan_articles(page, self.reading, status, stored, self.held)

    def is_outdated(self) -> bool:
        """Whether the file has another version by now than when it was planned, or other decisions on its text."""
        if self.reading is None:
            return False
        current = LoadFile.objects.filter(path=self.path).versions().values_list("page", flat=True).first()
        decided = _decisions_on(self.page, self.versions.replaced, self.reading.page.text)
        return (current, *decided) != (self.versions.current, self.boundaries, self.regions)


def plan_file(file: ReadFile, known: KnownFiles, terms: LoadTerms) -> FilePlan:
    """Decide what a load does with a file. The page is read only where the database cannot answer."""
    last, page = known.last_rows.get(file.path), known.pages.get(file.sha256)
    if file.rejected:
        return _reject(file, file.rejected, last)
    try:
        is_version = last is None or (page is not None and last.page == page)
        versions = Versions() if is_version else Versions.of(file.path, page, last)
        if page is None:
            return _plan_new_page(file, versions, known, terms)
        is_known = last is not None and last.page == page
        is_read = is_known or _files_with_version(page).exists()
        if versions.replaced is None and is_read and _keeps_imprint(page, terms):
            count = known.article_counts[page.pk]
            return FilePlan(
                file.path,
                file.sha256,
                _Outcome.UNCHANGED,
                page,
                article_count=count,
                is_known=is_known,
            )
        return _plan_stored_page(file, page, Versions.of(file.path, page, last), known, terms)
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


def plan_reextraction(page: Page, decisions: Decisions) -> FilePlan | None:
    """Decide what reading a stored page by today's rules does; None unless the page is the current version of a file."""
    last = _files_with_version(page).select_related("page").defer("page__text").order_by("pk").last()
    if last is None:
        return None
    boundaries, regions = _decisions_on(page, None, page.text)
    versions = Versions.of(last.path, page, last)
    data = _stored_content(page)
    reading, held = _read_holding(
        lambda begins: read_page(data, page.home_code, decisions, begins, regions), boundaries, page, versions
    )
    return FilePlan(
        last.path,
        page.sha256,
        _Outcome.UPDATED,
        page,
        versions,
        reading,
        Imprint.of_page(page).read_again(reading, _read_file_names(page)),
        boundaries,
        regions,
        len(reading.stories),
        is_known=True,
        held=held,
    )


def _reject(file: ReadFile, rejected: Rejected, last: LoadFile | None) -> FilePlan:
    is_known = last is not None and (last.sha256, last.reason) == (file.sha256, rejected.reason)
    return FilePlan(file.path, file.sha256, _Outcome.REJECTED, rejected=rejected, is_known=is_known)


def _plan_new_page(file: ReadFile, versions: Versions, known: KnownFiles, terms: LoadTerms) -> FilePlan:
    content = file.content
    check_page_size(content)
    replaced = versions.replaced
    boundaries: dict[int, bool] = {}
    regions: list[DecidedRegion] = []
    if replaced and (replaced.boundaries.exists() or replaced.regions.exists()):
        text = content.text if isinstance(content, ReadPage) else text_decoding.decode_page(content).text
        boundaries, regions = _decisions_on(None, replaced, text)
    reading, held = _read_holding(
        lambda begins: read_page(content, terms.home_code, known.decisions, begins, regions),
        boundaries,
        None,
        versions,
    )
    before = Imprint.of_page(replaced) if replaced else None
    imprint = terms.imprint_of(reading, file.path, before)
    outcome = _Outcome.UPDATED if replaced else _Outcome.CREATED
    count = len(reading.stories)
    return FilePlan(
        file.path,
        file.sha256,
        outcome,
        None,
        versions,
        reading,
        imprint,
        boundaries,
        regions,
        count,
        held=held,
    )


def _plan_stored_page(
    file: ReadFile, page: Page, versions: Versions, known: KnownFiles, terms: LoadTerms
) -> FilePlan:
    boundaries, regions = _decisions_on(page, versions.replaced, page.text)
    imprint = terms.state(Imprint.of_page(page))
    # A newer reader may find other text in the same file, and decisions are on the text that is stored.
    content = _stored_content(page) if file.page else file.data
    reading, held = _read_holding(
        lambda begins: read_page(content, imprint.home_code, known.decisions, begins, regions),
        boundaries,
        page,
        versions,
    )
    count = len(reading.stories)
    return FilePlan(
        file.path,
        file.sha256,
        _Outcome.UPDATED,
        page,
        versions,
        reading,
        imprint,
        boundaries,
        regions,
        count,
        held=held,
    )


def _stored_content(page: Page) -> bytes | ReadPage:
    """The content of the file of a stored page: its bytes, or the page as it was read of a file with many."""
    layout = page_layout(page)
    stored = ReadPage(page.text, page.sha256, page.encoding, tuple(page.flags), tuple(page.nul_offsets))
    if layout is None:
        return text_decoding.encode_page(stored)
    return replace(stored, masthead=read_masthead(page.text), layout=layout)


def _decisions_on(
    page: Page | None, replaced: Page | None, text: str
) -> tuple[dict[int, bool], list[DecidedRegion]]:
    """What editors decided about a page with this text: on the page, and later on the version that it replaces."""
    boundaries = Boundary.objects.of(page) if page else {}
    regions = Region.objects.of(page) if page else []
    if replaced:
        boundaries |= boundaries_on(replaced, text)
        later = regions_on(replaced, text)
        regions = [region for region in regions if not any(map(region.overlaps, later))] + later
    return boundaries, sorted(regions, key=lambda region: region.start)


def _files_with_version(page: Page) -> QuerySet[LoadFile]:
    """The last rows of the files that have this page now; none if a newer version took its articles."""
    return LoadFile.objects.filter(path__in=page.files.values("path")).versions().filter(page=page)


def _read_file_names(page: Page) -> Masthead:
    """What the names of a page's files say: the first one that has a date counts, as when it was loaded."""
    paths = page.files.order_by("pk").values_list("path", flat=True)
    names = [read_file_name(path) for path in dict.fromkeys(paths)]
    return next((named for named in names if named.issue_date), Masthead())


def _read_holding(
    read: Callable[[Mapping[int, bool]], Reading],
    boundaries: Mapping[int, bool],
    page: Page | None,
    versions: Versions,
) -> tuple[Reading, dict[int, bool]]:
    """Read a page by its decided boundaries, and again by those that articles with decisions must keep; return both."""
    reading = read(boundaries)
    stored = articles_of_versions(page, versions)
    held: dict[int, bool] = {}
    while stored:
        on = page or Page(text=reading.page.text)
        new = held_boundaries(on, reading.stories, stored, boundaries)
        if new.keys() <= held.keys():
            break
        held |= new
        reading = read({**boundaries, **held})
    return reading, held


def articles_of_versions(page: Page | None, versions: Versions) -> list[Article]:
    """The articles that a page may have: its own and those of its earlier versions."""
    pages = [one.pk for one in (page, *versions.earlier) if one]
    rows = Article.objects.filter(page__in=pages).select_related("page").order_by("pk")
    return list(rows) if pages else []


def _keeps_imprint(page: Page, terms: LoadTerms) -> bool:
    imprint = Imprint.of_page(page)
    return terms.state(imprint) == imprint
