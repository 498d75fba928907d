"""Defines the values that the stages of reading pass on: frozen dataclasses without Django.

Every offset counts code points of `Page.text`, unless a docstring says otherwise.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]

BlockKind = Literal["kicker", "headline", "subtitle", "byline", "paragraph", "heading", "caption", "credit"]
Part = Literal["kicker", "headline", "subtitle", "body"]

PARTS: tuple[Part, ...] = ("headline", "kicker", "subtitle", "body")
"""The parts of an article in the order in which mentions are listed and searches rank them."""

PRINTED_PARTS: tuple[Part, ...] = ("kicker", "headline", "subtitle", "body")
"""The parts in the order in which a page prints them."""

TITLES: tuple[Part, ...] = PRINTED_PARTS[:-1]

PART_OF: dict[str, Part] = {
    "kicker": "kicker",
    "headline": "headline",
    "subtitle": "subtitle",
    "paragraph": "body",
    "heading": "body",
    "caption": "body",
}
"""The part that a block of a kind belongs to; bylines and credits belong to none."""

# The separator between the blocks of a part. A headline has none: columns break it inside a sentence.
JOINTS: dict[Part, str] = {"kicker": " / ", "headline": "", "subtitle": " / ", "body": "\n"}

ResidueKind = Literal["blank", "header", "advert", "notice", "removed"]
DoubtReason = Literal["advert", "bracket", "beginning", "short"]
MentionKind = Literal["place", "organization"]
LinkStatus = Literal["linked", "ambiguous", "unknown"]
ClaimStatus = Literal["current", "former", "proposed", "elected", "deceased"]
Role = Literal["reporter", "correspondent", "photographer", "intern"]


class Rejected(Exception):
    """Raised for a file that cannot become a page: `reason` is a code for programs, `detail` a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts in the header lines of a page; a field is None if no header line gives it."""

    publication: str | None = None
    issue_date: dt.date | None = None
    page_number: str | None = None
    page_name: str | None = None


LineKind = Literal["kicker", "headline", "subtitle", "text", "heading", "caption", "furniture"]
LineDirection = Literal["across", "down", "up-turned", "down-turned"]


@dataclass(frozen=True, slots=True)
class LaidOutLine:
    """Where a printed line stands on its page, and what the layout says it is.

    `page.text[start:end]` is its text. `box` is left, top, right and bottom in ten-thousandths of the width and of the
    height of the page; `size` is that of its type in the same share of the height. Lines with one `block` are one
    paragraph or title; `area` is the number of the article, None for what is printed besides.
    """

    start: int
    end: int
    box: tuple[int, int, int, int]
    size: int
    kind: LineKind
    block: int
    area: int | None = None
    column: int = 0
    direction: LineDirection = "across"


@dataclass(frozen=True, slots=True)
class PageLayout:
    """How a page was set: the format and the digest of its file, its number in the file from 1 on, and its lines.

    `width` and `height` are in points, or in pixels where the format knows no others.
    """

    format: str
    file_sha256: str
    number: int
    width: float
    height: float
    lines: tuple[LaidOutLine, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One decoded page file.

    `text` has every character but a byte order mark; NUL is replaced by U+FFFD (at `nul_offsets`), so that
    `encode_page` restores the bytes. `sha256` is the hexadecimal digest of the raw bytes; a page that is one of several
    in its file, and has a `layout`, has the digest that `page_digest` gives.
    """

    text: str
    sha256: str
    encoding: str
    flags: tuple[str, ...] = ()
    nul_offsets: tuple[int, ...] = ()
    masthead: Masthead = Masthead()
    layout: PageLayout | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A printed unit of an article; a paragraph that was broken by columns has one span a column.

    `text` joins the text of its spans without a space, as columns break Chinese inside a sentence.
    `score` is how much better `kind` is than the next best kind (see `sequence_model`).
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    text: str
    score: float = 0.0


def part_text(blocks: Iterable[tuple[str, str]], part: Part) -> str:
    r"""Join the text of a part from the kinds and texts of an article's blocks.

    >>> part_text([("headline", "大桥"), ("headline", "通车"), ("paragraph", "昨天。"), ("caption", "新桥")], "body")
    '昨天。\n新桥'
    """
    return JOINTS[part].join(text for kind, text in blocks if PART_OF.get(kind) == part)


