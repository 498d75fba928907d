"""The printed lines of a page, with their places and the shape that rules read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .folding import fold

# Only these end a printed line: U+2028, U+0085 and vertical tabs stand inside lines of text that was copied.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")

# Print nothing at either end of a line: white space, byte order marks, zero-width and bidirectional marks.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_WHITE = " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
MARGIN = _WHITE + _INVISIBLE


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: `text` stands at `start` to `end` of the page, without the white space round it.

    `fold` is the text in the shape that rules are written in, `length` its printed characters,
    `indent` the white characters before it, `gap` the blank lines above it.
    """

    start: int
    end: int
    text: str
    fold: str
    length: int
    indent: int
    gap: int


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a page that print anything, in order."""
    gap = 0
    for match in _LINE.finditer(text):
        printed = match[0].strip(MARGIN)
        if not printed:
            gap += 1
            continue
        indent = len(match[0]) - len(match[0].lstrip(MARGIN))
        start = match.start() + indent
        folded = fold(printed)
        length = len(printed) - folded.count(" ")
        yield Line(start, start + len(printed), printed, folded, length, indent, gap)
        gap = 0
