"""Stories as editors cut them: where a person said that an article begins, or does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from articles.reading.values import Block, Page, Story

Boundaries = Mapping[int, bool]
"""By the place on the page's text: whether an article begins there."""

_TITLES = frozenset({"kicker", "headline", "subtitle"})


def apply_boundaries(stories: Iterable[Story], page: Page, boundaries: Boundaries) -> tuple[Story, ...]:
    """The stories of a page, split and joined as editors decided; every block stays, in its order."""
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
    """The story cut before the first block that stands at each of the places, or behind it."""
    inside = [offset for offset in begins if _start(story.blocks[0]) < offset < story.end]
    cuts = {number for offset in inside if (number := _first_behind(story.blocks, offset))}
    borders = [0, *sorted(cuts), len(story.blocks)]
    for first, last in pairwise(borders):
        yield Story(story.blocks[first:last])


def _first_behind(blocks: Sequence[Block], offset: int) -> int:
    """The number of the first block at a place or behind it; 0 if there is none."""
    return next((number for number, block in enumerate(blocks) if _start(block) >= offset), 0)


def _joined(story: Story, piece: Story) -> Story:
    """Both as one: a title that stands inside an article is a section heading."""
    inner = (replace(block, kind="heading") if block.kind in _TITLES else block for block in piece.blocks)
    return Story((*story.blocks, *inner))


def _start(block: Block) -> int:
    return block.spans[0][0]
