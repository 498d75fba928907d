"""The printed units of an article, and the texts that they come to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

BlockKind = Literal["kicker", "headline", "subtitle", "byline", "paragraph", "heading", "caption", "credit"]
Part = Literal["kicker", "headline", "subtitle", "body"]

PART_OF: dict[str, Part] = {
    "kicker": "kicker",
    "headline": "headline",
    "subtitle": "subtitle",
    "paragraph": "body",
    "heading": "body",
    "caption": "body",
}
"""The text that a block of a kind is part of; bylines and credits are part of none."""

# What stands between the blocks of a part. Columns cut a headline inside a sentence, where no space belongs.
JOINTS: dict[Part, str] = {"kicker": " / ", "headline": "", "subtitle": " / ", "body": "\n"}


def part_text(blocks: Iterable[tuple[str, str]], part: Part) -> str:
    r"""The text of a part, from the kinds and texts of an article's blocks.

    >>> part_text([("headline", "大桥"), ("headline", "通车"), ("paragraph", "昨天。"), ("caption", "新桥")], "body")
    '昨天。\n新桥'
    """
    return JOINTS[part].join(text for kind, text in blocks if PART_OF.get(kind) == part)
