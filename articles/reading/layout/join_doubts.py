"""Doubts whether a block reads on where the reader joined two printed lines."""

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

from articles.reading.credits.datelines import find_dateline
from articles.reading.lines.character_folding import fold_characters
from articles.reading.values import Block, DoubtReason, JoinDoubt, Story

from .advert_insets import is_advert_like
from .decided_boundaries import Boundaries

_CLOSING = {"）": "（", "》": "《", "】": "【"}
_BRACKETS = re.compile("[（）《》【】]")
_NEWS_BEGINNING = re.compile("(?:本报|本刊|本台)讯")
_SENTENCE_END = re.compile("[。！？；：…”）】 ]$")
# Characters of the second line in which its kind shows.
_HEAD = 40
# A column holds at most this many characters, and this many lines show its width.
_MAX_COLUMN = 44
_MIN_LINES = 4
# A line of a column that is shorter by so many characters lost its rest: only the last line of a paragraph ends early.
_MISSING = 4


def doubtful_joins(story: Story, boundaries: Boundaries) -> tuple[JoinDoubt, ...]:
    """The joins of a story that may not read on, except where an editor said that the text does."""
    return tuple(
        JoinDoubt(offset, reason)
        for block in story.blocks
        if block.kind == "paragraph"
        for offset, reason in _doubts(block)
        if offset not in boundaries
    )


def _doubts(block: Block) -> Iterator[tuple[int, DoubtReason]]:
    fold = fold_characters(block.text)
    column = _column_of(block, fold)
    opened = Counter[str]()
    cut, width = 0, 0.0
    for number, (start, end) in enumerate(block.spans):
        line = fold[cut : cut + end - start]
        if number and not _SENTENCE_END.search(fold, cut - 1, cut):
            reason = _reason(line, opened) or (
                "short" if width <= column - _MISSING and fold[cut - 1].isalpha() else None
            )
            if reason:
                yield start, reason
        opened.update(_BRACKETS.findall(line))
        width = _width(line)
        cut += end - start


def _column_of(block: Block, fold: str) -> float:
    """The width of the column in which a block is set, in full-width characters; 0 if its lines do not show one."""
    if len(block.spans) < _MIN_LINES:
        return 0
    cut, widths = 0, []
    for start, end in block.spans[:-1]:
        widths.append(_width(fold[cut : cut + end - start]))
        cut += end - start
    column = median(widths)
    return column if column <= _MAX_COLUMN else 0


def _width(line: str) -> float:
    return len(line) - len(line.encode("ascii", "ignore")) / 2


def _reason(line: str, opened: Counter[str]) -> DoubtReason | None:
    """Why a line may not go on with an unfinished sentence; None if it does. `opened` counts the brackets above."""
    if is_advert_like(line[:_HEAD]):
        return "advert"
    if _NEWS_BEGINNING.match(line) or find_dateline(line):
        return "beginning"
    first = _BRACKETS.search(line)
    if first and first[0] in _CLOSING and opened[_CLOSING[first[0]]] <= opened[first[0]]:
        return "bracket"
    return None