@dataclass(frozen=True, slots=True)
class Byline:
    """A person credited in an article; `page.text[start:end]` is the printed name, `name` the name without its spaces."""

    name: str
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A place or an organization that an article names; evidence, not a record.

    `start` and `end` count code points of the article's `part`: its kicker, headline, subtitle or body (`Story.body`).
    `method` names the recogniser or rule that proposed it; `score` is its certainty from 0 to 1.
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
    """The record that a mention names, the candidates for it, or none.

    `name` is the full name of the record and `code` its official code, for an organization that of its seat; both are
    None unless the status is `linked`. `rule` names the rule that decided. `candidates` are the other possible records
    as codes or names, the likeliest first. `within` is the code of the county or city of a place without a code, if
    there may be a place of this name in each. `record_id` is the id of the record in the archive, if an editor gave it
    this name.
    """

    mention: Mention
    status: LinkStatus
    rule: str
    name: str | None = None
    code: str | None = None
    candidates: tuple[str, ...] = ()
    within: str | None = None
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person with a full name that an article names; `spans` are the part and the offsets of every mention in it."""

    name: str
    spans: tuple[tuple[Part, int, int], ...]


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """What an article says of a person: a post, or another attribute such as the age.

    `post` is the post as printed, without the organization; `organization` and `place` are as full as the page gives
    them, None if it does not. `attribute` names what `value` is; it is empty for a post. `since` is the year, the month
    or the day that is printed for the beginning of a post. `start` and `end` count code points of the article's `part`
    and enclose the person and what is said; `rule` names the rule that read it.
    """

    person: str
    part: Part
    start: int
    end: int
    rule: str
    post: str = ""
    organization: str | None = None
    place: str | None = None
    status: ClaimStatus = "current"
    since: str | None = None
    attribute: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class JoinDoubt:
    """A join of two printed lines that may not read on; `offset` is where the second line begins on the page."""

    offset: int
    reason: DoubtReason


@dataclass(frozen=True, slots=True)
class Story:
    """An article of a page, from the first character of its first block to the last character of its last block."""

    blocks: tuple[Block, ...]
    bylines: tuple[Byline, ...] = ()
    dateline: str | None = None
    agency: str | None = None
    links: tuple[Link, ...] = ()
    references: tuple[Link, ...] = ()
    doubts: tuple[JoinDoubt, ...] = ()
    people: tuple[NamedPerson, ...] = ()
    claims: tuple[PersonClaim, ...] = ()

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
        """The text for reading and searching: paragraphs, headings and captions, one a line."""
        return self._of("body")

    def _of(self, part: Part) -> str:
        return part_text(((block.kind, block.text) for block in self.blocks), part)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The rest of a page whose articles are not all read: their texts, and the codes of the places that they name."""

    texts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Residue:
    """A part of the page that belongs to no article; `kind` says why. An editor removed what is `removed`."""

    kind: ResidueKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """What on a page says when it was printed: the rule that reads it, and where it is printed."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class InferredDate:
    """When a page may have been printed: from a day of the year on, for `days` days more; `year` is None if unknown."""

    month: int
    day: int
    days: int
    year: int | None = None
    evidence: tuple[DateEvidence, ...] = ()

    @property
    def interval(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day; None without a year, or if the year has no such day."""
        try:
            first = dt.date(self.year or 0, self.month, self.day)
        except ValueError:
            return None
        return first, first + dt.timedelta(self.days)

    @property
    def days_of_year(self) -> tuple[str, str]:
        """The first and the last day without a year.

        >>> InferredDate(12, 28, 7).days_of_year
        ('--12-28', '--01-04')
        """
        first = dt.date(2000, self.month, self.day)
        return f"{first:--%m-%d}", f"{first + dt.timedelta(self.days):--%m-%d}"


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one page; its blocks and residue together cover the text once.

    `inferred` is when the page may have been printed, by its text without its header.
    """

    page: Page
    stories: tuple[Story, ...]
    residue: tuple[Residue, ...]
    inferred: InferredDate | None = None

    @property
    def least_score(self) -> float | None:
        """The score of the block of which the reader is least sure: the lower, the likelier the page is read wrong."""
        return min((block.score for story in self.stories for block in story.blocks), default=None)
