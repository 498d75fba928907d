"""Tests where places are drawn on a map."""

import pytest

from articles.charts.charts import ChartValue
from articles.charts.place_map import MapPoint, draw_map, nearest_coordinates
from articles.reading.gazetteer.coordinates import coordinates

# From the west to the east, and from the south to the north.
_CODES = {"650100": "乌鲁木齐市", "140830": "芮城县", "310000": "上海市"}


def point(code: str, count: int = 1, name: str = "") -> MapPoint:
    at = coordinates(code)
    assert at is not None
    return MapPoint(ChartValue(name or _CODES[code], count, f"/{code}/"), at)


@pytest.mark.parametrize(("width", "height"), [(960, 460), (340, 380)])
def test_places_lie_inside_as_on_the_earth(width: int, height: int) -> None:
    drawn = draw_map([point(code) for code in _CODES], width, height)
    circles = {circle.value.name: circle for circle in drawn.circles}
    urumqi, ruicheng, shanghai = (circles[name] for name in _CODES.values())
    assert urumqi.x < ruicheng.x < shanghai.x
    assert urumqi.y < ruicheng.y < shanghai.y
    assert all(one.x - one.radius > 0 and one.x + one.radius < width for one in drawn.circles)
    assert all(one.y - one.radius > 0 and one.y + one.radius < height for one in drawn.circles)


def test_area_of_a_circle_follows_the_count_and_the_largest_is_drawn_first() -> None:
    small, large = point("140830", 4), point("310000", 16)
    circles = draw_map([small, large], 960, 460).circles
    assert [circle.value.count for circle in circles] == [16, 4]
    assert circles[0].radius == 2 * circles[1].radius


def test_labels_do_not_overlap() -> None:
    drawn = draw_map([point("140830", number, f"第{number}县") for number in range(1, 9)], 960, 460)
    assert [circle.label for circle in drawn.circles] == ["第8县", *[""] * 7]


def test_counties_around_a_place_are_dots_and_the_whole_has_the_whole_country() -> None:
    near = draw_map([point("140830")], 360, 260).dots.count("h0")
    whole = draw_map([point("140830")], 360, 260, is_whole=True).dots.count("h0")
    assert 3 < near < 200 < whole


def test_place_without_coordinates_has_those_of_what_it_is_within() -> None:
    assert nearest_coordinates(["", "140830105", "140830", "140800"]) == coordinates("140830")
    assert nearest_coordinates(["", "999999"]) is None
