"""Defines the kinds of blocks of an article, the parts of its text, and how blocks form parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

BlockKind = Literal["kicker", "headline", "subtitle", "byline", "paragraph", "heading", "caption", "credit"]
Part = Literal["kicker", "headline", "subtitle", "body"]

PARTS: tuple[Part, ...] = ("headline", "kicker", "subtitle", "body")
"""The parts of an article in the order in which mentions are listed and searches rank them."""

PRINTED_PARTS: tuple[Part, ...] = ("kicker", "headline", "subtitle", "body")
"""The parts in the order in which a page prints them."""

TITLES: tuple[Part, ...] = PRINTED_PARTS[:-1]

PART_OF: dict[str, Part] = {
    "kicker": "kicker",
    "headline": "headline",
    "subtitle": "subtitle",
    "paragraph": "body",
    "heading": "body",
    "caption": "body",
}
"""The part that a block of a kind belongs to; bylines and credits belong to none."""

# The separator between the blocks of a part. A headline has none: columns break it inside a sentence.
JOINTS: dict[Part, str] = {"kicker": " / ", "headline": "", "subtitle": " / ", "body": "\n"}


def part_text(blocks: Iterable[tuple[str, str]], part: Part) -> str:
    r"""Join the text of a part from the kinds and texts of an article's blocks.

    >>> part_text([("headline", "大桥"), ("headline", "通车"), ("paragraph", "昨天。"), ("caption", "新桥")], "body")
    '昨天。\n新桥'
    """
    return JOINTS[part].join(text for kind, text in blocks if PART_OF.get(kind) == part)
