"""The printed lines of a page, with their places and the shape that rules read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.reading.values import Span

from .character_folding import fold_characters

# Only these end a printed line: U+2028, U+0085 and vertical tabs stand inside lines of text that was copied.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")

# Print nothing at either end of a line: white space, byte order marks, zero-width and bidirectional marks.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_WHITE = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
MARGIN = _WHITE + _INVISIBLE


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page: what is printed at `spans`, without the white space round it.

    `fold_characters` is the text in the shape that rules are written in, `length` its printed characters,
    `indent` the white characters before it, `gap` the blank lines above it.
    """

    spans: tuple[Span, ...]
    text: str
    fold: str
    length: int
    indent: int
    gap: int

    def with_next(self, line: PrintedLine) -> PrintedLine:
        """This line and the next as one, which the width of a column had broken."""
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
    """The lines of a page that print anything, in order; kept for the next stage that asks for the same page."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[PrintedLine]:
    gap = 0
    for match in _LINE.finditer(text):
        printed = match[0].strip(MARGIN)
        if not printed:
            gap += 1
            continue
        indent = len(match[0]) - len(match[0].lstrip(MARGIN))
        start = match.start() + indent
        folded = fold_characters(printed)
        length = len(printed) - folded.count(" ")
        yield PrintedLine(((start, start + len(printed)),), printed, folded, length, indent, gap)
        gap = 0
