"""Page to stories: labelled lines put together to articles, columns rejoined, and what belongs to no article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from articles.blocks import BlockKind

from .labels import Decision, decide
from .lines import Line, lines_of
from .observations import observe
from .records import Block, Page, Residue, ResidueKind, Span, Story
from .wrapping import unwrapped

_KINDS: dict[str, BlockKind] = {
    "kicker": "kicker",
    "headline": "headline",
    "more": "headline",
    "subtitle": "subtitle",
    "opening": "byline",
    "signature": "byline",
    "paragraph": "paragraph",
    "continuation": "paragraph",
    "heading": "heading",
    "caption": "caption",
    "inset": "caption",
    "credit": "credit",
}
_RESIDUES: dict[str, ResidueKind] = {
    "header": "header",
    "notice": "notice",
    "advert title": "advert",
    "advert": "advert",
}
_BEGINNINGS = ("kicker", "headline")


@dataclass(slots=True)
class _Draft:
    """An article while its lines are gathered."""

    blocks: list[Block] = field(default_factory=list)

    def has(self, *kinds: BlockKind) -> bool:
        return any(block.kind in kinds for block in self.blocks)


def split(page: Page) -> tuple[tuple[Story, ...], tuple[Residue, ...]]:
    """The articles of a page and its residue; together they hold every character once."""
    lines = unwrapped(lines_of(page.text))
    decisions = decide(observe(lines))
    stories = [Story(tuple(draft.blocks)) for draft in _drafts(lines, decisions)]
    named = [
        Residue(_RESIDUES[decision.label], start, end)
        for line, decision in zip(lines, decisions, strict=True)
        if decision.label in _RESIDUES
        for start, end in line.spans
    ]
    used = [span for story in stories for block in story.blocks for span in block.spans]
    blanks = _blanks(len(page.text), [*used, *((residue.start, residue.end) for residue in named)])
    return tuple(stories), tuple(sorted([*named, *blanks], key=lambda residue: residue.start))


def _drafts(lines: Sequence[Line], decisions: list[Decision]) -> list[_Draft]:
    drafts: list[_Draft] = []
    draft = _Draft()
    for line, decision in zip(lines, decisions, strict=True):
        if decision.label in _RESIDUES:
            continue
        if decision.label in _BEGINNINGS and _is_complete(draft):
            drafts.append(draft)
            draft = _Draft()
        _add(draft, line, decision)
    return [_settled(draft) for draft in (*drafts, draft) if draft.blocks]


def _is_complete(draft: _Draft) -> bool:
    """Whether a new headline or kicker begins the next article: captions may stand above their own headline."""
    return draft.has("headline", "paragraph", "byline")


def _add(draft: _Draft, line: Line, decision: Decision) -> None:
    """The line to its article: a block of its own, or one more span of the block that it goes on with."""
    kind = _KINDS[decision.label]
    if decision.label in ("continuation", "more"):
        place = max((i for i, block in enumerate(draft.blocks) if block.kind == kind), default=None)
        if place is not None:
            block = draft.blocks[place]
            spans = (*block.spans, *line.spans)
            draft.blocks[place] = replace(
                block, spans=spans, text=block.text + line.text, score=min(block.score, decision.margin)
            )
            return
    draft.blocks.append(Block(kind, line.spans, line.text, decision.margin))


def _settled(draft: _Draft) -> _Draft:
    """The article as it is kept: the text of a photo story that has no other text is its body."""
    if draft.has("paragraph"):
        return draft
    captions = [block for block in draft.blocks if block.kind == "caption"]
    body = max(captions, key=lambda block: len(block.text), default=None)
    return _Draft([replace(block, kind="paragraph") if block is body else block for block in draft.blocks])


def _blanks(length: int, used: list[Span]) -> Iterator[Residue]:
    """The white space between what is used."""
    end = 0
    for start, next_end in [*sorted(used), (length, length)]:
        if end < start:
            yield Residue("blank", end, start)
        end = next_end
