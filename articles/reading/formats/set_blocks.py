"""Groups the lines of a sheet to blocks: titles, columns of text and captions; and finds the lines that head a page."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from .sheets import Rectangle, SetLine, Sheet, hull

SetKind = Literal["title", "text", "caption"]

# Shares of the size in which most of a page is set.
_TITLE = 1.04
_SMALL = 0.91
_TEXT_GAP = 0.75
# The share of the size of a title that is left between its lines.
_TITLE_GAP = 0.62
_BESIDE = 0.9
_SHARED = 0.3
# A text in larger type than the rest has so many characters and whole sentences; a title has not.
_LEAST_LEAD = 60

# Shares of the height and width of a sheet.
_HEAD = 0.09
_FOOT = 0.975
_WHOLE_WIDTH = 0.8


@dataclass(frozen=True)
class SetBlock:
    """Lines that stand together, in the order in which they are read."""

    kind: SetKind
    lines: tuple[SetLine, ...]

    @cached_property
    def box(self) -> Rectangle:
        return hull([line.box for line in self.lines])

    @cached_property
    def size(self) -> float:
        return max(line.size for line in self.lines)

    @property
    def is_down(self) -> bool:
        return self.lines[0].direction == "down"


def body_size(lines: Iterable[SetLine]) -> float:
    """The size in which most characters of a page are set, to half a point."""
    counts: defaultdict[float, int] = defaultdict(int)
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return max(counts, key=lambda size: (counts[size], -size))


def furniture_lines(lines: Sequence[SetLine], sheet: Sheet, body: float) -> list[SetLine]:
    """The lines above the rule under the head of a page, those at its foot, and small print above and below all text."""
    widest = max(line.box.right for line in lines)
    heads = [
        rule.bottom
        for rule in sheet.rules
        if rule.width > _WHOLE_WIDTH * widest and rule.bottom < _HEAD * sheet.height
    ]
    top = max(heads, default=0.0)
    foot = _FOOT * sheet.height
    left = [line for line in lines if line.box.bottom - 0.2 * line.size >= top and line.box.top <= foot]
    printed = [line.box for line in left if line.size >= _SMALL * body]
    pictures = [picture for picture in sheet.pictures if picture.top >= top]
    first = min((box.top for box in (*printed, *pictures)), default=top)
    last = max((box.bottom for box in (*printed, *pictures)), default=foot)
    inside = {
        id(line)
        for line in left
        if line.size >= _SMALL * body or (line.box.bottom > first and line.box.top < last)
    }
    return [line for line in lines if id(line) not in inside]


def group_blocks(lines: Iterable[SetLine], body: float, pictures: Sequence[Rectangle]) -> list[SetBlock]:
    """Group lines to blocks of one kind."""
    by_kind: defaultdict[SetKind, list[SetLine]] = defaultdict(list)
    for line in lines:
        by_kind[_kind(line, body, pictures)].append(line)
    kinds: tuple[SetKind, ...] = ("title", "text", "caption")
    grouped = [(kind, _groups(by_kind[kind], kind, body)) for kind in kinds]
    return [
        SetBlock("text" if kind == "title" and _is_lead(group) else kind, tuple(_in_order(group)))
        for kind, groups in grouped
        for group in (_with_pieces(groups) if kind == "text" else groups)
    ]


def _is_lead(group: Sequence[SetLine]) -> bool:
    text = "".join(line.text for line in group)
    return len(text) >= _LEAST_LEAD and "。" in text and group[0].direction == "across"


def _with_pieces(groups: list[list[SetLine]]) -> list[list[SetLine]]:
    """Put the pieces of lines that were cut at a wide blank back into the column that they stand in."""
    boxes = [hull([line.box for line in group]) for group in groups]
    order = sorted(range(len(groups)), key=lambda place: boxes[place].width)
    gone: set[int] = set()
    for place in order:
        for other in reversed(order):
            is_wider = boxes[other].width > boxes[place].width + 1 and other not in gone
            if is_wider and boxes[other].contains(boxes[place], 2.0):
                groups[other] = _merged(groups[other], groups[place])
                gone.add(place)
                break
    return [group for place, group in enumerate(groups) if place not in gone]


def _merged(column: Sequence[SetLine], pieces: Sequence[SetLine]) -> list[SetLine]:
    lines = list(column)
    for piece in pieces:
        beside = [
            place
            for place, line in enumerate(lines)
            if abs(line.box.bottom - piece.box.bottom) < 0.35 * line.size
            and line.box.overlap_across(piece.box) <= 0
        ]
        if beside:
            first, last = sorted((lines[beside[0]], piece), key=lambda line: line.box.left)
            lines[beside[0]] = SetLine(f"{first.text} {last.text}", hull([first.box, last.box]), first.size)
        else:
            lines.append(piece)
    return lines


def _kind(line: SetLine, body: float, pictures: Sequence[Rectangle]) -> SetKind:
    if line.size > _TITLE * body or line.direction != "across":
        return "title"
    if line.size < _SMALL * body and any(_is_beside(line.box, picture, body) for picture in pictures):
        return "caption"
    return "text"


def _is_beside(box: Rectangle, picture: Rectangle, body: float) -> bool:
    """Whether a line stands right below, above or beside a picture."""
    near = 5 * body
    if box.overlap_across(picture) > 0.5 * min(box.width, picture.width):
        return -1 < box.top - picture.bottom + body < near or -1 < picture.top - box.bottom + body < 2 * body
    return box.overlap_down(picture) > 0.8 * box.height and -2 * body < box.overlap_across(picture)


def _groups(lines: Sequence[SetLine], kind: SetKind, body: float) -> list[list[SetLine]]:
    groups: list[list[SetLine]] = []
    for line in sorted(lines, key=lambda line: (line.box.top, line.box.left)):
        near = [
            (gap, place)
            for place, group in enumerate(groups)
            if (gap := _gap(group, line, kind, body)) is not None
        ]
        if near:
            groups[min(near)[1]].append(line)
        else:
            groups.append([line])
    return groups


def _gap(group: Sequence[SetLine], line: SetLine, kind: SetKind, body: float) -> float | None:
    """How far a line is below a group that it belongs to; None if it does not."""
    last = group[-1]
    if (line.direction == "across") != (last.direction == "across"):
        return None
    size = max(line.size, last.size)
    if line.direction != "across":
        gap = -line.box.overlap_across(last.box)
        return gap if gap < _BESIDE * size and line.box.overlap_down(last.box) > 0 else None
    bottom = max(one.box.bottom for one in group)
    gap = line.box.top - bottom
    limit = _TITLE_GAP * size if kind == "title" else _TEXT_GAP * body
    shared = hull([one.box for one in group]).overlap_across(line.box)
    is_below = shared > _SHARED * min(line.box.width, last.box.width)
    return gap if is_below and -0.5 * body < gap < limit else None


def _in_order(group: Sequence[SetLine]) -> list[SetLine]:
    """The lines of a block as they are read: from the top, or from the right where they run down the page."""
    if group[0].direction == "down":
        return sorted(group, key=lambda line: -line.box.left)
    return sorted(group, key=lambda line: (line.box.top, line.box.left))


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a paragraph may end."""
    return re.search("[。！？”）…：；]$|摄$", text) is not None
