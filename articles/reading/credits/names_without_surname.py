"""Recognises names without a surname in Chinese characters: of Mongolians, Tibetans, Uyghurs and Kazakhs.

They consist of words that are always written the same way: 乌云 and 其木格 give 乌云其木格, 次仁 and 多吉 give 次仁多吉.
"""

import re

from articles.reading.gazetteer.list_files import load_words

_LISTS = load_words("personal_names")["without_surname"]
_WORDS = sorted(
    {word for words in _LISTS.values() for word in words.split()}, key=lambda word: (-len(word), word)
)
# Words of one character occur only at the end of a name.
_LONG = "|".join(word for word in _WORDS if len(word) > 1)
_SHORT = "".join(word for word in _WORDS if len(word) == 1)
_NAME = re.compile(f"(?:{_LONG}){{1,2}}[{_SHORT}]?")
_LONG_NAME = re.compile(f"(?:{_LONG}){{3}}[{_SHORT}]?")

MAX_LENGTH = 7


def is_name_without_surname(name: str) -> bool:
    """Whether the name consists of one or two such words.

    >>> [is_name_without_surname(name) for name in ("次仁多吉", "乌云其木格", "买买提江", "林一舟")]
    [True, True, True, False]
    """
    return 2 <= len(name) <= MAX_LENGTH and _NAME.fullmatch(name) is not None


def is_long_name_without_surname(name: str) -> bool:
    """Whether the name consists of three such words, which is rare."""
    return len(name) <= MAX_LENGTH and _LONG_NAME.fullmatch(name) is not None
