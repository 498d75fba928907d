"""The only writer: each page in one transaction, with its articles, its bylines and its row in the ledger."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import cast

from django.db import IntegrityError
from django.db.models import Count
from django.utils import timezone

from articles.models import Article, Byline, LoadFile, Page, Reporter
from articles.models.article import LONG_HEADLINE
from articles.models.ledger import Ledger
from articles.names import name_key

from . import read_page
from .files import File, contents, printable
from .imprint import Imprint, Stated, imprint_of
from .matching import Known, same_articles
from .printed import Json, story_json
from .records import Reading, Rejected, Story

_Outcome = LoadFile.Outcome
# Files that are looked up together: fewer are slower, more are stale when several loaders share the work.
_BATCH = 30

_IMPRINT = tuple(field.name for field in fields(Imprint))
_WORDS = ("kicker", "headline", "subtitle", "dateline", "agency", "publication", "section")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a load goes: what it states of its pages, what holds where they are silent, their status and size."""

    stated: Stated
    otherwise: Imprint
    status: str
    max_bytes: int

    def imprint(self, reading: Reading, before: Page | None = None) -> Imprint:
        """The imprint of a page that is read for the first time, maybe as a new version of another."""
        otherwise = _imprint(before) if before else self.otherwise
        return imprint_of(reading.page.masthead, otherwise).restated(self.stated)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file; `articles` counts by outcome, `reading` is None where nothing had to be read."""

    path: str
    sha256: str
    outcome: str
    articles: Counter[str]
    reading: Reading | None = None
    imprint: Imprint | None = None
    rejected: Rejected | None = None


def dry_run(files: Iterable[File], terms: Terms) -> Iterator[Result]:
    """Read the files as if none were loaded, and leave the database alone."""
    for file in files:
        path = printable(file.path)
        try:
            reading = read_page(contents(file, terms.max_bytes))
        except Rejected as rejected:
            yield Result(path, "", _Outcome.REJECTED, Counter(), rejected=rejected)
        else:
            articles = Counter(created=len(reading.stories))
            imprint = terms.imprint(reading)
            yield Result(path, reading.page.sha256, _Outcome.CREATED, articles, reading, imprint)


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
        self.reporters: dict[str, Reporter] = {}

    def reporters_of(self, articles: Sequence[Article]) -> dict[str, Reporter]:
        """The reporters of articles by key. They are looked up once a batch, for a paper's pages share them.

        Should one be gone meanwhile, the page that credits him cannot be written, and is looked up alone.
        """
        names = {name_key(credit["name"]): credit["name"] for a in articles for credit in a.found["bylines"]}
        if unknown := names.keys() - self.reporters.keys():
            self.reporters |= Reporter.objects.named(names[key] for key in unknown)
        return self.reporters


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads files on its terms, and keeps their ledger."""

    terms: Terms
    ledger: Ledger

    def load(self, files: Iterable[File]) -> Iterator[Result]:
        """Load the files one by one; whoever stops in between has in the database all that was yielded."""
        for batch in self._batches(files):
            seen = _Seen(batch)
            for read in batch:
                try:
                    yield self._reject(read, read.rejected, seen) if read.rejected else self._load(read, seen)
                except Rejected as rejected:
                    yield self._reject(read, rejected, seen)

    def _batches(self, files: Iterable[File]) -> Iterator[list[_Read]]:
        """Files to look up together, which is faster; of not many more bytes than one file may have."""
        batch: list[_Read] = []
        for file in files:
            batch.append(self._read(file))
            if len(batch) == _BATCH or sum(len(read.data) for read in batch) > self.terms.max_bytes:
                yield batch
                batch = []
        yield batch

    def _read(self, file: File) -> _Read:
        path = printable(file.path)
        try:
            data = contents(file, self.terms.max_bytes)
        except Rejected as rejected:
            return _Read(path, rejected=rejected)
        return _Read(path, data, hashlib.sha256(data).hexdigest())

    def _load(self, read: _Read, seen: _Seen) -> Result:
        try:
            return self._load_as(read, seen)
        except IntegrityError:
            # The page was written meanwhile, by another loader or from another path; now it can be seen.
            return self._load_as(read, _Seen([read]))

    def _load_as(self, read: _Read, seen: _Seen) -> Result:
        row = LoadFile(path=read.path, sha256=read.sha256)
        latest, page = seen.latest.get(read.path), seen.pages.get(read.sha256)
        before = _version_before(read.path, page, latest)
        if page is None:
            return self._create(row, read_page(read.data), before, seen)
        imprint = _imprint(page).restated(self.terms.stated)
        if before is not None or imprint != _imprint(page):
            row.page = page
            return self._update(row, read_page(read.data), imprint, before, seen)
        row.outcome, row.page = _Outcome.UNCHANGED, page
        # That a page has one more path, or can be read again, is news all the same.
        self.ledger.note(row, is_news=latest is None or latest.page != page)
        articles = Counter(unchanged=seen.article_counts[page.pk])
        return Result(row.path, row.sha256, row.outcome, articles)

    def _create(self, row: LoadFile, reading: Reading, before: Page | None, seen: _Seen) -> Result:
        imprint = self.terms.imprint(reading, before)
        row.outcome = _Outcome.UPDATED if before else _Outcome.CREATED
        with self.ledger.news(row):
            row.page = Page.objects.create(
                sha256=row.sha256,
                text=reading.page.text,
                encoding=reading.page.encoding,
                flags=list(reading.page.flags),
                nul_offsets=list(reading.page.nul_offsets),
                replaces=before,
                **asdict(imprint),
            )
            earlier = [before] if before else []
            articles = _store_stories(row.page, reading.stories, self.terms.status, earlier, seen)
        return Result(row.path, row.sha256, row.outcome, articles, reading, imprint)

    def _update(
        self, row: LoadFile, reading: Reading, imprint: Imprint, before: Page | None, seen: _Seen
    ) -> Result:
        """Read the known page of a row again: with another imprint, or as what a file has gone back to."""
        page, row.outcome = cast(Page, row.page), _Outcome.UPDATED
        with self.ledger.news(row):
            for name, value in asdict(imprint).items():
                setattr(page, name, value)
            page.save(update_fields=_IMPRINT)
            earlier = [page, before] if before else [page]
            articles = _store_stories(page, reading.stories, self.terms.status, earlier, seen)
        return Result(row.path, row.sha256, row.outcome, articles, reading, imprint)

    def _reject(self, read: _Read, rejected: Rejected, seen: _Seen) -> Result:
        latest = seen.latest.get(read.path)
        row = LoadFile(path=read.path, sha256=read.sha256, outcome=_Outcome.REJECTED)
        row.reason, row.detail = rejected.reason, rejected.detail
        is_known = latest is not None and (latest.sha256, latest.reason) == (row.sha256, row.reason)
        self.ledger.note(row, is_news=not is_known)
        return Result(row.path, row.sha256, row.outcome, Counter(), rejected=rejected)


