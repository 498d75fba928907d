"""What a reader is shown of a hit: the words around it, with the terms marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Protocol

from django.utils.html import escape

from articles.reading.values import PARTS, TITLES

from .folding import fold_with_offsets
from .query_parser import Query

_AROUND = 30  # characters shown on either side of a hit
_FRAGMENT = 120  # characters from a fragment's first hit, within which others are shown in it
_LONGEST = 400  # characters of one mark, which can only be longer in text made to harm
_WHOLE = 200  # characters up to which a headline, kicker or subtitle is shown whole
_IN_BODY = 3  # fragments

_Span = tuple[int, int]


class _HasText(Protocol):
    """An article, or whatever has its text."""

    @property
    def headline(self) -> str: ...
    @property
    def kicker(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of a part: `fragment` is `text[start:end]` as HTML, with each of `marks` inside `<mark>`.

    All offsets are of code points of the part's text. Marks are in order and apart from each other.
    """

    part: str
    start: int
    end: int
    fragment: str
    marks: tuple[_Span, ...]


def highlights(article: _HasText, query: Query) -> list[Highlight]:
    """Where the wanted terms stand: a fragment each of headline, kicker and subtitle, up to three of the body.

    >>> [found] = highlights(Article(headline="芮城縣: <新橋>通車"), parse_query("芮城 新桥"))
    >>> found.fragment, found.marks
    ('<mark>芮城</mark>縣: &lt;<mark>新橋</mark>&gt;通車', ((0, 2), (6, 8)))
    """
    found = []
    for part in PARTS:
        text = getattr(article, part)
        windows = _windows(text, query.wanted, _WHOLE if part in TITLES else 0)
        found += [
            _highlight(part, text, window) for window in _chosen(windows, 1 if part in TITLES else _IN_BODY)
        ]
    return found


@dataclass(slots=True)
class _Window:
    """What is shown of a part: its borders, the hits in it, and the numbers of the terms that they are of."""

    start: int
    end: int
    marks: list[_Span]
    terms: set[int]


def _hits(folded: str, terms: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """Where each term begins and ends in folded text, and its number, by their beginnings."""
    return merge(*(_hits_of(folded, term, number) for number, term in enumerate(terms)))


def _hits_of(folded: str, term: str, number: int) -> Iterator[tuple[int, int, int]]:
    start = folded.find(term)
    while start >= 0:
        yield start, start + len(term), number
        start = folded.find(term, start + 1)


def _marks(text: str, terms: tuple[str, ...]) -> Iterator[tuple[int, int, set[int]]]:
    """Where hits stand in the text, those that overlap as one, and the numbers of the terms in each."""
    folded, offsets = fold_with_offsets(text)
    hits = _hits(folded, terms)
    first = next(hits, None)
    if first is None:
        return
    start, end, numbers = first[0], first[1], {first[2]}
    for next_start, next_end, number in hits:
        if next_start >= end:
            yield offsets[start], offsets[end - 1] + 1, numbers
            start, numbers = next_start, set()
        end = max(end, next_end)
        numbers.add(number)
    yield offsets[start], offsets[end - 1] + 1, numbers


def _windows(text: str, terms: tuple[str, ...], whole: int) -> list[_Window]:
    """The pieces of a text round all hits, none over another; the whole text if it is not longer than that."""
    windows: list[_Window] = []
    for start, end, numbers in _marks(text, terms):
        window = windows[-1] if windows else None
        if window and (len(text) <= whole or end - window.marks[0][0] <= _FRAGMENT):
            window.marks.append((start, end))
            window.terms |= numbers
        else:
            if window:
                window.end = min(window.end, start)
            left = max(start - _AROUND, window.end if window else 0)
            window = _Window(left, end, [(start, min(end, start + _LONGEST))], set(numbers))
            windows.append(window)
        window.end = min(window.marks[-1][1] + _AROUND, len(text))
    if windows and len(text) <= whole:
        windows[0].start, windows[0].end = 0, len(text)
    return windows


def _chosen(windows: list[_Window], most: int) -> list[_Window]:
    """Of the windows those that show a term for the first time, then the first of the others; as in the text."""
    shown: set[int] = set()
    telling: list[_Window] = []
    others: list[_Window] = []
    for window in windows:
        (others if window.terms <= shown else telling).append(window)
        shown |= window.terms
    return sorted([*telling, *others][:most], key=lambda window: window.start)


def _highlight(part: str, text: str, window: _Window) -> Highlight:
    pieces, at = [], window.start
    for start, end in window.marks:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at : window.end]))
    return Highlight(part, window.start, window.end, "".join(pieces), tuple(window.marks))
