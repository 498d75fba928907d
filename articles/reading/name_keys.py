"""The key that names are compared by, for models and ingest alike."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

# The dots that print between the parts of a transliterated or minority name.
_INTERPUNCT = re.compile("[•・‧∙]")
# Variation selectors choose a glyph of the same character, and print nothing by themselves.
_VARIATION_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def name_key(name: str) -> str:
    """A name without what printers vary, so that two spellings of one name give one key.

    >>> name_key("張 國華"), name_key("买买提•吐尔逊")
    ('张国华', '买买提·吐尔逊')
    """
    printed = "".join(char for char in unicodedata.normalize("NFKC", name) if _prints(char))
    return _simplified(_INTERPUNCT.sub("·", _VARIATION_SELECTOR.sub("", printed)))


def _prints(char: str) -> bool:
    """Whether a character shows: white space, controls, bidirectional and zero-width marks do not."""
    return not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"}


@cache
def _converter() -> OpenCC:
    """Made when first needed: it reads its dictionaries from disk."""
    return OpenCC("t2s")


def _simplified(name: str) -> str:
    simplified: str = _converter().convert(name)
    return simplified
