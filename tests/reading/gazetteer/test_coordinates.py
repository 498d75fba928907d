"""Provinces, cities and counties have coordinates, which lie in China and near those of the division above."""

from pathlib import Path

import pytest

from articles.reading.gazetteer.coordinates import coordinates
from articles.reading.gazetteer.divisions import load_gazetteer
from scripts.build_coordinates import coordinate_lines


@pytest.mark.parametrize(
    ("code", "point"),
    [
        pytest.param("140830", (34.69, 110.69), id="a county"),
        pytest.param("140800", (35.03, 111.01), id="a city"),
        pytest.param("110000", (39.90, 116.41), id="a municipality"),
        pytest.param("140830105", None, id="a town"),
        pytest.param("", None, id="a place without a code"),
        pytest.param("999999", None, id="no code"),
    ],
)
def test_coordinates_of_a_code(code: str, point: tuple[float, float] | None) -> None:
    assert coordinates(code) == point


def test_most_divisions_down_to_the_county_have_coordinates() -> None:
    divisions = {
        division.code: division for found in load_gazetteer().everywhere().values() for division in found
    }
    official = {
        code: division.kind
        for code, division in divisions.items()
        if not division.former and division.kind != "other"
    }
    lacking = [code for code in official if coordinates(code) is None]
    assert [code for code in lacking if official[code] == "province"] == []
    assert len([code for code in lacking if official[code] == "city"]) <= 1
    assert len(lacking) / len(official) < 0.06


def test_no_county_lies_far_from_its_city() -> None:
    divisions = {division for found in load_gazetteer().everywhere().values() for division in found}
    far = []
    for division in divisions:
        if division.kind == "county" and division.parent and not division.parent.endswith("0000"):
            own, above = coordinates(division.code), coordinates(division.parent)
            if own and above and max(map(abs, map(float.__sub__, own, above))) > 6:
                far.append(division.code)
    assert far == []


def test_the_list_is_of_official_codes_with_a_point(tmp_path: Path) -> None:
    table = tmp_path / "adcodes.csv"
    table.write_text(
        "adcode,name,longitude,latitude\n140830000000,芮城县,110.694369,34.693579\n"
        "140800000000,运城市,111.00746,35.026516\n659009000000,昆玉市,,\n990000000000,不存在,1,2\n",
        encoding="utf-8",
    )
    assert coordinate_lines(table) == ["140800 35.03 111.01", "140830 34.69 110.69"]
