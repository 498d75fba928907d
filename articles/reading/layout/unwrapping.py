"""Removes the line breaks of columns: decides for each printed line whether it continues the line above it.

A dump of a printed page may break every line at the width of its column. A full line then continues in the next one,
unless that is indented, is a title, or has blank lines above it. Pages break these rules in many ways (a narrow block
on a wide page, lost indents, hanging punctuation), so a logistic model weighs what two lines show together. Its weights
are in `unwrapping.toml`, written by `scripts/train_unwrapping.py`.
"""

import re
import tomllib
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from pathlib import Path

from articles.reading.credits import grammar
from articles.reading.credits.datelines import find_dateline
from articles.reading.credits.vocabulary import BULLETS
from articles.reading.lines.printed_lines import PrintedLine

# So many lines above and below a line show the width of its column.
_AROUND = 12
# Without so many lines, or where no width of a column is shared by so many of the lines around, nothing was broken.
_MIN_LINES = 10
_MIN_SHARE = 0.25
_WIDTHS = range(6, 46)
_MID_START = re.compile("[，。、；：！？”）》]|的(?![确哥士])|了(?![解不])|们|着|者")
_MID_END = re.compile(
    "(?:[的在与及其据将把被从向对是由至于则每各并而且但以若和为（“《]|不过|其他|以及|因为|由于)$"
)
_OPENER = re.compile(
    "[0-9〇一二三四五六七八九十]{1,4}[年月日]|[昨今前当近随对同据但“]|日前|目前|为此|因此|记者|另外|首先|其次|最后"
)
_ITEM = re.compile(
    f"[{BULLETS}]|(?:本报)?记者[ ：]|[（【](?:本报|记者|新华)|[一二三四五六七八九十]{{1,3}}、"
    "|（[一二三四五六七八九十0-9]{1,2}）|[0-9]{1,2}[、．]"
)
_FINISHED = re.compile("（完）$")
_PUNCTUATION = re.compile("[，。；！？：]")
_PAIRS = (("（", "）"), ("“", "”"), ("《", "》"))
_ENDS = {
    mark: name
    for name, marks in (("stop", "。！？…"), ("closed", "”）》】"), ("clause", "，、"), ("colon", "：；"))
    for mark in marks
}

_INDENTS = ("few", "some", "most")
_NUMBERS = "0123456789"

# Which observations the model weighs together.
COMBINATIONS = (
    ("above",),
    ("below",),
    ("share",),
    ("end",),
    ("start",),
    ("gap",),
    ("wider",),
    ("indents",),
    ("indents", "indented", "than above"),
    ("above", "share"),
    ("above", "share", "wider"),
    ("above", "end"),
    ("above", "end", "indents", "indented"),
    ("above", "below", "indents", "indented"),
    ("end", "start"),
    ("gap", "above"),
    ("above", "end", "below", "share"),
    ("indents", "indented", "next indented", "below", "end"),
    ("above", "start"),
    ("as before", "above"),
    ("indents", "indented", "above indented", "next indented"),
    ("share", "end", "start", "gap"),
    ("width", "end"),
    ("column", "above"),
    ("difference", "share"),
    ("indents", "indented", "gap", "above"),
    ("item", "indents", "indented"),
    ("item", "above", "end"),
    ("signed", "above"),
    ("open", "closes", "above"),
    ("title", "title above", "above", "end", "below"),
    ("title", "next item", "below", "end"),
    ("title", "indents", "indented", "next indented", "end"),
    ("page indents", "indented", "above", "end"),
    ("page indents", "page gaps", "indented", "gap"),
    ("page indents", "indented", "next indented", "title", "end"),
    ("page gaps", "gap", "title", "end", "next gap"),
    ("title above", "item", "gap"),
    ("prose", "above", "end"),
    ("prose", "width", "title", "title above"),
)
_FIELDS = {
    name: place for place, name in enumerate(sorted({name for names in COMBINATIONS for name in names}))
}
# For each combination what it weighs of the observations of a line.
PICKERS = tuple(itemgetter(*(_FIELDS[name] for name in names)) for names in COMBINATIONS)
Observations = tuple[str, ...]


def _load_weights() -> tuple[float, tuple[dict[str | Observations, float], ...]]:
    tables = tomllib.loads(Path(__file__).with_name("unwrapping.toml").read_text(encoding="utf-8"))
    weights = tables["weights"]
    return tables["bias"], tuple(
        {
            values if len(names) == 1 else tuple(values.split(", ")): weight
            for values, weight in weights[", ".join(names)].items()
        }
        for names in COMBINATIONS
    )


_BIAS, _WEIGHTS = _load_weights()


def unwrap_columns(lines: Sequence[PrintedLine]) -> Sequence[PrintedLine]:
    """Join the lines that column breaks divided; a page without such breaks stays as it is."""
    breaks = observe_breaks(lines)
    if not breaks:
        return lines
    whole = list(lines[:1])
    for line, observed in zip(lines[1:], breaks, strict=True):
        if _score(observed) > 0:
            whole[-1] = whole[-1].with_next(line)
        else:
            whole.append(line)
    return whole


def _score(observed: Observations) -> float:
    """The logarithm of the odds that a line continues the one above."""
    return _BIAS + sum(
        [weights.get(pick(observed), 0.0) for pick, weights in zip(PICKERS, _WEIGHTS, strict=True)]
    )


