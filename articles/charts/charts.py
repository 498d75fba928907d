"""Computes charts, a treemap and bars over time, as whole numbers that a template draws as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import squarify  # type: ignore[import-untyped] # it has no types

# Units of a drawing, of which one is about a pixel: a letter is as wide as it is high, with some air around it.
_LETTER = 13
_LINE = 16
_PAD = 6
# Around the bars: the scale on the left, the periods below.
_LEFT, _TOP, _BOTTOM = 40, 8, 22
_LABEL = 52  # that the label of a period takes, with air
_WIDEST = 48  # that a bar gets


@dataclass(frozen=True)
class ChartValue:
    """A value of a chart: its name, its count, and the address of the list behind it; `short` is the name below a bar."""

    name: str
    count: int
    url: str
    short: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle of a chart, with a label where that fits."""

    value: ChartValue
    x: int
    y: int
    width: int
    height: int
    label: str = ""
    shade: int = 1

    @property
    def is_high(self) -> bool:
        """Whether there is room for the number below the name."""
        return bool(self.label) and self.height >= 2 * _LINE + _PAD


@dataclass(frozen=True)
class Treemap:
    width: int
    height: int
    boxes: list[Box]


@dataclass(frozen=True)
class ScaleLine:
    """A line of the scale, and its number."""

    y: int
    count: int


@dataclass(frozen=True)
class Bars:
    width: int
    height: int
    boxes: list[Box]
    lines: list[ScaleLine]

    left: ClassVar[int] = _LEFT

    @property
    def floor(self) -> int:
        return self.height - _BOTTOM

    @property
    def below(self) -> int:
        return self.height - 6


def draw_treemap(values: Sequence[ChartValue], width: int, height: int) -> Treemap:
    """A treemap with the largest area first (Bruls, Huizing, van Wijk: Squarified Treemaps)."""
    values = sorted((value for value in values if value.count > 0), key=lambda value: -value.count)
    sizes = squarify.normalize_sizes([value.count for value in values], width, height) if values else []
    areas = squarify.squarify(sizes, 0, 0, width, height)
    boxes = []
    for value, area in zip(values, areas, strict=True):
        # Both edges are rounded, not the sizes, so that neighbours meet.
        left, top = round(area["x"]), round(area["y"])
        wide = max(round(area["x"] + area["dx"]) - left, 1)
        high = max(round(area["y"] + area["dy"]) - top, 1)
        label = _fitting(value.name, wide - 2 * _PAD) if high >= _LINE + _PAD else ""
        shade = 1 + round(3 * value.count / values[0].count)
        boxes.append(Box(value, left, top, wide, high, label, shade))
    return Treemap(width, height, boxes)


def _fitting(name: str, width: int) -> str:
    """The name, cut to the width; empty if fewer than three characters fit."""
    room = width // _LETTER
    if len(name) <= room:
        return name
    return f"{name[: room - 1]}…" if room >= 3 else ""


def draw_bars(values: Sequence[ChartValue], width: int, height: int) -> Bars:
    """A bar for each value, in their order; names are left out where they would run into each other."""
    room, high = width - _LEFT, height - _TOP - _BOTTOM
    top, lines = _scale(max((value.count for value in values), default=0))
    step = min(room / max(len(values), 1), _WIDEST * 1.25)
    named = max(-(-_LABEL // max(int(step), 1)), 1)
    boxes = []
    for number, value in enumerate(values):
        left, right = _LEFT + number * step, _LEFT + number * step + max(step * 0.8, 1)
        tall = max(round(high * value.count / top), 1) if value.count else 0
        label = "" if number % named else value.short
        wide = max(round(right) - round(left), 1)
        boxes.append(Box(value, round(left), _TOP + high - tall, wide, tall, label))
    return Bars(width, height, boxes, [ScaleLine(_TOP + high - round(high * at / top), at) for at in lines])


def _scale(largest: int) -> tuple[int, list[int]]:
    """The top of a scale, a round number not below the largest, and up to five steps to it.

    >>> _scale(437)
    (500, [0, 100, 200, 300, 400, 500])
    >>> _scale(3)
    (3, [0, 1, 2, 3])
    """
    step = 1
    while largest > 5 * step:
        # 1, 2, 5, 10, 20, 50, ...
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    top = max(-(-largest // step), 1) * step
    return top, list(range(0, top + 1, step))
