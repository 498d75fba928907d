"""Defines a part of an article as people are read in it: its text, words, and linked names."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from articles.reading.lines.character_folding import fold_characters
from articles.reading.names.tagger import TaggedWord
from articles.reading.values import PRINTED_PARTS, Link, Part, Span, Story

_SENTENCE_END = re.compile("[。！？；\n]")
# So many names before an offset are asked which one a pronoun or a short form means.
_MOST_NAMES = 100


class PersonText:
    """A part of a story; `folded` has Simplified characters at the same offsets as `text`.

    `names` are the links of mentions and references in it, `people` the spans of names of people, which are set once.
    """

    def __init__(
        self,
        part: Part,
        text: str,
        words: Sequence[TaggedWord],
        names: Sequence[Link],
        credited: frozenset[str],
    ) -> None:
        self.part = part
        self.text = text
        self.words = words
        self.names = sorted(names, key=lambda link: (link.mention.start, link.mention.end))
        self.credited = credited
        self.folded = fold_characters(text)
        self.people: list[Span] = []
        self._word_starts = [word.start for word in words]
        self._name_at: dict[int, Link] = {}
        # The longest name of those that cover an offset; a name that is inside two others is covered by both.
        for link in sorted(self.names, key=lambda link: link.mention.end - link.mention.start):
            self._name_at.update(dict.fromkeys(range(link.mention.start, link.mention.end), link))
        self._names_by_end = sorted(self.names, key=lambda link: link.mention.end)
        self._ends = [link.mention.end for link in self._names_by_end]
        self._starts = [link.mention.start for link in self.names]
        self._sentence_ends = [match.start() for match in _SENTENCE_END.finditer(self.folded)]

    @cached_property
    def people_starts(self) -> list[int]:
        """The offsets at which names of people begin, in order."""
        return [start for start, _ in self.people]

    @cached_property
    def people_ends(self) -> dict[int, int]:
        """The end of each name of a person, by its beginning."""
        return dict(self.people)

    @cached_property
    def in_people(self) -> set[int]:
        """The offsets that names of people cover."""
        return {at for start, end in self.people for at in range(start, end)}

    def word(self, at: int) -> TaggedWord | None:
        """The word that covers an offset."""
        number = bisect_right(self._word_starts, at) - 1
        return self.words[number] if number >= 0 and at < self.words[number].end else None

    def name_covering(self, at: int) -> Link | None:
        """The longest mention of a place or an organization that covers an offset."""
        return self._name_at.get(at)

    def has_name_in(self, start: int, end: int) -> bool:
        """Whether a mention overlaps a span."""
        return any(at in self._name_at for at in range(start, end))

    def name_beginning(self, start: int, end: int) -> Link | None:
        """The longest mention that begins at an offset and ends before another one."""
        found = None
        for number in range(bisect_left(self._starts, start), bisect_right(self._starts, start)):
            if self.names[number].mention.end <= end:
                found = self.names[number]
        return found

    def names_before(self, end: int) -> Iterator[Link]:
        """The mentions that end before an offset, the nearest first."""
        last = bisect_right(self._ends, end)
        return reversed(self._names_by_end[max(0, last - _MOST_NAMES) : last])

    def names_behind(self, start: int) -> Sequence[Link]:
        """The mentions that begin behind an offset."""
        first = bisect_left(self._starts, start)
        return self.names[first : first + _MOST_NAMES]

    def sentence(self, start: int, end: int) -> Span:
        """The sentence that encloses a span."""
        before, behind = bisect_left(self._sentence_ends, start), bisect_left(self._sentence_ends, end)
        first = self._sentence_ends[before - 1] + 1 if before else 0
        is_last = behind == len(self._sentence_ends)
        return first, len(self.folded) if is_last else self._sentence_ends[behind]

    def paragraph(self, at: int) -> int:
        """The beginning of the paragraph that has an offset."""
        return self.text.rfind("\n", 0, at) + 1

    def people_between(self, start: int, end: int) -> list[Span]:
        """The last names of people in a span, in order."""
        last = bisect_left(self.people_starts, end)
        first = max(bisect_left(self.people_starts, start), last - _MOST_NAMES)
        return [span for span in self.people[first:last] if span[1] <= end]

    def next_person(self, at: int) -> int:
        """Where the next name of a person begins, else the end of the text."""
        number = bisect_left(self.people_starts, at)
        return self.people_starts[number] if number < len(self.people) else len(self.folded)


def main_person(text: PersonText, at: int) -> Span | None:
    """The person that a pronoun at an offset means: the one that most of the names before it are of, else the last."""
    earlier = text.people_between(0, at)
    names = Counter(text.folded[slice(*span)] for span in earlier)
    if not earlier:
        return None
    name, times = names.most_common(1)[0]
    if 2 * times <= len(earlier):
        return earlier[-1]
    return next(span for span in reversed(earlier) if text.folded[slice(*span)] == name)


def person_texts(story: Story, words: Mapping[Part, Sequence[TaggedWord] | None]) -> list[PersonText]:
    """The parts of a story in printed order."""
    credited = frozenset(fold_characters(byline.name) for byline in story.bylines)
    links = (*story.links, *story.references)
    return [
        PersonText(
            part, text, words.get(part) or (), [link for link in links if link.mention.part == part], credited
        )
        for part in PRINTED_PARTS
        if (text := getattr(story, part))
    ]