def _imprint(page: Page) -> Imprint:
    return Imprint(**{name: getattr(page, name) for name in _IMPRINT})


def _version_before(path: str, page: Page | None, latest: LoadFile | None) -> Page | None:
    """The other page that was last loaded under this path, unless another file still has it."""
    if latest is None or (latest.page and latest.page == page):
        return None
    last = latest if latest.page else LoadFile.objects.exclude(page=None).last_of([path]).get(path)
    if last is None or last.page is None or last.page == page:
        return None
    return None if LoadFile.objects.holds(last.page, besides=path) else last.page


def _store_stories(
    page: Page, stories: Sequence[Story], status: str, earlier: Collection[Page], seen: _Seen
) -> Counter[str]:
    """Make the page's articles what its stories say, and count them by outcome.

    Articles of the `earlier` pages keep their ids, and what people decided in them. One that is not on the
    page any more is withdrawn, unless a person changed it.
    """
    stored = {article.pk: article for article in _articles_on(earlier)}
    layers = [_layer(story, page) for story in stories]
    known = [Known(article.pk, article.found, article.page_id == page.pk) for article in stored.values()]
    same = [stored.pop(pk) if pk else None for pk in same_articles(layers, known)]
    new: list[Article] = []
    changed: list[Article] = []
    credited: list[Article] = []
    for position, (story, layer, article) in enumerate(zip(stories, layers, same, strict=True), 1):
        if article and _stands(article, page, position, layer):
            continue
        (changed if article else new).append(article := article or Article(status=status))
        if layer["bylines"] != article.found.get("bylines") and "bylines" not in article.corrected:
            credited.append(article)
        if _is_withdrawn_by_loader(article):
            article.status = status
        article.position = position
        _take(article, page, story, layer)
    if recredited := [article for article in credited if article.pk]:
        Byline.objects.filter(article__in=recredited).delete()
    Article.objects.bulk_create(new)
    for article in changed:
        article.save()
    _write_bylines(credited, page, seen.reporters_of(credited))
    withdrawn = _withdraw(stored) if stored else 0
    unchanged = len(stories) - len(new) - len(changed)
    return +Counter(created=len(new), updated=len(changed) + withdrawn, unchanged=unchanged)


