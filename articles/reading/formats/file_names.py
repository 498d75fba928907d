"""Reads the date and the number of a page from the name of its file, as archives name them: 20190201-03.txt."""

import datetime as dt
import re
from pathlib import PurePosixPath

from articles.reading.values import Masthead

# A digest has digits too: only a name of the paper may touch the date, rmrb20190201, and only the page follow it.
_DATE = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]{0,12}(?P<year>(?:18|19|20)\d\d)(?P<mark>[-_.]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
    r"(?:(?P<page>[-_. ]?(?:[pP]|版)?[A-Z]?\d{1,2})|(?P<rest>[-_. ].*))?$"
)
_CHINESE_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:18|19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?P<rest>.*)$"
)
_PAGE = re.compile(r"(?:^|[-_. ]|第)(?:[pP]|page)?(?P<number>[A-Z]?\d{1,2})版?(?=[-_. ]|$)")
_SUFFIX = re.compile(r"\.(?:txt|text|pdf(?:#page=\d+)?)$", re.IGNORECASE)


def read_file_name(path: str) -> Masthead:
    """Read what the last part of a path says of the page; a date counts only if it is one of the calendar.

    >>> read_file_name("archive/rmrb_20250113.txt").issue_date
    datetime.date(2025, 1, 13)
    >>> read_file_name("20190201-03.txt").page_number
    '3'
    """
    name = _SUFFIX.sub("", PurePosixPath(path).name)
    match = _DATE.search(name) or _CHINESE_DATE.search(name)
    if match is None:
        return Masthead()
    try:
        day = dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return Masthead()
    parts = match.groupdict()
    number = _PAGE.search(parts.get("page") or parts["rest"] or "")
    return Masthead(issue_date=day, page_number=_page_number(number["number"]) if number else None)


def _page_number(printed: str) -> str:
    """Normalise a page number as one of a header: 03 is page 3, A03 stays."""
    return printed.lstrip("0") or "0" if printed.isdecimal() else printed
