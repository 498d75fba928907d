"""How the texts of an article are put together of its blocks, and where a span of them lies after blocks changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from articles.reading.parts import JOINTS, PART_OF, Part, part_text

from .moving import Edit

Block = dict[str, Any]
Span = tuple[str, int, int]  # the part, start and end in it

_PARTS: tuple[Part, ...] = ("kicker", "headline", "subtitle", "body")
_TITLES = frozenset({"kicker", "headline", "subtitle"})


def texts_of(blocks: Sequence[Block]) -> dict[str, str]:
    """What each part of an article is, by its blocks."""
    told = [(block["kind"], block["text"]) for block in blocks]
    return {part: part_text(told, part) for part in _PARTS}


def begins_at(block: Block) -> int | None:
    """The character of the page at which a block begins; None for one that an editor wrote."""
    return block["spans"][0][0] if block["spans"] else None


def inner(block: Block) -> Block:
    """A block as it stands inside an article: a title there is a section heading."""
    return {**block, "kind": "heading"} if block["kind"] in _TITLES else block


class Composition:
    """The blocks of an article and its texts; a text that an editor wrote anew is not composed of its blocks."""

    def __init__(self, blocks: Sequence[Block], texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        composed = texts_of(blocks)
        # By the part: where each block begins in it, and which block that is.
        self._starts: dict[str, list[tuple[int, Block]]] = {part: [] for part in _PARTS}
        self._numbers: dict[int, int] = {}
        lengths = dict.fromkeys(_PARTS, 0)
        for number, block in enumerate(blocks):
            part = PART_OF.get(block["kind"])
            if part and composed[part] == self.texts.get(part):
                start = lengths[part] + (len(JOINTS[part]) if self._starts[part] else 0)
                self._starts[part].append((start, block))
                self._numbers[number] = start
                lengths[part] = start + len(block["text"])

    def starts(self) -> dict[int, int]:
        """Where each block, by its number, begins in the text of its part, if that is composed of blocks."""
        return self._numbers

    def block_at(self, span: Span) -> tuple[Block, int] | None:
        """The block in which a span lies whole, and where it begins in the block's text."""
        part, start, end = span
        for begin, block in self._starts[part]:
            if begin <= start and end <= begin + len(block["text"]):
                return block, start - begin
        return None

    def find(self, block: Block) -> tuple[Part, int, Block] | None:
        """The part and the place in it of the block that stands at the same place of the page, and the block."""
        key = begins_at(block)
        for part in _PARTS:
            for begin, other in self._starts[part]:
                if key is not None and begins_at(other) == key:
                    return part, begin, other
        return None


class Recomposition:
    """What became of spans when an article's blocks and texts changed: they go where their block went."""

    def __init__(self, before: Composition, after: Composition) -> None:
        self._before, self._after = before, after
        self._edit = cache(Edit)

    def moved(self, span: Span) -> Span | None:
        """The span in the new texts, or None if its own words were changed."""
        return self.followed(span) or self._in_part(span)

    def followed(self, span: Span) -> Span | None:
        """The span where its block stands by now, or None if the block is gone or other words stand in it."""
        found = self._before.block_at(span)
        place = found and self._after.find(found[0])
        if not found or not place:
            return None
        (old, offset), (part, begin, new) = found, place
        moved = self._edit(old["text"], new["text"]).moved(offset, offset + span[2] - span[1])
        return (part, begin + moved[0], begin + moved[1]) if moved else None

    def _in_part(self, span: Span) -> Span | None:
        part, start, end = span
        moved = self._edit(self._before.texts[part], self._after.texts[part]).moved(start, end)
        return (part, *moved) if moved else None


def realigned(blocks: Sequence[Block], body: str) -> list[Block]:
    """The blocks of an article whose body was written anew, line by line.

    A line that still stands, or stands for another, keeps the block's kind and its place on the page; one more line
    is a paragraph that was never printed.
    """
    own = [block for block in blocks if PART_OF.get(block["kind"]) == "body"]
    lines = [line for line in body.split("\n") if line.strip()]
    matcher = SequenceMatcher(None, [block["text"] for block in own], lines, autojunk=False)
    new: list[Block] = []
    for _, start, end, first, last in matcher.get_opcodes():
        for number, line in enumerate(lines[first:last]):
            kept = own[start + number] if start + number < end else {"kind": "paragraph", "spans": []}
            new.append({**kept, "text": line})
    if not own:
        return [*blocks, *new]
    at = next(number for number, block in enumerate(blocks) if PART_OF.get(block["kind"]) == "body")
    others = [(number, block) for number, block in enumerate(blocks) if PART_OF.get(block["kind"]) != "body"]
    return [
        *(block for number, block in others if number < at),
        *new,
        *(block for number, block in others if number > at),
    ]
