"""Says where the official divisions down to the county lie; scripts/build_coordinates.py names the source."""

from functools import cache
from typing import NamedTuple

from .list_files import read_list_lines


class Coordinates(NamedTuple):
    """A point in degrees, rounded to a hundredth: about a kilometre."""

    latitude: float
    longitude: float


def coordinates(code: str) -> Coordinates | None:
    """Where the seat of a province, city or county lies; None for towns, villages and unknown codes.

    >>> coordinates("140830")
    Coordinates(latitude=34.69, longitude=110.69)
    """
    return _points().get(code)


@cache
def _points() -> dict[str, Coordinates]:
    rows = (line.split() for line in read_list_lines("coordinates"))
    return {code: Coordinates(float(latitude), float(longitude)) for code, latitude, longitude in rows}


def seats_of_counties() -> list[Coordinates]:
    """Where all counties lie: together they show the shape of the country."""
    return [point for code, point in _points().items() if not code.endswith("00")]
