"""Draws places on a map: circles by their counts, among dots for the seats of all counties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from articles.reading.gazetteer.coordinates import Coordinates, coordinates, seats_of_counties

from .charts import ChartValue

_MARGIN = 26  # units around the outermost places, so that no circle or label is cut off
_LEAST = 2.0  # degrees that a map shows at least, so that one place is seen among its neighbours
_LARGEST, _SMALLEST = 16, 4  # radius of a circle
_LETTER, _LINE = 14, 16
_MOST_LABELS = 25


@dataclass(frozen=True)
class MapPoint:
    """A place to draw, and where it lies."""

    value: ChartValue
    at: Coordinates


@dataclass(frozen=True)
class Circle:
    """A place as drawn, with its label where that runs into no other."""

    value: ChartValue
    x: int
    y: int
    radius: int
    label: str = ""


@dataclass(frozen=True)
class PlaceMap:
    """`dots` is the path of an SVG: a point for each county."""

    width: int
    height: int
    dots: str
    circles: list[Circle]


@dataclass(frozen=True)
class _Frame:
    """What part of the earth a map shows, and how: degrees of longitude are as wide as they are in its middle."""

    west: float
    north: float
    scale: float
    squeeze: float

    def place(self, at: Coordinates) -> tuple[int, int]:
        x = (at.longitude - self.west) * self.squeeze * self.scale
        return round(x), round((self.north - at.latitude) * self.scale)


def draw_map(points: Sequence[MapPoint], width: int, height: int, *, is_whole: bool = False) -> PlaceMap:
    """A map of the part of the country that the places take, or of the whole; those with most articles are below the others."""
    points = sorted(points, key=lambda point: -point.value.count)
    shown = [point.at for point in points]
    frame = _frame(shown + seats_of_counties() if is_whole else shown, width, height)
    dots = (frame.place(at) for at in seats_of_counties())
    inside = dict.fromkeys((x, y) for x, y in dots if 0 <= x <= width and 0 <= y <= height)
    path = "".join(f"M{x} {y}h0" for x, y in inside)
    return PlaceMap(width, height, path, _circles(points, frame, width))


def _frame(places: Sequence[Coordinates], width: int, height: int) -> _Frame:
    south, north = min(at.latitude for at in places), max(at.latitude for at in places)
    west, east = min(at.longitude for at in places), max(at.longitude for at in places)
    squeeze = cos(radians((south + north) / 2))
    room, high = width - 2 * _MARGIN, height - 2 * _MARGIN
    scale = min(room / (max(east - west, _LEAST) * squeeze), high / max(north - south, _LEAST))
    middle = (west + east) / 2 - width / 2 / scale / squeeze
    return _Frame(middle, (south + north) / 2 + height / 2 / scale, scale, squeeze)


def _circles(points: Sequence[MapPoint], frame: _Frame, width: int) -> list[Circle]:
    """Areas in proportion to the counts. The largest are labelled first, as long as labels do not overlap."""
    largest = max(points[0].value.count, 1)
    taken: list[tuple[int, int, int, int]] = []
    circles = []
    for point in points:
        x, y = frame.place(point.at)
        radius = max(round(_LARGEST * sqrt(point.value.count / largest)), _SMALLEST)
        wide = len(point.value.name) * _LETTER
        box = (x + radius, y - _LINE // 2, x + radius + wide + 6, y + _LINE // 2)
        fits = box[2] <= width and not any(_overlap(box, other) for other in taken)
        label = point.value.name if fits and len(taken) < _MOST_LABELS else ""
        taken += [box] if label else []
        circles.append(Circle(point.value, x, y, radius, label))
    return circles


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def nearest_coordinates(codes: Iterable[str]) -> Coordinates | None:
    """Where the first of some divisions lies whose coordinates are known, from the smallest to the largest."""
    return next((at for code in codes if (at := coordinates(code))), None)
