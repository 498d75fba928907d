"""What article text and queries are compared by: one shape for characters that say the same.

Every character is folded by itself, to one character or to none. So what stands inside a text also stands inside
its fold, and an index over folded text finds exactly the terms that are in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from itertools import pairwise

from opencc import OpenCC

SPACE = "\u3000"  # for every white space and control: unlike ASCII space a token character for FTS5
_REPLACEMENT = "\ufffd"

# To be raised when a fold changes, or how texts are indexed: databases then index all articles again.
_RULES = 1

_FULL_WIDTH = 0xFEE0  # full-width forms stand this far behind ASCII
_VARIATION_SELECTORS = frozenset(
    map(chr, (*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
# Signs that pages set in several forms, apart from those that Unicode holds for the same.
_SIGNS = {
    form: sign
    for forms, sign in (
        ("•・‧∙", "·"),
        ("“”„‟「」『』", "＂"),
        ("‘’‚‛", "＇"),
        ("‐‒–—―─−", "－"),
        ("〜", "～"),
    )
    for form in forms
}


class _Folds(dict[int, str]):
    """A table for `str.translate` that is filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = fold = _fold_character(chr(code))
        return fold


_FOLDS = _Folds()


def fold_text(text: str) -> str:
    r"""A text as it is indexed and asked for; never longer, and folding it again changes nothing.

    >>> fold_text("2024年，Ｎｏ.３ 臺灣\u200b「一二‧九」")
    '2024年，no．3\u3000台湾＂一二·九＂'
    """
    return text.translate(_FOLDS)


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    r"""The fold, and for each of its characters the offset of the character in the text that it comes from.

    >>> folded, offsets = fold_with_offsets("臺\u200b灣")
    >>> folded, list(offsets)
    ('台湾', [0, 2])
    """
    folded = fold_text(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    return folded, [offset for offset, char in enumerate(text) if _FOLDS[ord(char)]]


def character_pairs(folded: str) -> list[str]:
    """Each character with the one behind it, which is what both indexes are made of.

    >>> character_pairs("中国人")
    ['中国', '国人']
    """
    return list(map("".join, pairwise(folded)))


def changed_characters() -> Iterator[tuple[str, str]]:
    """All characters that Unicode assigns and a fold changes, with their folds; '' for one that is deleted.

    Databases that fold by themselves are given this table. Surrogates are left out, for no text in one holds them.
    """
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) not in {"Cn", "Co", "Cs"} and (folded := _FOLDS[code]) != char:
            yield char, folded


@cache
def index_version() -> str:
    """What an index was made by; one made by another version holds other tokens than queries ask for.

    Unicode's tables come with Python and those of Traditional characters with OpenCC, so an upgrade of either counts.
    """
    return f"{_RULES}, Unicode {unicodedata.unidata_version}, OpenCC {version('opencc')}"


def _fold_character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or char in _VARIATION_SELECTORS:
        return ""
    if category == "Cc" or char.isspace():
        return SPACE
    if category == "Cs":
        return _REPLACEMENT  # half a character, which no database takes
    while (folded := _step(char)) != char:
        char = folded
    return folded


def _step(char: str) -> str:
    """A character after each rule once; the rules are repeated, as one may give what another changes."""
    char = _SIGNS.get(char, char)
    char = _single(unicodedata.normalize("NFKC", char), char)
    char = _single(char.casefold(), _single(char.lower(), char))
    char = _single(_converter().convert(char), char)
    if char.isascii() and not char.isalnum():
        return chr(ord(char) + _FULL_WIDTH)
    return _SIGNS.get(char, char)


def _single(changed: str, char: str) -> str:
    """What a rule made of a character if that is one character, else the character as it was."""
    return changed if len(changed) == 1 and not changed.isspace() else char


@cache
def _converter() -> OpenCC:
    """Made when first needed: it reads its dictionaries from disk."""
    return OpenCC("t2s")
