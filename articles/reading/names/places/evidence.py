"""Scores the evidence that a span is a place: its borders, the words of the tagger, and the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from articles.reading.names.page_context import PageContext
from articles.reading.names.tagger import TaggedWord

from .place_words import BESIDE, HARD_STOPS, LEADS, LOCATIVES, SOFT_STOPS

Border = Literal["place", "locative", "beside", "mark", "stop", "lead", "soft", ""]

SURE_SCORE = 0.6
"""The lowest score of a span that is a name. A score is the sum of the values of the evidence."""

# Scores by the left border: a place that contains it, a word that precedes places, a mark or the beginning of the
# text, a character or word that no name contains, a word that precedes names, a character that few names contain.
LEFT_BORDER_SCORES: dict[Border, float] = {
    "place": 0.45,
    "locative": 0.35,
    "mark": 0.2,
    "stop": 0.15,
    "lead": 0.15,
    "soft": 0.1,
    "": 0.0,
}
# Scores by the right border: a word that follows places (附近), a mark or the end, a character that no name contains.
RIGHT_BORDER_SCORES: dict[Border, float] = {"beside": 0.2, "mark": 0.1, "stop": 0.1, "": 0.0}

# Tags of verbs, prepositions, adverbs, conjunctions, particles, pronouns, numerals, adjectives.
_NOT_IN_NAMES = frozenset({"v", "vd", "vn", "p", "d", "c", "u", "r", "m", "q", "a", "ad", "xc"})
_NAMES = ("LOC", "ORG")
# Characters that make a word of a short name before them, in a longer name of the tagger.
_OF_A_WORD = ("村", "光", "布")
_LONGEST_LEAD = max(map(len, LEADS))
_LONGEST_LOCATIVE = max(map(len, LOCATIVES))


@dataclass
class PlaceEvidence:
    """A folded text with the words of the tagger (None without a tagger) and the context of its page."""

    folded: str
    words: Sequence[TaggedWord] | None = None
    page: PageContext = field(default_factory=PageContext)
    # The words at each offset, with None before the text and behind it, and their tags and borders.
    _word_at: list[TaggedWord | None] = field(init=False)
    _tags: list[str] = field(init=False)
    _borders: list[bool] = field(init=False)
    _left: dict[int, Border] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        words: list[TaggedWord | None] = [None] * len(self.folded)
        for word in self.words or ():
            words[word.start : word.end] = [word] * (word.end - word.start)
        self._tags = [word.tag if word else "" for word in words]
        self._word_at = [None, *words, None]
        self._borders = [
            self.words is not None and (before is not after or before is None)
            for before, after in pairwise(self._word_at)
        ]

    @property
    def tagged(self) -> list[TaggedWord]:
        """The words that are places by the tagger, or persons where only a place is possible: 在安多附近."""
        return [word for word in self.words or () if word.tag == "LOC" or self._is_beside(word)]

    def _is_beside(self, word: TaggedWord) -> bool:
        is_left = word.tag == "PER" and self.left(word.start) == "locative"
        return is_left and self.right(word.end) == "beside"

    def is_tagged(self, start: int, end: int) -> bool:
        """Whether exactly this span is a place by the tagger."""
        word = self._word(start)
        return word is not None and (word.start, word.end, word.tag) == (start, end, "LOC")

    def has_common_word(self, start: int, end: int) -> bool:
        """Whether the tagger has no name in a span but a person or a word of another kind that no name is made of."""
        tags = set(self._tags[start:end])
        return "PER" in tags or bool(tags & _NOT_IN_NAMES)

    def is_other_word(self, start: int, end: int) -> bool:
        """Whether the tagger takes a span for a word or for the beginning of one: 合作/vn, 石狮|廊桥/n, 城中|村/LOC."""
        word = self._word(start)
        if word is None or word.start != start or word.end < end:
            return False
        if word.tag in _NAMES:
            return word.end > end and self.folded.startswith(_OF_A_WORD, end)
        return word.end == end or word.tag in ("n", "nz")

    def is_given_name(self, start: int) -> bool:
        """Whether the tagger has a surname, a person of one character, right before an offset."""
        word = self._word(start - 1)
        return word is not None and (word.start, word.end, word.tag) == (start - 1, start, "PER")

    def left(self, start: int) -> Border:
        """The kind of border before an offset."""
        if (border := self._left.get(start)) is None:
            border = self._left[start] = self._find_left(start)
        return border

    def _find_left(self, start: int) -> Border:
        if start == 0 or not is_place_character(before := self.folded[start - 1]):
            return "mark"
        if self.folded.endswith(LOCATIVES, max(0, start - _LONGEST_LOCATIVE), start):
            return "locative"
        if before in HARD_STOPS or (self._is_border(start) and self._tag(start - 1) in _NOT_IN_NAMES):
            return "stop"
        if self.folded.endswith(LEADS, max(0, start - _LONGEST_LEAD), start):
            return "lead"
        return "soft" if before in SOFT_STOPS else ""

    def right(self, end: int) -> Border:
        """The kind of border after an offset."""
        if end == len(self.folded) or not is_place_character(self.folded[end]):
            return "mark"
        if self.folded.startswith(BESIDE, end):
            return "beside"
        return "stop" if self.folded[end] in HARD_STOPS else ""

    def of_listed(self, start: int, end: int, *, in_chain: bool = False) -> float:
        """The score of the tagger's words for a listed name; in a chain another place ends right before it."""
        if self.words is None:
            return 0.0
        first, last = self._tag(start), self._tag(end - 1)
        if "PER" in (first, last):
            return -0.4 - 0.1 * self._torn(start, end)
        tagged = -0.4 * self._torn(start, end)
        if first == last == "LOC":
            tagged += 0.4 if in_chain or self._is_border(start) else -0.2 * self._is_behind_one(start, end)
        return tagged

    def _is_behind_one(self, start: int, end: int) -> bool:
        """Whether the span is a word without its first character, and so part of that name: 凉山 of 大凉山."""
        word = self._word(start)
        return word is not None and (word.start, word.end) == (start - 1, end)

    def of_unit(self, start: int, stop: int, end: int) -> float:
        """The score of the tagger's words for a stem with a suffix that begins at `stop`."""
        if self.words is None:
            return 0.0
        stem = set(self._tags[start:stop])
        if "PER" in stem:
            # 李家 may be tagged as a person in the name of a farm: 李家|林场. A single character after it is hardly a suffix.
            return 0.0 if stem == {"PER"} and end - stop > 1 and not self._torn(start, stop) else -0.4
        score = -0.25 * self._torn(start, end) - (0.2 if stem & _NOT_IN_NAMES else 0.0)
        tags = stem.union(self._tags[stop:end])
        word = self._word(start)
        if tags == {"LOC"}:
            return score + 0.5
        begins = word is not None and word.start == start and word.tag == "LOC"
        return score + (0.3 if begins or tags == {"ORG"} else 0.0)

    def of_recorded(self, start: int, end: int) -> float:
        """The score of the tagger's words for a name that editors recorded, which may be of any kind."""
        if self.words is None:
            return 0.0
        if "PER" in (self._tag(start), self._tag(end - 1)):
            return -0.4
        torn = (not self._is_border(start)) + (not self._is_border(end))
        is_name = self._tag(start) in _NAMES and self._tag(end - 1) in _NAMES
        return 0.2 * is_name if not torn else -0.25 * torn

    def _torn(self, start: int, end: int) -> int:
        """How many borders of the span are inside a word, unless that is a longer name containing the span."""
        word = self._word(start)
        if word and word.tag in _NAMES and end <= word.end:
            return 0
        return (not self._is_border(start)) + (not self._is_border(end))

    def _is_border(self, at: int) -> bool:
        """Whether a word of the tagger begins or ends at an offset."""
        return self._borders[at]

    def _tag(self, at: int) -> str:
        return self._tags[at] if 0 <= at < len(self._tags) else ""

    def _word(self, at: int) -> TaggedWord | None:
        return self._word_at[at + 1]


def is_place_character(char: str) -> bool:
    """Whether a character can be part of a name in Chinese characters."""
    return "\u3400" <= char <= "\u9fff" or char == "·"
