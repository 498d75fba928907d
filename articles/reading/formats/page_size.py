"""Limits of what a page may be, by what it costs to read: characters and printed lines."""

from articles.reading.values import Page, Rejected

from .text_decoding import decode_page

# The fullest page of a broadsheet has about 15,000 characters in 1,500 lines. Reading costs up to a second of a processor
# for 30,000 characters, as names are looked for at each, or for 10,000 lines, as each is labelled by those around it.
_MAX_CHARACTERS = 60_000
_MAX_LINES = 6_000


def check_page_size(data: bytes | Page) -> None:
    """Raise `Rejected` (too_large) for a page that would take longer to read than anybody waits for an answer."""
    # In every encoding a character has one byte at least, and a line end one of these.
    if (
        isinstance(data, bytes)
        and len(data) <= _MAX_CHARACTERS
        and data.count(b"\n") + data.count(b"\r") < _MAX_LINES
    ):
        return
    text = data.text if isinstance(data, Page) else decode_page(data).text
    _check(len(text), _MAX_CHARACTERS, "characters")
    _check(text.count("\n") + text.count("\r") - text.count("\r\n"), _MAX_LINES, "lines")


def _check(size: int, limit: int, of: str) -> None:
    if size > limit:
        detail = (
            f"{size:,} {of}, and a page may have {limit:,}, four times those of a full one; split the file"
        )
        raise Rejected("too_large", detail)
