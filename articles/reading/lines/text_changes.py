"""Compares two versions of a text, to find spans of the former one in the new one."""

from collections.abc import Iterator
from difflib import SequenceMatcher

# The longest changed text that is compared character by character; the time grows with its square.
_MOST_COMPARED = 2_000
# Characters on either side of the changed text that are compared too: after a deleted name, 县 may belong to any county.
_MARGIN = 40


class TextChange:
    """A text before and after a change, to find spans of the old text in the new one.

    >>> TextChange("县长李明到芮城县调研", "李明昨天到芮城县调研").move(5, 8)
    (5, 8)
    """

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = before, after
        self._runs = list(common_runs(before, after))

    def move(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the span in the new text, or None if its own words were changed."""
        for old, new, length in self._runs:
            if old <= start and end <= old + length:
                return start - old + new, end - old + new
        return None

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """Like `move`; else, if the new text has the same words as often as the old one, the span by its number."""
        if moved := self.move(start, end):
            return moved
        words = self._before[start:end]
        if not words or self._before.count(words) != self._after.count(words):
            return None
        place = -1
        for _ in range(self._before.count(words, 0, start) + 1):
            place = self._after.find(words, place + 1)
        return (place, place + len(words)) if place >= 0 else None


def common_runs(before: str, after: str) -> Iterator[tuple[int, int, int]]:
    """The runs that both texts have: start before, start after, length."""
    head = _common_prefix(before, after)
    tail = _common_prefix(before[head:][::-1], after[head:][::-1])
    yield 0, 0, head
    yield len(before) - tail, len(after) - tail, tail
    head, tail = max(head - _MARGIN, 0), max(tail - _MARGIN, 0)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) <= _MOST_COMPARED and len(new) <= _MOST_COMPARED:
        for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            yield head + match.a, head + match.b, match.size


def _common_prefix(one: str, other: str) -> int:
    """The number of characters that both texts begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
