"""Writes the areas of a sheet as a page: its printed lines in the order of reading, each with its place."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from articles.reading.values import LaidOutLine, LineDirection, LineKind, Page, PageLayout

from .areas import Area, find_areas
from .glyph_lines import is_set_down, set_lines
from .page_headers import read_masthead
from .set_blocks import SetBlock, body_size, ends_sentence
from .sheets import Rectangle, SetLine, Sheet, hull

_UNITS = 10_000
# Shares of the size of the text.
_INDENT = 1.2
_SHORT = 1.6
_CENTRED = 1.5
_MAIN = 0.93
_SAME_COLUMN = 0.6
_NEAR_TITLE = 2.5
_FEW_LINES = 3


def page_digest(file_sha256: str, number: int) -> str:
    """The digest by which a page of a file is known: it stays the same when a newer version reads other text."""
    return hashlib.sha256(f"{file_sha256}#page={number}".encode()).hexdigest()


def lay_out(sheet: Sheet, format_name: str, file_sha256: str, number: int) -> Page:
    """Read the lines of a sheet in their order, with what the layout says of each."""
    lines = set_lines(sheet.glyphs, sheet.rules)
    if is_set_down(lines):
        # Such a page is read like any other, once it is turned so that its lines run across.
        turned = _turned_sheet(sheet)
        areas = find_areas([_turned_line(line, sheet.width) for line in lines], turned)
        written = [replace(one, line=_turned_back(one.line, sheet.width)) for one in _written(areas)]
    else:
        written = list(_written(find_areas(lines, sheet)))
    text, places = _write_lines(written, sheet.width, sheet.height)
    layout = PageLayout(
        format_name, file_sha256, number, round(sheet.width, 1), round(sheet.height, 1), places
    )
    return Page(
        text=text,
        sha256=page_digest(file_sha256, number),
        encoding=format_name,
        flags=("irreversible", *sheet.flags),
        masthead=read_masthead(text),
        layout=layout,
    )


@dataclass(frozen=True, slots=True)
class _WrittenLine:
    """A line with what it is; `begins` says that it begins a paragraph or a title."""

    line: SetLine
    kind: LineKind
    area: int | None
    begins: bool
    column: int = 0


def _write_lines(
    written: Sequence[_WrittenLine], width: float, height: float
) -> tuple[str, tuple[LaidOutLine, ...]]:
    """The text of a page, with indents and blank lines as printed, and the place of each of its lines."""
    text, places, block = "", [], -1
    before: _WrittenLine | None = None
    for one in written:
        if before is not None:
            text += "\n"
            if one.area != before.area or (one.kind == "text") != (before.kind == "text"):
                text += "\n"
        block += one.begins
        if one.kind == "text" and one.begins and one.area is not None:
            text += "\u3000\u3000"
        printed = one.line.text.strip()
        start = len(text)
        text += printed
        places.append(
            LaidOutLine(
                start,
                len(text),
                _units(one.line.box, width, height),
                round(one.line.size / height * _UNITS),
                one.kind,
                block,
                one.area,
                one.column,
                one.line.direction,
            )
        )
        before = one
    return f"{text}\n", tuple(places)


def _units(box: Rectangle, width: float, height: float) -> tuple[int, int, int, int]:
    def share(value: float, whole: float) -> int:
        return min(max(round(value / whole * _UNITS), 0), _UNITS)

    return share(box.left, width), share(box.top, height), share(box.right, width), share(box.bottom, height)


def _written(areas: Sequence[Area]) -> Iterator[_WrittenLine]:
    body = body_size([line for area in areas for block in area.blocks for line in block.lines])
    number = 0
    for area in areas:
        if not area.is_article:
            for block in sorted(area.blocks, key=lambda block: (block.box.top, block.box.left)):
                for line in block.lines:
                    yield _WrittenLine(line, "furniture", None, begins=True)
            continue
        yield from _article(area, number, body)
        number += 1


def _article(area: Area, number: int, body: float) -> Iterator[_WrittenLine]:
    heads, inner = _titles(area, body)
    lines = sorted(
        (line for block in heads for line in block.lines),
        key=lambda line: -line.box.left if line.direction == "down" else line.box.top,
    )
    largest = max((line.size for line in lines), default=0.0)
    main = [place for place, line in enumerate(lines) if line.size > _MAIN * largest]
    for place, line in enumerate(lines):
        kind: LineKind = "kicker" if place < main[0] else "headline" if place <= main[-1] else "subtitle"
        yield _WrittenLine(line, kind, number, begins=place in {0, main[0], main[-1] + 1})
    texts = [block for block in area.blocks if block.kind == "text"]
    yield from _columns([*texts, *inner], number, body)
    for block in sorted(
        (block for block in area.blocks if block.kind == "caption"),
        key=lambda block: (block.box.top, block.box.left),
    ):
        for place, line in enumerate(block.lines):
            yield _WrittenLine(line, "caption", number, begins=not place)


def _titles(area: Area, body: float) -> tuple[list[SetBlock], list[SetBlock]]:
    """The blocks of the title of an article, and those of headings in large type within its text."""
    titles = [block for block in area.blocks if block.kind == "title"]
    if not titles:
        return [], []
    first = max(titles, key=lambda block: (block.size, -block.box.top))
    heads = [first]
    for block in titles:
        near = _NEAR_TITLE * max(body, min(block.size, first.size))
        gaps = -block.box.overlap_down(first.box), -block.box.overlap_across(first.box)
        if block is not first and max(gaps) < near:
            heads.append(block)
    return heads, [block for block in titles if not any(block is head for head in heads)]


def _columns(blocks: Sequence[SetBlock], area: int, body: float) -> Iterator[_WrittenLine]:
    """The text of an article, column after column."""
    is_open = False
    for number, (column, box) in enumerate(_in_columns(blocks)):
        for block in column:
            edge = block.box if len(block.lines) >= _FEW_LINES else box
            for line in block.lines:
                kind, begins, is_open = _paragraph(line, block, edge, body, is_open=is_open)
                yield _WrittenLine(line, kind, area, begins, number)


def _in_columns(blocks: Sequence[SetBlock]) -> list[tuple[list[SetBlock], Rectangle]]:
    """The blocks of each column from the top, and the box of the column; the columns from the left."""
    columns: list[list[SetBlock]] = []
    for block in sorted(blocks, key=lambda block: (-block.box.width, block.box.top)):
        for column in columns:
            if column[0].box.overlap_across(block.box) > _SAME_COLUMN * block.box.width:
                column.append(block)
                break
        else:
            columns.append([block])
    columns.sort(key=lambda column: column[0].box.left)
    return [
        (sorted(column, key=lambda block: block.box.top), hull([block.box for block in column]))
        for column in columns
    ]


def _paragraph(
    line: SetLine, block: SetBlock, edge: Rectangle, body: float, *, is_open: bool
) -> tuple[LineKind, bool, bool]:
    """What a line of a column is, whether it begins a paragraph, and whether the next one goes on with it."""
    if block.kind == "title":
        return "heading", line is block.lines[0], False
    before, after = line.box.left - edge.left, edge.right - line.box.right
    is_centred = min(before, after) > _INDENT * body and abs(before - after) < _CENTRED * body
    if is_centred and line.text[-1] not in "。，！？；" and len(block.lines) >= _FEW_LINES:
        return "heading", True, False
    begins = not is_open or before > _INDENT * body
    return "text", begins, not (after > _SHORT * body and ends_sentence(line.text))


def _turned_sheet(sheet: Sheet) -> Sheet:
    """A sheet whose lines run down, turned so that the first of them is the topmost one."""
    height = sheet.width

    def turned(boxes: Sequence[Rectangle]) -> tuple[Rectangle, ...]:
        return tuple(_turned_box(box, height) for box in boxes)

    return Sheet(sheet.height, height, (), turned(sheet.rules), turned(sheet.frames), turned(sheet.pictures))


def _turned_box(box: Rectangle, width: float) -> Rectangle:
    return Rectangle(box.top, width - box.right, box.bottom, width - box.left)


_OTHER_DIRECTION: dict[LineDirection, LineDirection] = {"down": "across", "across": "down"}


def _turned_line(line: SetLine, width: float) -> SetLine:
    direction = _OTHER_DIRECTION.get(line.direction, line.direction)
    return replace(line, box=_turned_box(line.box, width), direction=direction)


def _turned_back(line: SetLine, width: float) -> SetLine:
    box = line.box
    back = Rectangle(width - box.bottom, box.left, width - box.top, box.right)
    return replace(line, box=back, direction=_OTHER_DIRECTION.get(line.direction, line.direction))
