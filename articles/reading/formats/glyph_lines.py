"""Sets the characters of a sheet in lines, in whatever order they come: across, down the page, and turned."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from articles.reading.values import LineDirection

from .sheets import Glyph, Rectangle, SetLine, hull

# Shares of the size of type. A copy of a character that is less far away is its shadow.
_SHADOW = 0.2
_SAME_SIZE = 0.12
_SAME_BASE_LINE = 0.35
# Characters further apart belong to two columns; those of titles may be set wider.
_GUTTER = 0.85
_TITLE_GUTTER = 1.3
# Where the file has a blank, a gap of up to so much is that of a full-width one.
_BLANK_GUTTER = 1.6
_TITLE_SIZE = 12.0
# In a title a wider gap is a blank between its two parts.
_BLANK = 0.22
_FILE_BLANK = 0.12
# Two titles side by side have a gap of so much between them, and each is in the middle of its column (twice the share).
_BESIDE_GAP = 0.5
_CENTRED = 0.6
# A title may be set with gaps of up to two characters, all even.
_WIDEST_SPACING = 2.2
_EVEN = 0.15
_LEAST_SPACED = 3
# Characters below each other touch; lines below each other do not.
_PITCH = (0.85, 1.15)
_LEAST_COLUMN = 3
_WIDE = 0.7
# The side of a cell of the grid in which neighbours are sought, in points.
_CELL = 24.0
_ROWS_BACK = 80

_DIRECTIONS: tuple[LineDirection, ...] = ("across", "up-turned", "across", "down-turned")
_OPENERS, _CLOSERS = "“（《「『【〔", "”）》」』】〕，：；。、！？"


def set_lines(glyphs: Sequence[Glyph], rules: Sequence[Rectangle] = ()) -> list[SetLine]:
    """Set characters in lines; a line ends at a gutter and at a rule between two columns."""
    lines = _set(glyphs, rules, _LEAST_COLUMN)
    # On a page that runs down, a column of one or two characters ends a paragraph.
    return _set(glyphs, rules, 1) if is_set_down(lines) else lines


def is_set_down(lines: Iterable[SetLine]) -> bool:
    """Whether most of a page runs down, as older pages do."""
    down = sum(len(line.text) * (1 if line.direction == "down" else -1) for line in lines)
    return down > 0


def _set(glyphs: Sequence[Glyph], rules: Sequence[Rectangle], least: int) -> list[SetLine]:
    printed = _without_shadows(glyphs)
    lines: list[SetLine] = []
    by_turns = defaultdict(list)
    for glyph in printed:
        by_turns[glyph.turns].append(glyph)
    upright = [rule for rule in rules if rule.height > rule.width]
    # In a line down the page Latin letters and digits may be turned to the right.
    columns, rest = _columns(by_turns[0], by_turns[3], least)
    lines += columns
    lines += _rows([glyph for glyph in rest if not glyph.turns], upright)
    by_turns[3] = [glyph for glyph in rest if glyph.turns]
    for turns in (1, 2, 3):
        lines += _turned(by_turns[turns], turns)
    return lines


def _without_shadows(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Leave out the copies of a character that are printed over it, as for a shadow or to look bold."""
    printed: list[Glyph] = []
    places: defaultdict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        left, top = glyph.box.left, glyph.box.top
        cells = [
            (glyph.text, int(left // _CELL) + across, int(top // _CELL) + down)
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
        ]
        near = _SHADOW * glyph.size
        if any(
            abs(other.box.left - left) < near and abs(other.box.top - top) < near
            for cell in cells
            for other in places[cell]
        ):
            continue
        places[glyph.text, int(left // _CELL), int(top // _CELL)].append(glyph)
        printed.append(glyph)
    return printed


class _Neighbours:
    """Finds the character of the same size that stands right beside or below another one; no Latin letter or digit."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self._glyphs = glyphs
        self._cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for place, glyph in enumerate(glyphs):
            if glyph.box.width > _WIDE * glyph.size:
                self._cells[self._cell(glyph.box.left, glyph.box.top)].append(place)

    @staticmethod
    def _cell(left: float, top: float) -> tuple[int, int]:
        return int(left // _CELL), int(top // _CELL)

    def find(self, place: int, across: int, down: int) -> int | None:
        glyph = self._glyphs[place]
        left, top = glyph.box.left + across * glyph.size, glyph.box.top + down * glyph.size
        column, row = self._cell(left, top)
        slack = (_PITCH[1] - 1) * glyph.size
        for cell in ((column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)):
            for other in self._cells.get(cell, ()):
                box = self._glyphs[other].box
                is_same = abs(self._glyphs[other].size - glyph.size) < _SAME_SIZE * glyph.size
                if other != place and is_same and abs(box.left - left) < slack and abs(box.top - top) < slack:
                    return other
        return None


def _columns(
    upright: Sequence[Glyph], turned: Sequence[Glyph], least: int
) -> tuple[list[SetLine], list[Glyph]]:
    """The lines that run down the page, and the other characters.

    Characters of such a line touch the next one below, and none beside them.
    """
    glyphs = [*upright, *turned]
    neighbours = _Neighbours(glyphs)
    used: set[int] = set()
    runs: list[list[int]] = []
    for first in sorted(
        range(len(upright)), key=lambda place: (glyphs[place].box.top, glyphs[place].box.left)
    ):
        if first in used or neighbours.find(first, 0, -1) is not None:
            continue
        run = [first]
        while (
            (below := neighbours.find(run[-1], 0, 1)) is not None and below not in used and below not in run
        ):
            run.append(below)
        if len(run) < least or _have_beside(run, neighbours):
            continue
        used.update(run)
        runs.append(run)
    lines = [_down([glyphs[place] for place in run]) for run in _continued(runs, glyphs, used)]
    return lines, [glyph for place, glyph in enumerate(glyphs) if place not in used]


def _continued(runs: list[list[int]], glyphs: Sequence[Glyph], used: set[int]) -> list[list[int]]:
    """Join the runs between which a number stands across, as in a headline down the page, with the number."""
    free = [place for place in range(len(glyphs)) if place not in used]
    whole = []
    left = sorted(runs, key=lambda run: glyphs[run[0]].box.top)
    while left:
        run = left.pop(0)
        while True:
            last = hull([glyphs[place].box for place in run])
            size = glyphs[run[0]].size
            found = [place for place in free if _is_next(glyphs[place], last, size)]
            after = [other for other in left if _is_next(glyphs[other[0]], last, size)]
            if found:
                row = min(glyphs[place].box.top for place in found)
                found = [place for place in found if glyphs[place].box.top < row + _SAME_BASE_LINE * size]
                run = run + sorted(found, key=lambda place: (glyphs[place].turns, glyphs[place].box.left))
                used.update(found)
                free = [place for place in free if place not in used]
            elif after:
                run = run + after[0]
                left.remove(after[0])
            else:
                break
        whole.append(run)
    return whole


def _is_next(glyph: Glyph, above: Rectangle, size: float) -> bool:
    """Whether a character of about the same size stands right below a line that runs down the page."""
    slack = 0.3 * size
    is_below = -0.3 * size < glyph.box.top - above.bottom < 0.5 * size
    is_within = above.left - slack < glyph.box.left and glyph.box.right < above.right + slack
    return is_below and is_within and abs(glyph.size - size) < _SAME_SIZE * size


def _have_beside(run: Sequence[int], neighbours: _Neighbours) -> bool:
    beside = [neighbours.find(place, side, 0) is not None for place in run for side in (-1, 1)]
    return any(beside)


def _down(run: Sequence[Glyph]) -> SetLine:
    box = hull([glyph.box for glyph in run])
    return SetLine("".join(glyph.text for glyph in run), box, run[0].size, "down")


def _rows(glyphs: Sequence[Glyph], rules: Sequence[Rectangle]) -> Iterator[SetLine]:
    """The lines that run across: characters on one base line and of one size, up to a gutter."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.box.bottom, glyph.box.left)):
        for row in reversed(rows[-_ROWS_BACK:]):
            first = row[0]
            is_near = abs(first.box.bottom - glyph.box.bottom) < _SAME_BASE_LINE * min(first.size, glyph.size)
            if is_near and abs(first.size - glyph.size) < _SAME_SIZE * glyph.size:
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    small: list[Rectangle] = []
    # Titles come last, as the columns below show which of them stand side by side.
    for row in sorted(rows, key=lambda row: row[0].size > _TITLE_SIZE):
        row.sort(key=lambda glyph: glyph.box.left)
        for part in _parts(row, rules, small):
            box = hull([glyph.box for glyph in part])
            size = median(glyph.size for glyph in part)
            if size <= _TITLE_SIZE:
                small.append(box)
            yield SetLine(_text(part), box, size)


def _parts(
    row: Sequence[Glyph], rules: Sequence[Rectangle], small: Sequence[Rectangle]
) -> Iterator[list[Glyph]]:
    """Cut a row at gutters and at rules; a title with even wide gaps is one part."""
    size = row[0].size
    below = _below(row, small) if size > _TITLE_SIZE else []
    if _is_spaced(row) and not any(_divides(rule, *pair) for pair in pairwise(row) for rule in rules):
        yield list(row)
        return
    gutter = (_GUTTER if size < _TITLE_SIZE else _TITLE_GUTTER) * size
    part = [row[0]]
    for before, glyph in pairwise(row):
        is_abreast = bool(below) and _stand_abreast(row, (before, glyph), below)
        limit = max(gutter, _BLANK_GUTTER * size) if glyph.after_blank else gutter
        is_ruled = any(_divides(rule, before, glyph) for rule in rules)
        if glyph.box.left - before.box.right > limit or is_ruled or is_abreast:
            yield part
            part = []
        part.append(glyph)
    yield part


def _is_spaced(row: Sequence[Glyph]) -> bool:
    """Whether a title is set with wide gaps between its characters, all even."""
    size = row[0].size
    gaps = [after.box.left - before.box.right for before, after in pairwise(row)]
    return (
        len(row) >= _LEAST_SPACED
        and _TITLE_GUTTER * 0.3 * size < min(gaps)
        and max(gaps) < _WIDEST_SPACING * size
        and max(gaps) - min(gaps) < _EVEN * size
        and len(row) < 16
    )


def _below(row: Sequence[Glyph], small: Sequence[Rectangle]) -> list[Rectangle]:
    """The lines of text that stand below a title."""
    bottom = max(glyph.box.bottom for glyph in row)
    size = row[0].size
    left, right = row[0].box.left - 2 * size, row[-1].box.right + 2 * size
    return [
        box for box in small if bottom < box.top < bottom + 5 * size and box.right > left and box.left < right
    ]


def _stand_abreast(row: Sequence[Glyph], pair: tuple[Glyph, Glyph], below: Sequence[Rectangle]) -> bool:
    """Whether a gap in a row of large characters lies over a gutter, and each part over the middle of its column."""
    start, end = pair[0].box.right, pair[1].box.left
    middle = (start + end) / 2
    if end - start < _BESIDE_GAP * pair[0].size or any(box.left < middle < box.right for box in below):
        return False
    left = [box for box in below if box.right < middle]
    right = [box for box in below if box.left > middle]
    if not left or not right:
        return False
    edges = max(box.right for box in left), min(box.left for box in right)
    columns = (
        hull([box for box in left if box.overlap_across(max(left, key=lambda one: one.right)) > 0]),
        hull([box for box in right if box.overlap_across(min(right, key=lambda one: one.left)) > 0]),
    )
    parts = (
        [glyph.box for glyph in row if glyph.box.right <= start and glyph.box.left > columns[0].left - 2],
        [glyph.box for glyph in row if glyph.box.left >= end and glyph.box.right < columns[1].right + 2],
    )
    is_over = start - 1 <= edges[0] and edges[1] <= end + 1
    return is_over and all(
        part
        and abs(hull(part).left + hull(part).right - column.left - column.right) < _CENTRED * pair[0].size
        for part, column in zip(parts, columns, strict=True)
    )


def _divides(rule: Rectangle, before: Glyph, after: Glyph) -> bool:
    is_between = before.box.right - 1 < rule.right and rule.left < after.box.left + 1
    return is_between and rule.top < after.box.bottom - 2 and rule.bottom > after.box.top + 2


def _text(part: Sequence[Glyph]) -> str:
    """The text of a line, with the blanks of the file and those of the gaps in a title."""
    text = part[0].text
    is_spaced = _is_spaced(part)
    for before, glyph in pairwise(part):
        gap = glyph.box.left - before.box.right
        is_title = (
            glyph.size > _TITLE_SIZE and glyph.text[0] not in _OPENERS and before.text[-1] not in _CLOSERS
        )
        wide = _BLANK * glyph.size
        is_blank = glyph.after_blank and gap > _FILE_BLANK * glyph.size
        if not is_spaced and (is_blank or (gap > wide and (is_title or gap > 2 * wide))):
            text += " "
        text += glyph.text
    return re.sub(" +", " ", text)


def _turned(glyphs: Sequence[Glyph], turns: int) -> Iterator[SetLine]:
    """The lines of text that is turned: set as if it were upright, and turned back."""
    upright = [replace(glyph, box=_turn(glyph.box, -turns)) for glyph in glyphs]
    for line in _rows(upright, ()):
        yield SetLine(line.text, _turn(line.box, turns), line.size, _DIRECTIONS[turns])


def _turn(box: Rectangle, turns: int) -> Rectangle:
    """Turn a box by quarters against the clock around the origin."""
    for _ in range(turns % 4):
        box = Rectangle(box.top, -box.right, box.bottom, -box.left)
    return box
