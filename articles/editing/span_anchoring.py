"""Re-anchors spans: finds the words of mentions, bylines, lines, boundaries and regions again in a text that changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from articles.models.article import Article
from articles.models.boundary import Boundary, Region
from articles.models.history import history_of
from articles.models.mention import Mention
from articles.models.page import Page
from articles.models.reporter import Byline
from articles.reading.layout.block_parts import spans_without, trimmed_spans
from articles.reading.layout.decided_regions import DecidedRegion
from articles.reading.lines.text_changes import TextChange
from articles.reading.values import JOINTS, PARTS, Span, part_text

from .block_spans import follow_reading

# Characters after a boundary by which it is found again on a new version of its page; more where fewer are not unique.
_BOUNDARY_LENGTHS = (8, 16, 32, 64)
_AWAY = 1_000_000_000  # characters, beyond the end of any text


def move_mentions(spans: Mapping[int, tuple[str, int, int]]) -> None:
    """Write the part, start and end of mentions, given by their ids."""
    # Spans are unique in an article: the old ones must be out of the way before new ones are written.
    Mention.objects.filter(pk__in=spans).update(start=F("start") + _AWAY, end=F("end") + _AWAY)
    for pk, (part, start, end) in spans.items():
        Mention.objects.filter(pk=pk).update(part=part, start=start, end=end)


def boundaries_on(page: Page, text: str) -> dict[int, bool]:
    """The decided boundaries of a page as offsets in another text of it; those whose words are gone are left out.

    That no article begins at an offset holds only behind the same words: what was joined to them may follow others now.
    """
    stored = Boundary.objects.of(page)
    places = offsets_on(page, text, stored) if stored else {}
    return {
        places[offset]: begins
        for offset, begins in stored.items()
        if offset in places
        and (begins or _words_before(page.text, offset) == _words_before(text, places[offset]))
    }


def _words_before(text: str, offset: int) -> str:
    return text[:offset].rstrip()[-_BOUNDARY_LENGTHS[0] :]


def offsets_on(page: Page, text: str, offsets: Iterable[int]) -> dict[int, int]:
    """By offset of a page, where the words behind it begin in another text of the page; without those that are gone."""
    change = TextChange(page.text, text)
    places = {}
    for offset in offsets:
        place = _unique_place(page.text, text, offset)
        if place is None:
            span = change.move(offset, min(offset + _BOUNDARY_LENGTHS[0], len(page.text)))
            place = span and span[0]
        if place is not None:
            places[offset] = place
    return places


def _unique_place(before: str, after: str, offset: int) -> int | None:
    """Where the words at an offset are, if each text has them once; so they are found when articles change places.

    The words behind the offset decide; where other articles begin with the same, those before it too.
    """
    shortest = _BOUNDARY_LENGTHS[0]
    contexts = [(0, length) for length in _BOUNDARY_LENGTHS] + [
        (length, shortest) for length in _BOUNDARY_LENGTHS
    ]
    for behind, ahead in contexts:
        words = before[max(offset - behind, 0) : offset + ahead]
        if before.count(words) == after.count(words) == 1:
            return after.index(words) + min(behind, offset)
    return None


def regions_on(page: Page, text: str) -> list[DecidedRegion]:
    """The decided regions of a page in another text of it; those whose words, or whose article, are gone are left out."""
    stored = Region.objects.of(page)
    if not stored:
        return []
    change = TextChange(page.text, text)
    anchors = {region.anchor for region in stored if region.anchor is not None}
    places = offsets_on(page, text, {*anchors, *(region.start for region in stored)})
    found = []
    for region in stored:
        start, end = region.start, region.end
        place = places.get(start, 0)
        is_there = text[place : place + end - start] == page.text[start:end]
        span = (place, place + end - start) if is_there else change.find(start, end)
        if span and (region.anchor is None or region.anchor in places):
            anchor = None if region.anchor is None else places[region.anchor]
            found.append(DecidedRegion(*span, region.kind, anchor))
    return found


class Reanchoring:
    """Re-anchors what editors decided in articles that a load is about to change; made before the load changes them.

    `mentions` are all mentions of the articles. `find` moves mentions and decided blocks in memory alone, `write` stores
    the mentions and the decided bylines.
    """

    def __init__(self, articles: Sequence[Article], mentions: Sequence[Mention]) -> None:
        self._articles = articles
        self._mentions = mentions
        # Only of the few articles that need theirs: each page costs a query.
        self._pages = {
            article.pk: article.page for article in articles if {"bylines", "blocks"} & {*article.corrected}
        }
        self._texts = {article.pk: _texts(article) for article in articles}
        self._bylines: list[tuple[Article, TextChange]] = []
        self._moved: dict[int, tuple[str, int, int]] = {}
        self.gone: list[Mention] = []

    def find(self, page: Page) -> None:
        """Find decided bylines and blocks where `page` has them, and mentions where the changed texts have them."""
        for article in self._articles:
            before = self._pages.get(article.pk)
            if before is None:
                continue
            change = TextChange(before.text, page.text)
            if "blocks" in article.corrected:
                _follow_page(article, before, change, page)
            if "bylines" in article.corrected and before.pk != page.pk:
                self._bylines.append((article, change))
        changed = {
            article.pk: article for article in self._articles if _texts(article) != self._texts[article.pk]
        }
        changes: dict[tuple[int, str], TextChange] = {}
        for row in self._mentions:
            if row.article_id not in changed:
                continue
            key = (row.article_id, row.part)
            if key not in changes:
                changes[key] = TextChange(self._texts[key[0]][row.part], getattr(changed[key[0]], row.part))
            span = changes[key].find(row.start, row.end)
            place = (
                (row.part, *span)
                if span
                else _place_of_line(row, self._texts[key[0]], _texts(changed[key[0]]))
            )
            if place is None:
                self.gone.append(row)
            elif place != (row.part, row.start, row.end):
                row.part, row.start, row.end = place
                self._moved[row.pk] = place

    def write(self) -> set[int]:
        """Store what was found; return the ids of the articles whose mentions moved or are gone.

        A mention whose words are gone is deleted; into the history if an editor had decided it.
        """
        for article, change in self._bylines:
            _move_bylines(article, change)
        for row in self.gone:
            if row.verdict:
                history_of(Mention).record_deletion_by_load(row)
        if self.gone:
            Mention.objects.filter(pk__in=[row.pk for row in self.gone]).delete()
        if self._moved:
            move_mentions(self._moved)
        return {row.article_id for row in self._mentions if row.pk in self._moved} | {
            row.article_id for row in self.gone
        }


def _place_of_line(
    row: Mention, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[str, int, int] | None:
    """The part and span of a mention whose line is in another part now: newer rules read a paragraph as a subtitle."""
    text, joint = before[row.part], JOINTS[row.part]  # type: ignore[index] # a part
    start = text.rfind(joint, 0, row.start) + len(joint) if joint and joint in text[: row.start] else 0
    end = text.find(joint, row.end) if joint else -1
    line = text[start : end if end >= 0 else len(text)]
    for part, other in after.items():
        if part != row.part and other.count(line) == 1:
            moved = other.index(line) + row.start - start
            return part, moved, moved + row.end - row.start
    return None


def _texts(article: Article) -> dict[str, str]:
    return {part: getattr(article, part) for part in PARTS}


def _move_bylines(article: Article, change: TextChange) -> None:
    """Write where decided bylines are printed on the new page; without a place if they are not."""
    for byline in Byline.objects.filter(article=article).exclude(start=None):
        start, end = change.find(byline.start or 0, byline.end or 0) or (None, None)
        Byline.objects.filter(pk=byline.pk).update(start=start, end=end)


def _follow_page(article: Article, before: Page, change: TextChange, page: Page) -> None:
    """Let the decided blocks follow the new page, and the texts that are composed of them."""
    printed = ["".join(before.text[start:end] for start, end in block["spans"]) for block in article.blocks]
    moved, read = _moved_blocks(article, before, change, page), article.extracted.get("blocks", [])
    blocks = follow_reading(moved, printed, read, page.text)
    for part in PARTS:
        old, new = (
            part_text([(block["kind"], block["text"]) for block in composed], part)
            for composed in (article.blocks, blocks)
        )
        if getattr(article, part) == old:
            setattr(article, part, new)
    article.blocks = blocks


def _moved_blocks(article: Article, before: Page, change: TextChange, page: Page) -> list[dict[str, Any]]:
    """The decided blocks with their spans on the new page; a block that is not read there has none."""
    read: defaultdict[str, list[list[list[int]]]] = defaultdict(list)
    for block in article.extracted.get("blocks", []):
        read["".join(page.text[start:end] for start, end in block["spans"])].append(block["spans"])
    own = [(start, end) for block in article.extracted.get("blocks", []) for start, end in block["spans"]]
    blocks = []
    for block in article.blocks:
        same = read.get("".join(before.text[start:end] for start, end in block["spans"]))
        spans = same.pop(0) if same else _moved_spans(block, own, before, change, page)
        blocks.append({**block, "spans": spans})
    return blocks


def _moved_spans(
    block: dict[str, Any], own: Sequence[Span], before: Page, change: TextChange, page: Page
) -> list[list[int]]:
    """The spans of a block on the new page: where the article is read there, or where its words are unique; else none."""
    moved = [change.find(start, end) for start, end in block["spans"]]
    if all(span and not trimmed_spans(spans_without([span], own), page.text) for span in moved):
        return [list(span) for span in moved if span]
    places = offsets_on(before, page.text, [start for start, _ in block["spans"]])
    found = [[places[start], places[start] + end - start] for start, end in block["spans"] if start in places]
    is_printed = block["text"] == "".join(page.text[start:end] for start, end in found)
    return found if is_printed else []
