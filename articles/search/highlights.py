"""Fragments of an article around matching terms, with the terms marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Protocol

from django.utils.html import escape

from articles.reading.values import PARTS, TITLES

from .folding import fold_with_offsets
from .query_parser import Query

_CONTEXT = 30  # characters shown on either side of a match
_LONGEST_FRAGMENT = 120  # characters from its first match to the end of its last
_LONGEST_MARK = 400  # characters; only text made for an attack has longer matches
_WHOLE = 200  # characters; a shorter headline, kicker or subtitle is shown whole
_BODY_FRAGMENTS = 3

_Span = tuple[int, int]


class _HasText(Protocol):
    """An article, or another object with its texts."""

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
    """A fragment of a part: `fragment` is `text[start:end]` as HTML, with each of `marks` inside `<mark>`.

    All offsets count code points of the part's text. Marks are sorted and do not overlap.
    """

    part: str
    start: int
    end: int
    fragment: str
    marks: tuple[_Span, ...]


def highlights(article: _HasText, query: Query) -> list[Highlight]:
    """Fragments with the wanted terms: one of headline, kicker and subtitle each, up to three of the body.

    >>> [found] = highlights(Article(headline="芮城縣: <新橋>通車"), parse_query("芮城 新桥"))
    >>> found.fragment, found.marks
    ('<mark>芮城</mark>縣: &lt;<mark>新橋</mark>&gt;通車', ((0, 2), (6, 8)))
    """
    found = []
    for part in PARTS:
        text = getattr(article, part)
        terms = tuple(term.text for term in query.terms if term.part in {"", part})
        windows = _windows(text, tuple(dict.fromkeys(terms)), _WHOLE if part in TITLES else 0)
        found += [
            _highlight(part, text, window)
            for window in _chosen(windows, 1 if part in TITLES else _BODY_FRAGMENTS)
        ]
    return found


@dataclass(slots=True)
class _Window:
    """A fragment in the making: its offsets, its matches, and the numbers of the matching terms."""

    start: int
    end: int
    marks: list[_Span]
    terms: set[int]


def _hits(folded: str, term: str, number: int) -> Iterator[tuple[int, int, int]]:
    start = folded.find(term)
    while start >= 0:
        yield start, start + len(term), number
        start = folded.find(term, start + 1)


def _marks(text: str, terms: tuple[str, ...]) -> Iterator[tuple[int, int, set[int]]]:
    """The start and end of matches in the text, overlapping ones joined, with the numbers of their terms."""
    folded, offsets = fold_with_offsets(text)
    hits = merge(*(_hits(folded, term, number) for number, term in enumerate(terms)))
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
    """Fragments around all matches, without overlaps; the whole text if it has at most `whole` characters."""
    windows: list[_Window] = []
    for start, end, numbers in _marks(text, terms):
        window = windows[-1] if windows else None
        if window and (len(text) <= whole or end - window.marks[0][0] <= _LONGEST_FRAGMENT):
            window.marks.append((start, end))
            window.terms |= numbers
        else:
            if window:
                window.end = min(window.end, start)
            left = max(start - _CONTEXT, window.end if window else 0)
            window = _Window(left, end, [(start, min(end, start + _LONGEST_MARK))], set(numbers))
            windows.append(window)
        window.end = min(window.marks[-1][1] + _CONTEXT, len(text))
    if windows and len(text) <= whole:
        windows[0].start, windows[0].end = 0, len(text)
    return windows


def _chosen(windows: list[_Window], most: int) -> list[_Window]:
    """At most `most` windows in order: first those that show a new term, then the first of the others."""
    shown: set[int] = set()
    with_new_term: list[_Window] = []
    others: list[_Window] = []
    for window in windows:
        (others if window.terms <= shown else with_new_term).append(window)
        shown |= window.terms
    return sorted([*with_new_term, *others][:most], key=lambda window: window.start)


def _highlight(part: str, text: str, window: _Window) -> Highlight:
    pieces, at = [], window.start
    for start, end in window.marks:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at : window.end]))
    return Highlight(part, window.start, window.end, "".join(pieces), tuple(window.marks))
