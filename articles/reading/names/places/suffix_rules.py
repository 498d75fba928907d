"""Finds places by their suffix: a stem with a word for a kind of place, 芮城|县, 迎宾|路, 云丘山|景区."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.reading.credits.surnames import COMMON_SURNAMES
from articles.reading.names.proposals import Proposal

from .evidence import (
    LEFT_BORDER_SCORES,
    RIGHT_BORDER_SCORES,
    SURE_SCORE,
    Border,
    PlaceEvidence,
    is_place_character,
)
from .place_lists import DIVISION_TITLES, counties_with_place
from .place_words import (
    COUNTING_CHARACTERS,
    HARD_STOPS,
    LEADS,
    LOCATIVES,
    PERSONS,
    PLACE_SUFFIXES,
    SOFT_STOPS,
    SORTS,
    TRANSLITERATION,
    PlaceSuffix,
)
from .transport_lines import TRANSPORT_LINE

_BY_SUFFIX = sorted(
    ((suffix, unit) for unit in PLACE_SUFFIXES for suffix in unit.suffixes), key=lambda row: len(row[0])
)
_UNIT = dict(_BY_SUFFIX)
_SUFFIX = re.compile("|".join(suffix for suffix, _ in reversed(_BY_SUFFIX)))
_SECTION = re.compile(r"[东西南北中一二三四五六七八九十]+段")
_LEAD = re.compile("|".join(LEADS))
_LEAD_BEGINNINGS = frozenset(lead[0] for lead in LEADS)
_LOCATIVES = tuple(word for word in LOCATIVES if len(word) > 1)
_DIRECTIONS = "东西南北中"
_LOWEST = 0.3  # the lowest score of a listed name that may be a place
_FOREIGN = range(3, 9)  # lengths of a transliterated stem

# Kinds whose names the official list may contain.
_LISTED = frozenset({"town", "village", "quarter", "county", "district", "city", "prefecture"})
# Kinds before which a numeral is a count: 三县, 第二天.
_COUNTED = frozenset({"province", "prefecture", "city", "county", "district"})
# Kinds of foreign places.
_ABROAD = _COUNTED | {"town", "nature", "water", "hill"}
# Kinds that are named after a place only if no word follows: 康定河, 烟台港.
_BOUNDED = frozenset({"water", "hill", "station"})
# Kinds that may be a place with nothing but their suffix: 基辅市, 上海路, 南阳机场.
_CALLED = (
    _ABROAD | {"road", "transport", "sight", "quarter", "station", "way", "temple", "campus", "works", "pass"}
) - {"province"}
_NATURE = frozenset({"water", "hill"})
# Kinds that are common nouns after a place abroad: 苏联|铁路, 纽约|社区.
_OF_COUNTRIES = frozenset({"nature", "transport", "quarter"})
# Kinds whose names precede other names and are not part of them: 迎泽大街|五一广场.
_WHOLE = _LISTED | {"road"}
# Words between the place and the suffix: 北京|东|路, 太原|长途|汽车站.
_SORTS = {
    "transport": SORTS,
    "sight": SORTS,
    "road": tuple(_DIRECTIONS),
    "campus": (),
    "works": (),
    "pass": (),
}
# Two or three characters are usual.
_LENGTHS = {1: -0.3, 2: 0.1, 3: 0.1, 4: 0.0}
_LONG = -0.1


class _Suffix(NamedTuple):
    """A suffix at an offset of a text."""

    start: int
    end: int
    unit: PlaceSuffix


def find_places_by_suffix(text: PlaceEvidence, listed: Sequence[Proposal]) -> Iterator[Proposal]:
    """Propose names that end in a suffix for places; `listed` are the listed names found before."""
    for line in TRANSPORT_LINE.finditer(text.folded):
        yield Proposal("place", line.start(), line.end(), "unit:line", 0.9)
    yield from _Reader(text, listed).units()


class _Reader:
    """Reads a text from left to right; each certain place found supports the ones after it."""

    def __init__(self, text: PlaceEvidence, listed: Sequence[Proposal]) -> None:
        sure = [place for place in listed if place.score >= SURE_SCORE]
        self.text = text
        self.doubtful = {place.end for place in listed if _LOWEST <= place.score < SURE_SCORE}
        self.folded = text.folded
        self.listed = {place.end: place.start for place in sure}
        self.listed_ends = sorted(self.listed)
        self.covered = {at for place in sure for at in range(place.start, place.end)}
        self.inside = {at for place in sure for at in range(place.start + 1, place.end)}
        self.phrases = {
            at for place in listed if place.method == "list:phrase" for at in range(place.start, place.end)
        }
        self.abroad = {place.start for place in sure if place.method == "list:world"}
        self.last_unit = 0  # the end of the last name that is part of no other
        self.starts = dict(self.listed)  # starts of all certain places by their ends
        self.waters = dict(
            self.listed
        )  # starts of those that stations and sights are named after, by their ends

    def units(self) -> Iterator[Proposal]:
        for match in _SUFFIX.finditer(self.folded):
            suffix = _Suffix(match.start(), match.end(), _UNIT[match.group()])
            if self._is_taken(suffix.end) or self._begins_town(suffix):
                continue
            found = self._called(suffix) or self._foreign(suffix) or self._best(suffix)
            if found and self.phrases.isdisjoint(range(found.start, found.end)):
                self._add(found, suffix.unit)
                yield found

    def _is_taken(self, end: int) -> bool:
        """Whether a suffix is the end of a listed name, or inside one."""
        return end in self.listed or (end - 1 in self.inside and end not in self.inside)

    def _add(self, found: Proposal, unit: PlaceSuffix) -> None:
        if found.score >= SURE_SCORE:
            self.starts[found.end] = found.start
            self.last_unit = max(self.last_unit, found.end if unit.method in _WHOLE else 0)
            if unit.method in _NATURE:
                self.waters[found.end] = found.start

    def _called(self, suffix: _Suffix) -> Proposal | None:
        """The name of something that is named after the place before it, with or without a word for its sort."""
        _, end, unit = suffix
        is_bounded = unit.method not in _BOUNDED or self.text.right(end)
        if self._goes_on(suffix) or not is_bounded:
            return None
        places = self.waters if unit.method in _SORTS else self.listed
        for stop in self._before_sorts(suffix):
            start = places.get(stop)
            is_city = (
                stop - 2 == start and self.folded[start + 1] == "州"
            )  # 州 is part of 杭州, but a title in 凉山州
            if start in self.abroad and unit.method in _OF_COUNTRIES:
                continue
            if start is not None and (is_city or not self.folded.endswith(DIVISION_TITLES, start, stop)):
                return self._found(start, suffix, "called", 0.75)
        return None

    def _begins_town(self, suffix: _Suffix) -> bool:
        """Whether a suffix is the beginning of the name of a town: 同江|街津口."""
        if suffix.unit.method != "road":
            return False
        return any(counties_with_place(self.folded[suffix.start : suffix.end + size]) for size in (2, 3))

    def _before_sorts(self, suffix: _Suffix) -> Iterator[int]:
        """The offsets at which the place in such a name may end."""
        if suffix.unit.method in _CALLED:
            yield suffix.start
        for sort in _SORTS.get(suffix.unit.method, ()):
            if self.folded.endswith(sort, 0, suffix.start):
                yield suffix.start - len(sort)

    def _foreign(self, suffix: _Suffix) -> Proposal | None:
        """A name with a transliterated stem: 克马德克群岛."""
        start, barrier = suffix.start, self._last_listed(suffix.start)
        while (
            start > barrier
            and suffix.start - start < _FOREIGN[-1]
            and self.folded[start - 1] in TRANSLITERATION
        ):
            start -= 1
        if suffix.unit.method in _ABROAD and suffix.start - start in _FOREIGN:
            return self._found(start, suffix, "foreign", 0.7)
        return None

    def _best(self, suffix: _Suffix) -> Proposal | None:
        """The name with the best left border."""
        right = RIGHT_BORDER_SCORES[self.text.right(suffix.end)]
        goes_on = 0.35 * self._goes_on(suffix)
        scored = ((self._score(start, suffix, right) - goes_on, start) for start in self._starts(suffix))
        score, start = max(scored, default=(0.0, 0))
        return self._found(start, suffix, suffix.unit.method, min(score, 0.95)) if score > 0 else None

    def _found(self, start: int, suffix: _Suffix, rule: str, score: float) -> Proposal:
        """Make the proposal; a road includes its section: 迎宾路|西段."""
        section = _SECTION.match(self.folded, suffix.end) if suffix.unit.method == "road" else None
        return Proposal("place", start, section.end() if section else suffix.end, f"unit:{rule}", score)

    def _starts(self, suffix: _Suffix) -> Iterator[int]:
        """The offsets at which a name may begin: not before a mark or a character that no name contains."""
        stop, _, unit = suffix
        fewest, most = unit.stem
        barrier = self._last_listed(stop)
        is_word = self.folded.endswith(unit.ends, 0, stop)
        for start in range(stop - 1, max(0, stop - most) - 1, -1):
            char = self.folded[start]
            if not is_place_character(char) or (char in HARD_STOPS and not self._is_covered(start, suffix)):
                return
            if stop - start < fewest or start in self.inside or start < self.last_unit < stop:
                continue
            if start < barrier and not self._is_name_across(start, suffix, barrier):
                continue
            if (is_word or self.folded[start:stop] in unit.words) and not self._is_word_in_name(
                start, suffix
            ):
                continue
            yield start

    def _is_covered(self, start: int, suffix: _Suffix) -> bool:
        """Whether such a character is inside a listed name, or a listed town: 某县|河沿镇."""
        _, end, unit = suffix
        begin = next((at for at in range(start, max(0, start - 2) - 1, -1) if at in self.starts), None)
        is_town = begin is not None and unit.method in _LISTED and counties_with_place(self.folded[begin:end])
        return start in self.covered or bool(is_town)

    def _is_name_across(self, start: int, suffix: _Suffix, barrier: int) -> bool:
        """Whether a stem that crosses the end of a listed place, `barrier`, is one name with it."""
        stop, end, _ = suffix
        is_listed = bool(counties_with_place(self.folded[start:end]))
        return is_listed or (self.text.is_tagged(start, end) and stop - barrier < 2)

    def _is_word_in_name(self, start: int, suffix: _Suffix) -> bool:
        """Whether a stem that is a common word, or ends in one, is the name of a place for once.

        A name that begins inside a word, 装箱|码头, is rejected with the word.
        """
        stop, end, unit = suffix
        if start not in self.starts:
            return False
        is_called = stop - start > 1 and bool(counties_with_place(self.folded[start:end]))
        is_side = unit.method == "road" and self.folded[start:stop] in _DIRECTIONS  # of a town: 某城|东大街
        return is_called or is_side

    def _last_listed(self, stop: int) -> int:
        """The end of the last listed place at or before `stop`; 0 if there is none."""
        at = bisect_right(self.listed_ends, stop)
        return self.listed_ends[at - 1] if at else 0

    def _score(self, start: int, suffix: _Suffix, right: float) -> float:
        """The score of a name that begins at `start`; `right` is that of its right border."""
        stop, end, unit = suffix
        stem = self.folded[start:stop]
        left = self._left(start)
        score = unit.score + LEFT_BORDER_SCORES[left] + right + _LENGTHS.get(stop - start, _LONG)
        score += self.text.of_unit(start, stop, end) + self._known(start, suffix)
        is_person = unit.method in _NATURE and self.folded.endswith(PERSONS, 0, start)
        return score - _doubts(stem, unit, left) - 0.4 * is_person

    def _left(self, start: int) -> Border:
        """The left border of a stem; a possible place, or a place with a conjunction, counts nearly as much as a place."""
        if start in self.starts:
            return "place"
        if start in self.doubtful or (start - 1 in self.starts and self.folded[start - 1] in "、和与及"):
            return "locative"
        return self.text.left(start)

    def _known(self, start: int, suffix: _Suffix) -> float:
        """The score of the list and the page for a name."""
        stop, end, unit = suffix
        name, stem, page = self.folded[start:end], self.folded[start:stop], self.text.page
        score = 0.4 if name in page.known else 0.25 if stem in page.known else 0.0
        if unit.method not in _LISTED or not (counties := counties_with_place(name)):
            return score
        if len(stem) > 1:
            score += 0.3 + 0.05 * len(stem)
        return score + (0.35 if page.has(counties) else 0.0)

    def _goes_on(self, suffix: _Suffix) -> bool:
        """Whether a suffix is the beginning of another word: 村|民."""
        return self.folded[suffix.end : suffix.end + 1] in suffix.unit.after


def _doubts(stem: str, unit: PlaceSuffix, left: Border) -> float:
    """The score to subtract for a stem that looks like a number, a person or a word."""
    is_road, first = unit.method == "road", stem[0]
    doubts = 0.0
    if first in SOFT_STOPS or (first in COUNTING_CHARACTERS and unit.method in _COUNTED):
        doubts += 0.6 if left == "place" or COUNTING_CHARACTERS.issuperset(stem) else 0.2
    if stem.startswith(_LOCATIVES):
        doubts += 0.4
    if len(stem) == 2:
        if left != "locative" and unit.method in _NATURE and first in COMMON_SURNAMES:
            doubts += 0.1
        if is_road and stem[-1] in _DIRECTIONS:
            doubts += 0.3
    lead = None if _LEAD_BEGINNINGS.isdisjoint(stem) else _LEAD.search(stem)
    # 发展大道 and 人民北路 are named after such words.
    if lead and not (is_road and lead.group() == stem.rstrip(_DIRECTIONS)):
        doubts += 1.0
    return doubts
