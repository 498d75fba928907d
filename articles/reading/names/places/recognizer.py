"""Finds places in text: listed names, names by their suffix, and words that only the tagger tags as places."""

import re
from collections.abc import Iterator, Mapping, Sequence

from articles.reading.names.proposals import Proposal

from .enumerations import add_enumerated_places
from .evidence import (
    LEFT_BORDER_SCORES,
    RIGHT_BORDER_SCORES,
    SURE_SCORE,
    Border,
    PlaceEvidence,
    is_place_character,
)
from .place_lists import DIVISION_TITLES, is_within, longest_listed_name
from .place_words import COMMON_NOUNS, FOREIGN, LEADS, PLACE_SUFFIXES, SITES, TRANSLITERATION, PlaceSuffix
from .suffix_rules import find_places_by_suffix

# The score of a listed name alone; `nationwide_names` explains the methods, `names_below_county` the last two.
_LISTED = {
    "division": 0.9,
    "city": 0.75,
    "county": 0.5,
    "district": 0.3,
    "island": 0.45,
    "word": 0.27,
    "nature": 0.7,
    "world": 0.8,
    "town": 0.45,
    "hamlet": 0.2,
}
_BESIDE_A_STRANGER = 0.05  # the score for a place before a name that is not within it
_WORD = 0.15  # subtracted for a word: the tagger tags many as places, and many continue (和平|年代)
_KNOWN = 0.35
_KNOWN_WORD = 0.2  # less for a word: a page that names 合作市 has the word 合作 as well
_OTHER_WORD = 0.35  # subtracted for a short name that the tagger takes for a word
_SHORT = frozenset({"county", "district", "word"})
_MOST = 0.98

# 正阳|门, 牡丹|桥: these are not named after a county.
_BUILDINGS = frozenset("桥门楼寺塔堂阁亭殿洞泉")
# 全县级, 该县城: these do not contain a county of one character.
_OF_COUNTIES = re.compile(r"[级域直长委处城]")
# 中美, 英法德: nations with one character each.
_NATIONS = re.compile(r"[中美英法德日俄韩朝印越缅泰菲澳加巴拉欧非台港粤]{2,3}")
# Buildings that are named after the place at their beginning: 太原体育中心.
_HOUSE = re.compile(r".+(?:中心|大厦|饭店|酒店|宾馆|影城|商城|大楼|基地|车站|广场|公园|景区)")
_APART = (*DIVISION_TITLES, "路", "街", "道", "巷")
_LEAD = re.compile("|".join(LEADS))


def find_places(text: PlaceEvidence) -> list[Proposal]:
    """Propose all possible places in the order of the text, also uncertain ones (a score below `SURE_SCORE`)."""
    listed = list(_find_listed(text))
    places = add_enumerated_places(text, [*listed, *find_places_by_suffix(text, listed)])
    return sorted([*places, *_find_tagged(text, places)], key=lambda place: place.start)


def _find_listed(text: PlaceEvidence) -> Iterator[Proposal]:
    """Propose listed names, the longest at each offset, none inside another certain one; phrases score 0."""
    page, folded = text.page, text.folded
    stop, last, above = 0, -1, ""
    for at in [at for at in range(len(folded) - 1) if folded[at : at + 2] in page.beginnings]:
        row = longest_listed_name(folded, at, page.lexicons) if at >= stop else None
        if row is None:
            continue
        name, method = row
        end = at + len(name)
        score = _score_listed(text, name, at, method, above if last == at else "")
        if score > 0 or method == "phrase":
            yield Proposal("place", at, end, f"list:{method}", score)
        if score >= SURE_SCORE:
            last, above = end, name
        stop = end if score >= SURE_SCORE or method == "phrase" else at + 1


def _score_listed(text: PlaceEvidence, name: str, start: int, method: str, above: str) -> float:
    if method == "phrase":
        return 0.0
    end = start + len(name)
    tagged = text.of_listed(start, end, in_chain=bool(above))
    if method == "word" and name.endswith("区") and not above:
        tagged = min(tagged, 0.0)  # 解放区 is a district only behind its city
    score = _LISTED[method] + tagged - _doubts(text, name, start, method, above)
    if above:
        score += LEFT_BORDER_SCORES["place"] if is_within(name, above) else _BESIDE_A_STRANGER
    elif (left := text.left(start)) != "lead":  # 群众|和政|策
        score += LEFT_BORDER_SCORES[left]
    known = _KNOWN if name in text.page.known else 0.0
    if method == "word":
        known = min(known, _KNOWN_WORD)
    is_named = known and method != "word"
    if method in _SHORT and not (above or is_named or text.folded.endswith("、", 0, start)):
        score -= _OTHER_WORD * text.is_other_word(start, end)
    return min(score + known, _MOST)


