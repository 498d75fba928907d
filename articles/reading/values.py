"""What the stages hand to each other: plain values, frozen, without Django.

Every offset is counted in code points of `Page.text`, unless a docstring says otherwise.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from .parts import BlockKind, Part, part_text

Span = tuple[int, int]

ResidueKind = Literal["blank", "header", "banner", "advert", "notice"]
MentionKind = Literal["place", "organization"]
LinkStatus = Literal["linked", "ambiguous", "unknown"]
Role = Literal["reporter", "correspondent", "photographer", "intern"]


class Rejected(Exception):
    """A file that cannot become a page: a reason that programs compare, and a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the header lines of a page say of it; a field is None where they say nothing."""

    publication: str | None = None
    issue_date: dt.date | None = None
    page_number: str | None = None
    page_name: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page file, decoded: `text` is what the bytes say, character for character.

    Only a byte order mark is taken off, and NUL stands as U+FFFD (its places in `nul_offsets`), so that
    `pages.encode` gives the bytes back. `sha256` is the hexadecimal digest of the raw bytes.
    """

    text: str
    sha256: str
    encoding: str
    flags: tuple[str, ...] = ()
    nul_offsets: tuple[int, ...] = ()
    masthead: Masthead = Masthead()


@dataclass(frozen=True, slots=True)
class Block:
    """A printed unit of an article; a paragraph that columns cut has one span a column.

    `text` is the text of its spans, joined: columns cut Chinese inside a sentence, where no space belongs.
    `score` is how far the decision for `kind` lies above the next best one (see `stories`).
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Byline:
    """A person credited in an article; `page.text[start:end]` is the name as printed, `name` the name itself."""

    name: str
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A place or an organization that an article names; evidence, not a record.

    `start` and `end` count in the text of the article's `part`: its kicker, headline, subtitle or body (`Story.body`).
    `method` is the finder or rule that proposed it, `score` how sure that is, from 0 to 1.
    """

    kind: MentionKind
    part: Part
    start: int
    end: int
    surface: str
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Link:
    """What a mention is taken to name: one record, several candidates, or nothing that is known.

    `name` is the record's full name and `code` its official code, or for an organization that of its seat; both are
    None unless the status is `linked`. `rule` names the rule that decided, `candidates` what else it could have
    been, as codes or names, the likeliest first. `within` is the code of the county or city that a place without
    code lies in, where one of its name may stand in each.
    """

    mention: Mention
    status: LinkStatus
    rule: str
    name: str | None = None
    code: str | None = None
    candidates: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """An article as a page has it, from the first character of its first block to the last of its last."""

    blocks: tuple[Block, ...]
    bylines: tuple[Byline, ...] = ()
    dateline: str | None = None
    agency: str | None = None
    links: tuple[Link, ...] = ()
    references: tuple[Link, ...] = ()

    @property
    def start(self) -> int:
        return min(block.spans[0][0] for block in self.blocks)

    @property
    def end(self) -> int:
        return max(block.spans[-1][1] for block in self.blocks)

    @property
    def kicker(self) -> str | None:
        return self._of("kicker") or None

    @property
    def headline(self) -> str | None:
        return self._of("headline") or None

    @property
    def subtitle(self) -> str | None:
        return self._of("subtitle") or None

    @property
    def body(self) -> str:
        """The text that is read and searched: paragraphs, headings and captions, one a line."""
        return self._of("body")

    def _of(self, part: Part) -> str:
        return part_text(((block.kind, block.text) for block in self.blocks), part)


@dataclass(frozen=True, slots=True)
class Residue:
    """A part of the page that belongs to no article, and why."""

    kind: ResidueKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the loader makes of one page: its blocks and residue together cover the text once."""

    page: Page
    stories: tuple[Story, ...]
    residue: tuple[Residue, ...]
