"""Reads the days, months and years that clients give; what can be read in two ways is refused."""

import calendar
import datetime as dt
import re
import unicodedata
from typing import NamedTuple

_EXPECTED = "Give a day as 2023-09-14 or 2023年9月14日, a month as 2023-09, or a year as 2023."

_FORMS = (
    re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII),
    re.compile(r"(\d{4})年(?:(\d\d?)月(?:(\d\d?)日)?)?", re.ASCII),
)


class DateInterval(NamedTuple):
    """The first and the last day of what a client calls a date."""

    first: dt.date
    last: dt.date


def parse_interval(text: str) -> DateInterval:
    """The days of a date, a month or a year in ISO 8601, or as papers print them; a `ValueError` for any other text.

    >>> [parse_interval(text).last.isoformat() for text in ("2024-02", "2023年9月14日", "２０２３")]
    ['2024-02-29', '2023-09-14', '2023-12-31']
    """
    plain = unicodedata.normalize("NFKC", text.strip())
    match = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if match is None:
        raise ValueError(_EXPECTED)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"There is no such day. {_EXPECTED}") from error
    if day:
        return DateInterval(first, first)
    if month:
        return DateInterval(first, first.replace(day=calendar.monthrange(first.year, month)[1]))
    return DateInterval(first, first.replace(month=12, day=31))
