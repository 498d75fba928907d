"""Lists the spans of a text that may be an organization, with the features by which the chooser weighs them.

A candidate ends in a last word or where the tagger ends an organization. It begins where a rule, the tagger or one of
the words to the left begins.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.reading.names.overlaps import Overlaps
from articles.reading.names.tagger import TaggedWord

from .borders import LONGEST_NAME, NameBorders, OrganizationSpan, is_name_character
from .organization_words import FACILITIES, NOT_ALONE, LastWord
from .recognizer import is_continued, is_office

# The most words that a candidate has before its last word, and the most characters over which it is extended.
_MOST_WORDS = 6
_LONGEST_WALK = 24
# Tags of words that no name contains, and at which the walk to the left ends.
_STOPS = frozenset({"w", "u", "r"})
# Tags before a last word that make a name without a rule possible.
_NAMES = frozenset({"LOC", "ORG", "PER", "nz", "nw"})
_NAMED_TAGS = frozenset(
    {"v", "p", "u", "n", "c", "d", "LOC", "ORG", "PER", "m", "q", "r", "f", "a", "vn", "t", "TIME"}
)
_TAGS_INSIDE = ("v", "p", "u", "d", "c", "r", "m", "q", "f", "PER", "w", "t", "TIME", "xc")
_COMMON_TAGS = frozenset({"n", "vn", "a", "an", "f", "s", "v", "m", "q", "ad", "d"})
_LEVELS = "省市县区州镇乡"
_NATIONAL = ("中国", "全国", "国家", "中华")
_STOP_MARKS = frozenset("，。；：！？\n")
_BRACKETS = frozenset("“”（）《》、")


class OrganizationCandidate(NamedTuple):
    """A span that may be an organization; `rule` is the rule that found exactly it, or "words"."""

    start: int
    end: int
    rule: str
    features: tuple[str, ...]


def list_candidates(
    borders: NameBorders, found: Sequence[OrganizationSpan], words: Sequence[TaggedWord]
) -> list[OrganizationCandidate]:
    """List the candidates of a text; `found` are the organizations by the rules, `words` those of the tagger."""
    return list(_CandidateReader(borders, found, words).candidates())


class _End(NamedTuple):
    """An offset at which candidates end: the last word, and what the rules and the tagger have that ends there."""

    end: int
    stem: int  # where the last word begins; the end if there is none
    ending: LastWord | None
    rule: OrganizationSpan | None
    tagged: TaggedWord | None
    shared: tuple[str, ...]  # features that all candidates with this end have


class _CandidateReader:
    def __init__(
        self, borders: NameBorders, found: Sequence[OrganizationSpan], words: Sequence[TaggedWord]
    ) -> None:
        self._borders = borders
        self._text = borders.text
        self._words = words
        self._ends = [word.end for word in words]
        self._rules = {span.end: span for span in found}
        self._tagged = {word.end: word for word in words if word.tag == "ORG"}
        self._place_starts = set(borders.places.values())
        self._ruled = Overlaps(found)
        self._tagged_spans = Overlaps(self._tagged.values())

    def candidates(self) -> Iterator[OrganizationCandidate]:
        ends = self._borders.ends_of_last_words() | self._tagged.keys()
        for end in sorted((ends - self._borders.inside_places) | self._rules.keys()):
            if here := self._end(end):
                for start in self._starts(here):
                    if 2 <= end - start <= LONGEST_NAME:
                        yield self._candidate(start, here)

    def _word(self, at: int) -> TaggedWord | None:
        """The word of the tagger that contains an offset."""
        index = bisect_right(self._ends, at)
        word = self._words[index] if index < len(self._words) else None
        return word if word and word.start <= at else None

    def _end(self, end: int) -> _End | None:
        """The end, unless neither rules nor tagger nor the word before the last word speak for a name."""
        last = self._borders.last_word(end)
        rule, tagged = self._rules.get(end), self._tagged.get(end)
        stem = last[0] if last else end
        if not rule and not tagged and not (last and self._is_possible(stem, end)):
            return None
        return _End(end, stem, last[1] if last else None, rule, tagged, self._shared(stem, end, last))

    def _is_possible(self, stem: int, end: int) -> bool:
        inside, before = self._word(end - 1), self._word(stem - 1)
        return (
            (inside is not None and inside.tag == "ORG")
            or (before is not None and before.tag in _NAMES)
            or stem in self._borders.places
        )

    def _starts(self, here: _End) -> set[int]:
        starts = set()
        if here.rule:
            starts.add(here.rule.start)
        if here.tagged:
            starts |= {here.tagged.start, self._borders.seat(here.tagged.start)}
        if here.ending:
            starts.update(self._walk(here.stem, here.end))
            starts.update(self._edges(here.stem))
            seat = self._borders.seat(self._borders.fields(here.stem))
            starts |= {seat} if seat < here.stem else set()
        return starts

    def _walk(self, stem: int, end: int) -> Iterator[int]:
        """The beginnings of the word that contains the last word, and of those to its left."""
        word = self._word(stem)
        at = word.start if word else stem
        if at < stem:
            yield at
        for _ in range(_MOST_WORDS):
            word = self._word(at - 1) if at else None
            if word is None or word.end != at or word.tag in _STOPS or end - at > _LONGEST_WALK:
                return
            at = word.start
            yield at

    def _edges(self, stem: int) -> Iterator[int]:
        """The borders of places and organizations to the left, and the words that no name contains."""
        for at in range(stem - 1, max(0, stem - _LONGEST_WALK), -1):
            if not is_name_character(self._text[at]):
                if stem - at > 2:
                    yield at + 1
                return
            if at in self._place_starts or at in self._borders.places or at in self._borders.organizations:
                yield at

    def _candidate(self, start: int, here: _End) -> OrganizationCandidate:
        is_ruled = here.rule is not None and here.rule.start == start
        rule = here.rule.rule if here.rule and is_ruled else "words"
        features = (
            *here.shared,
            *self._finders(start, here),
            *self._left(start, here),
            *self._inside(start, here),
            *self._words_around(start, here),
        )
        return OrganizationCandidate(start, here.end, rule, features)

    def _shared(self, stem: int, end: int, last: tuple[int, LastWord] | None) -> tuple[str, ...]:
        """The features of the last word and of what follows it."""
        features = ["bias", *self._right(end)]
        if last:
            features += [
                f"need {last[1].need}",
                f"kind {last[1].kind}",
                f"last word {self._text[stem:end]}",
                f"length of last word {min(end - stem, 4)}",
            ]
            if is_continued(self._text, end):
                features.append("last word goes on")
        else:
            features.append("no last word")
        if is_office(self._text, end):
            features.append("office after")
        return tuple(features)

    def _right(self, end: int) -> Iterator[str]:
        if not is_name_character(self._text[end : end + 1] or "。"):
            yield "mark after"
            return
        word = self._word(end)
        if word is None or word.start < end:
            yield (
                "ends inside a word"
                if word is None or word.tag not in ("ORG", "LOC")
                else f"ends inside {word.tag}"
            )
        else:
            yield f"{word.tag if word.tag in _NAMED_TAGS else 'other'} after"

    def _finders(self, start: int, here: _End) -> Iterator[str]:
        """What the rules and the tagger say of the span, and both together."""
        rule, tagged = here.rule, here.tagged
        if rule is None:
            ruled = "no rule"
        elif rule.start == start:
            ruled = f"rule {rule.rule}"
        else:
            ruled = "shorter than rule" if rule.start < start else "longer than rule"
        if tagged is None:
            inside = self._word(here.end - 1)
            is_longer = inside is not None and inside.tag == "ORG" and inside.end > here.end
            tag = "inside tagged" if is_longer else "not tagged"
        elif tagged.start == start:
            tag = "tagged"
        else:
            tag = "shorter than tagged" if tagged.start < start else "longer than tagged"
        yield ruled
        yield tag
        yield f"{ruled}, {tag}"
        yield f"{ruled}, {self._border(start)}"
        if here.ending:
            yield f"need {here.ending.need}, {tag}"

    def _border(self, start: int) -> str:
        is_mark = start == 0 or not is_name_character(self._text[start - 1])
        return "mark before" if is_mark else f"{self._borders.side(start)} before"

    def _left(self, start: int, here: _End) -> Iterator[str]:
        yield self._border(start)
        is_listed = self._text.endswith("、", 0, start) or self._text.startswith("、", here.end)
        if is_listed:
            yield "in a list"
            yield "rule in a list" if here.rule and here.rule.start == start else "no rule in a list"
        if start in self._place_starts:
            yield "begins with a place"
        if start in self._borders.places:
            yield "behind a place"
        if start in self._borders.organizations:
            yield "behind an organization"
        first, before = self._word(start), self._word(start - 1) if start else None
        if first and first.start < start:
            yield f"begins inside {first.tag}" if first.tag in ("ORG", "LOC") else "begins inside a word"
        elif before and is_name_character(self._text[start - 1]):
            yield f"{before.tag if before.tag in _NAMED_TAGS else 'other'} before"

    def _inside(self, start: int, here: _End) -> Iterator[str]:
        name = self._text[start : here.end]
        if name[0] in _LEVELS:
            yield "level first"
        if name.startswith(_NATIONAL):
            yield "national"
        if name in NOT_ALONE or name.endswith(FACILITIES):
            yield "not alone"
        characters = frozenset(name)
        if characters & _STOP_MARKS:
            yield "mark inside"
        elif characters & _BRACKETS:
            yield "bracket inside"
        if here.ending is None:
            yield f"length {min(len(name), 5)}"
            if name.isascii():
                yield "latin"
        elif here.stem <= start:
            yield "nothing before last word"
        else:
            yield from self._stem(start, here.stem, here.ending)

    def _words_around(self, start: int, here: _End) -> Iterator[str]:
        """The words at the borders of the span, and the kinds of its words in order."""
        first, before, after = (
            self._word(start),
            self._word(start - 1) if start else None,
            self._word(here.end),
        )
        if before and before.end == start:
            yield f"before {self._text[before.start : before.end]}"
            if first and first.start == start:
                yield f"{before.tag} before {first.tag}"
        elif start and not before:
            yield f"before {self._text[start - 1]}"
        if after and after.start == here.end:
            yield f"after {self._text[after.start : after.end]}"
        if first and first.start == start and here.stem > start:
            yield f"first {self._text[first.start : first.end]}"
        yield from self._tags_of(start, here.end)
        for side, rule in self._ruled.beside(start, here.end):
            yield f"{side} rule {rule.rule}"
        for side, _ in self._tagged_spans.beside(start, here.end):
            yield f"{side} tagged"

    def _tags_of(self, start: int, end: int) -> Iterator[str]:
        tags, at = [], start
        while at < end and (word := self._word(at)):
            tags.append(word.tag if word.start >= start and word.end <= end else f"{word.tag}*")
            at = word.end
        yield f"tags {' '.join(tags[:7])}"
        if len(tags) > 1:
            yield f"last tags {' '.join(tags[-2:])}"

    def _stem(self, start: int, stem: int, ending: LastWord) -> Iterator[str]:
        """The features of the words before the last word."""
        tags, count, at = set(), 0, start
        while at < stem:
            word = self._word(at)
            if word:
                tags.add(word.tag)
                count += 1
            at = word.end if word else at + 1
        yield from (f"has {tag}" for tag in _TAGS_INSIDE if tag in tags)
        is_common = bool(tags) and tags <= _COMMON_TAGS
        yield f"need {ending.need}, {'common' if is_common else 'named'}"
        if is_common:
            yield "common nouns"
        if "nz" in tags or "nw" in tags:
            yield "has a proper noun"
        if "LOC" in tags:
            yield "has a place"
        if self._borders.fields(stem) <= start:
            yield "only fields"
        yield f"words {min(count, 4)}"
        yield f"length of stem {min(stem - start, 6)}"
