"""Folds characters that mean the same to one form, one for one.

Rules are written once, in Simplified characters and full-width Chinese punctuation, and read folded text. Folding does
not change the length, so an offset in the folded text is an offset in the page.
"""

from functools import lru_cache

from opencc import OpenCC

_TO_SIMPLIFIED = OpenCC("t2s")

# The distance from an ASCII digit or letter to its full-width form.
_FULL_WIDTH = 0xFEE0
_FULL_WIDTH_ALPHANUMERIC = frozenset(
    code for code in range(0xFF10, 0xFF5B) if chr(code - _FULL_WIDTH).isalnum()
)

# Punctuation of either width, and the forms of Taiwan and Hong Kong, to the forms of mainland papers.
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
# Forms of characters that older pages and those of Hong Kong print, which the table of OpenCC lacks.
_VARIANTS = {
    ord(printed): fold
    for printed, fold in zip(
        "衞塲刦淸鄕靑曁卽旣緖姸硏寗敍邨巿録黒歩栢鎭銹値査産毎徳戸黙",
        "卫场劫清乡青暨即既绪妍研宁叙村市录黑步柏镇锈值查产每德户默",
        strict=True,
    )
}


class _Folds(dict[int, str]):
    """A table for `str.translate` that adds each character when it first occurs."""

    def __missing__(self, code: int) -> str:
        self[code] = fold = _PUNCTUATION.get(code) or _VARIANTS.get(code) or _letter(code)
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
    """Fold a text to the form that rules are written in; the length stays the same.

    Cached, as several stages fold the same lines of a page.

    >>> fold_characters("〔記者林國權／台北報導〕,１２月")
    '（记者林国权/台北报导），12月'
    """
    return text.translate(_FOLDS)
