"""Finds adverts that are printed inside the column of an article, also in the middle of its sentence."""

import re
from collections.abc import Sequence

from articles.reading.lines.printed_lines import PrintedLine

# The Advertising Law makes papers mark an advert with the word 广告, so that readers can tell it from news.
_MARK = re.compile(r"[【（《\[]广 ?告[】）》\]]|广 ?告(?:[ ：]|$)")
# What only an advert says in the middle of a sentence of news: how to reach or to find the shop.
_CONTACT = re.compile(
    r"(?:电话|热线|手机|地址|网址|邮编|传真|咨询|预约|订购|垂询)[ ：]*[0-9（]|\d{3,4}[—-]\d{7,8}|\b1\d{10}\b|(?:地址|店址|网址)："
)
_OPEN = re.compile("[^。！？；：…”）】》 ]$")
# A column holds this many characters at least, and at most; shorter lines are titles.
_MIN_WIDTH = 8
_MAX_WIDTH = 40
# An advert inside a column is a box of a few lines.
_MAX_LINES = 8
# The line that goes on with the sentence is body text: not much shorter than the column, or it ends the sentence.
_MIN_SHARE = 0.6


def advert_insets(lines: Sequence[PrintedLine]) -> frozenset[int]:
    """The numbers of the lines of adverts that are set between the lines of a column.

    Such an advert begins with its mark. Below a line that is not finished it ends above the line that goes on; else with
    the last line that says how to reach the shop.
    """
    found: set[int] = set()
    for number, line in enumerate(lines):
        if number and _MARK.match(line.fold):
            is_open = _is_open(lines[number - 1])
            end = _end_of_inset(lines, number) if is_open else _end_of_box(lines, number)
            found.update(range(number, end))
    return frozenset(found)


def is_advert_like(fold: str) -> bool:
    """Whether a folded text begins with the mark of an advert, or gives a shop's telephone or address."""
    return bool(_MARK.match(fold) or _CONTACT.search(fold))


def _is_open(line: PrintedLine) -> bool:
    return line.length >= _MIN_WIDTH and _OPEN.search(line.fold) is not None


def _end_of_inset(lines: Sequence[PrintedLine], first: int) -> int:
    """The number of the line that goes on below the advert; `first` if none does, so that nothing is taken out."""
    width = lines[first - 1].length
    for number in range(first + 1, min(first + 1 + _MAX_LINES, len(lines))):
        if _is_body(lines[number], width):
            return number
    return first


def _end_of_box(lines: Sequence[PrintedLine], first: int) -> int:
    """The number after the last line with a telephone or an address, above the next body text."""
    end = first + 1
    for number in range(first + 1, min(first + 1 + _MAX_LINES, len(lines))):
        if _is_body(lines[number], lines[first - 1].length):
            break
        if _CONTACT.search(lines[number].fold):
            end = number + 1
    return end


def _is_body(line: PrintedLine, width: int) -> bool:
    is_long = "，" in line.fold and line.length >= _MIN_SHARE * min(width, _MAX_WIDTH)
    return ("。" in line.fold or is_long) and not is_advert_like(line.fold)
