"""Cuts blocks at characters of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from articles.reading.lines.printed_lines import MARGIN
from articles.reading.values import Block, Page, Span


def part_of_block(block: Block, page: Page, regions: Sequence[Span]) -> Block | None:
    """The part of a block that is printed in some regions of the page; None if nothing is.

    >>> page = Page("大桥通车 昨天", "", "utf-8")
    >>> part_of_block(Block("paragraph", ((0, 7),), page.text), page, [(4, 7)])
    Block(kind='paragraph', spans=((5, 7),), text='昨天', score=0.0)
    """
    inside = [span for start, end in sorted(regions) for span in spans_within(block.spans, start, end)]
    spans = tuple(trimmed_spans(sorted(inside), page.text))
    if not spans:
        return None
    if spans == block.spans:
        return block
    return replace(block, spans=spans, text="".join(page.text[first:last] for first, last in spans))


def spans_within(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """The parts of spans between two characters.

    >>> spans_within([(0, 4), (6, 9)], 2, 7)
    [(2, 4), (6, 7)]
    """
    cut = ((max(first, start), min(last, end)) for first, last in spans)
    return [(first, last) for first, last in cut if first < last]


def trimmed_spans(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans of a text without the white space at their ends; those of white space alone are left out."""
    trimmed = []
    for start, end in spans:
        printed = text[start:end].lstrip(MARGIN)
        first, last = end - len(printed), end - len(printed) + len(printed.rstrip(MARGIN))
        if first < last:
            trimmed.append((first, last))
    return trimmed


def spans_without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The parts of spans that none of the other spans covers.

    >>> spans_without([(0, 10)], [(2, 4), (3, 5), (9, 12)])
    [(0, 2), (5, 9)]
    """
    taken = sorted(others)
    left = []
    for start, end in sorted(spans):
        begin = start
        for first, last in taken:
            if first < end and begin < last:
                if begin < first:
                    left.append((begin, first))
                begin = last
        if begin < end:
            left.append((begin, end))
    return left
