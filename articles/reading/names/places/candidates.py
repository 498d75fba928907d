"""Lists the spans of a text that may be a place, with the features by which the chooser weighs them.

A candidate is what a rule proposes, however uncertain, a word that the tagger takes for a place, and what ends in a
suffix of places and begins with one of the words before it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from articles.reading.names.overlaps import Overlaps
from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord

from .evidence import SURE_SCORE, PlaceEvidence, is_place_character
from .place_lists import counties_with_place
from .place_words import PLACE_SUFFIXES, SITES

_SUFFIX = re.compile(
    "|".join(
        sorted({*SITES, *(word for unit in PLACE_SUFFIXES for word in unit.suffixes)}, key=len, reverse=True)
    )
)
_LENGTHS = range(2, 16)
_MOST_WORDS = 3
# Tags of which one is in every candidate that no rule proposes.
_NAMES = frozenset({"LOC", "ORG", "PER", "nz", "nw"})
_STOPS = frozenset({"w", "u", "r", "p", "c"})
_LOC, _LOC_PART = "LOC", "LOC*"
BEHIND = "behind a place"
"""The feature of a candidate right behind a certain place."""
TAGGED = f"tags {_LOC}"
"""The feature of a candidate that is exactly a place by the tagger."""


class PlaceCandidate(NamedTuple):
    """A span that may be a place; `method` is that of the rule that found exactly it, or "words"."""

    start: int
    end: int
    method: str
    features: tuple[str, ...]


def list_place_candidates(text: PlaceEvidence, found: Iterable[Proposal]) -> list[PlaceCandidate]:
    """List the candidates of a text; `found` are the places that the rules propose, certain or not."""
    return list(_CandidateReader(text, found).candidates())


class _CandidateReader:
    def __init__(self, text: PlaceEvidence, found: Iterable[Proposal]) -> None:
        self._text = text
        self._folded = text.folded
        self._words: Sequence[TaggedWord] = text.words or ()
        self._word_starts = [word.start for word in self._words]
        self._rules: dict[tuple[int, int], Proposal] = {}
        for place in sorted(found, key=lambda place: place.score):
            self._rules[place.start, place.end] = place
        self._sure = [place for place in self._rules.values() if place.score >= SURE_SCORE]
        self._overlaps = Overlaps(self._sure)
        self._starts = {place.start for place in self._sure}
        self._ends = {place.end for place in self._sure}

    def candidates(self) -> Iterator[PlaceCandidate]:
        spans = {*self._tagged(), *self._suffixed()}
        likely = {span for span in spans if self._is_possible(*span)}
        for start, end in sorted(likely | self._rules.keys()):
            rule = self._rules.get((start, end))
            features = tuple(self._features(start, end, rule))
            yield PlaceCandidate(start, end, rule.method if rule else "words", features)

    def _is_possible(self, start: int, end: int) -> bool:
        """Whether the tagger has a name of any kind in a span, and the span only characters of names."""
        words = self._words[
            max(0, bisect_right(self._word_starts, start) - 1) : bisect_left(self._word_starts, end)
        ]
        is_named = any(word.tag in _NAMES for word in words)
        return is_named and end - start in _LENGTHS and all(map(is_place_character, self._folded[start:end]))

    def _tagged(self) -> Iterator[tuple[int, int]]:
        for word in self._words:
            if word.tag == "LOC":
                yield word.start, word.end

    def _suffixed(self) -> Iterator[tuple[int, int]]:
        for match in _SUFFIX.finditer(self._folded):
            word = self._word(match.start())
            at = match.start() if word is None else word.start
            if at < match.start():
                yield at, match.end()
            for _ in range(_MOST_WORDS):
                word = self._word(at - 1) if at else None
                if word is None or word.tag in _STOPS:
                    break
                at = word.start
                yield at, match.end()

    def _word(self, at: int) -> TaggedWord | None:
        """The word of the tagger that contains an offset."""
        index = bisect_right(self._word_starts, at) - 1
        word = self._words[index] if index >= 0 else None
        return word if word and at < word.end else None

    def _features(self, start: int, end: int, rule: Proposal | None) -> Iterator[str]:
        name = self._folded[start:end]
        yield "bias"
        yield from self._of_rules(start, end, rule)
        yield from self._of_words(start, end, rule)
        yield from self._around(start, end)
        left, right = self._text.left(start) or "open", self._text.right(end) or "open"
        yield f"left {left}"
        yield f"right {right}"
        yield f"left {left}, right {right}"
        if start in self._ends:
            yield BEHIND
        if end in self._starts:
            yield "before a place"
        if self._folded[max(0, start - 1) : start] == "、" or self._folded[end : end + 1] == "、":
            is_beside = start - 1 in self._ends or end + 1 in self._starts
            yield "listed beside a place" if is_beside else "listed"
        yield f"length {min(len(name), 7)}"
        yield f"ends {name[-1]}"
        yield f"ends {name[-2:]}"
        if suffix := next((n for n in (4, 3, 2, 1) if _SUFFIX.fullmatch(name[-n:])), 0):
            yield f"suffix, {len(name) - suffix} before"
        else:
            yield f"no suffix, length {min(len(name), 5)}"
        page = self._text.page
        if name in page.known:
            yield "in full on the page"
        if counties := counties_with_place(name):
            yield "listed name of the page" if page.has(counties) else "listed name"
            if page.has(counties):
                yield "listed name"

    def _of_rules(self, start: int, end: int, rule: Proposal | None) -> Iterator[str]:
        """What the rules say of the span, and of other spans that overlap it."""
        if rule:
            bucket = f"{min(max(rule.score, 0.0), 0.99):.1f}"
            kind = rule.method.partition(":")[0]
            yield f"rule {rule.method}"
            yield f"rule {rule.method}, {'sure' if rule.score >= SURE_SCORE else 'unsure'}"
            yield f"rule {kind}, score {bucket}"
            yield f"score {bucket}"
        else:
            yield "no rule"
        others = list(self._overlaps.beside(start, end))
        for side, place in others:
            yield f"{side} sure rule"
            yield f"{side} {place.method}"
        if not others:
            yield "no other rule"

    def _of_words(self, start: int, end: int, rule: Proposal | None) -> Iterator[str]:
        """What the tagger says of the span, with what the rules say."""
        is_sure = rule is not None and rule.score >= SURE_SCORE
        method = rule.method if rule else "no rule"
        tags = self._tags(start, end)
        kind = next((kind for kind in ("PER", "ORG", "*") if kind in tags), "words")
        yield f"tags {tags}"
        yield f"{'rule' if is_sure else 'unsure' if rule else 'no rule'}, tags {tags}"
        yield f"{method}, {tags if tags in (_LOC, _LOC_PART) else kind}"
        first, last = self._word(start), self._word(end - 1)
        if first and first.start < start:
            yield f"begins inside {first.tag}{' behind a place' if start in self._ends else ''}"
        if last and last.end > end:
            yield f"ends inside {last.tag}{' with a place after it' if end in self._starts else ''}"
            if last.tag == _LOC:
                yield f"{method}, LOC goes on to {self._folded[last.end - 1]}"
                yield f"{method}, LOC goes on by {min(last.end - end, 4)}"
        if tags == _LOC and not is_sure and start in self._starts:
            yield f"place first, ends {self._folded[end - 1]}"
        if first and last is first and first.tag == _LOC:
            is_tiled = self._overlaps.is_tiled(first.start, first.end)
            yield f"{method}, {tags}, {'places' if is_tiled else 'no places'} end to end"

    def _tags(self, start: int, end: int) -> str:
        """The tags of the first words of a span; those that are only partly in it are marked."""
        tags, at = [], start
        while at < end and (word := self._word(at)):
            tags.append(f"{word.tag}*" if word.start < start or word.end > end else word.tag)
            at = word.end
        return " ".join(tags[:4])

    def _around(self, start: int, end: int) -> Iterator[str]:
        """The words before and after the span."""
        before, after = self._word(start - 1) if start else None, self._word(end)
        if before and before.end == start:
            yield f"{before.tag} before"
            yield f"before {self._folded[before.start : before.end]}"
        if after and after.start == end:
            yield f"{after.tag} after"
            yield f"after {self._folded[after.start : after.end]}"
        elif after:
            yield f"goes on {self._folded[end : end + 1]}"
