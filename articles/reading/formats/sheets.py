"""Defines a printed sheet before it is read: its characters, rules, frames and pictures with their places.

All places are in points from the upper left corner of the visible part of the sheet, y downwards.
"""

from dataclasses import dataclass

from articles.reading.values import LineDirection


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle of a sheet."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def overlap_across(self, other: "Rectangle") -> float:
        """How much two boxes share of the width of the sheet; below 0 it is the gap between them."""
        return min(self.right, other.right) - max(self.left, other.left)

    def overlap_down(self, other: "Rectangle") -> float:
        """How much two boxes share of the height of the sheet; below 0 it is the gap between them."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def contains(self, other: "Rectangle", slack: float) -> bool:
        return (
            other.left >= self.left - slack
            and other.right <= self.right + slack
            and other.top >= self.top - slack
            and other.bottom <= self.bottom + slack
        )


def hull(boxes: list[Rectangle]) -> Rectangle:
    """The smallest box around some boxes."""
    return Rectangle(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character, or the few that one sign prints; `turns` counts quarter turns against the clock.

    `after_blank` says that the file has a blank before it, which may be at the end of the line above.
    """

    text: str
    box: Rectangle
    size: float
    turns: int = 0
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rules` are thin lines, `frames` are rectangles that may hold an article or an advert."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rectangle, ...] = ()
    frames: tuple[Rectangle, ...] = ()
    pictures: tuple[Rectangle, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as it was set: its text, box and size of type, in points."""

    text: str
    box: Rectangle
    size: float
    direction: LineDirection = "across"
