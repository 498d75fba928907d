"""Finds places in enumerations: beside a certain place, or before a word such as 等地."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from articles.reading.names.proposals import Proposal
from articles.reading.values import Span

from .evidence import LEFT_BORDER_SCORES, SURE_SCORE, PlaceEvidence, is_place_character
from .place_words import HARD_STOPS, NO_ITEMS

_LOWEST = 0.3  # the lowest score of an uncertain place that counts
_BESIDE = 0.3  # the score for a certain place beside it
_NAMED = 0.8  # the score for each name before such a word
_AMONG = 0.65  # the score for a name among certain places: 少林寺、清风园、龙门石窟
_LENGTHS = range(2, 6)  # lengths of a name in an enumeration
_LONGEST = _LENGTHS[-1]
_JOINTS = ("、", "和", "与", "及")

_COUNT = "(?:[2-9二两三四五六七八九十几多]|[1-9十二三四五六七八九][0-9十一二三四五六七八九]{1,2})个?"
_SORT = "(?:边远|偏远|沿海|沿江|沿河|沿边|沿线|山区|重点|贫困|周边|邻近|相邻|受灾|主产|试点|中心|牧区|林区|半山|郊区)?"
_KINDS = (
    "乡镇|镇乡|镇街|县市|市县|区县|县区|旗县|旗市|盟市|地市|州市|地州|省市|省区|苏木|嘎查|林场|农场|牧场|林业局|农垦局|"
    "街道|街办|公社|大队|自然村|行政村|村庄|村寨|村屯|村组|小区|社区|镇|乡|村|县|旗|市|省|州|岛|屯|寨"
)
# 青石、白塔等边远乡镇, 柳湾、石坡3个镇; but not 老师、学生等村民. 等地 and 一带 need a certain place in the list.
_NAMED_ROW = re.compile(
    f"(?:等(?:{_COUNT})?{_SORT}|{_COUNT}{_SORT})(?:{_KINDS})(?![级直域委城长民办里内集政府场区务容屿公道门小中支干领书教老卫工])"
)
_VAGUE_ROW = re.compile("等地|一带|等国|等处|等城市|等地区")


def add_enumerated_places(text: PlaceEvidence, places: Sequence[Proposal]) -> list[Proposal]:
    """Raise the scores of places in an enumeration with a certain one (苏州、上海) or right before one (武昌解放路).

    Also adds the names of enumerations that end in a word for places.
    """
    starts = {place.start for place in places if place.score >= SURE_SCORE}
    ends = {place.end for place in places if place.score >= SURE_SCORE}
    rows = []
    found = [*places, *_named(text, places), *_among(text, starts, ends)]
    for place in sorted(found, key=lambda place: place.start):
        if _LOWEST <= place.score < SURE_SCORE and _is_beside(text.folded, place, starts, ends):
            ends.add(place.end)
            rows.append(replace(place, score=place.score + _BESIDE))
        else:
            rows.append(place)
    return rows


def _is_beside(folded: str, place: Proposal, starts: set[int], ends: set[int]) -> bool:
    before, after = folded[max(0, place.start - 1) : place.start], folded[place.end : place.end + 1]
    in_row = (before == "、" and place.start - 1 in ends) or (after == "、" and place.end + 1 in starts)
    return in_row or place.end in starts


def _named(text: PlaceEvidence, places: Sequence[Proposal]) -> Iterator[Proposal]:
    """The names of enumerations before a word for places: 青石 and 柳湾 of 青石、柳湾两个乡镇."""
    ends = {place.end for place in places if place.score >= SURE_SCORE}
    for pattern in (_NAMED_ROW, _VAGUE_ROW):
        for match in pattern.finditer(text.folded):
            row = list(_items(text, match.start(), ends))
            if len(row) > 1 and (pattern is _NAMED_ROW or any(end in ends for _, end in row)):
                yield from (
                    Proposal("place", start, end, "row", _NAMED) for start, end in row if end not in ends
                )


def _among(text: PlaceEvidence, starts: Set[int], ends: Set[int]) -> Iterator[Proposal]:
    """The names between two certain places of an enumeration, and those that follow two of them."""
    at = -1
    while (at := text.folded.find("、", at + 1)) >= 0:
        stop = _end_of_item(text.folded, at + 1)
        if at not in ends or stop - at - 1 not in _LENGTHS or stop in ends:
            continue
        is_between = text.folded[stop : stop + 1] == "、" and stop + 1 in starts
        if is_between and not text.has_common_word(at + 1, stop) and _is_item(text.folded[at + 1 : stop]):
            yield Proposal("place", at + 1, stop, "row", _AMONG)


def _end_of_item(folded: str, start: int) -> int:
    """The end of the characters that may be a name, at most one more than the longest name has."""
    stop = start
    while stop < len(folded) and stop - start <= _LONGEST and is_place_character(folded[stop]):
        stop += 1
    return stop


def _items(text: PlaceEvidence, end: int, ends: Set[int]) -> Iterator[Span]:
    """The names of the enumeration that ends at an offset, from the last to the first."""
    stop, is_joined = end, True
    while is_joined:
        mark = _mark_before(text.folded, stop, is_last=stop == end)
        is_joined = text.folded[max(0, mark) : mark + 1] in _JOINTS
        start = mark + 1 if is_joined else _beginning(text, max(mark + 1, stop - _LONGEST), stop)
        start = max([start, *(at for at in range(start, stop - 1) if at in ends)])
        if stop - start not in _LENGTHS or not _is_item(text.folded[start:stop]):
            return
        yield start, stop
        stop = mark - text.folded.endswith("以", 0, max(0, mark))


def _mark_before(folded: str, stop: int, *, is_last: bool) -> int:
    """The offset of the mark before an item, or of the conjunction before the last one; -1 if there is none."""
    for at in range(stop - 1, max(-1, stop - _LONGEST - 2), -1):
        is_conjunction = is_last and folded[at] in "和与及" and stop - at > 2 and at > 0
        if not is_place_character(folded[at]) or (is_conjunction and is_place_character(folded[at - 1])):
            return at
    return -1


def _beginning(text: PlaceEvidence, lowest: int, stop: int) -> int:
    """The offset at which the first name of an enumeration begins: after the likeliest border, or `stop` if there is none."""
    starts = [start for start in range(lowest, stop - 1) if _is_item(text.folded[start:stop])]
    worth = {start: LEFT_BORDER_SCORES[text.left(start)] for start in starts}
    return max(worth, key=lambda start: (worth[start], start), default=stop) if any(worth.values()) else stop


def _is_item(name: str) -> bool:
    """Whether it may be a name and not a count; 双桥 is one."""
    return HARD_STOPS.isdisjoint(name.removeprefix("双")) and not name.endswith(NO_ITEMS)
