"""Looks up names in lists: the divisions of China, and the other lists in articles/reading/gazetteer/data."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from articles.reading.gazetteer.divisions import Division, load_gazetteer
from articles.reading.gazetteer.list_files import read_list_lines
from articles.reading.gazetteer.name_forms import division_stem

from .place_words import AMBIGUOUS_NAMES, PHRASES

# Last characters of names that give the kind of the place.
DIVISION_TITLES = ("省", "市", "区", "县", "州", "盟", "旗", "镇", "乡", "村", "地区")

_ListedName = tuple[str, str]
"""A name, and the method of its proposal."""

Lexicon = Mapping[str, Sequence[_ListedName]]
"""Names by their first two characters, the longest first."""


def longest_listed_name(text: str, at: int, lexicons: Iterable[Lexicon]) -> _ListedName | None:
    """The longest name of the lexicons at an offset; if several lexicons have it, the row of the first."""
    pair, found = text[at : at + 2], None
    for lexicon in lexicons:
        for row in lexicon.get(pair, ()):
            if text.startswith(row[0], at):
                found = row if found is None or len(row[0]) > len(found[0]) else found
                break
    return found


@cache
def nationwide_names() -> Lexicon:
    """The names that any page may use.

    Methods: `division` is a name with its title (绵阳市); `city` a short name of a province or city (绵阳), `county` of a
    county, `district` of a district; `island` a place below the counties of Taiwan, or in Hong Kong; `word` a name that
    is also a common word; `nature` and `world` names of our own lists; `phrase` a phrase that begins like a place.
    """
    names = {name: _method(name, divisions) for name, divisions in load_gazetteer().everywhere().items()}
    prefectures = [name for name in names if name.endswith("自治州")]
    own = {division_stem(name, "city") + "州": "division" for name in prefectures}
    for method, file in (("nature", "natural_places"), ("world", "foreign_places")):
        own |= dict.fromkeys(_names_in(file), method)
    own = {name: "word" if name in AMBIGUOUS_NAMES else method for name, method in own.items()}
    # A town of Taiwan yields to a district of the same name.
    islands = {name: method for name, method in _taiwanese() if method != "island" or name not in names}
    return index_by_beginning(names | islands | own | dict.fromkeys(PHRASES, "phrase"))


def _method(name: str, divisions: Iterable[Division]) -> str:
    if name in AMBIGUOUS_NAMES:
        return "word"
    if name.endswith(DIVISION_TITLES) and any(name in (d.name, *d.former_names) for d in divisions):
        return "division"
    if any(division.kind in ("province", "city") for division in divisions):
        return "city"
    return "district" if all(division.name.endswith("区") for division in divisions) else "county"


def _taiwanese() -> Iterator[_ListedName]:
    """Divisions of Taiwan, Hong Kong and Macau, those of counties and cities also short: 台南市 and 台南."""
    for above, below in _taiwan_by_county().items():
        for name in (above, *below):
            method = (
                "nature" if not name.endswith(DIVISION_TITLES) else "division" if name == above else "island"
            )
            yield name, "word" if name in AMBIGUOUS_NAMES else method
            if len(name) > 2 and name.endswith(("市", "县")):
                yield name[:-1], "word" if name[:-1] in AMBIGUOUS_NAMES else "city"


@cache
def taiwan_hongkong_names() -> Lexicon:
    """All towns of Taiwan and districts of Hong Kong, in full and short, for pages in Traditional characters."""
    towns = [
        name for below in _taiwan_by_county().values() for name in below if name.endswith(DIVISION_TITLES)
    ]
    districts = [name for name in towns if len(name) > 2 and name[-1] in "区镇乡"]
    others = {name for rows in nationwide_names().values() for name, _ in rows} | AMBIGUOUS_NAMES
    short = {name[:-1]: "district" for name in districts if name[:-1] not in others}
    return index_by_beginning(short | dict.fromkeys(towns, "division"))


@lru_cache(maxsize=256)
def names_below_county(county_code: str) -> Lexicon:
    """The towns (also by short names) and villages of a county, for a page that names the county."""
    names: list[str] = []
    for division in load_gazetteer().under(county_code):
        names += division.names if division.kind == "township" else (division.name,)
    return index_by_beginning({name: "town" if len(name) > 2 else "hamlet" for name in names})


def index_by_beginning(names: Mapping[str, str]) -> Lexicon:
    table: dict[str, list[_ListedName]] = {}
    for name in sorted(names, key=len, reverse=True):
        table.setdefault(name[:2], []).append((name, names[name]))
    return table


@lru_cache(maxsize=100_000)
def counties_with_place(name: str) -> frozenset[str]:
    """The codes of the counties with that name, or with a place of that name; empty for a name not in the list."""
    return frozenset(division.code[:6] for division in load_gazetteer().named(name))


@lru_cache(maxsize=10_000)
def is_within(name: str, above: str) -> bool:
    """Whether a place of one name is within a place of the other: 朝阳 in 北京, 永康 in 台南市."""
    if name in _below().get(above[:2], ()):
        return True
    return any(
        above in ancestor.names
        for division in load_gazetteer().named(name)
        for ancestor in load_gazetteer().ancestors(division.code)
    )


@cache
def _below() -> Mapping[str, frozenset[str]]:
    """The names within a country, a county or city of Taiwan, or Hong Kong, by the first two characters of that.

    Includes the short names of places in Taiwan and Hong Kong.
    """
    below = {
        above[:2]: frozenset(form for name in names for form in (name, name[:-1]))
        for above, names in _taiwan_by_county().items()
    }
    for line in read_list_lines("foreign_places"):
        countries, _, places = line.partition(":")
        for country in countries.split("|"):
            below[country[:2]] = below.get(country[:2], frozenset()) | frozenset(re.split(r"[ |]+", places))
    return below


@cache
def _taiwan_by_county() -> Mapping[str, Sequence[str]]:
    """The counties and cities of Taiwan, Hong Kong and Macau, each with the names of the places in it."""
    rows = (line.partition(":") for line in read_list_lines("taiwan_hongkong_places"))
    return {above: below.split() for above, _, below in rows}


def _names_in(file: str) -> Iterator[str]:
    """The names in one of our lists, which are divided by blanks, colons and strokes."""
    for line in read_list_lines(file):
        yield from re.split(r"[ :|]+", line)