def observe_breaks(lines: Sequence[PrintedLine]) -> list[Observations]:
    """List what each line but the first and the line above it show; nothing for a page without columns."""
    if len(lines) < _MIN_LINES:
        return []
    usual = min(line.gap for line in lines[1:])
    shapes = [_Shape.of(line, usual) for line in lines]
    columns = list(_columns([round(shape.width) for shape in shapes]))
    if all(column.share < _MIN_SHARE for column in columns):
        return []
    page = _page(shapes)
    indented = _shares([shape.indent > 0 for shape in shapes])
    prose = _shares([not shape.is_title for shape in shapes])
    observed = (
        page
        | {
            "indents": _INDENTS[bisect((0.06, 0.8), indented[here])],
            "prose": _step(prose[here], (0.3, 0.5, 0.7)),
        }
        | _observe(shapes, columns[here], here)
        for here in range(1, len(lines))
    )
    return [tuple([values[name] for name in _FIELDS]) for values in observed]


def _shares(flags: Sequence[bool]) -> list[float]:
    """The share of the lines around each line that have a flag."""
    sums = [0, *accumulate(flags)]
    size = len(flags)
    return [
        (sums[high] - sums[low]) / (high - low)
        for low, high in ((max(0, here - _AROUND), min(size, here + _AROUND)) for here in range(size))
    ]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a printed line shows by itself; `width` is in full-width characters, with the indent."""

    width: float
    indent: float
    gap: int
    end: str
    start: str
    is_item: bool
    is_signed: bool
    is_title: bool
    open: int

    @classmethod
    def of(cls, line: PrintedLine, usual_gap: int) -> "_Shape":
        text = line.fold
        return cls(
            _width(line.text) + line.indent,
            line.indent,
            line.gap - usual_gap,
            _ENDS.get(text[-1]) or ("mid" if _MID_END.search(text) else "none"),
            "mid" if _MID_START.match(text) else "opener" if _OPENER.match(text) else "none",
            _ITEM.match(text) is not None or find_dateline(text) is not None,
            (grammar.closing_photo_credit(text) or grammar.closing_credit(text) or _FINISHED.search(text))
            is not None,
            not _PUNCTUATION.search(text),
            sum(text.count(opening) - text.count(closing) for opening, closing in _PAIRS),
        )


def _width(text: str) -> float:
    return len(text) - len(text.encode("ascii", "ignore")) / 2


@dataclass(frozen=True, slots=True)
class _Column:
    """The width that most lines around a line have, which share of them has it, and which share is wider."""

    width: int
    share: float
    wider: float


def _columns(widths: Sequence[int]) -> Iterator[_Column]:
    counts = Counter(widths[:_AROUND])
    for here in range(len(widths)):
        low, high = here - _AROUND, here + _AROUND
        if here and high <= len(widths):
            counts[widths[high - 1]] += 1
        if low > 0:
            counts[widths[low - 1]] -= 1
        size = min(high, len(widths)) - max(low, 0)
        near, nearest = 0.0, 0
        for width, count in counts.items():
            if count and width in _WIDTHS:
                pooled = count + counts.get(width - 1, 0) + counts.get(width + 1, 0) / 2
                near, nearest = max((near, nearest), (pooled, width))
        full = sum(counts.get(width, 0) for width in (nearest - 1, nearest, nearest + 1))
        wider = sum(count for width, count in counts.items() if width > nearest + 1)
        yield _Column(nearest, full / size, wider / size)


def _page(shapes: Sequence[_Shape]) -> dict[str, str]:
    """What the whole page shows."""
    indented = sum(shape.indent >= 1 for shape in shapes)
    return {
        "page indents": "some" if 3 <= indented < len(shapes) else "no",
        "page gaps": "some" if sum(shape.gap > 0 for shape in shapes) >= 3 else "no",
    }


def _observe(shapes: Sequence[_Shape], column: _Column, here: int) -> dict[str, str]:
    above, line = shapes[here - 1], shapes[here]
    below = shapes[here + 1] if here + 1 < len(shapes) else None
    before = shapes[here - 2] if here > 1 else None
    return {
        "above": _fill(above.width, column.width),
        "below": _fill(line.width, column.width),
        "share": _step(column.share, (0.25, 0.4, 0.6)),
        "wider": _step(column.wider, (0.05, 0.2, 0.4)),
        "width": _step(above.width, (8, 14, 20, 30, 44)),
        "column": _step(column.width, (9, 14, 20, 30, 45)),
        "difference": str(max(-4, min(3, round(above.width - column.width)))),
        "end": above.end,
        "start": line.start,
        "gap": _says(line.gap > 0),
        "next gap": _says(below is not None and below.gap > 0),
        "indented": _says(line.indent > 0),
        "above indented": _says(above.indent > 0),
        "next indented": "none" if below is None else _says(below.indent > 0),
        "than above": "more"
        if line.indent > above.indent + 0.4
        else "less"
        if line.indent < above.indent - 0.4
        else "same",
        "as before": "none" if before is None else _says(abs(before.width - above.width) <= 1),
        "item": _says(line.is_item),
        "next item": _says(below is not None and below.is_item),
        "signed": _says(above.is_signed),
        "open": _says(above.open > 0),
        "closes": _says(line.open < 0),
        "title": _says(line.is_title),
        "title above": _says(above.is_title),
    }


def _says(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _step(value: float, steps: Sequence[float]) -> str:
    """How many of the steps the value reaches."""
    return _NUMBERS[bisect(steps, value)]


def _fill(width: float, column: int) -> str:
    """How a line fills its column; a full line may lack a character that must not end it, or have one more."""
    difference = width - column
    if difference >= -1.5:
        return "over" if difference > 1.5 else "full"
    return "near" if difference >= -2.5 else "short" if width >= 0.6 * column else "tiny"
