"""One shape for characters that print the same thing, position by position.

Rules are written once, in Simplified characters and full-width Chinese punctuation; the text that they read
is folded to that shape. Folding keeps the length, so an offset in the folded text is an offset in the page.
"""

from __future__ import annotations

from functools import lru_cache

from opencc import OpenCC

_TO_SIMPLIFIED = OpenCC("t2s")

# Full-width digits and letters stand this far behind the ASCII ones.
_FULL_WIDTH = 0xFEE0
_FULL_WIDTH_ALPHANUMERIC = frozenset(
    code for code in range(0xFF10, 0xFF5B) if chr(code - _FULL_WIDTH).isalnum()
)

# Punctuation that pages set in either width, or in the forms of Taiwan and Hong Kong, as mainland papers set it.
_PUNCTUATION = {
    ord(char): fold
    for chars, fold in (
        ("([〔［﹙", "（"),
        (")]〕］﹚", "）"),
        ("「『﹁﹃", "“"),
        ("」』﹂﹄", "”"),
        ("－―─━–‐", "—"),
        ("／∕", "/"),
        ("｜丨│", "|"),
        ("＼", "\\"),
        ("•・‧∙﹒", "·"),
        ("\t\xa0\u3000\u2002\u2003\u2009", " "),
        (",﹐", "，"),
        (":∶﹕︰", "："),
        (";﹔", "；"),
        ("!", "！"),
        ("?", "？"),
    )
    for char in chars
}


class _Folds(dict[int, str]):
    """A table for `str.translate` that is filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = fold = _PUNCTUATION.get(code) or _letter(code)
        return fold


def _letter(code: int) -> str:
    if code in _FULL_WIDTH_ALPHANUMERIC:
        return chr(code - _FULL_WIDTH)
    char = chr(code)
    simplified = char if code < 0x3400 else _TO_SIMPLIFIED.convert(char)
    return simplified if len(simplified) == 1 else char


_FOLDS = _Folds()


@lru_cache(maxsize=1024)
def fold_characters(text: str) -> str:
    """The text in the one shape that rules are written in, of the same length.

    Several stages ask for the same lines of a page, so the last ones are kept.

    >>> fold_characters("〔記者林國權／台北報導〕,１２月")
    '（记者林国权/台北报导），12月'
    """
    return text.translate(_FOLDS)