def _doubts(text: PlaceEvidence, name: str, start: int, method: str, above: str) -> float:
    """The score to subtract for the neighbours of a name: it may be part of a longer name or of another word."""
    end = start + len(name)
    in_chain = bool(above) and is_within(name, above)
    if method in ("word", "district") and not above and text.folded[end : end + 1] in _BUILDINGS:
        return _OTHER_WORD
    if method == "word" and not in_chain and (text.words is not None or not text.right(end)):
        return _WORD
    if text.is_given_name(start):  # 钟|南山
        return 0.5
    folded = text.folded
    before, after = folded[max(0, start - 1) : start], folded[end : end + 1]
    if "·" in (before, after):
        return 0.6
    if method == "world" and len(name) < 4 and not above and before in FOREIGN:
        return 0.5
    return 0.5 if len(name) == 2 and name[1] == "县" and _OF_COUNTIES.match(after) else 0.0


def _find_tagged(text: PlaceEvidence, places: Sequence[Proposal]) -> Iterator[Proposal]:
    """Propose words that only the tagger tags as places, and buildings named after the place they begin with."""
    sure = [place for place in places if place.score >= SURE_SCORE]
    abroad = {place.start: place.end for place in sure if place.method == "list:world"}
    countries = set(abroad.values())
    covered = {at for place in sure for at in range(place.start, place.end)}
    ends = {place.end for place in sure}
    # Buildings are not named after a division in full nor after a road: 太原体育中心, but 迎泽大街|五一广场.
    apart = {place.start for place in sure if text.folded.endswith(_APART, place.start, place.end)}
    called = {place.start for place in sure} - apart
    for word in text.tagged:
        name = text.folded[word.start : word.end]
        if name.endswith(COMMON_NOUNS):
            continue
        name = name.rstrip("边旁里内外上下境") if len(name) > 2 else name
        start, end = _behind_country(abroad, word.start, name), word.start + len(name)
        if end - start < 2 or not all(map(is_place_character, name)) or _NATIONS.fullmatch(name):
            continue
        if covered.isdisjoint(range(start, end)):
            in_chain = start in countries or (start in ends and name.endswith(DIVISION_TITLES))
            left = "place" if in_chain else text.left(start)
            yield Proposal(
                "place", start, end, "tagger", _score_tagged(text, text.folded[start:end], left, end)
            )
        elif word.start in called and _HOUSE.fullmatch(name):
            yield Proposal("place", word.start, end, "tagger:house", 0.7)


def _behind_country(countries: Mapping[int, int], start: int, name: str) -> int:
    """The offset at which a foreign name begins after its country: 明斯克 of 白俄罗斯明斯克."""
    end = countries.get(start, start)
    return end if TRANSLITERATION.issuperset(name[end - start :]) else start


def _score_tagged(text: PlaceEvidence, name: str, left: Border, end: int) -> float:
    """The score of a word of the tagger, which alone is right once in three: it needs a border, an ending or a spelling."""
    score = LEFT_BORDER_SCORES[left] + RIGHT_BORDER_SCORES[text.right(end)]
    score += 0.25 if len(name) > 2 else 0.05
    if len(name) > 2 and TRANSLITERATION.issuperset(name):
        score += 0.3
    elif len(name) > 2 and name.endswith(SITES):
        score += 0.2
    if _LEAD.search(name) or any(_is_refused(name, unit) for unit in PLACE_SUFFIXES):
        score -= 0.3
    return min(score + (_KNOWN if name in text.page.known else 0.0), _MOST)


def _is_refused(name: str, unit: PlaceSuffix) -> bool:
    """Whether a name is a common word of its suffix: 贫困村."""
    stem = next((name.removesuffix(suffix) for suffix in unit.suffixes if name.endswith(suffix)), None)
    return stem is not None and (stem in unit.words or stem.endswith(unit.ends))
