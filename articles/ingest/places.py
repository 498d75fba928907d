"""Places in text: names that lists have, what ends in a word for a place, and what only the tagger takes for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .evidence import LEFT, RIGHT, SURE, Evidence, is_letter
from .place_units import UNITS, Unit
from .place_words import FOREIGN, LEADS, SITES, TRANSLITERATION
from .placelists import TITLES, lies_in, longest
from .spans import Found
from .units import find_units

# What a name of a list is worth by itself; see `placelists.everywhere` for the methods, and `towns_of` for the last two.
_LISTED = {
    "division": 0.9,
    "city": 0.75,
    "county": 0.5,
    "district": 0.3,
    "word": 0.27,
    "nature": 0.7,
    "world": 0.8,
    "town": 0.45,
    "hamlet": 0.2,
}
_BESIDE_A_STRANGER = 0.05  # what a place before a name is worth in which it does not lie
_WORD = 0.15  # what is taken from a word: the tagger takes many for places, and many go on (和平|年代)
_KNOWN = 0.35
_MOST = 0.98
_LOWEST, _IN_ROW = 0.3, 0.3  # the score from which on a row counts, and what it is worth

# 全县级, 该县城: a county of one character must not be cut out of these.
_OF_COUNTIES = re.compile(r"[级域直长委处城]")
# 中美, 英法德: nations by one character each.
_NATIONS = re.compile(r"[中美英法德日俄韩朝印越缅泰菲澳加巴拉欧非台港粤]{2,3}")
# Houses that are called after the place that their name begins with: 太原体育中心.
_HOUSE = re.compile(r".+(?:中心|大厦|饭店|酒店|宾馆|影城|商城|大楼|基地|车站|广场|公园|景区)")
_LEAD = re.compile("|".join(LEADS))


def find_places(text: Evidence) -> list[Found]:
    """All that may be a place, also what is not sure (a score below `SURE`), in the order of the text."""
    listed = list(_find_listed(text))
    places = _with_rows(text, [*listed, *find_units(text, listed)])
    return sorted([*places, *_find_tagged(text, places)], key=lambda place: place.start)


def _find_listed(text: Evidence) -> Iterator[Found]:
    """Names that a list has, the longest at each position, none inside another that is sure; phrases score 0."""
    page, folded = text.page, text.folded
    at, last, above = 0, -1, ""
    while at < len(folded) - 1:
        row = longest(folded, at, page.lexicons) if folded[at : at + 2] in page.beginnings else None
        if row is None:
            at += 1
            continue
        name, method = row
        end = at + len(name)
        score = _score_listed(text, name, at, method, above if last == at else "")
        if score > 0 or method == "phrase":
            yield Found("place", at, end, f"list:{method}", score)
        if score >= SURE:
            last, above = end, name
        at = end if score >= SURE or method == "phrase" else at + 1


def _score_listed(text: Evidence, name: str, start: int, method: str, above: str) -> float:
    if method == "phrase":
        return 0.0
    end = start + len(name)
    score = _LISTED[method] + text.of_listed(start, end) - _doubts(text, name, start, method, above)
    if above:
        score += LEFT["place"] if lies_in(name, above) else _BESIDE_A_STRANGER
    elif (left := text.left(start)) != "lead":  # 群众|和政|策
        score += LEFT[left]
    return min(score + (_KNOWN if name in text.page.known else 0.0), _MOST)


def _doubts(text: Evidence, name: str, start: int, method: str, above: str) -> float:
    """What the neighbours of a name take from it: it may be a part of a longer name or of another word."""
    end = start + len(name)
    if method == "word" and (text.words is not None or not text.right(end)):
        return _WORD
    folded = text.folded
    before, after = folded[max(0, start - 1) : start], folded[end : end + 1]
    if "·" in (before, after):
        return 0.6
    if method == "world" and len(name) < 4 and not above and before in FOREIGN:
        return 0.5
    return 0.5 if len(name) == 2 and name[1] == "县" and _OF_COUNTIES.match(after) else 0.0


def _with_rows(text: Evidence, places: Sequence[Found]) -> list[Found]:
    """The places, of which those in a row with a sure one (苏州、上海) or right before one (武昌解放路) are likelier."""
    starts = {place.start for place in places if place.score >= SURE}
    ends = {place.end for place in places if place.score >= SURE}
    rows = []
    for place in sorted(places, key=lambda place: place.start):
        if _LOWEST <= place.score < SURE and _is_beside(text.folded, place, starts, ends):
            ends.add(place.end)
            rows.append(replace(place, score=place.score + _IN_ROW))
        else:
            rows.append(place)
    return rows


def _is_beside(folded: str, place: Found, starts: set[int], ends: set[int]) -> bool:
    before, after = folded[max(0, place.start - 1) : place.start], folded[place.end : place.end + 1]
    in_row = (before == "、" and place.start - 1 in ends) or (after == "、" and place.end + 1 in starts)
    return in_row or place.end in starts


def _find_tagged(text: Evidence, places: Sequence[Found]) -> Iterator[Found]:
    """What the tagger calls a place and nothing else explains, or what is a house of the place that it begins with."""
    sure = [place for place in places if place.score >= SURE]
    covered = {at for place in sure for at in range(place.start, place.end)}
    untitled = {place.start for place in sure if not text.folded.endswith(TITLES, place.start, place.end)}
    for word in text.tagged:
        name = text.folded[word.start : word.end].rstrip("边旁里内外上下境")
        end = word.start + len(name)
        if len(name) < 2 or not all(map(is_letter, name)) or _NATIONS.fullmatch(name):
            continue
        if covered.isdisjoint(range(word.start, end)):
            yield Found("place", word.start, end, "tagger", _score_tagged(text, name, word.start))
        elif word.start in untitled and _HOUSE.fullmatch(name):
            yield Found("place", word.start, end, "tagger:house", 0.7)


def _score_tagged(text: Evidence, name: str, start: int) -> float:
    """Alone the tagger is right in one of three: its names want a border, or an ending or spelling of a place."""
    score = LEFT[text.left(start)] + RIGHT[text.right(start + len(name))]
    score += 0.25 if len(name) > 2 else 0.05
    if len(name) > 2 and TRANSLITERATION.issuperset(name):
        score += 0.3
    elif len(name) > 2 and name.endswith(SITES):
        score += 0.2
    if _LEAD.search(name) or any(_is_refused(name, unit) for unit in UNITS):
        score -= 0.3
    return min(score + (_KNOWN if name in text.page.known else 0.0), _MOST)


def _is_refused(name: str, unit: Unit) -> bool:
    """Whether a name is a word for a kind of place, as its unit has them: 贫困村."""
    stem = next((name.removesuffix(suffix) for suffix in unit.suffixes if name.endswith(suffix)), None)
    return stem is not None and (stem in unit.words or stem.endswith(unit.ends))
