"""Looks up divisions for the linker: by name, with the divisions above them, and as addresses.

Results are cached, as the names of a page occur many times.
"""

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
# Today's titles of places whose former name is not in the list, as counties became cities.
_OTHER_TITLES = {"州": ("自治州",), "县": ("自治县", "市"), "旗": ("自治旗",)}
# Short names of cities that are more often words, persons or firms: guests, silver, sunshine, health.
CITY_WORDS = frozenset("来宾 白银 日照 安康 阿里 北海 中山".split())
# Marks around a name, or around its first part: “新风”社区.
_MARKS = re.compile("[“”‘’「」『』\"'《》〈〉]")

Divisions = tuple[Division, ...]


@lru_cache(maxsize=20_000)
def division_key(surface: str) -> str:
    """The key of a printed name, in Simplified characters without marks: 「新風」社區 -> 新风社区."""
    return without_marks(name_key(surface))


def without_marks(key: str) -> str:
    """The key of a name without the marks around the name or its first part."""
    return _MARKS.sub("", key)


def division_level(place: Division) -> int:
    """The level of a place, from province 0 to village 4; a municipality has the level of a city."""
    if place.code in _MUNICIPALITIES:
        return CITY
    return _LEVELS.get(place.kind, COUNTY if len(place.code) == 6 else TOWN)


@lru_cache(maxsize=20_000)
def find_divisions(gazetteer: Gazetteer, name: str) -> Divisions:
    """All places with a name; also 凉山州 and 阜新县, which the list spells with their peoples, and 灵宝县, now 灵宝市."""
    found = tuple(gazetteer.named(name))
    if found or len(name) < 3:
        return found
    titles, at = _OTHER_TITLES.get(name[-1], ()), CITY if name[-1] == "州" else COUNTY
    return tuple(
        place
        for place in gazetteer.named(name[:-1])
        if place.name.endswith(titles) and division_level(place) == at
    )


def matched_name(name: str, place: Division) -> str:
    """The rule for how a name matches a place: own, short or former name."""
    if name == place.name:
        return "own_name"
    is_short = name in short_names(place.name, place.kind) or place.name.endswith(
        _AUTONOMOUS.get(name[-1], "?")
    )
    return "short_name" if is_short else "former_name"


@lru_cache(maxsize=50_000)
def lineage(gazetteer: Gazetteer, code: str) -> Divisions:
    """A place after the divisions above it, the province first: 山西省, 运城市, 芮城县; empty for an unknown code."""
    place = gazetteer.by_code(code)
    if place is None:
        return ()
    return (*lineage(gazetteer, place.parent), place) if place.parent else (place,)


@lru_cache(maxsize=50_000)
def codes_of_chain(gazetteer: Gazetteer, code: str) -> frozenset[str]:
    """The codes of a place and of the divisions above it."""
    return frozenset(place.code for place in lineage(gazetteer, code))


@lru_cache(maxsize=20_000)
def names_below(gazetteer: Gazetteer, name: str) -> Mapping[str, Divisions]:
    """The places with a name, by the codes of the divisions above them: 大王镇 -> {140830: (大王镇,), 140800: (大王镇,), ...}."""
    found: dict[str, list[Division]] = {}
    for place in find_divisions(gazetteer, name):
        for upper in codes_of_chain(gazetteer, place.code) - {place.code}:
            found.setdefault(upper, []).append(place)
    return {upper: tuple(places) for upper, places in found.items()}


def full_address(gazetteer: Gazetteer, code: str) -> str:
    """The beginning of official names of organizations in a place: its county, or for a district its city.

    140830104 -> 芮城县永乐镇, as in 芮城县永乐镇卫生院; 110105 -> 北京市朝阳区, as in 北京市朝阳区人民法院.
    """
    chain = lineage(gazetteer, code)
    start = next((at for at, place in enumerate(chain) if division_level(place) == COUNTY), len(chain) - 1)
    if (
        start
        and division_level(chain[start]) == COUNTY
        and not chain[start].name.endswith(("县", "市", "旗"))
    ):
        start -= 1
    return "".join(place.name for place in chain[start:])


def upper_names(gazetteer: Gazetteer, code: str) -> str:
    """The divisions above a place as text, the nearest first, up to the county or the province: 大王镇, 芮城县."""
    chain = lineage(gazetteer, code)[:-1]
    start = next((at for at, place in enumerate(chain) if division_level(place) == COUNTY), 0)
    return ", ".join(place.name for place in reversed(chain[start:]))
