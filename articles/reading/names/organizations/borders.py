"""Where the name of a body begins: what stands to the left of a position in a text, and to what names it belongs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord

from .fields_of_work import FIELDS
from .known_organizations import OrganizationKind
from .name_words import LAST_WORDS, LEVEL_WORDS, NUMERAL_CHARACTERS, OWNER_WORDS, LastWord
from .stop_words import BORDERS, CLASSIFIERS, COUNTS, DETERMINERS, NOT_BORDERS

BorderSide = Literal["border", "determiner", "open"]

# Characters, at most: a whole name, and a proper name with the fields around it.
LONGEST_NAME = 40
_LONGEST_PROPER = 9
# 驻 joins an office to where it is posted, 委 a party committee to its place: 中国驻某国大使馆, 某县委组织部. 环 and 泛
# widen a place to what lies around it: 环太平洋联盟.
_JOINTS = "驻委"
_ROUND = "环泛"
# Numerals that tell one of several: 一 before a school may be "a".
_ORDINALS = frozenset("二三四五六七八九十")
_NUMBERED = ("医院", "中学", "小学", "高中", "初中", "幼儿园", "人民医院", "中医院")
# One-character borders that stand in no word that the tagger knows as one.
SURE_BORDERS = frozenset("的和与及在由从被把向对于")
# The tagger's tags of words that end no name: verbs, prepositions, adverbs, conjunctions, particles, marks.
_BORDER_TAGS = frozenset({"p", "d", "c", "u", "xc", "w"})
# And of names and nouns, whose characters are no words of their own.
_NOUN_TAGS = frozenset({"LOC", "ORG", "PER", "TIME", "n", "nz", "nw", "s", "t", "vn", "an"})


class OrganizationSpan(NamedTuple):
    """A body found in a text, the sort of it, and the rule that found where it begins."""

    start: int
    end: int
    kind: OrganizationKind
    rule: str


def _longest(words: Collection[str]) -> int:
    return max(map(len, words))


_LENGTHS = {
    id(words): _longest(words)
    for words in (BORDERS, DETERMINERS, FIELDS, LEVEL_WORDS, NOT_BORDERS, OWNER_WORDS)
}
# Of the last words that end in a character, the lengths, the longest first.
_ENDING_LENGTHS = {
    last: sorted({len(word) for word in LAST_WORDS if word[-1] == last}, reverse=True)
    for last in {word[-1] for word in LAST_WORDS}
}


def word_before(text: str, end: int, words: frozenset[str]) -> int:
    """Length of the longest of the words (one of the tables of this stage) that ends there, 0 for none."""
    for length in range(min(_LENGTHS[id(words)], end), 0, -1):
        if text[end - length : end] in words:
            return length
    return 0


def last_word(text: str, end: int) -> tuple[int, LastWord] | None:
    """Where the longest last word of a name begins that ends there, and what it needs before it."""
    for length in _ENDING_LENGTHS.get(text[end - 1 : end], ()):
        if length <= end and (ending := LAST_WORDS.get(text[end - length : end])):
            return end - length, ending
    return None


def is_name_character(char: str) -> bool:
    """Whether the character may stand in a name: Chinese, Latin, or the point between transliterated names."""
    return "\u4e00" <= char <= "\u9fff" or char == "·" or (char.isascii() and char.isalpha())


class NameBorders:
    """A folded text with its places, the tagger's words if there are any, and the bodies found in it so far."""

    def __init__(self, text: str, places: Sequence[Proposal], words: Sequence[TaggedWord]) -> None:
        self.text = text
        self.places = {found.end: found.start for found in places if found.kind == "place"}
        self.inside_places = {at for found in places for at in range(found.start + 1, found.end)}
        self._place_starts = set(self.places.values())
        self.bodies: dict[int, OrganizationSpan] = {}
        self._tags = {word.end: word.tag for word in words}
        self._inside_nouns = {
            at for word in words if word.tag in _NOUN_TAGS for at in range(word.start + 1, word.end)
        }

    def side(self, at: int) -> BorderSide:
        """What stands before a name that would begin there: a border, a word that makes it no name, or more of it."""
        text = self.text
        if at == 0 or at in self.places or at in self.bodies:
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

    def is_count(self, at: int) -> bool:
        """Whether a number and a classifier end there: 一家 of 一家公司."""
        return self.text[at - 1] in CLASSIFIERS and self.text[max(0, at - 2)] in COUNTS

    def _is_border(self, at: int) -> bool:
        length = word_before(self.text, at, BORDERS)
        if length == 1 and at in self._inside_nouns:
            return self.text[at - 1] in SURE_BORDERS
        return length > 0 or self._tags.get(at) in _BORDER_TAGS

    def seat(self, at: int, ending: LastWord | None = None) -> int:
        """Where the places, levels and bodies begin that stand directly before: 江门市 生态环境局 台山."""
        lowest = max(0, at - LONGEST_NAME)
        while at > lowest:
            before = self._unit(at)
            if before == at and self.text[at - 1] in _JOINTS and self._unit(at - 1) < at - 1:
                before = at - 1
            if before == at or (ending and at in self.bodies and _is_apart(self.bodies[at], ending)):
                break
            is_round = before > 0 and before in self._place_starts and self.text[before - 1] in _ROUND
            at = before - is_round
        return at

    def begins_with_seat(self, at: int) -> bool:
        """Whether a place, level or body ends or begins there."""
        is_level = any(self.text[at : at + length] in LEVEL_WORDS for length in range(1, 4))
        return self.seat(at) < at or at in self._place_starts or is_level

    def _unit(self, at: int) -> int:
        if at in self.bodies:
            return self.bodies[at].start
        if at in self.places:
            return self.places[at]
        if length := word_before(self.text, at, OWNER_WORDS):
            return at - length
        length = word_before(self.text, at, LEVEL_WORDS)
        return at - length if length and self.side(at - length) == "border" else at

    def fields(self, at: int) -> int:
        """Where the words of a field begin that end there: 文化和旅游 of 文化和旅游局."""
        edge = at
        while edge > max(0, at - LONGEST_NAME) and edge not in self.places and edge not in self.bodies:
            length = word_before(self.text, edge, FIELDS) or self._ordinal(edge)
            if not length and edge < at:
                length = self._conjunction(edge)
            if not length:
                break
            edge -= length
        return edge

    def _ordinal(self, at: int) -> int:
        """Length of 第四 in 第四医院, 四 in 交警四大队; a number before which no field stands only counts."""
        begin = at
        while begin > 0 and at - begin < 4 and self.text[begin - 1] in NUMERAL_CHARACTERS:
            begin -= 1
        if begin == at:
            return 0
        if self.text[begin - 1 : begin] == "第":
            return at - begin + 1
        is_part = begin not in self.places and (begin in self.bodies or word_before(self.text, begin, FIELDS))
        return at - begin if is_part or self._is_one_of_several(begin, at) else 0

    def _is_one_of_several(self, begin: int, at: int) -> bool:
        """Whether a numeral behind a place or level numbers a school or hospital: 市二医院."""
        is_number = self.text[begin:at] in _ORDINALS and self.text.startswith(_NUMBERED, at)
        return is_number and (begin in self.places or self._unit(begin) < begin)

    def _conjunction(self, at: int) -> int:
        """Length of the word that joins two fields: 1 for 和 in 文化和旅游局."""
        is_joint = self.text[at - 1] in "和与及" and at - 1 not in self.bodies
        return int(is_joint and word_before(self.text, at - 1, FIELDS) > 0)

    def proper_name(self, edge: int) -> tuple[int, int]:
        """Where the letters that may be a proper name begin, and how many of them belong to no field."""
        at, letters = edge, 0
        while at > 0 and edge - at < _LONGEST_PROPER:
            length = word_before(self.text, at, FIELDS)
            is_field = length > 1 and at not in self.places and length >= word_before(self.text, at, BORDERS)
            if not is_field and (self.side(at) != "open" or self.seat(at) < at):
                break
            letters += not length
            at -= length or 1
        return at, letters


def _is_apart(body: OrganizationSpan, ending: LastWord) -> bool:
    """A police station has a name of its own beside that of its bureau; the department of a firm has none."""
    if ending.need == "field":
        return body.kind in ("company", "school", "hospital")
    return ending.kind == "police" and ending.need == "proper"
