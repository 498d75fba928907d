"""Folds text so that equivalent characters become equal, for the comparison of articles and queries.

Each character is folded separately, to one character or to none. So the fold of a part of a text is a part of its fold,
and an index of folded text finds exactly the terms in the text.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from itertools import pairwise

from articles.reading.name_keys import traditional_converter

SPACE = "\u3000"  # for all white space and controls; unlike the ASCII space FTS5 treats it as part of a token
_REPLACEMENT = "\ufffd"

# Raise this number when folds or the indexing of texts change: databases then rebuild their index.
_RULES = 1

_FULL_WIDTH = 0xFEE0  # the distance of full-width forms from ASCII
_VARIATION_SELECTORS = frozenset(
    map(chr, (*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
# Signs that are printed in several forms which Unicode does not treat as equivalent.
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
    """A table for `str.translate` that is filled on demand."""

    def __missing__(self, code: int) -> str:
        self[code] = fold = _fold_character(chr(code))
        return fold


_FOLDS = _Folds()


def fold_text(text: str) -> str:
    r"""The form of a text that is indexed and searched; never longer than the text, and its own fold.

    >>> fold_text("2024年，Ｎｏ.３ 臺灣\u200b「一二‧九」")
    '2024年，no．3\u3000台湾＂一二·九＂'
    """
    return text.translate(_FOLDS)


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    r"""The fold of a text, and for each of its characters the offset of the original character.

    >>> folded, offsets = fold_with_offsets("臺\u200b灣")
    >>> folded, list(offsets)
    ('台湾', [0, 2])
    """
    folded = fold_text(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    return folded, [offset for offset, char in enumerate(text) if _FOLDS[ord(char)]]


def character_pairs(folded: str) -> list[str]:
    """All pairs of adjacent characters, the tokens of both indexes.

    >>> character_pairs("中国人")
    ['中国', '国人']
    """
    return list(map("".join, pairwise(folded)))


def changed_characters() -> Iterator[tuple[str, str]]:
    """All assigned characters that folding changes, with their folds; '' for a deleted one.

    PostgreSQL folds by this table. Surrogates are left out: a database cannot store them.
    """
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) not in {"Cn", "Co", "Cs"} and (folded := _FOLDS[code]) != char:
            yield char, folded


@cache
def index_version() -> str:
    """The version of the folds; an index of another version has other tokens than queries.

    Folds also change with Python's Unicode tables and with OpenCC's tables of Traditional characters.
    """
    return f"{_RULES}, Unicode {unicodedata.unidata_version}, OpenCC {version('opencc')}"


def _fold_character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or char in _VARIATION_SELECTORS:
        return ""
    if category == "Cc" or char.isspace():
        return SPACE
    if category == "Cs":
        return _REPLACEMENT  # half of a surrogate pair, which databases refuse
    while (folded := _step(char)) != char:
        char = folded
    return folded


def _step(char: str) -> str:
    """Apply each rule once; the caller repeats this until nothing changes."""
    char = _SIGNS.get(char, char)
    char = _single(unicodedata.normalize("NFKC", char), char)
    char = _single(char.casefold(), _single(char.lower(), char))
    char = _single(traditional_converter().convert(char), char)
    if char.isascii() and not char.isalnum():
        return chr(ord(char) + _FULL_WIDTH)
    return _SIGNS.get(char, char)


def _single(changed: str, char: str) -> str:
    """The result of a rule if it is one character, else the original character."""
    return changed if len(changed) == 1 and not changed.isspace() else char
