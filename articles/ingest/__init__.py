"""Page files to stories and credits: the stages, called in order."""

from __future__ import annotations

from . import bylines, pages, stories
from .records import Reading


def read_page(data: bytes) -> Reading:
    """What the loader makes of the bytes of one page file; `Rejected` if they are no page."""
    page = pages.read(data)
    found, residue = stories.split(page)
    return Reading(page, tuple(bylines.credit(story, page) for story in found), residue)
