"""Finds where the name of an organization begins, from the words to the left of an offset."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord

from .organization_words import (
    BORDERS,
    CLASSIFIERS,
    COUNTS,
    DETERMINERS,
    FIELDS,
    LAST_WORDS,
    LEVEL_WORDS,
    NOT_BORDERS,
    NUMERAL_CHARACTERS,
    OWNER_WORDS,
    LastWord,
    OrganizationKind,
)

_Side = Literal["border", "determiner", "open"]

# The most characters of a whole name, and of a proper name with the fields around it.
LONGEST_NAME = 40
_LONGEST_PROPER = 9
# 驻 joins an office to its post, 委 a party committee to its place: 中国驻某国大使馆, 某县委组织部. 环 and 泛 widen a
# place to the area around it: 环太平洋联盟.
_JOINTS = "驻委"
_ROUND = "环泛"
# Numerals that number one of several: 一 before a school may mean "a".
_ORDINALS = frozenset("二三四五六七八九十")
_NUMBERED = ("医院", "中学", "小学", "高中", "初中", "幼儿园", "人民医院", "中医院")
# Borders of one character that are in no word of the tagger.
SURE_BORDERS = frozenset("的和与及在由从被把向对于")
# Tags of words that no name ends with: prepositions, adverbs, conjunctions, particles, marks.
_BORDER_TAGS = frozenset({"p", "d", "c", "u", "xc", "w"})
# Tags of words that precede a proper name, of names, and of nouns that are none.
_LEAD_TAGS = frozenset({"v", "vd", "d", "p", "r", "q", "m", "u", "xc", "t", "TIME", "w"})
_NAME_TAGS = frozenset({"LOC", "ORG", "PER", "nz", "nw"})
_COMMON_TAGS = frozenset({"n", "vn", "a", "ad", "an", "f", "s"})
# Tags of names and nouns, whose single characters are not words.
_NOUN_TAGS = frozenset({"LOC", "ORG", "PER", "TIME", "n", "nz", "nw", "s", "t", "vn", "an"})


class OrganizationSpan(NamedTuple):
    """An organization in a text, with its kind and the rule that found its beginning."""

    start: int
    end: int
    kind: OrganizationKind
    rule: str


_LENGTHS = {
    id(words): max(map(len, words))
    for words in (BORDERS, DETERMINERS, FIELDS, LEVEL_WORDS, NOT_BORDERS, OWNER_WORDS)
}
# The lengths of the last words by their last character, the longest first.
_ENDING_LENGTHS = {
    last: sorted({len(word) for word in LAST_WORDS if word[-1] == last}, reverse=True)
    for last in {word[-1] for word in LAST_WORDS}
}


def word_before(text: str, end: int, words: frozenset[str]) -> int:
    """The length of the longest of the words that ends at an offset, 0 if none does."""
    for length in range(min(_LENGTHS[id(words)], end), 0, -1):
        if text[end - length : end] in words:
            return length
    return 0


def last_word(text: str, end: int) -> tuple[int, LastWord] | None:
    """The longest last word that ends at an offset: its beginning, and what it needs before it."""
    for length in _ENDING_LENGTHS.get(text[end - 1 : end], ()):
        if length <= end and (ending := LAST_WORDS.get(text[end - length : end])):
            return end - length, ending
    return None


def is_name_character(char: str) -> bool:
    """Whether the character may be part of a name: Chinese, Latin, or the point between transliterated names."""
    return "\u4e00" <= char <= "\u9fff" or char == "·" or (char.isascii() and char.isalpha())


class NameBorders:
    """A folded text with its places, the words of the tagger if any, and the organizations found so far."""

    def __init__(self, text: str, places: Sequence[Proposal], words: Sequence[TaggedWord]) -> None:
        self.text = text
        self.places = {found.end: found.start for found in places if found.kind == "place"}
        self.inside_places = {at for found in places for at in range(found.start + 1, found.end)}
        self._place_starts = set(self.places.values())
        self.organizations: dict[int, OrganizationSpan] = {}
        self._last_words: dict[int, tuple[int, LastWord] | None] = {}
        self._words = words
        self._word_ends = [word.end for word in words]
        self._tags = {word.end: word.tag for word in words}
        self._inside_nouns = {
            at for word in words if word.tag in _NOUN_TAGS for at in range(word.start + 1, word.end)
        }

    def last_word(self, end: int) -> tuple[int, LastWord] | None:
        """The longest last word that ends at an offset, as `last_word` finds it."""
        if end not in self._last_words:
            self._last_words[end] = last_word(self.text, end)
        return self._last_words[end]

    def ends_of_last_words(self) -> set[int]:
        """The offsets at which `last_word` has found one so far."""
        return {end for end, found in self._last_words.items() if found}

    def side(self, at: int) -> _Side:
        """The left side of a name that begins at an offset: a border, a determiner (then it is not a name), or open."""
        text = self.text
        if at == 0 or at in self.places or at in self.organizations:
            return "border"
        if text[at - 1].isdigit():
            return "determiner"
        if not is_name_character(text[at - 1]):
            return "border"
        if word_before(text, at, NOT_BORDERS) or text[at - 1 : at + 1] in NOT_BORDERS:
            return "open"
        if word_before(text, at, DETERMINERS) or self.is_count(at):
            return "determiner"
        return "border" if self._is_border(at) else "open"

    def is_cut(self, start: int, end: int) -> bool:
        """Whether a name of two characters is only a part of other words: 武大 of 武大郎, 台电 of 一台电脑."""
        if end - start > 2:
            return False
        if self._words:
            return self._is_torn(start) or self._is_torn(end)
        return self.side(start) == "determiner"

    def _is_torn(self, at: int) -> bool:
        """Whether an offset is inside a word of the tagger that is no organization or place."""
        index = bisect_right(self._word_ends, at)
        word = self._words[index] if index < len(self._words) else None
        return word is not None and word.start < at and word.tag not in ("ORG", "LOC")

    def is_count(self, at: int) -> bool:
        """Whether a number with a classifier ends at an offset: 一家 of 一家公司."""
        return self.text[at - 1] in CLASSIFIERS and self.text[max(0, at - 2)] in COUNTS

    def _is_border(self, at: int) -> bool:
        length = word_before(self.text, at, BORDERS)
        if length == 1 and at in self._inside_nouns:
            return self.text[at - 1] in SURE_BORDERS
        return length > 0 or self._tags.get(at) in _BORDER_TAGS

    def seat(self, at: int, ending: LastWord | None = None) -> int:
        """The beginning of the places, levels and organizations directly before an offset: 江门市 生态环境局 台山."""
        lowest = max(0, at - LONGEST_NAME)
        while at > lowest:
            before = self._unit(at)
            if before == at and self.text[at - 1] in _JOINTS and self._unit(at - 1) < at - 1:
                before = at - 1
            if before == at or (
                ending and at in self.organizations and _is_apart(self.organizations[at], ending)
            ):
                break
            is_round = before > 0 and before in self._place_starts and self.text[before - 1] in _ROUND
            at = before - is_round
        return at

    def begins_with_seat(self, at: int) -> bool:
        """Whether a place, level or organization ends or begins at an offset."""
        is_level = any(self.text[at : at + length] in LEVEL_WORDS for length in range(1, 4))
        return self.seat(at) < at or at in self._place_starts or is_level

    def _unit(self, at: int) -> int:
        if at in self.organizations:
            return self.organizations[at].start
        if at in self.places:
            return self.places[at]
        if length := word_before(self.text, at, OWNER_WORDS):
            return at - length
        length = word_before(self.text, at, LEVEL_WORDS)
        return at - length if length and self.side(at - length) == "border" else at

    def fields(self, at: int) -> int:
        """The beginning of the words of a field that end at an offset: 文化和旅游 of 文化和旅游局."""
        edge = at
        while edge > max(0, at - LONGEST_NAME) and edge not in self.places and edge not in self.organizations:
            length = word_before(self.text, edge, FIELDS) or self._ordinal(edge)
            if not length and edge < at:
                length = self._conjunction(edge)
            if not length:
                break
            edge -= length
        return edge

    def _ordinal(self, at: int) -> int:
        """The length of an ordinal: 第四 of 第四医院, 四 of 交警四大队; without a field before it a number is a count."""
        begin = at
        while begin > 0 and at - begin < 4 and self.text[begin - 1] in NUMERAL_CHARACTERS:
            begin -= 1
        if begin == at:
            return 0
        if self.text[begin - 1 : begin] == "第":
            return at - begin + 1
        is_part = begin not in self.places and (
            begin in self.organizations or word_before(self.text, begin, FIELDS)
        )
        return at - begin if is_part or self._is_one_of_several(begin, at) else 0

    def _is_one_of_several(self, begin: int, at: int) -> bool:
        """Whether a numeral after a place or level numbers a school or hospital: 市二医院."""
        is_number = self.text[begin:at] in _ORDINALS and self.text.startswith(_NUMBERED, at)
        return is_number and (begin in self.places or self._unit(begin) < begin)

    def _conjunction(self, at: int) -> int:
        """The length of the word that joins two fields: 1 for 和 of 文化和旅游局."""
        is_joint = self.text[at - 1] in "和与及" and at - 1 not in self.organizations
        return int(is_joint and word_before(self.text, at - 1, FIELDS) > 0)

    def without_words(self, begin: int, edge: int) -> tuple[int, bool]:
        """The beginning of a proper name after the verbs before it, and whether the rest is common nouns, by the tagger."""
        words = list(self._words_in(begin, edge))
        if words and words[0].start < begin:
            return begin, False
        name = next((word.start for word in words if word.tag in _NAME_TAGS), edge)
        leads = (word.end for word in words if word.tag in _LEAD_TAGS and begin <= word.start < name)
        after = min(max(leads, default=begin), edge)
        rest = [word for word in words if word.start >= after]
        return after, bool(rest) and all(
            word.tag in _COMMON_TAGS and word.end - word.start > 1 for word in rest
        )

    def _words_in(self, start: int, end: int) -> Iterator[TaggedWord]:
        """The words of the tagger that overlap a span."""
        at = bisect_right(self._word_ends, start)
        while at < len(self._words) and self._words[at].start < end:
            yield self._words[at]
            at += 1

    def proper_name(self, edge: int) -> tuple[int, int]:
        """The beginning of the characters that may be a proper name, and how many of them belong to no field."""
        at, letters = edge, 0
        while at > 0 and edge - at < _LONGEST_PROPER:
            length = word_before(self.text, at, FIELDS)
            is_field = length > 1 and at not in self.places and length >= word_before(self.text, at, BORDERS)
            if not is_field and (self.side(at) != "open" or self.seat(at) < at):
                break
            letters += not length
            at -= length or 1
        return at, letters


def _is_apart(organization: OrganizationSpan, ending: LastWord) -> bool:
    """Whether a unit has a name of its own beside the organization before it: a police station, not a firm's department."""
    if ending.need == "field":
        return organization.kind in ("company", "school", "hospital")
    return ending.kind == "police" and ending.need == "proper"
