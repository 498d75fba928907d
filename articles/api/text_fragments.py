"""Cuts out the text around a mention."""

# Code points of context on either side.
_CONTEXT = 32


def surrounding_text(text: str, start: int, end: int, surface: str) -> tuple[str, str] | None:
    """The text before and after a mention; None if the text at its position is not the printed name any more.

    >>> surrounding_text("昨天，芮城县的新桥通车。", 3, 6, "芮城县")
    ('昨天，', '的新桥通车。')
    """
    if text[start:end] != surface:
        return None
    return text[max(start - _CONTEXT, 0) : start], text[end : end + _CONTEXT]