def _articles_on(pages: Collection[Page]) -> Iterable[Article]:
    """The articles of pages, locked, so that no editor changes them meanwhile."""
    return Article.objects.select_for_update().filter(page__in=pages) if pages else ()


def _layer(story: Story, page: Page) -> Json:
    """The machine's layer of an article, which is compared to know whether anything is new."""
    return {
        **story_json(story),
        "publication": page.publication,
        "issue_date": page.issue_date and page.issue_date.isoformat(),
        "section": page.page_name,
    }


def _stands(article: Article, page: Page, position: int, layer: Json) -> bool:
    """Whether an article is stored as it was read."""
    place = (article.page_id, article.position)
    return place == (page.pk, position) and article.found == layer and not _is_withdrawn_by_loader(article)


def _is_withdrawn_by_loader(article: Article) -> bool:
    return article.status == Article.Status.WITHDRAWN and "status" not in article.corrected


def _take(article: Article, page: Page, story: Story, layer: Json) -> None:
    """Set the machine's layer of an article, and the columns that nobody corrected."""
    columns: Json = {name: layer[name] or "" for name in _WORDS}
    columns |= {"issue_date": page.issue_date, "blocks": layer["blocks"], "body": story.body}
    for name, value in columns.items():
        if name not in article.corrected:
            setattr(article, name, value)
    article.page, article.start, article.end = page, story.start, story.end
    article.found = layer
    article.flags = ["long_headline"] if len(story.headline or "") > LONG_HEADLINE else []


def _write_bylines(articles: Sequence[Article], page: Page, reporters: dict[str, Reporter]) -> None:
    """Credit the reporters of articles as their machine's layer says."""
    Byline.objects.bulk_create(
        Byline(
            article=article,
            reporter=reporters[name_key(credit["name"])],
            order=order,
            role=credit["role"],
            surface=page.text[credit["start"] : credit["end"]],
            start=credit["start"],
            end=credit["end"],
        )
        for article in articles
        for order, credit in enumerate(article.found["bylines"], 1)
    )


def _withdraw(gone: Collection[int]) -> int:
    """Withdraw articles, by id, that no page shows any more and nobody touched, and say how many they were."""
    shown = Article.objects.untouched().filter(pk__in=gone).exclude(status=Article.Status.WITHDRAWN)
    return shown.update(status=Article.Status.WITHDRAWN, updated_at=timezone.now())
