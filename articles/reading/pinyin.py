"""Writes names in pinyin, for people who type a name by its sound."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from .name_keys import name_key

# Names of places that are read in another way than their characters mostly are, and that pypinyin does not know.
_PLACES = {
    "长治": [["cháng"], ["zhì"]],
    "长垣": [["cháng"], ["yuán"]],
    "长葛": [["cháng"], ["gě"]],
    "长武": [["cháng"], ["wǔ"]],
    "洪洞": [["hóng"], ["tóng"]],
}
_TYPED = re.compile("[^a-z0-9]+")


def _syllables(name: str) -> list[str]:
    """The syllables of a name without tones; each other character by itself.

    >>> _syllables("长治市"), _syllables("重庆NBA")
    (['chang', 'zhi', 'shi'], ['chong', 'qing', 'N', 'B', 'A'])
    """
    # The whole name is asked for, as 长 in 长治 is chang and in 院长 zhang.
    found: list[str] = _converter()(name_key(name), errors=list)
    return found


@cache
def _converter() -> Callable[..., Any]:
    # Imported late: it loads a dictionary.
    from pypinyin import lazy_pinyin, load_phrases_dict  # noqa: PLC0415

    load_phrases_dict(_PLACES)
    return lazy_pinyin


def pinyin_of(name: str) -> str:
    """A name as somebody types it in pinyin.

    >>> pinyin_of("芮城县"), pinyin_of("吕梁"), pinyin_of("买买提·吐尔逊")
    ('ruichengxian', 'lvliang', 'maimaitituerxun')
    """
    return typed_latin("".join(_syllables(name)))


def initials_of(name: str) -> str:
    """The first letters of the syllables of a name.

    >>> initials_of("芮城县"), initials_of("NBA中国")
    ('rcx', 'nbazg')
    """
    return typed_latin("".join(syllable[0] for syllable in _syllables(name)))


def typed_latin(text: str) -> str:
    """Latin letters and digits as names in pinyin are compared: in small letters, v for ü, nothing between.

    >>> typed_latin("Lü Liang"), typed_latin("xi'an")
    ('lvliang', 'xian')
    """
    return _TYPED.sub("", text.lower().replace("ü", "v"))
