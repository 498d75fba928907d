"""A year of a paper as a calendar: its issues, the days on which one is missing, and the pages that an issue lacks."""

import calendar
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.dates import WEEKDAYS_ABBR

_USUAL = 1 / 2  # share of the Mondays with an issue from which on a Monday without one counts as missing


@dataclass(frozen=True)
class CalendarDay:
    """A day: the number of its pages, and what is missing."""

    date: dt.date
    pages: int = 0
    missing_pages: tuple[str, ...] = ()
    is_missing: bool = False
    url: str = ""


@dataclass(frozen=True)
class CalendarMonth:
    """A month in weeks from Monday to Sunday; None is a day of another month."""

    first: dt.date
    weeks: list[list[CalendarDay | None]] = field(default_factory=list)


def calendar_months(
    year: int, issues: Mapping[dt.date, Collection[str]], urls: Mapping[dt.date, str]
) -> list[CalendarMonth]:
    """The months of a year from the page numbers of each issue, and the addresses of issues."""
    usual = _usual_weekdays(issues)
    first, last = min(issues, default=dt.date.max), max(issues, default=dt.date.min)

    def day(date: dt.date) -> CalendarDay:
        if date in issues:
            numbers = issues[date]
            return CalendarDay(date, len(numbers), _missing_numbers(numbers), url=urls.get(date, ""))
        return CalendarDay(date, is_missing=first < date < last and date.weekday() in usual)

    months = []
    for month in range(1, 13):
        weeks = calendar.Calendar().monthdatescalendar(year, month)
        rows = [[day(date) if date.month == month else None for date in week] for week in weeks]
        months.append(CalendarMonth(dt.date(year, month, 1), rows))
    return months


def _usual_weekdays(issues: Collection[dt.date]) -> set[int]:
    """The days of the week on which the paper comes out."""
    if len(issues) < 2:
        return set()
    first, last = min(issues), max(issues)
    days = Counter((first + dt.timedelta(days=number)).weekday() for number in range((last - first).days + 1))
    printed = Counter(date.weekday() for date in issues)
    return {weekday for weekday in days if printed[weekday] >= days[weekday] * _USUAL}


def _missing_numbers(numbers: Collection[str]) -> tuple[str, ...]:
    """The page numbers between the first and the last of a section that no page has.

    >>> _missing_numbers(["1", "3", "A02", "A03", "B2", "头版"])
    ('2', 'A01', 'B1')
    """
    sections: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for text in numbers:
        if match := re.fullmatch(r"(\D*)(\d{1,3})", text):
            sections[match[1]][int(match[2])] = match[2]
    missing = []
    for section, known in sorted(sections.items()):
        digits = min(map(len, known.values()))
        gaps = (number for number in range(1, max(known)) if number not in known)
        missing += [f"{section}{number:0{digits}}" for number in gaps]
    return tuple(missing)


def missing_pages_of(months: Collection[CalendarMonth]) -> list[CalendarDay]:
    """The days of these months whose issue lacks pages."""
    return [day for month in months for week in month.weeks for day in week if day and day.missing_pages]


def weekday_names() -> list[str]:
    """The names of the days of the week from Monday in the language of the page: Mon, or 一 for 星期一."""
    return [name if name.isascii() else name[-1] for name in map(str, WEEKDAYS_ABBR.values())]
