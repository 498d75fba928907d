"""Recognises header and foot lines of a page, and reads the masthead from them.

A header line holds the paper, the date, the weekday, the number of the page and the like; without these parts nothing
is left of it, or only the name of the page.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from articles.reading.lines.numerals import NUMERAL, parse_number
from articles.reading.lines.printed_lines import PrintedLine, split_lines
from articles.reading.values import Masthead

_DATE = re.compile(
    rf"(?P<era>中华民国|民国)?(?P<year>{NUMERAL}{{2,4}})年(?P<month>{NUMERAL}{{1,3}})月(?P<day>{NUMERAL}{{1,3}})[日号]"
    r"|(?<!\d)(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)"
)
_WEEKDAY = re.compile(
    r"(?:星期|礼拜|周)[一二三四五六日天]|(?:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)[a-z]*\.?", re.IGNORECASE
)
_LUNAR = re.compile(
    r"(?:农历|夏历|阴历)?(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?"
    r"[正闰一二三四五六七八九十冬腊]{1,3}月[初十廿卅一二三四五六七八九]{2,3}(?!日)"
    r"|农历[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
# Names of pages. Alone such a word may be a kicker; beside a number it is the name of the page.
_SECTION = (
    "(?:本地|本市|本县|国内|国际|中国|世界|时政|要闻|综合|社会|民生|经济|财经|产业|农村|农业|城市|城乡|都市|城事|县域|区县|基层建设|基层"
    "|教育|科技|科教|文化|文体|文娱|娱乐|体育|健康|卫生|法治|法制|政法|副刊|理论|言论|评论|读者|消费|旅游|生活|服务|广告|公告|专题"
    "|特刊|深度|视觉|图片|摄影|天下|港闻|两岸|地方|焦点|热线|新闻|专版|专刊|周刊|版){1,4}"
)
_NUMBERED_SECTION = re.compile(
    rf"(?:(?P<before>[A-T]?\d{{1,2}})[ ：|/·—）】]{{0,3}}(?:{_SECTION})(?:[·、 ]{_SECTION})?"
    rf"|(?:{_SECTION})(?:[·、 ]{_SECTION})?[ ：|/·—（【]{{0,3}}(?P<after>[A-T]?\d{{1,2}}))版?"
)
_PAGE_NUMBER = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[日一二三四五六天]))第?(?P<number>[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})版(?!本|权|图|面|画|税|块|纳|式)"
    r"|(?<![A-Za-z0-9])(?P<letter>[A-T]\d{1,2})(?=[ ：|）】/·]|$)"
    r"|(?:^|(?<= ))(?P<bare>0\d)(?=$| )|(?:版次|版面|Page|P\.)[： ]?(?P<page>[A-Z]?\d{1,3})",
)
_ISSUE_NUMBER = re.compile(
    r"(?:总|新|本报|创刊)?第?\s?\d{1,6}\s?(?:期|号)|国内统一(?:连续出版物号|刊号)[：]?|CN\s?\d\d[-—]\d{4}|邮发代号[：]?\s?\d+[-—]\d+"
    r"|今日[一二三四五六七八九十\d]{1,3}版|零售[价]?[：]?[\d.]+元|代号[：]?\d+—\d+"
)
_CONTACT = re.compile(
    r"(?:新闻|报料|爆料|服务|发行|广告|投诉|投稿|来稿|影像|图片|读者|编辑部)?(?:热线|电话|邮箱|信箱|传真|网址|微信|QQ|E—?mail|投稿)[：]?"
    r"|(?:https?：//|www\.)[A-Za-z0-9./_-]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+|(?:\d{3,4}[-—])?\d{7,8}(?!\d)",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"(?:本版|本期|值班|执行|责任|一版|二版|首席|副刊|夜班)?(?:责任编辑|责任校对|编辑|责编|校对|版式|美编|美术编辑|主编|总编|编委|主任|检校|组版|排版|审读|审校|设计)"
    r"[：/ ]{1,3}[\u4e00-\u9fff]{1,4}(?: [\u4e00-\u9fff]{1,4}(?![：/\u4e00-\u9fff])){0,2}(?= |$|，|、|/|　|）|】|电)"
)
_PAPER_ENDING = (
    r"(?:日报|晚报|早报|晨报|时报|商报|都市报|导报|快报|周报|新报|青年报|农民报|工人报|法制报|法治报|经济报|科技报|教育报"
    r"|卫生报|晨刊|晚刊|画报|周刊|消息报|文摘报|民报|公报|联合报|自由时报|新闻报|晚邮报)"
)
_PAPER = re.compile(rf"[\u4e00-\u9fff]{{1,8}}?{_PAPER_ENDING}")
# Beside other parts of a header, any word that ends in 报 is the paper: 天山牧报.
_PAPER_BY_NAME = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,7}报(?![\u4e00-\u9fff])")
_PUBLISHER = re.compile(r"[\u4e00-\u9fff]{2,14}(?:主办|主管|出版|承办)")
# The name of a paper in Latin letters, 临河时报 LINHE TIMES, and alone on its line, perhaps spaced out: 临 河 报.
_LETTERS = re.compile(
    r"[A-Z][A-Z .&']{0,30} ?(?:Daily|Times|News|Post|Weekly|Herald|Journal|Evening|Morning|Gazette|Express)"
    r"(?: News| Post| Paper)?(?![a-z])",
    re.IGNORECASE,
)
_PAPER_ALONE = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?<![汇举简快海电喜捷预回填申通战情警上播公])报|(?:[\u4e00-\u9fff] {1,4}){2,7}[报刊]"
)
# The publisher or printer of the paper, and the address; the rest of such a line is part of it.
_IMPRINT = re.compile(
    r"(?:本报|报社)?社?(?:社址|督印人|发行人|出版人|承印人?)[：/ ].*|(?:本报|报社|编辑部)地址[：/ ].*"
)
_PUNCTUATION = re.compile(r"[\W_]+")
_NOT_OF_NAMES = re.compile(r"[\W_A-Za-z0-9]+")

_T = TypeVar("_T")

# Names of columns end so as well.
_COLUMN_ENDINGS = ("快报", "公报")
_MAX_LENGTH = 90
_MAX_PAGE_NAME = 6
# A line with a date and two more parts is a header, which may hold the names of a page and a supplement.
_MANY_PARTS = 3
_MAX_PAGE_NAMES = 16
# 03 综合新闻 is a page, 03 谁来给树浇水 is a section heading.
_MAX_NAME_BY_NUMBER = 4


# The parts of a header line, in the order in which they are removed from it.
_PARTS = {
    "imprint": _IMPRINT,
    "staff": _STAFF,
    "date": _DATE,
    "issue number": _ISSUE_NUMBER,
    "contact": _CONTACT,
    "weekday": _WEEKDAY,
    "lunar date": _LUNAR,
    "page number": _PAGE_NUMBER,
    "publisher": _PUBLISHER,
    "paper": _PAPER,
    "letters": _LETTERS,
}


@dataclass(frozen=True, slots=True)
class _Header:
    """The parts of a header in one line; `rest` is the line without them."""

    parts: dict[str, re.Match[str]]
    rest: str

    @property
    def paper(self) -> str | None:
        return self.parts["paper"][0].replace(" ", "") if "paper" in self.parts else None

    @property
    def longest_rest(self) -> int:
        """How many characters the rest of a header may have: the name of a page, or of a page and a supplement."""
        is_sure = "date" in self.parts and len(self.parts) >= _MANY_PARTS
        return _MAX_PAGE_NAMES if is_sure else _MAX_PAGE_NAME

    @property
    def date(self) -> dt.date | None:
        return _date(self.parts["date"]) if "date" in self.parts else None

    @property
    def page_number(self) -> str | None:
        return _page_number(self.parts["page number"]) if "page number" in self.parts else None


def is_page_header(line: PrintedLine) -> bool:
    """Whether the line is a header or foot line of the page and nothing else.

    `临河日报 2024年7月30日 星期二 第3版 民生` is one. A date alone is not: announcements end with a date too.
    """
    header = _header(line.fold)
    if header is None or len(_NOT_OF_NAMES.sub("", header.rest)) > header.longest_rest:
        return False
    if len(header.parts) >= 2 or "imprint" in header.parts:
        return True
    if "page number" in header.parts:
        number = header.parts["page number"].groupdict()
        return not number.get("bare") or len(header.rest) <= _MAX_NAME_BY_NUMBER
    if "staff" in header.parts:
        return bool(header.rest)
    return _is_name_or_contact(header)


def _is_name_or_contact(header: _Header) -> bool:
    """Whether the line has one part only: the paper, perhaps with a page name, or a contact."""
    if header.paper:
        is_column = not header.rest and header.paper.endswith(_COLUMN_ENDINGS)
        return not is_column and re.fullmatch(f"(?:{_SECTION})?", header.rest) is not None
    return not header.rest and bool(header.parts.keys() & {"contact", "letters"})


def read_masthead(text: str) -> Masthead:
    """Read the masthead from the header lines of a page; the first line that gives a value wins.

    >>> read_masthead("临河日报 2024年7月30日 星期二 第3版 民生")
    Masthead(publication='临河日报', issue_date=datetime.date(2024, 7, 30), page_number='3', page_name='民生')
    """
    lines = [line for line in split_lines(text) if line.length <= _MAX_LENGTH and is_page_header(line)]
    headers = [header for line in lines if (header := _header(line.fold))]
    return Masthead(
        publication=_first(header.paper for header in headers),
        issue_date=_first(header.date for header in headers),
        page_number=_first(header.page_number for header in headers),
        page_name=_first(header.rest for header in headers if not header.rest.isascii()),
    )


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value), None)


@lru_cache(maxsize=8192)  # the lines of a page, which are asked for twice
def _header(folded: str) -> _Header | None:
    """Find the parts of a header in a line; None if it has none, or is too long for a header."""
    if len(folded) > _MAX_LENGTH or "。" in folded:
        return None
    if section := _NUMBERED_SECTION.fullmatch(folded):
        return _Header(
            {"page number": section}, folded.strip("0123456789ABCDEFGHIJKLMNOPQRST ：|/·—（）【】")
        )
    if alone := _PAPER_ALONE.fullmatch(folded):
        return _Header({"paper": alone}, "")
    parts = {}
    rest = folded
    for name, pattern in _PARTS.items():
        if match := pattern.search(rest):
            parts[name] = match
            rest = pattern.sub(" ", rest)
    if parts and "paper" not in parts and (paper := _PAPER_BY_NAME.search(rest)):
        parts["paper"] = paper
        rest = rest.replace(paper[0], " ", 1)
    return _Header(parts, _PUNCTUATION.sub("", rest)) if parts else None


def _date(match: re.Match[str]) -> dt.date | None:
    year, month, day = (match["year"] or match["y"], match["month"] or match["m"], match["day"] or match["d"])
    try:
        return dt.date(_year(year, match["era"] is not None), parse_number(month), parse_number(day))
    except ValueError:
        return None


def _year(printed: str, of_the_republic: bool) -> int:
    """Convert a printed year to the common era; years of the Republic of China count from 1911."""
    year = parse_number(printed)
    return year + 1911 if of_the_republic or year < 200 else year


def _page_number(match: re.Match[str]) -> str:
    """Normalise a page number: `03` and `三` are page 3; `A03` stays."""
    printed = next(printed for printed in match.groupdict().values() if printed)
    return printed if printed[0].isascii() and printed[0].isalpha() else str(parse_number(printed))
