"""Pages already loaded, read again by today's rules: what would be other, and making it so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from articles.models import Article, Boundary, LoadFile, Page
from articles.reading.formats import plain_text
from articles.reading.linking.linker import Decisions
from articles.reading.pipeline import read_page
from articles.reading.values import Page as ReadPage
from articles.reading.values import Reading

from .article_rows import is_stored, store_stories
from .json_output import JsonObject, story_json
from .load_ledger import LoadLedger
from .record_registry import RecordRegistry, recorded_names

MentionChange = Literal["added", "gone", "moved", "relinked"]


@dataclass(frozen=True, slots=True)
class MentionDifference:
    """A mention that today's rules find, place or link otherwise than those that the page was loaded with."""

    change: MentionChange
    kind: str
    surface: str
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class ReextractedPage:
    """What became of a page; `articles` counts by outcome."""

    page: Page
    path: str
    articles: Counter[str]
    differences: tuple[MentionDifference, ...]


def reextract(
    pages_to_read: Iterable[Page], status: str, ledger: LoadLedger, *, dry_run: bool
) -> Iterator[ReextractedPage]:
    """Read loaded pages again, one transaction a page; what editors decided stays. A dry run only compares."""
    decisions, registry = recorded_names(), RecordRegistry()
    for page in pages_to_read:
        reading = _read_again(page, decisions)
        differences = tuple(_differences(page, reading))
        row = LoadFile(path=_path(page), sha256=page.sha256, page=page)
        if dry_run or is_stored(page, reading.stories):
            row.outcome = LoadFile.Outcome.UNCHANGED
            articles = Counter(unchanged=len(reading.stories))
            if not dry_run:
                ledger.note(row, is_news=False)
        else:
            row.outcome = LoadFile.Outcome.UPDATED
            with ledger.news(row):
                articles = store_stories(page, reading.stories, status, [page], registry)
        yield ReextractedPage(page, row.path, articles, differences)


def _read_again(page: Page, decisions: Decisions) -> Reading:
    stored = ReadPage(page.text, page.sha256, page.encoding, tuple(page.flags), tuple(page.nul_offsets))
    return read_page(plain_text.encode_page(stored), page.home_code, decisions, Boundary.objects.of(page))


def _path(page: Page) -> str:
    """The path under which the page was last loaded; the digest of one whose file is another version by now.

    A load tells once of a path, and both versions may still have articles.
    """
    last = page.files.order_by("pk").last()
    if last is None:
        return page.sha256
    later = LoadFile.objects.filter(path=last.path, pk__gt=last.pk, page__isnull=False)
    return page.sha256 if later.exclude(page=page).exists() else last.path


def _differences(page: Page, reading: Reading) -> Iterator[MentionDifference]:
    """What is found in the page's articles now and was not before, and the other way round."""
    stored = {article.start: article.found for article in Article.objects.filter(page=page)}
    for story in reading.stories:
        yield from compare(_told(stored.pop(story.start, {})), _told(story_json(story)))
    for gone in stored.values():
        yield from compare(_told(gone), [])


def _told(found: JsonObject) -> list[JsonObject]:
    """All that an article says of places and organizations, by name or pointing back."""
    return [*found.get("mentions", []), *found.get("references", [])]


def compare(before: Sequence[JsonObject], after: Sequence[JsonObject]) -> Iterator[MentionDifference]:
    """How the mentions of an article changed; one that only stands elsewhere has moved."""
    old, new = {_span(mention): mention for mention in before}, {_span(mention): mention for mention in after}
    left = defaultdict(list)
    for span in old.keys() - new.keys():
        left[_name(old[span])].append(old[span])
    for span, mention in new.items():
        if span in old:
            if _target(old[span]) != _target(mention):
                yield _difference("relinked", old[span], mention)
        elif same := left.get(_name(mention)):
            yield _difference("moved", same.pop(), mention)
        else:
            yield _difference("added", None, mention)
    for mention in (mention for mentions in left.values() for mention in mentions):
        yield _difference("gone", mention, None)


def _difference(
    change: MentionChange, before: JsonObject | None, after: JsonObject | None
) -> MentionDifference:
    shown = after or before or {}
    return MentionDifference(
        change,
        shown["kind"],
        shown["surface"],
        _target(before) if before else "",
        _target(after) if after else "",
        f"{shown['method']}, {shown['rule']}",
    )


def _span(mention: JsonObject) -> tuple[str, int, int, str]:
    return mention["part"], mention["start"], mention["end"], mention["kind"]


def _name(mention: JsonObject) -> tuple[str, str, str]:
    return mention["part"], mention["kind"], mention["surface"]


def _target(mention: JsonObject) -> str:
    """What a mention is linked to, in words: 芮城县 140830, ambiguous."""
    return " ".join(filter(None, [mention["name"], mention["code"]])) or str(mention["status"])
