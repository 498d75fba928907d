"""Finds the spans of a text that overlap a candidate, and how they lie to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from articles.reading.values import Span


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=_Spanned)


class Overlaps(Generic[S]):
    """Spans by the offsets of the text that they cover."""

    def __init__(self, spans: Iterable[S]) -> None:
        self._at: defaultdict[int, list[S]] = defaultdict(list)
        for span in spans:
            for at in range(span.start, span.end):
                self._at[at].append(span)

    def beside(self, start: int, end: int) -> Iterator[tuple[str, S]]:
        """Yield the other spans that overlap one, in the order of the text, each with its side as `_side` names it."""
        for at in range(start, end):
            for span in self._at.get(at, ()):
                if max(span.start, start) == at and (span.start, span.end) != (start, end):
                    yield _side((start, end), (span.start, span.end)), span

    def is_tiled(self, start: int, end: int) -> bool:
        """Whether spans lie end to end from one offset to another."""
        at = start
        while at < end:
            at = max((span.end for span in self._at.get(at, ()) if span.start == at), default=end + 1)
        return at == end


def _side(mine: Span, other: Span) -> str:
    """How a span lies to another: inside or around it, or across its border, with the border that they share."""
    (start, end), (other_start, other_end) = mine, other
    if other_start <= start and end <= other_end:
        side = "inside"
    elif start <= other_start and other_end <= end:
        side = "around"
    else:
        side = "across"
    return side + (" same start" if start == other_start else " same end" if end == other_end else "")
