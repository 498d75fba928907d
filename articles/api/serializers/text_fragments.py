"""Pieces of an article's text round a mention."""

from __future__ import annotations

from articles.models import Mention

# Code points on either side that tell a mention from others of the same words.
CONTEXT = 32


def surrounding_text(mention: Mention) -> tuple[str, str]:
    """The text before a mention and behind it; empty if the part is another text by now."""
    text: str = getattr(mention.article, mention.part)
    if text[mention.start : mention.end] != mention.surface:
        return "", ""
    return text[max(mention.start - CONTEXT, 0) : mention.start], text[mention.end : mention.end + CONTEXT]
