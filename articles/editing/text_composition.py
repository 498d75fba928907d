"""Composes the texts of an article from its blocks, and finds spans of them again after the blocks changed."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from operator import itemgetter

from articles.reading.lines.text_changes import TextChange
from articles.reading.values import JOINTS, PART_OF, PARTS, TITLES, Part, part_text

from .block_spans import BlockJson, divide_spans, spans_overlap

PartSpan = tuple[str, int, int]  # the part, start and end in it


def texts_of(blocks: Sequence[BlockJson]) -> dict[str, str]:
    """The text of each part of an article, composed from its blocks."""
    pairs = [(block["kind"], block["text"]) for block in blocks]
    return {part: part_text(pairs, part) for part in PARTS}


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

    def find(self, block: BlockJson) -> Iterator[tuple[Part, int, BlockJson]]:
        """Find the blocks that share printed characters with a block, or its text if it was not printed.

        Each comes with its part and its offset in the part.
        """
        for part in PARTS:
            for begin, other in self._starts[part]:
                is_same = not block["spans"] and not other["spans"] and block["text"] == other["text"]
                if is_same or spans_overlap(block["spans"], other["spans"]):
                    yield part, begin, other


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
        if found is None:
            return None
        old, offset = found
        for part, begin, new in self._after.find(old):
            if moved := self._moved_between(old, new, offset, offset + span[2] - span[1]):
                return part, begin + moved[0], begin + moved[1]
        return None

    def _moved_between(self, old: BlockJson, new: BlockJson, start: int, end: int) -> tuple[int, int] | None:
        """The place of a span of one block's text in the text of another block that shares printed characters."""
        if old["spans"] == new["spans"] or not (_is_exact(old) and _is_exact(new)):
            return self._change(old["text"], new["text"]).move(start, end)
        first, last = _place_on_page(old, start), _place_on_page(old, end - 1)
        begin, stop = _place_in_text(new, first), _place_in_text(new, last)
        if begin is None or stop is None or new["text"][begin : stop + 1] != old["text"][start:end]:
            return None
        return begin, stop + 1

    def _moved_in_part(self, span: PartSpan) -> PartSpan | None:
        part, start, end = span
        moved = self._change(self._before.texts[part], self._after.texts[part]).move(start, end)
        return (part, *moved) if moved else None


def realigned(blocks: Sequence[BlockJson], body: str, page: str) -> list[BlockJson]:
    """The blocks of an article whose body was rewritten, a block a line; `page` is the text of the printed page.

    A line that is unchanged has the kind and the spans of its block. Lines that replace others share their spans, each
    with the characters that it says. Any other line becomes a paragraph without spans, for it was not printed.
    """
    own = [block for block in blocks if PART_OF.get(block["kind"]) == "body"]
    lines = [line for line in body.split("\n") if line.strip()]
    matcher = SequenceMatcher(None, [block["text"] for block in own], lines, autojunk=False)
    new: list[BlockJson] = []
    for opcode, start, end, first, last in matcher.get_opcodes():
        replaced, texts = own[start:end], lines[first:last]
        if opcode == "equal":
            new += replaced
        elif texts:
            spans = divide_spans(replaced, texts, page)
            kinds = [*(block["kind"] for block in replaced), *("paragraph" for _ in texts)]
            new += [
                {"kind": kind, "text": text, "spans": of_text}
                for kind, text, of_text in zip(kinds, texts, spans, strict=False)
            ]
    if not own:
        return [*blocks, *new]
    at = next(number for number, block in enumerate(blocks) if PART_OF.get(block["kind"]) == "body")
    others = [(number, block) for number, block in enumerate(blocks) if PART_OF.get(block["kind"]) != "body"]
    return [
        *(block for number, block in others if number < at),
        *new,
        *(block for number, block in others if number > at),
    ]


def _is_exact(block: BlockJson) -> bool:
    """Whether each character of a block's text is at its own place of the page."""
    return bool(len(block["text"]) == sum(end - start for start, end in block["spans"]))


def _place_on_page(block: BlockJson, offset: int) -> int:
    """The character of the page that an exact block has at an offset of its text."""
    for start, end in block["spans"]:
        if offset < end - start:
            return int(start + offset)
        offset -= end - start
    raise IndexError(offset)


def _place_in_text(block: BlockJson, character: int) -> int | None:
    """The offset in the text of an exact block of a character of the page; None if the block does not have it."""
    before = 0
    for start, end in block["spans"]:
        if start <= character < end:
            return int(before + character - start)
        before += end - start
    return None
