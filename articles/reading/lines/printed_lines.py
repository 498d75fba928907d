"""Splits the text of a page into its printed lines, with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.reading.values import Span

from .character_folding import fold_characters

# Only these end a printed line: U+2028, U+0085 and vertical tabs occur inside lines of copied text.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")

# Characters that print nothing at either end of a line: white space, byte order marks, zero-width and bidirectional marks.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_WHITE = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
MARGIN = _WHITE + _INVISIBLE


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page: the text printed at `spans`, without the white space around it.

    `fold` is the text after `fold_characters`. `length` counts the printed characters, `indent` is the white space before
    them in full-width characters (a blank of ASCII is half of one), `gap` counts the blank lines above.
    """

    spans: tuple[Span, ...]
    text: str
    fold: str
    length: int
    indent: float
    gap: int

    def with_next(self, line: PrintedLine) -> PrintedLine:
        """Join this line and the next, which were one sentence broken at the width of a column."""
        return PrintedLine(
            self.spans + line.spans,
            self.text + line.text,
            self.fold + line.fold,
            self.length + line.length,
            self.indent,
            self.gap,
        )


@lru_cache(maxsize=1)
def split_lines(text: str) -> tuple[PrintedLine, ...]:
    """Split a page into the lines that print anything; cached, as two stages read the same page."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[PrintedLine]:
    gap = 0
    for match in _LINE.finditer(text):
        printed = match[0].strip(MARGIN)
        if not printed:
            gap += 1
            continue
        white = match[0][: len(match[0]) - len(match[0].lstrip(MARGIN))]
        start = match.start() + len(white)
        indent = len(white) - white.count(" ") / 2
        folded = fold_characters(printed)
        length = len(printed) - folded.count(" ")
        yield PrintedLine(((start, start + len(printed)),), printed, folded, length, indent, gap)
        gap = 0
