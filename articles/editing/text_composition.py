"""Composes the texts of an article from its blocks, and finds spans of them again after the blocks changed."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from operator import itemgetter
from typing import Any

from articles.reading.values import JOINTS, PART_OF, PARTS, TITLES, Part, part_text

from .span_anchoring import TextChange

BlockJson = dict[str, Any]
PartSpan = tuple[str, int, int]  # the part, start and end in it


def texts_of(blocks: Sequence[BlockJson]) -> dict[str, str]:
    """The text of each part of an article, composed from its blocks."""
    pairs = [(block["kind"], block["text"]) for block in blocks]
    return {part: part_text(pairs, part) for part in PARTS}


def begins_at(block: BlockJson) -> int | None:
    """The character of the page at which a block begins; None if an editor wrote the block."""
    return block["spans"][0][0] if block["spans"] else None


def as_inner_block(block: BlockJson) -> BlockJson:
    """A block as it stands inside an article, where a title is a section heading."""
    return {**block, "kind": "heading"} if block["kind"] in TITLES else block


class Composition:
    """The blocks of an article and its texts; a text that an editor rewrote is not composed of its blocks."""

    def __init__(self, blocks: Sequence[BlockJson], texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        composed = texts_of(blocks)
        # By part the blocks, each with its offset in the text of the part.
        self._starts: dict[str, list[tuple[int, BlockJson]]] = {part: [] for part in PARTS}
        self._numbers: dict[int, int] = {}
        lengths = dict.fromkeys(PARTS, 0)
        for number, block in enumerate(blocks):
            part = PART_OF.get(block["kind"])
            if part and composed[part] == self.texts.get(part):
                start = lengths[part] + (len(JOINTS[part]) if self._starts[part] else 0)
                self._starts[part].append((start, block))
                self._numbers[number] = start
                lengths[part] = start + len(block["text"])

    def starts(self) -> dict[int, int]:
        """By the number of a block its offset in the text of its part, if that is composed of blocks."""
        return self._numbers

    def pieces(self) -> Iterator[tuple[PartSpan, BlockJson | None]]:
        """The spans of all blocks, each with its block; a text that an editor rewrote is one piece without a block."""
        for part, text in self.texts.items():
            for start, block in self._starts[part]:
                yield (part, start, start + len(block["text"])), block
            if text and not self._starts[part]:
                yield (part, 0, len(text)), None

    def block_at(self, span: PartSpan) -> tuple[BlockJson, int] | None:
        """The block that holds a whole span, and the offset of the span in the block's text."""
        part, start, end = span
        at = bisect_right(self._starts[part], start, key=itemgetter(0)) - 1
        if at < 0:
            return None
        begin, block = self._starts[part][at]
        return (block, start - begin) if end <= begin + len(block["text"]) else None

    def find(self, block: BlockJson) -> tuple[Part, int, BlockJson] | None:
        """Find the block that was printed at the same place as `block`: its part, its offset in the part, and itself."""
        key = begins_at(block)
        for part in PARTS:
            for begin, other in self._starts[part]:
                if key is not None and begins_at(other) == key:
                    return part, begin, other
        return None


class Recomposition:
    """Finds spans again after the blocks and texts of their article changed: they move with their block."""

    def __init__(self, before: Composition, after: Composition) -> None:
        self._before, self._after = before, after
        self._change = cache(TextChange)

    def moved(self, span: PartSpan) -> PartSpan | None:
        """The span in the new texts, or None if its own words were changed."""
        return self.moved_with_block(span) or self._moved_in_part(span)

    def moved_with_block(self, span: PartSpan) -> PartSpan | None:
        """The span in the new place of its block, or None if the block is gone or has other words there."""
        found = self._before.block_at(span)
        place = found and self._after.find(found[0])
        if not found or not place:
            return None
        (old, offset), (part, begin, new) = found, place
        moved = self._change(old["text"], new["text"]).move(offset, offset + span[2] - span[1])
        return (part, begin + moved[0], begin + moved[1]) if moved else None

    def _moved_in_part(self, span: PartSpan) -> PartSpan | None:
        part, start, end = span
        moved = self._change(self._before.texts[part], self._after.texts[part]).move(start, end)
        return (part, *moved) if moved else None


def realigned(blocks: Sequence[BlockJson], body: str) -> list[BlockJson]:
    """The blocks of an article whose body was rewritten, a block a line.

    A line that is unchanged, or replaces another line, gets the kind and the spans of that line's block; any other
    line becomes a paragraph without spans, for it was not printed.
    """
    own = [block for block in blocks if PART_OF.get(block["kind"]) == "body"]
    lines = [line for line in body.split("\n") if line.strip()]
    matcher = SequenceMatcher(None, [block["text"] for block in own], lines, autojunk=False)
    new: list[BlockJson] = []
    for _, start, end, first, last in matcher.get_opcodes():
        for number, line in enumerate(lines[first:last]):
            base = own[start + number] if start + number < end else {"kind": "paragraph", "spans": []}
            new.append({**base, "text": line})
    if not own:
        return [*blocks, *new]
    at = next(number for number, block in enumerate(blocks) if PART_OF.get(block["kind"]) == "body")
    others = [(number, block) for number, block in enumerate(blocks) if PART_OF.get(block["kind"]) != "body"]
    return [
        *(block for number, block in others if number < at),
        *new,
        *(block for number, block in others if number > at),
    ]
