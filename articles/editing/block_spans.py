"""Divides and merges the blocks of an article, so that every character of the page stays with the text that says it.

A block is printed at its spans. An editor may have corrected its text, so places in the text and on the page are found
by what both have in common.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any

from articles.reading.layout.block_parts import spans_within, spans_without, trimmed_spans
from articles.reading.lines.printed_lines import MARGIN
from articles.reading.lines.text_changes import common_runs
from articles.reading.values import Span

BlockJson = dict[str, Any]
SpanJson = list[int]

# A block is the new form of another one if this much of their characters is the same.
_SIMILAR = 0.5


def begins_at(block: BlockJson) -> int | None:
    """The character of the page at which a block begins; None if an editor wrote the block."""
    return block["spans"][0][0] if block["spans"] else None


def spans_of(blocks: Iterable[BlockJson]) -> list[Span]:
    """The spans of blocks, in the order of the page."""
    return sorted((start, end) for block in blocks for start, end in block["spans"])


def spans_overlap(spans: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> bool:
    """Whether two lists of spans have a character in common, without comparing each with each."""
    if spans == others:
        return bool(spans)
    ones, twos = sorted(map(tuple, spans)), sorted(map(tuple, others))
    here = there = 0
    while here < len(ones) and there < len(twos):
        (start, end), (first, last) = ones[here], twos[there]
        if start < last and first < end:
            return True
        here, there = (here + 1, there) if end <= last else (here, there + 1)
    return False


def divide_spans(blocks: Sequence[BlockJson], texts: Sequence[str], page: str) -> list[list[SpanJson]]:
    """Divide the spans of blocks among the texts that replace them, each with the characters that it says.

    >>> divide_spans([{"spans": [[0, 3], [9, 12]]}], ["大桥通", "车了。"], "大桥通......车了。")
    [[[0, 3]], [[9, 12]]]
    """
    spans = [(start, end) for block in blocks for start, end in block["spans"]]
    if len(texts) == 1:
        return [_as_json(spans)]
    printed = _printed(spans, page)
    place = _placing("".join(texts), printed)
    ends = accumulate(len(text) for text in texts[:-1])
    borders = accumulate([0, *(place(end) for end in ends), len(printed)], max)
    return [_as_json(trimmed_spans(_slice(spans, *border), page)) for border in pairwise(borders)]


def divide_block(block: BlockJson, texts: Sequence[str], page: str) -> list[BlockJson]:
    """Replace a block by one for each text, each with the characters of the page that it says."""
    spans = divide_spans([block], texts, page)
    return [
        {**block, "text": text.strip(MARGIN), "spans": of_text}
        for text, of_text in zip(texts, spans, strict=True)
    ]


def cut_blocks(blocks: Sequence[BlockJson], offset: int, page: str) -> list[BlockJson]:
    """Cut the block that is printed on both sides of a character of the page into two blocks."""
    cut = []
    for block in blocks:
        first, second = take_out([block], [(offset, len(page))], page)
        cut += [*first, *second]
    return cut


def take_out(
    blocks: Sequence[BlockJson], regions: Sequence[Span], page: str
) -> tuple[list[BlockJson], list[BlockJson]]:
    """Take what is printed in some regions of the page out of blocks; return what is left, and what was taken."""
    left, taken = [], []
    for block in blocks:
        spans = [(start, end) for start, end in block["spans"]]
        outside = trimmed_spans(spans_without(spans, regions), page)
        inside = trimmed_spans(spans_without(spans, outside), page)
        if not inside:
            left.append(block)
        elif not outside:
            taken.append(block)
        else:
            said, rest = _divide_text(block["text"], spans, inside, page)
            taken.append({**block, "text": said or _printed(inside, page), "spans": _as_json(inside)})
            left.append({**block, "text": rest or _printed(outside, page), "spans": _as_json(outside)})
    return left, taken


def put_in(blocks: Sequence[BlockJson], block: BlockJson) -> list[BlockJson]:
    """Put a printed block among others, in the order of the page."""
    begin = begins_at(block) or 0
    others = (begins_at(other) for other in blocks)
    at = next((n for n, other in enumerate(others) if other is not None and other > begin), len(blocks))
    return [*blocks[:at], block, *blocks[at:]]


def merge_blocks(blocks: Sequence[BlockJson], others: Sequence[BlockJson], page: str) -> list[BlockJson]:
    """Merge the blocks of two articles in the order of the page; one that was not printed follows the block before it.

    The two halves of one printed line become one block again.
    """
    if blocks and others and _is_same_line(blocks[-1], others[0], page):
        first, second = blocks[-1], others[0]
        start, last = first["spans"][-1]
        begin, end = second["spans"][0]
        whole = [*first["spans"][:-1], [start, end], *second["spans"][1:]]
        text = first["text"] + page[last:begin] + second["text"]
        blocks, others = [*blocks[:-1], {**first, "text": text, "spans": whole}], others[1:]
    keyed = []
    for of_article in (blocks, others):
        begin = -1
        for block in of_article:
            begin = begin if (printed := begins_at(block)) is None else printed
            keyed.append((begin, block))
    return [block for _begin, block in sorted(keyed, key=itemgetter(0))]


def _is_same_line(block: BlockJson, other: BlockJson, page: str) -> bool:
    """Whether one block ends, and the other begins, inside the same printed line."""
    if not block["spans"] or not other["spans"]:
        return False
    between = page[block["spans"][-1][1] : other["spans"][0][0]]
    return block["spans"][-1][1] <= other["spans"][0][0] and not between.strip(" \t\u3000")


def _divide_text(text: str, spans: Sequence[Span], inside: Sequence[Span], page: str) -> tuple[str, str]:
    """What a block says of the printed text inside some spans, and what it says besides.

    Empty where it has the printed words, or none of them.
    """
    printed = _printed(spans, page)
    if text == printed:
        return "", ""
    place = _placing(printed, text)
    said, rest, at = "", "", 0
    for start, end in inside:
        before = sum(last - first for first, last in spans_within(spans, 0, start))
        first, last = place(before), place(before + end - start)
        said, rest, at = said + text[first:last], rest + text[at:first], last
    return said.strip(MARGIN), (rest + text[at:]).strip(MARGIN)


def _printed(spans: Iterable[Span], page: str) -> str:
    return "".join(page[start:end] for start, end in spans)


def _as_json(spans: Sequence[Span]) -> list[SpanJson]:
    return [[start, end] for start, end in spans]


def _slice(spans: Sequence[Span], first: int, last: int) -> Iterator[Span]:
    """The spans of the printed characters from one number to another."""
    for start, end in spans:
        begin, stop = start + max(first, 0), start + min(last, end - start)
        if begin < min(stop, end):
            yield begin, stop
        first, last = first - (end - start), last - (end - start)


def _placing(before: str, after: str) -> Callable[[int], int]:
    """A function that finds a place between two characters of a text in another text that says the same."""
    if len(before) == len(after):
        return lambda offset: offset
    runs = list(common_runs(before, after))

    def place(offset: int) -> int:
        if offset in (0, len(before)):
            return len(after) if offset else 0
        for old, new, length in runs:
            if old <= offset <= old + length and length:
                return new + offset - old
        return max((new + length for old, new, length in runs if old + length <= offset), default=0)

    return place


def follow_reading(
    decided: Sequence[BlockJson], printed: Sequence[str], read: Sequence[BlockJson], page: str
) -> list[BlockJson]:
    """Let decided blocks follow a new reading of their article.

    A block that no editor changed gets the text that is read now, a changed one only its place; a block that is new on
    the page is put in. `decided` have their spans on the new page, none if their words are not there; `printed` are the
    words that the page had at them before.

    >>> page = "大桥今日通车。长一千米。"
    >>> follow_reading(
    ...     [{"kind": "paragraph", "text": "大桥昨日通车！", "spans": []}],
    ...     ["大桥昨日通车。"],
    ...     [{"kind": "paragraph", "text": page[s:e], "spans": [[s, e]]} for s, e in ((0, 7), (7, 12))],
    ...     page,
    ... )  # doctest: +NORMALIZE_WHITESPACE
    [{'kind': 'paragraph', 'text': '大桥昨日通车！', 'spans': [[0, 7]]},
     {'kind': 'paragraph', 'text': '长一千米。', 'spans': [[7, 12]]}]
    """
    blocks = [
        _grown(block, [*decided[:n], *decided[n + 1 :]], read) if block["text"] == printed[n] else block
        for n, block in enumerate(decided)
    ]
    free = [part for block in read if (part := _without(block, blocks, page))]
    for number, block in enumerate(blocks):
        if not block["spans"] and (new := _new_form(block, free)):
            free.remove(new)
            text = new["text"] if block["text"] == printed[number] else block["text"]
            blocks[number] = {**block, "text": text, "spans": new["spans"]}
    for block in free:
        begin = block["spans"][0][0]
        behind = (n for n, other in enumerate(blocks) if other["spans"] and other["spans"][0][0] > begin)
        blocks.insert(next(behind, len(blocks)), block)
    return blocks


def _grown(block: BlockJson, others: Iterable[BlockJson], read: Iterable[BlockJson]) -> BlockJson:
    """The block with all of the block of the page that it is a part of now, if no other one has a part of that."""
    own, taken = spans_of([block]), spans_of(others)
    for one in read:
        spans = spans_of([one])
        if own and not spans_without(own, spans) and spans_without(spans, taken) == spans:
            return {**block, "text": one["text"], "spans": one["spans"]}
    return block


def _without(block: BlockJson, others: Iterable[BlockJson], page: str) -> BlockJson | None:
    """What a block has that no other one has."""
    spans = spans_of([block])
    left = trimmed_spans(spans_without(spans, spans_of(others)), page)
    if left == spans:
        return block
    text = "".join(page[start:end] for start, end in left)
    return {**block, "text": text, "spans": [[start, end] for start, end in left]} if left else None


def _new_form(block: BlockJson, free: Iterable[BlockJson]) -> BlockJson | None:
    """The most similar block, if it is similar at all."""
    similar = [
        (SequenceMatcher(None, one["text"], block["text"], autojunk=False).ratio(), one) for one in free
    ]
    ratio, found = max(similar, key=itemgetter(0), default=(0.0, None))
    return found if ratio >= _SIMILAR else None
