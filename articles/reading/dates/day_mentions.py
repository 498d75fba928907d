"""Finds the days and years that a text names; all functions read folded text (see `character_folding`)."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from articles.reading.lines.numerals import NUMERAL, parse_number

EARLIEST_YEAR, LATEST_YEAR = 1840, 2099
_REPUBLIC = 1911
# How many characters before and behind a date are read to say what it is.
_BEFORE, _BEHIND = 24, 28

DayKind = Literal["dateline", "lead", "event", "plan"]
YearKind = Literal["day", "month", "year", "plan"]

_DAY_END = "[日号](?![线楼门院台店])"
_DATE = re.compile(
    rf"(?:(?P<era>民国)?(?<!{NUMERAL})(?P<year>{NUMERAL}{{2,4}})年(?![级轮代来间])"
    rf"(?:(?P<month>{NUMERAL}{{1,3}})月(?:(?P<day>{NUMERAL}{{1,3}}){_DAY_END})?)?"
    rf"|(?<!{NUMERAL})(?P<m>{NUMERAL}{{1,3}})月(?P<d>{NUMERAL}{{1,3}}){_DAY_END}"
    r"|(?<![\d.])(?P<y3>(?:19|20)\d\d)(?=[“《]|中国|全国|世界|国际|亚洲)"
    r"|(?<![\d./-])(?P<y2>(?:19|20)\d\d)[-./](?P<m2>\d{1,2})[-./](?P<d2>\d{1,2})(?![\d./-]))"
)
# What is planned: 到2030年, 将于5月3日, 5月3日起, 2025年底前; and what is named for a coming year: 2030年议程.
_PLANNED_BEFORE = re.compile(
    r"(?:到|至|(?<=[\d年])[—-]|将于|将在|定于|拟于|明[天日晚晨早]|力争|争取|预计|计划|规划|目标|展望|期限?|延至|距|距离|自|《[^》]*)[^，。；、]{0,4}$"
)
_PLANNED_BEHIND = re.compile(
    r"^(?:[^，。；、]{0,3}(?:起|前|之前|以前)(?!后|来|进|期|往|列|景|线|锋)|，?[^，。；]{0,24}(?:将|拟|计划|力争|实现)"
    r"|度|[^，。；]{0,10}(?:议程|奥|[^，。；]杯|亚洲|亚运|世博|大运|运动会|锦标|规划|纲要|赛历|》|第[^，。；]{1,5}届))"
)
# 2013年9月7日、10月3日: the year of the first day is that of the second.
_CONTINUED = re.compile("日(?:[、和及至到—～]|以?及)$")
_OTHER_YEAR = re.compile(
    r"(?:去年|上年|前年|明年|当年|同年|次年|翌年|每年|历年|那年|[今本]年|年前的|年后的)[^，。；]{0,3}$"
)
# A dateline, wherever it is printed: 新华社罗马5月2日电, （本报5月2日消息）.
_DATELINE_BEHIND = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,6}?)(?:电(?![话视影台脑商力子])|专电|讯(?![员息问号])|消息|信息[：，])"
)
_DATELINE_BEFORE = re.compile(r"(?:^|[（【。])[^，。；！？]{0,16}$")
# The beginning of a paragraph or sentence that gives the news: 5月2日，…; 记者5月2日从…
_LEAD_BEFORE = re.compile(
    r"(?:^|[。！？”）]) ?(?:本报讯|[^，。；！？]{0,12}[讯：）】])? ?"
    r"(?:当地时间|北京时间|记者|据悉|[今昨当][日天晚晨]?[（，]?|截至|截止|至)?[^，。；！？\d]{0,6}$"
)


@dataclass(frozen=True, slots=True)
class DayMention:
    """A day that a text names; `year` is None if it is not printed."""

    kind: DayKind
    month: int
    day: int
    year: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year that a text names, with a day, with a month or alone; `plan` is one that was still to come, or may be."""

    kind: YearKind
    year: int
    start: int
    end: int


def find_dates(text: str, dateline_end: int = 0) -> Iterator[DayMention | YearMention]:
    """Find the days and years in a paragraph, in its order; a full date is both. Its dateline ends at `dateline_end`.

    >>> [(found.kind, found.month, found.day) for found in find_dates("5月2日，大桥通车。")]
    [('lead', 5, 2)]
    """
    for match in _DATE.finditer(text):
        try:
            year, month, day = _numbers(match)
        except ValueError:
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        behind = text[match.end() : match.end() + _BEHIND]
        is_plan = bool(_PLANNED_BEFORE.search(before) or _PLANNED_BEHIND.match(behind))
        if year is not None:
            kind: YearKind = "plan" if is_plan else "day" if day else "month" if month else "year"
            yield YearMention(kind, year, match.start(), match.end())
        if month and day and not _CONTINUED.search(before):
            of_day = _day_kind(match, before, behind, dateline_end, is_plan=is_plan)
            yield DayMention(of_day, month, day, year, match.start(), match.end())


def _day_kind(match: re.Match[str], before: str, behind: str, dateline_end: int, *, is_plan: bool) -> DayKind:
    if match.start() < dateline_end or (_DATELINE_BEHIND.match(behind) and _DATELINE_BEFORE.search(before)):
        return "dateline"
    if is_plan or _OTHER_YEAR.search(before):
        return "plan"
    return "lead" if _LEAD_BEFORE.search(before) else "event"


def _numbers(match: re.Match[str]) -> tuple[int | None, int | None, int | None]:
    """The year, month and day of a date; `ValueError` if there is no such day."""
    year, month, day = (
        parse_number(printed) if printed else None
        for printed in (
            match["year"] or match["y2"] or match["y3"],
            match["month"] or match["m"] or match["m2"],
            match["day"] or match["d"] or match["d2"],
        )
    )
    if year is not None:
        year += _REPUBLIC if match["era"] else 0
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise ValueError(year)
    # In a leap year if none is printed.
    dt.date(year or 2000, month or 1, day or 1)
    return year, month, day
