"""Reduces names to forms that are equal for likely duplicates, without words that newspapers often leave out."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.gazetteer.lookup import find_divisions

# The unit of a division, which a short name may omit.
_UNIT = re.compile("(自治县|自治州|地区|街道|社区|省|市|县|区|镇|乡|村)$")
# Endings of natural features: 银雀山 is a hill and not short for 银雀山街道.
_FEATURES = frozenset("山河湖江海岛岭峰泉溪沟桥寺庙塔路街湾滩港")
# The division in front of an organization's name, up to its unit.
_DIVISION = re.compile("(.{2,6}?)(省|自治区|市|自治州|地区|盟|县|区|旗)(?=..)")
_SHORTEST = 2  # characters of a name without its unit: 新 is not short for 新村
# Words that newspapers often shorten or leave out: a word that the name must contain (a fast test), pattern, replacement.
_SHORTENED = (
    ("中", re.compile("^(中国共产党|中共)"), ""),
    ("青年团", re.compile("中国共产主义青年团"), "共青团"),
    ("纪", re.compile("纪律检查委员会|纪检委"), "纪委"),
    ("委员会", re.compile("(?<=[省市县区州旗镇乡党团])委员会$"), "委"),
    ("民委员会", re.compile("村民委员会"), "村委会"),
    ("民委员会", re.compile("居民委员会"), "居委会"),
    ("人民", re.compile("人民(?=政府|法院|检察院|医院)"), ""),
    ("公司", re.compile("(有限责任|股份有限|有限)公司$"), "公司"),
    ("集团", re.compile("集团公司$"), "集团"),
    ("办公室", re.compile("办公室$"), "办"),
    ("和", re.compile("(?<=..)和(?=..)"), ""),
    ("与", re.compile("(?<=..)与(?=..)"), ""),
    ("、", re.compile("(?<=..)、(?=..)"), ""),
)


def unit_suffix(name: str) -> str:
    """The unit at the end of a place name; empty if too little is left without it.

    >>> unit_suffix("大王镇"), unit_suffix("老槐树"), unit_suffix("新村")
    ('镇', '', '')
    """
    found = _UNIT.search(name)
    return found[0] if found and found.start() >= _SHORTEST else ""


def name_without_unit(name: str) -> str:
    """A place's name without its unit."""
    return name.removesuffix(unit_suffix(name))


def is_natural_feature(name: str) -> bool:
    """Whether a name ends like that of a natural feature, for example a hill or a river."""
    return name[-1:] in _FEATURES


def organization_short_form(name: str) -> str:
    """An organization's name without words that newspapers often leave out.

    >>> [organization_short_form(name) for name in ("中国共产党芮城县委员会", "芮城县住房和城乡建设局", "沂河印刷有限责任公司")]
    ['芮城县委', '芮城县住房城乡建设局', '沂河印刷公司']
    """
    for word, pattern, short in _SHORTENED:
        if word in name:
            name = pattern.sub(short, name)
    return name


def seat_prefixes(places: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The forms of each place that may precede an organization's name; the last place, its seat, also as its unit alone.

    >>> seat_prefixes(["运城市", "芮城县"])
    (('运城市', '运城'), ('芮城县', '芮城', '县'))
    """
    found = [tuple(dict.fromkeys((place, name_without_unit(place)))) for place in places]
    unit = unit_suffix(places[-1]) if places else ""
    return (*found[:-1], (*found[-1], unit)) if unit else tuple(found)


def strip_seat(name: str, places: Iterable[tuple[str, ...]]) -> str:
    """The short form of an organization's name without the `seat_prefixes` of its places.

    >>> here = seat_prefixes(["运城市", "芮城县"])
    >>> [strip_seat(name, here) for name in ("芮城县教育局", "县教育局", "运城市芮城县教育局", "芮城县")]
    ['教育局', '教育局', '教育局', '芮城县']
    """
    rest = name
    for place in places:
        for front in place:
            if rest.startswith(front):
                rest = rest.removeprefix(front)
                break
    return rest or name


def without_division_unit(name: str) -> tuple[str, str]:
    """An organization's name without the unit of the official division in front of it, and that unit.

    >>> without_division_unit("武汉市金银潭医院"), without_division_unit("武汉金银潭医院")
    (('武汉金银潭医院', '市'), ('武汉金银潭医院', ''))
    """
    found = _DIVISION.match(name)
    if found is None or not find_divisions(load_gazetteer(), found[0]):
        return name, ""
    return found[1] + name[found.end() :], found[2]


def toneless_pinyin(name: str) -> str:
    """A name in pinyin without tones: most misprints have the same sound.

    >>> toneless_pinyin("张国华") == toneless_pinyin("章国花"), toneless_pinyin("张国华") == toneless_pinyin("张国庆")
    (True, False)
    """
    return " ".join(_syllable(char) for char in name if char != "·")


@cache
def _syllable(char: str) -> str:
    # Imported late: it loads a dictionary.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin(char)[0]
