"""The text around a mention."""

from articles.models import Mention

# Code points of context on either side.
_CONTEXT = 32


def surrounding_text(mention: Mention) -> tuple[str, str]:
    """The text before and after a mention; empty if the text of its part was changed since."""
    text: str = getattr(mention.article, mention.part)
    if text[mention.start : mention.end] != mention.surface:
        return "", ""
    return text[max(mention.start - _CONTEXT, 0) : mention.start], text[mention.end : mention.end + _CONTEXT]
