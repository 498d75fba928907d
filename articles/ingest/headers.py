"""Header and foot lines of a page: the paper, the date, the weekday, the number and the name of the page.

A header line is one of which nothing is left, or only a page name, when these parts are taken out of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from .lines import Line, lines_of
from .numerals import NUMERAL, number
from .records import Masthead

_DATE = re.compile(
    rf"(?P<era>中华民国|民国)?(?P<year>{NUMERAL}{{2,4}})年(?P<month>{NUMERAL}{{1,3}})月(?P<day>{NUMERAL}{{1,3}})[日号]"
    r"|(?<!\d)(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)"
)
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)[一二三四五六日天]|(?:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)[a-z]*\.?", re.I)
_LUNAR = re.compile(
    r"(?:农历|夏历|阴历)?(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?"
    r"[正闰一二三四五六七八九十冬腊]{1,3}月[初十廿卅一二三四五六七八九]{2,3}(?!日)"
    r"|农历[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
_PAGE_NUMBER = re.compile(
    r"第?(?P<number>[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})版(?!本|权|图|面|画|税|块|纳|式)|(?<![A-Za-z0-9])(?P<letter>[A-T]\d{1,2})(?=[ ：|]|$)"
    r"|(?:^|(?<= ))(?P<bare>0\d)(?=$| )|(?:版次|版面|Page|P\.)[： ]?(?P<page>[A-Z]?\d{1,3})",
)
_ISSUE_NUMBER = re.compile(
    r"(?:总|新|本报|创刊)?第?\s?\d{1,6}\s?(?:期|号)|国内统一(?:连续出版物号|刊号)[：]?|CN\s?\d\d[-—]\d{4}|邮发代号[：]?\s?\d+[-—]\d+"
    r"|今日[一二三四五六七八九十\d]{1,3}版|零售[价]?[：]?[\d.]+元|代号[：]?\d+—\d+"
)
_CONTACT = re.compile(
    r"(?:新闻|报料|爆料|服务|发行|广告|投诉|投稿|读者|编辑部)?(?:热线|电话|邮箱|信箱|传真|网址|微信|QQ|E—?mail)[：]?"
    r"|(?:https?：//|www\.)[A-Za-z0-9./_-]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+|(?:\d{3,4}[-—])?\d{7,8}(?!\d)",
    re.I,
)
_STAFF = re.compile(
    r"(?:本版|本期|值班|执行|责任|一版|二版|首席|副刊|夜班)?(?:责任编辑|责任校对|编辑|责编|校对|版式|美编|美术编辑|主编|总编|编委|主任|检校|组版|排版|审读|审校|设计)"
    r"[：/ ]{1,3}[\u4e00-\u9fff]{1,4}(?: [\u4e00-\u9fff]{1,4}){0,2}(?= |$|，|、|/|　|）|】|电)"
)
_PAPER_ENDING = (
    r"(?:日报|晚报|早报|晨报|时报|商报|都市报|导报|快报|周报|新报|青年报|农民报|工人报|法制报|法治报|经济报|科技报|教育报"
    r"|卫生报|画报|周刊|消息报|文摘报|民报|公报|联合报|自由时报|新闻报|晚邮报)"
)
_PAPER = re.compile(rf"[\u4e00-\u9fff]{{1,8}}?{_PAPER_ENDING}")
_PUNCTUATION = re.compile(r"[\W_]+")

_T = TypeVar("_T")

_MAX_LENGTH = 90
_MAX_PAGE_NAME = 6


@dataclass(frozen=True, slots=True)
class _Header:
    """What one line has of a header; `rest` is what is left when all parts are taken out."""

    paper: str | None
    date: dt.date | None
    page_number: str | None
    parts: int
    rest: str
    is_staff: bool = False
    is_contact: bool = False


def is_header(line: Line) -> bool:
    """Whether the line is a header or foot line of the page and nothing else.

    `临河日报 2024年7月30日 星期二 第3版 民生` is one; a date alone is none, an announcement ends with it too.
    """
    header = _header(line.fold)
    if header is None or len(header.rest) > _MAX_PAGE_NAME:
        return False
    if header.parts >= 2:
        return True
    if header.page_number is not None or header.is_staff:
        return bool(header.rest) or not header.is_staff
    return not header.rest and (header.paper is not None or header.is_contact)


def read_masthead(text: str) -> Masthead:
    """What the header lines of a page say of it, the first that says a thing having the word.

    >>> read_masthead("临河日报 2024年7月30日 星期二 第3版 民生")
    Masthead(publication='临河日报', issue_date=datetime.date(2024, 7, 30), page_number='3', page_name='民生')
    """
    lines = [line for line in lines_of(text) if line.length <= _MAX_LENGTH and is_header(line)]
    headers = [header for line in lines if (header := _header(line.fold))]
    return Masthead(
        publication=_first(header.paper for header in headers),
        issue_date=_first(header.date for header in headers),
        page_number=_first(header.page_number for header in headers),
        page_name=_first(header.rest for header in headers if not header.rest.isascii()),
    )


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value), None)


@lru_cache(maxsize=256)
def _header(folded: str) -> _Header | None:
    """The parts of a header in a line; None where there are none, or the line is too long to be one."""
    if len(folded) > _MAX_LENGTH or "。" in folded:
        return None
    date = page_number = paper = None
    is_staff = is_contact = False
    parts = 0
    rest = folded
    for pattern in (_STAFF, _DATE, _ISSUE_NUMBER, _CONTACT, _WEEKDAY, _LUNAR, _PAGE_NUMBER, _PAPER):
        match = pattern.search(rest)
        if not match:
            continue
        parts += 1
        if pattern is _DATE:
            date = _date(match)
        elif pattern is _PAGE_NUMBER:
            page_number = _page_number(match["number"] or match["letter"] or match["bare"] or match["page"])
        elif pattern is _PAPER:
            paper = match[0]
        is_staff |= pattern is _STAFF
        is_contact |= pattern is _CONTACT
        rest = pattern.sub(" ", rest)
    return _Header(paper, date, page_number, parts, _PUNCTUATION.sub("", rest), is_staff, is_contact) if parts else None


def _date(match: re.Match[str]) -> dt.date | None:
    year, month, day = (match["year"] or match["y"], match["month"] or match["m"], match["day"] or match["d"])
    try:
        return dt.date(_year(year, match["era"] is not None), number(month), number(day))
    except ValueError:
        return None


def _year(printed: str, of_the_republic: bool) -> int:
    """The year of our era; years of the Republic of China count from 1911."""
    year = number(printed)
    return year + 1911 if of_the_republic or year < 200 else year


def _page_number(printed: str) -> str:
    """`03` and `三` are page 3; `A03` is a name and stays."""
    return printed if printed[0].isascii() and printed[0].isalpha() else str(number(printed))
