"""Splits and joins the stories of a page where an editor said that an article begins, or does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from articles.reading.values import TITLES, Block, Page, Story

Boundaries = Mapping[int, bool]
"""Whether an article begins at an offset of the page's text, by that offset."""


def apply_boundaries(stories: Iterable[Story], page: Page, boundaries: Boundaries) -> tuple[Story, ...]:
    """Split and join the stories of a page as editors decided; all blocks stay, in their order."""
    places = [offset for offset in boundaries if offset <= len(page.text)]
    begins = sorted(offset for offset in places if boundaries[offset])
    goes_on = {offset for offset in places if not boundaries[offset]}
    made: list[Story] = []
    for story in stories:
        for piece in _split(story, begins):
            if made and _start(piece.blocks[0]) in goes_on:
                made[-1] = _joined(made[-1], piece)
            else:
                made.append(piece)
    return tuple(made)


def _split(story: Story, begins: Sequence[int]) -> Iterator[Story]:
    """Split the story before the first block at or after each of the offsets."""
    inside = [offset for offset in begins if _start(story.blocks[0]) < offset < story.end]
    cuts = {number for offset in inside if (number := _first_block_from(story.blocks, offset))}
    borders = [0, *sorted(cuts), len(story.blocks)]
    for first, last in pairwise(borders):
        yield Story(story.blocks[first:last])


def _first_block_from(blocks: Sequence[Block], offset: int) -> int:
    """The index of the first block at or after an offset; 0 if there is none."""
    return next((number for number, block in enumerate(blocks) if _start(block) >= offset), 0)


def _joined(story: Story, piece: Story) -> Story:
    """Join two stories; a title inside an article becomes a section heading."""
    inner = (replace(block, kind="heading") if block.kind in TITLES else block for block in piece.blocks)
    return Story((*story.blocks, *inner))


def _start(block: Block) -> int:
    return block.spans[0][0]
