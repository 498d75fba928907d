"""Aligns labelled pages with their printed lines: which block of which article each line belongs to.

Labels are those of `tests/pages` (see `tests/support/gate.py`). An article may list its `blocks` with the first and
the last words of each; where it does not, the lines between its first and last words are divided into as many
paragraphs as the labels count.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.reading.credits import grammar
from articles.reading.formats.text_decoding import decode_page
from articles.reading.layout.line_features import extract_line_features
from articles.reading.lines.printed_lines import PrintedLine, split_lines

Labels = dict[str, Any]
RESIDUE = -1
"""The owner of lines that belong to no article."""
RESIDUE_LABELS = ("header", "notice", "advert title", "advert")

_STOP = re.compile("[。！？…”）：；]$")
_MAX_CREDIT = 70


@dataclass(frozen=True)
class TrueBlock:
    """A block that a person marked on a page: an article's number and the block's kind."""

    article: int
    kind: str


@dataclass
class TrainingPage:
    """A page with, for each printed line, the index of the block that owns it, or `RESIDUE`."""

    name: str
    group: str
    text: str
    articles: list[Labels] = field(default_factory=list)
    residue: list[str] = field(default_factory=list)
    blocks: list[TrueBlock] = field(default_factory=list)
    lines: tuple[PrintedLine, ...] = ()
    owners: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def kind(self, owner: int) -> str:
        return self.blocks[owner].kind if owner != RESIDUE else "residue"

    def add(self, article: int, kind: str) -> int:
        """Add a block and return its index."""
        self.blocks.append(TrueBlock(article, kind))
        return len(self.blocks) - 1


def load_labelled_pages(pages: Path, labels: Path) -> list[TrainingPage]:
    """Load and align every page that has a file of labels."""
    made = []
    for path in sorted(labels.glob("*.json")):
        content = json.loads(path.read_text("utf-8"))
        text = decode_page((pages / f"{path.stem}.txt").read_bytes()).text
        page = TrainingPage(path.stem, path.stem, text, content["articles"], content.get("residue", []))
        made.append(align_page(page))
    return made


def squeeze(text: str | None) -> str:
    return "".join((text or "").split())


def align_page(page: TrainingPage) -> TrainingPage:
    """Find the blocks of the labelled articles in the page, and give each printed line its block."""
    marker = _Marker(page)
    starts = list(marker.starts())
    end = 0
    for number, start in enumerate(starts):
        limit = starts[number + 1] if number + 1 < len(starts) else len(marker.text)
        end = marker.mark_article(number, end, max(limit, start))
    page.lines = split_lines(page.text)
    page.owners = marker.line_owners()
    _mark_credits(page)
    for number in range(len(page.articles)):
        _divide_body(page, number)
    return page


class _Marker:
    """Marks the characters of a page, without white space, with the blocks that own them."""

    def __init__(self, page: TrainingPage) -> None:
        self.page = page
        self.text = squeeze(page.text)
        self.owner = [RESIDUE] * len(self.text)

    def find(self, words: str | None, start: int, end: int | None = None) -> int:
        """Where the words are printed first from `start` on; -1 if nowhere."""
        return self.text.find(squeeze(words), start, end) if squeeze(words) else -1

    def find_body(self, labels: Labels, start: int) -> int:
        """Where the body begins, as printed or behind its dateline."""
        at = self.find(labels["first_body_words"], start)
        return at if at >= 0 else self.find(labels["first_body_words_nodateline"], start)

    def mark(self, article: int, kind: str, start: int, end: int, *, over: bool = False) -> int:
        block = self.page.add(article, kind)
        for at in range(start, end):
            if over or self.owner[at] == RESIDUE:
                self.owner[at] = block
        return end

    def starts(self) -> Iterator[int]:
        """Where each article begins, in order."""
        cursor = 0
        for labels in self.page.articles:
            body = self.find_body(labels, cursor)
            titles = [
                self._last(squeeze((labels[part] or "").split(" / ")[0]), cursor, body)
                for part in ("kicker", "headline")
            ]
            start = min((at for at in titles if at >= 0), default=max(body, cursor))
            yield start
            cursor = max(body, start, cursor)

    def _last(self, words: str, start: int, end: int) -> int:
        """The last place before the body where the words, or at least their beginning, are printed."""
        stop = end if end >= 0 else None
        at = self.text.rfind(words, start, stop) if words else -1
        return at if at >= 0 or not words else self.text.rfind(words[:5], start, stop)

    def mark_article(self, number: int, cursor: int, limit: int) -> int:
        """Mark the blocks of one article from a place on; return where its body ends."""
        labels = self.page.articles[number]
        if labels.get("blocks"):
            return self._mark_blocks(number, labels["blocks"], cursor)
        body = self.find_body(labels, max(cursor, self.find(labels["headline"], cursor)))
        titles = self._mark_titles(number, cursor, body)
        if body < titles:
            body = self.find_body(labels, titles)
        last = squeeze(labels["last_body_words"])
        end = self.text.rfind(last, body, max(limit, body + len(last)))
        end = end if end >= 0 else self.text.find(last, body)
        if min(body, end) < 0:
            self.page.problems.append(f"no body: {labels['headline']}")
            return max(titles, body)
        end += len(last)
        for kind, key in (("caption", "captions"), ("heading", "section_headings")):
            self._mark_pieces(number, kind, labels[key], cursor, max(limit, end))
        return self.mark(number, "body", body, end)

    def _mark_titles(self, number: int, cursor: int, body: int) -> int:
        """Mark headline, kickers and subtitles; return where the last of them ends."""
        labels = self.page.articles[number]
        stop = body if body >= 0 else None
        end = cursor
        for kind in ("headline", "kicker", "subtitle"):
            text = labels[kind] or ""
            pieces = [text] if kind == "headline" else text.split(" / ")
            if kind == "headline" and self.text.rfind(squeeze(text), cursor, stop) < 0:
                pieces = text.split()
            for words in filter(None, map(squeeze, pieces)):
                search = self.text.find if kind == "subtitle" else self.text.rfind
                at = search(words, cursor, stop)
                if at < 0:
                    self.page.problems.append(f"no {kind}: {words}")
                else:
                    end = max(end, self.mark(number, kind, at, at + len(words)))
        return end

    def _mark_pieces(self, number: int, kind: str, pieces: Iterable[str], start: int, limit: int) -> None:
        cursor = start
        for words in map(squeeze, pieces):
            at = self.text.find(words, cursor, limit)
            at = at if at >= 0 else self.text.find(words, start)
            if at < 0:
                self.page.problems.append(f"no {kind}: {words}")
            else:
                cursor = self.mark(number, kind, at, at + len(words))

    def _mark_blocks(self, number: int, blocks: Iterable[Labels], cursor: int) -> int:
        for block in blocks:
            last = squeeze(block["last"])
            start = self.find(block["first"], cursor)
            end = self.text.find(last, max(start, cursor))
            if min(start, end) < 0:
                # It stands inside the paragraph before it.
                start = self.text.rfind(squeeze(block["first"]), 0, cursor)
                end = self.text.find(last, start) if start >= 0 else -1
                if end < 0:
                    self.page.problems.append(f"no {block['kind']}: {block['first']}")
                    continue
                self.mark(number, block["kind"], start, end + len(last), over=True)
                continue
            cursor = end + len(last)
            if block.get("continues") or block.get("cont"):
                paragraph = TrueBlock(number, "paragraph")
                before = len(self.page.blocks) - 1 - self.page.blocks[::-1].index(paragraph)
                self.owner[start:cursor] = [before] * (cursor - start)
            else:
                self.mark(number, block["kind"], start, cursor)
        return cursor

    def line_owners(self) -> list[int]:
        """The block that owns most characters of each line."""
        owners, at = [], 0
        for line in self.page.lines:
            words = squeeze(line.text)
            at = self.text.find(words, at)
            owners.append(_most(self.owner[at : at + len(words)] or [RESIDUE]))
            at += len(words)
        return owners


def _most(owners: Sequence[int]) -> int:
    """The commonest owner, and of two the first."""
    return max(set(owners), key=lambda owner: (owners.count(owner), -owners.index(owner)))


def _mark_credits(page: TrainingPage) -> None:
    """Mark the lines of credits that stand alone in or below an article whose blocks are not listed."""
    article, has_begun = -1, False
    residue = {squeeze(line) for line in page.residue}
    for here, line in enumerate(page.lines):
        owner = page.owners[here]
        if owner != RESIDUE:
            has_begun = has_begun and page.blocks[owner].article == article
            article = page.blocks[owner].article
        kind = _credit_kind(line, page.articles[article]) if article >= 0 else None
        # The first line of a body whose columns are narrow may look like a byline.
        may_be = owner == RESIDUE or (page.kind(owner) == "body" and has_begun and kind == "byline")
        if kind and may_be and squeeze(line.text) not in residue:
            page.owners[here] = page.add(article, kind)
        has_begun = has_begun or page.kind(owner) == "body"


def _credit_kind(line: PrintedLine, labels: Labels) -> str | None:
    """The kind of a line that holds nothing but credits."""
    if line.length > _MAX_CREDIT:
        return None
    is_named = any(squeeze(person["name"]) in squeeze(line.text) for person in labels["reporters"])
    if grammar.is_byline(line.fold) or (is_named and grammar.is_names(line.fold)):
        return "byline"
    return "credit" if grammar.is_staff_line(line.fold) else None


def _divide_body(page: TrainingPage, article: int) -> None:
    """Divide a body whose paragraphs are only counted, at the lines that most likely begin one."""
    body = [
        here
        for here, owner in enumerate(page.owners)
        if owner != RESIDUE and page.blocks[owner] == TrueBlock(article, "body")
    ]
    if not body:
        return
    labels = page.articles[article]
    count = labels["paragraph_count_after_rejoin"]
    low, high = labels.get("paragraph_count_range") or (count, count)
    scores = {here: _paragraph_score(page, before, here) for before, here in itertools.pairwise(body)}
    likely = sum(score > 0 for score in scores.values())
    count = min(max(likely, low - 1), high - 1)
    ranked = sorted(scores, key=lambda here: (-scores[here], here))
    begins = {body[0], *ranked[: max(count, 0)]}
    block = RESIDUE
    for here in body:
        block = page.add(article, "paragraph") if here in begins else block
        page.owners[here] = block


def _paragraph_score(page: TrainingPage, before: int, here: int) -> float:
    """How likely a line of a body begins a paragraph, by how the page is set."""
    line, above = page.lines[here], page.lines[before]
    if page.kind(page.owners[here - 1]) in ("heading", "byline"):
        return 20
    indents = [other.indent for other in page.lines]
    widths = sorted(other.length + other.indent for other in page.lines)
    score = 3 if _STOP.search(above.fold) else -2 if above.fold[-1] in "，、的" else 0
    if sum(map(bool, indents)) >= 3 and not all(indents):
        score += 4 if line.indent else -4
    if above.length + above.indent < widths[int(len(widths) * 0.8)] - 2:
        score += 2
    return score + 2 * (line.gap > page.lines[1].gap)


def true_labels(page: TrainingPage, units: Sequence[PrintedLine]) -> list[str]:
    """The true label of each line after unwrapping, from the blocks that own its printed lines."""
    index = {line.spans[0]: here for here, line in enumerate(page.lines)}
    owners = [_most([page.owners[index[span]] for span in unit.spans]) for unit in units]
    labels: list[str] = []
    for here, (unit, owner) in enumerate(zip(units, owners, strict=True)):
        if owner == RESIDUE:
            labels.append(_residue_label(unit, labels[-1] if labels else ""))
        else:
            labels.append(_block_label(page, owners, here))
    return labels


def _block_label(page: TrainingPage, owners: Sequence[int], here: int) -> str:
    owner, above = owners[here], owners[:here]
    kind, article = page.blocks[owner].kind, page.blocks[owner].article
    continues = owner in above
    if kind == "paragraph":
        return "continuation" if continues else "paragraph"
    if kind == "headline":
        is_more = bool(above) and above[-1] != RESIDUE and page.blocks[above[-1]] == page.blocks[owner]
        return "more" if is_more else "headline"
    if kind == "byline":
        has_body = any(
            other != RESIDUE and page.blocks[other] == TrueBlock(article, "paragraph") for other in above
        )
        return "signature" if has_body else "opening"
    if kind == "caption":
        text = next((other for other in reversed(above) if page.kind(other) != "caption"), RESIDUE)
        is_inset = page.kind(text) == "paragraph" and text in owners[here:]
        return "caption more" if continues else "inset" if is_inset else "caption"
    return kind


def _residue_label(unit: PrintedLine, above: str) -> str:
    """The label of a line that belongs to no article; labels of pages do not tell kinds of residue apart."""
    features = extract_line_features(unit).features
    if features & {"header", "staff"}:
        return "header"
    if "advert title" in features:
        return "advert title"
    is_advert = "loss" in features or (
        above in ("advert title", "advert") and not features & {"jump", "weather"}
    )
    return "advert" if is_advert else "notice"
