"""Gives the regions of a page to what an editor said they are: an advert, a notice, or text of a certain article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from articles.reading.values import TITLES, Block, Page, Residue, ResidueKind, Span, Story

from .block_parts import part_of_block, spans_within, spans_without, trimmed_spans

RegionKind = Literal["advert", "notice", "removed", "text"]


@dataclass(frozen=True, slots=True)
class DecidedRegion:
    """A span of a page with what it is; text belongs to the article that has the character at `anchor`.

    Text with an anchor in no article is an article of its own.
    """

    start: int
    end: int
    kind: RegionKind
    anchor: int | None = None

    def overlaps(self, other: Self) -> bool:
        return self.start < other.end and other.start < self.end


def apply_regions(
    stories: Iterable[Story], residue: Iterable[Residue], page: Page, regions: Sequence[DecidedRegion]
) -> tuple[tuple[Story, ...], tuple[Residue, ...]]:
    """Take the regions out of the stories and of the residue, and put them where they belong.

    Every character stays in one block or residue; `residue` is without blanks, before and after.
    """
    if not regions:
        return tuple(stories), tuple(residue)
    decided = [(region.start, region.end) for region in regions]
    before, all_residue = list(stories), list(residue)
    left = [story for story in (_without(story, page, decided) for story in before) if story]
    others = [
        Residue(old.kind, start, end)
        for old in all_residue
        for start, end in trimmed_spans(spans_without([(old.start, old.end)], decided), page.text)
    ]
    for region in regions:
        if region.kind != "text":
            kind: ResidueKind = region.kind
            printed = _printed_in([region], before, all_residue, page)
            others += [Residue(kind, *span) for block in printed for span in block.spans]
    texts = sorted((region for region in regions if region.kind == "text"), key=lambda region: region.start)
    for anchor in dict.fromkeys(region.anchor for region in texts):
        of_article = [region for region in texts if region.anchor == anchor]
        if blocks := _printed_in(of_article, before, all_residue, page):
            _put(left, blocks, anchor)
    left.sort(key=lambda story: story.start)
    return tuple(left), tuple(sorted(others, key=lambda one: one.start))


def _without(story: Story, page: Page, regions: Sequence[Span]) -> Story | None:
    blocks = []
    for block in story.blocks:
        spans = tuple(trimmed_spans(spans_without(block.spans, regions), page.text))
        if spans == block.spans:
            blocks.append(block)
        elif spans:
            text = "".join(page.text[start:end] for start, end in spans)
            blocks.append(replace(block, spans=spans, text=text))
    return Story(tuple(blocks)) if blocks else None


def _printed_in(
    regions: Sequence[DecidedRegion], stories: Iterable[Story], residue: Iterable[Residue], page: Page
) -> list[Block]:
    """What is printed in some regions, as blocks in the order of the page; residue becomes paragraphs."""
    inside = [(region.start, region.end) for region in regions]
    parts = [part_of_block(block, page, inside) for story in stories for block in story.blocks]
    found = [block for block in parts if block]
    for old in residue:
        spans = [span for start, end in inside for span in spans_within([(old.start, old.end)], start, end)]
        found += [
            Block("paragraph", ((start, end),), page.text[start:end])
            for start, end in trimmed_spans(spans, page.text)
        ]
    return sorted(found, key=lambda block: block.spans)


def _put(stories: list[Story], blocks: Sequence[Block], anchor: int | None) -> None:
    """Put blocks into the story that has the anchor, in the order of the page; titles become section headings."""
    for number, story in enumerate(stories):
        if any(start <= (anchor or 0) < end for block in story.blocks for start, end in block.spans):
            inner = [replace(block, kind="heading") if block.kind in TITLES else block for block in blocks]
            merged = sorted([*story.blocks, *inner], key=lambda block: block.spans)
            stories[number] = Story(tuple(merged))
            return
    stories.append(Story(tuple(blocks)))
