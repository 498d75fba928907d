"""Where a span of a text lies after the text was edited."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

# Characters of a changed middle that are compared one by one; comparing takes time by the square of them.
_COMPARED = 2_000
# Characters on either side of the change that are compared with it: 县 behind a name that was cut may be any 县.
_MARGIN = 40


class Edit:
    """What became of a text, so that spans of the old one are found again in the new.

    >>> Edit("县长李明到芮城县调研", "李明昨天到芮城县调研").moved(5, 8)
    (5, 8)
    """

    def __init__(self, before: str, after: str) -> None:
        self._kept = list(_kept(before, after))

    def moved(self, start: int, end: int) -> tuple[int, int] | None:
        """The span in the new text, or None if what it held was changed itself."""
        for old, new, length in self._kept:
            if old <= start and end <= old + length:
                return start - old + new, end - old + new
        return None


def _kept(before: str, after: str) -> Iterator[tuple[int, int, int]]:
    """The runs that both texts have: start before, start after, length."""
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    yield 0, 0, head
    yield len(before) - tail, len(after) - tail, tail
    head, tail = max(head - _MARGIN, 0), max(tail - _MARGIN, 0)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) <= _COMPARED and len(new) <= _COMPARED:
        for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            yield head + match.a, head + match.b, match.size


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
