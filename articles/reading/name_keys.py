"""Makes the key by which names are compared, when pages are read and when records are looked up."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

# The dots between the parts of a transliterated or minority name.
_INTERPUNCT = re.compile("[•・‧∙]")
# Variation selectors choose a glyph of the same character, and are invisible themselves.
_VARIATION_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def name_key(name: str) -> str:
    """Make the key of a name: two spellings that differ only in print have the same key.

    >>> name_key("張 國華"), name_key("买买提•吐尔逊")
    ('张国华', '买买提·吐尔逊')
    """
    printed = "".join(char for char in unicodedata.normalize("NFKC", name) if _prints(char))
    key: str = traditional_converter().convert(_INTERPUNCT.sub("·", _VARIATION_SELECTOR.sub("", printed)))
    return key


def _prints(char: str) -> bool:
    """Whether a character is visible; white space, controls, bidirectional and zero-width marks are not."""
    return not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"}


@cache
def traditional_converter() -> OpenCC:
    """Converts Traditional to Simplified characters; made at the first use, as it reads dictionaries from disk."""
    return OpenCC("t2s")
