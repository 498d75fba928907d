"""The official divisions as the linker asks for them: by name, with what they lie in, and how addresses begin.

The answers are kept, since the names of a page come again and again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from articles.reading.name_keys import name_key

from .divisions import Division, Gazetteer
from .name_forms import DivisionKind, short_names

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = range(5)

_LEVELS: MappingProxyType[DivisionKind, int] = MappingProxyType(
    {"province": PROVINCE, "city": CITY, "county": COUNTY, "township": TOWN, "village": VILLAGE}
)
_MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
_AUTONOMOUS = {"州": "自治州", "县": "自治县", "旗": "自治旗"}
# Titles that a place may have today whose name of another title is not in the list: counties became cities.
_OTHER_TITLES = {"州": ("自治州",), "县": ("自治县", "市"), "旗": ("自治旗",)}
# Short names of cities that are words, persons or firms more often: guests, silver, sunshine, health.
CITY_WORDS = frozenset("来宾 白银 日照 安康 阿里 北海 中山".split())
# Marks that stand around a name, or around its first part: “新风”社区.
_MARKS = re.compile("[“”‘’「」『』\"'《》〈〉]")

Divisions = tuple[Division, ...]


@lru_cache(maxsize=20_000)
def division_key(surface: str) -> str:
    """The name that a surface prints, in Simplified characters: 「新風」社區 -> 新风社区."""
    return _MARKS.sub("", name_key(surface))


def division_level(place: Division) -> int:
    """How deep a place lies, from province 0 to village 4; a municipality is a city that lies in no province."""
    if place.code in _MUNICIPALITIES:
        return CITY
    return _LEVELS.get(place.kind, COUNTY if len(place.code) == 6 else TOWN)


@lru_cache(maxsize=20_000)
def find_divisions(china: Gazetteer, name: str) -> Divisions:
    """All places of that name; also 凉山州 and 阜新县, which the list has with their peoples, and 灵宝县, now 灵宝市."""
    found = tuple(china.named(name))
    if found or len(name) < 3:
        return found
    titles, at = _OTHER_TITLES.get(name[-1], ()), CITY if name[-1] == "州" else COUNTY
    return tuple(
        place
        for place in china.named(name[:-1])
        if place.name.endswith(titles) and division_level(place) == at
    )


def matched_name(name: str, place: Division) -> str:
    """Whether a name of a place is its own, its short or a former one, as the rules of that name say."""
    if name == place.name:
        return "own_name"
    is_short = name in short_names(place.name, place.kind) or place.name.endswith(
        _AUTONOMOUS.get(name[-1], "?")
    )
    return "short_name" if is_short else "former_name"


@lru_cache(maxsize=50_000)
def lineage(china: Gazetteer, code: str) -> Divisions:
    """A place behind what it lies in, the province first: 山西省, 运城市, 芮城县; empty for an unknown code."""
    place = china.by_code(code)
    if place is None:
        return ()
    return (*lineage(china, place.parent), place) if place.parent else (place,)


@lru_cache(maxsize=50_000)
def codes_of_chain(china: Gazetteer, code: str) -> frozenset[str]:
    """The codes of a place and of all that it lies in."""
    return frozenset(place.code for place in lineage(china, code))


@lru_cache(maxsize=20_000)
def names_below(china: Gazetteer, name: str) -> Mapping[str, Divisions]:
    """The places of that name by what they lie in: 大王镇 -> {140830: (大王镇,), 140800: (大王镇,), ...}."""
    found: dict[str, list[Division]] = {}
    for place in find_divisions(china, name):
        for upper in codes_of_chain(china, place.code) - {place.code}:
            found.setdefault(upper, []).append(place)
    return {upper: tuple(places) for upper, places in found.items()}


def full_address(china: Gazetteer, code: str) -> str:
    """The place as official names of its bodies begin: with the county, or for a district with its city.

    140830104 -> 芮城县永乐镇, as in 芮城县永乐镇卫生院; 110105 -> 北京市朝阳区, as in 北京市朝阳区人民法院.
    """
    chain = lineage(china, code)
    start = next((at for at, place in enumerate(chain) if division_level(place) == COUNTY), len(chain) - 1)
    if (
        start
        and division_level(chain[start]) == COUNTY
        and not chain[start].name.endswith(("县", "市", "旗"))
    ):
        start -= 1
    return "".join(place.name for place in chain[start:])


def upper_names(china: Gazetteer, code: str) -> str:
    """A place for people, the nearest first, up to its county, or its province: 大王镇, 芮城县."""
    chain = lineage(china, code)[:-1]
    start = next((at for at, place in enumerate(chain) if division_level(place) == COUNTY), 0)
    return ", ".join(place.name for place in reversed(chain[start:]))
