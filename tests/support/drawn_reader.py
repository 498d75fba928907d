"""A reader whose rules Hypothesis draws: it reads small pages, and any rule of it may change from one reading to the next."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from articles.reading.layout.decided_boundaries import apply_boundaries, join_stories
from articles.reading.layout.decided_regions import DecidedRegion, apply_regions
from articles.reading.layout.story_assembly import with_blanks
from articles.reading.linking.linker import Authority, Decisions
from articles.reading.name_keys import name_key
from articles.reading.values import (
    PRINTED_PARTS,
    Block,
    Byline,
    Link,
    Masthead,
    Mention,
    MentionKind,
    Page,
    Part,
    Reading,
    Residue,
    Role,
    Story,
)

CODES = {"芮城县": "140830", "稷山县": "140824", "绛县": "140826", "芮城县人民法院": "140830"}
"""The names that are found, with the code of the place or of the organization's seat."""

_NAMES = re.compile("|".join(sorted(CODES, key=len, reverse=True)))


@dataclass(frozen=True)
class Rules:
    """How pages are read. The default reads them as they were written: stories between blank lines."""

    lost_story: int | None = None
    merged_story: int | None = None
    cut_story: int | None = None
    has_headings: bool = False
    has_subtitles: bool = False
    has_credits: bool = True
    role: Role = "reporter"
    longer: int = 0
    shorter: bool = False
    unlinked: frozenset[str] = frozenset()
    unfound: frozenset[str] = frozenset()
    page_name: str | None = None
    dateline: str | None = None


_number = st.none() | st.integers(0, 3)
_names = st.frozensets(st.sampled_from(sorted(CODES)), max_size=2)

rules = st.builds(
    Rules,
    lost_story=_number,
    merged_story=_number,
    cut_story=_number,
    has_headings=st.booleans(),
    has_subtitles=st.booleans(),
    has_credits=st.booleans(),
    role=st.sampled_from(["reporter", "correspondent"]),
    longer=st.integers(0, 3),
    shorter=st.booleans(),
    unlinked=_names,
    unfound=_names,
    page_name=st.sampled_from([None, "民生", "要闻"]),
    dateline=st.sampled_from([None, "本报运城讯"]),
)


@dataclass
class DrawnReader:
    """Takes the place of `read_page`; `rules` may be set between two readings."""

    rules: Rules = field(default_factory=Rules)

    def read(
        self,
        data: bytes,
        home: str = "",
        authority: Authority | None = None,
        boundaries: Mapping[int, bool] | None = None,
        regions: Sequence[DecidedRegion] = (),
    ) -> Reading:
        text = data.decode()
        masthead = Masthead(page_name=self.rules.page_name)
        page = Page(text, hashlib.sha256(data).hexdigest(), "utf-8", masthead=masthead)
        decided = boundaries or {}
        found, lost = self._stories(text)
        found, named = apply_regions(apply_boundaries(found, page, decided), lost, page, regions)
        stories = join_stories(found, decided)
        with_names = tuple(self._named(story, text, authority or Decisions()) for story in stories)
        return Reading(page, with_names, with_blanks(stories, named, page))

    def _stories(self, text: str) -> tuple[Sequence[Story], Sequence[Residue]]:
        """The stories without names, and the lost one; the rules that lose, merge and cut one count from 0."""
        stories: list[Story] = []
        lost: list[Residue] = []
        for number, printed in enumerate(re.finditer(r"(?:[^\n]+\n)+", text)):
            blocks = tuple(self._blocks(printed.group(), printed.start()))
            if number == self.rules.lost_story:
                lost += [Residue("advert", *span) for block in blocks for span in block.spans]
            elif number == self.rules.merged_story and stories:
                inner = (
                    replace(block, kind="heading") if block.kind == "headline" else block for block in blocks
                )
                stories[-1] = Story((*stories[-1].blocks, *inner))
            elif number == self.rules.cut_story and len(blocks) > 3:
                stories += [Story(blocks[:3]), Story(blocks[3:])]
            else:
                stories.append(Story(blocks))
        return stories, lost

    def _blocks(self, printed: str, start: int) -> Iterator[Block]:
        lines = printed.splitlines()
        for number, line in enumerate(lines):
            kind = "headline" if number == 0 else "byline" if number == 1 else "paragraph"
            if self.rules.has_subtitles and number == 2:
                kind = "subtitle"
            if self.rules.has_headings and number == len(lines) - 1:
                kind = "heading"
            yield Block(kind, ((start, start + len(line)),), line)  # type: ignore[arg-type]
            start += len(line) + 1

    def _named(self, story: Story, text: str, authority: Authority) -> Story:
        story = replace(story, dateline=self.rules.dateline)
        links = tuple(
            link
            for part in PRINTED_PARTS
            for link in self._links(part, getattr(story, part) or "", authority)
        )
        # Each person once, as `read_credits` has it.
        bylines = {byline.name: byline for byline in self._credits(story, text)}
        return replace(story, bylines=tuple(bylines.values()), links=links)

    def _credits(self, story: Story, text: str) -> Iterator[Byline]:
        for block in story.blocks if self.rules.has_credits else ():
            if block.kind == "byline":
                for name in re.finditer(r"(?<= )\S+", block.text):
                    start = block.spans[0][0] + name.start()
                    end = start + len(name.group())
                    yield Byline(text[start:end], self.rules.role, start, end)

    def _links(self, part: Part, text: str, authority: Authority) -> Iterator[Link]:
        found = [name for name in _NAMES.finditer(text) if name.group() not in self.rules.unfound]
        for number, name in enumerate(found, 1):
            behind = found[number].start() if number < len(found) else len(text)
            limit = min(behind, f"{text}\n".index("\n", name.end()))
            end = min(name.end() + self.rules.longer, limit)
            if self.rules.shorter and not self.rules.longer:
                end -= 1
            yield self._link(name.group(), part, (name.start(), end), text, authority)

    def _link(self, name: str, part: Part, span: tuple[int, int], text: str, authority: Authority) -> Link:
        kind: MentionKind = "organization" if name.endswith("法院") else "place"
        mention = Mention(kind, part, *span, text[slice(*span)], "drawn", 0.9)
        if name in self.rules.unlinked:
            return Link(mention, "ambiguous", "unlinked", candidates=("1", "2"))
        given = authority.named(kind, name_key(name))
        if len(given) == 1:
            (record,) = given
            return Link(mention, "linked", "alias", record.name, record.code, record_id=record.id)
        return Link(mention, "linked", "own_name", name, CODES[name])
