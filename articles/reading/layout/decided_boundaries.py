"""Splits and joins the stories of a page where an editor said that an article begins, or does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from articles.reading.values import TITLES, Page, Story

from .block_parts import part_of_block

Boundaries = Mapping[int, bool]
"""Whether an article begins at an offset of the page's text, by that offset."""


def apply_boundaries(stories: Iterable[Story], page: Page, boundaries: Boundaries) -> tuple[Story, ...]:
    """Split and join the stories of a page as editors decided; all printed characters stay, in their order."""
    begins = sorted(offset for offset, begins in boundaries.items() if begins and offset < len(page.text))
    return join_stories((piece for story in stories for piece in _split(story, page, begins)), boundaries)


def join_stories(stories: Iterable[Story], boundaries: Boundaries) -> tuple[Story, ...]:
    """Join each story that begins where none should with the story before it."""
    made: list[Story] = []
    for story in stories:
        if made and boundaries.get(story.start) is False:
            made[-1] = _joined(made[-1], story)
        else:
            made.append(story)
    return tuple(made)


def _split(story: Story, page: Page, begins: Sequence[int]) -> Iterator[Story]:
    """Split a story at offsets, also inside a block or a printed line."""
    inside = [offset for offset in begins if story.start < offset < story.end]
    for first, last in pairwise([story.start, *inside, story.end]):
        parts = (part_of_block(block, page, [(first, last)]) for block in story.blocks)
        if blocks := tuple(part for part in parts if part):
            yield Story(blocks)


def _joined(story: Story, piece: Story) -> Story:
    """Join two stories in the order of the page; a title inside an article becomes a section heading."""
    inner = (replace(block, kind="heading") if block.kind in TITLES else block for block in piece.blocks)
    return Story(tuple(sorted([*story.blocks, *inner], key=lambda block: block.spans)))
