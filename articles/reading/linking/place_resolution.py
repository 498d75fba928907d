"""Resolves names of places to divisions: by unique names, chains, then the sentence, article, page and home.

A wrong link is worse than none: a name with several candidates after all rules stays ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from articles.reading.gazetteer.divisions import Division, Gazetteer
from articles.reading.gazetteer.lookup import (
    CITY,
    CITY_WORDS,
    COUNTY,
    PROVINCE,
    TOWN,
    VILLAGE,
    Divisions,
    codes_of_chain,
    division_level,
    find_divisions,
    lineage,
    matched_name,
    names_below,
)
from articles.reading.names.places.place_words import AMBIGUOUS_NAMES

from .context import HOME, PAGE, ChainUnit, LinkContext, MentionPosition, Scope
from .places_without_code import (
    REGIONS,
    feature_names,
    foreign_names,
    has_feature_name,
    is_taiwan_city,
    taiwan_names,
)

_HONG_KONG_AND_MACAU = ("81", "82")
# 市中, 城东: short forms of districts, but also parts of any town.
_PART_OF_TOWN = re.compile("[市城河桥路江][东南西北中]$")
_COUNTY_TITLES = "市区县旗"
_KIND_OF_VILLAGE = re.compile("(?<=.)(?:行政|自然)村$")


def make_place_unit(key: str, position: MentionPosition, gazetteer: Gazetteer) -> ChainUnit:
    """Make a unit with all places of a name; if it is also the name of a feature, no rule decides it."""
    key = _KIND_OF_VILLAGE.sub("村", key)
    unit = ChainUnit(key, position, find_divisions(gazetteer, key))
    is_short = all(place.name != key for place in unit.every)
    if key in REGIONS or (unit.level >= TOWN and (key in foreign_names() or key in feature_names())):
        unit.keep(())
    elif unit.every and is_short and _is_feature_too(unit):
        unit.rule = "division_or_feature"
    return unit


def _is_feature_too(unit: ChainUnit) -> bool:
    """Whether a short form may also be a river or mountain: 太湖 (县), 黄山 (市), or 石梁河 (镇), but not 黑龙江."""
    if unit.level == PROVINCE or all(place.code.startswith(_HONG_KONG_AND_MACAU) for place in unit.every):
        return False
    return unit.key in feature_names() or (unit.level >= TOWN and has_feature_name(unit.key))


def resolve_places(units: Sequence[ChainUnit], context: LinkContext) -> None:
    """Decide the units: unique names, then from provinces down to villages, as the higher decide among the lower.

    A second round follows, as towns and villages of the first one decide among counties.
    """
    _leave_taiwan(units)
    waiting = [unit for unit in units if unit.is_open]
    for unit in waiting:
        _decide(unit, context, _RULES[:1])
    for _ in range(2):
        for at in range(VILLAGE + 1):
            for unit in waiting:
                if unit.is_open and unit.level == at:
                    _decide(unit, context, _RULES)
    for unit in units:
        if unit.is_open:
            unit.rule = _why_open(unit, context)
        elif unit.rule == "division_or_feature" and _is_rather_feature(unit, context):
            unit.keep(())
            unit.rule = ""


def _is_rather_feature(unit: ChainUnit, context: LinkContext) -> bool:
    """Whether a name means the river or mountain: 南海 unless 佛山 is named, 石梁河 unless its county is before it."""
    if unit.level >= TOWN:
        return unit.upper is None
    near = (context.fitting(unit, unit.left, scope) for scope in (*unit.position.scopes, HOME))
    return all(_is_district(place) for place in unit.left) and not any(near)


def _leave_taiwan(units: Iterable[ChainUnit]) -> None:
    """Leave out divisions of Taiwan: 中山区 of an article that names 台北 is not in the official list."""
    articles = {unit.position.article for unit in units if not unit.every and is_taiwan_city(unit.key)}
    for unit in units:
        if unit.is_open and unit.position.article in articles and unit.key in taiwan_names():
            unit.keep(())


def _decide(unit: ChainUnit, context: LinkContext, rules: _Rules) -> None:
    left = unit.left
    for rule, choose in rules:
        chosen = choose(unit, left, context)
        if len(chosen) == 1:
            unit.place = chosen[0]
            unit.rule = matched_name(unit.key, chosen[0]) if rule == "own_name" else rule
            unit.keep(chosen)
            context.add(unit)
            return
        left = chosen or left
    unit.keep(left)


def _alone(unit: ChainUnit, left: Divisions, _context: LinkContext) -> Divisions:
    """A province, city or county with a unique name, unless that is also a word (桃源) or the short form of a county."""
    is_only = len(unit.every) == 1 and unit.level <= COUNTY
    return left if is_only and not (_is_word(unit) or _is_short_county(unit)) else ()


def _is_short_county(unit: ChainUnit) -> bool:
    """Whether a name is the short form of a county, as names of gates, ships and persons are: 文昌 of 文昌阁."""
    is_bare = unit.level == COUNTY and not unit.is_seat and unit.key[-1] not in _COUNTY_TITLES
    return is_bare and all(matched_name(unit.key, place) == "short_name" for place in unit.every)


def _supported_county(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The only county with that short form, if its article, or the home, names its city, its province or a place in them.

    The rest of the page must name the county or its city, as a page of news names most provinces.
    """
    if len(unit.every) != 1 or not _is_short_county(unit) or _is_word(unit):
        return ()
    county, chain = left[0], lineage(context.gazetteer, left[0].code)
    article = unit.position.scopes[1]
    is_named = any(context.is_around(upper, scope) for upper in chain[:-1] for scope in (article, HOME))
    is_on_page = context.is_around(county, PAGE) or _is_city_around(county, PAGE, context)
    return left if is_named or is_on_page else ()


def _is_word(unit: ChainUnit) -> bool:
    """Whether a name is also a common word (桃源, 日照), as half of the short forms of districts are (光明, 和平)."""
    if unit.is_seat or any(matched_name(unit.key, place) != "short_name" for place in unit.every):
        return False
    if unit.level != COUNTY:
        return unit.level == CITY and unit.key in CITY_WORDS
    return unit.key in AMBIGUOUS_NAMES or all(
        _is_district(place) for place in unit.left if division_level(place) == COUNTY
    )


def _is_district(place: Division) -> bool:
    return place.name.endswith("区") and not place.name.endswith("新区")


def _in_chain(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The places that fit the other units of its chain."""
    if not unit.upper and not unit.lower:
        return ()
    if unit.upper and (upper := unit.upper.place):
        left = tuple(place for place in left if upper.code in codes_of_chain(context.gazetteer, place.code))
    if unit.lower and (lower := unit.lower.place):
        left = tuple(place for place in left if place.code in codes_of_chain(context.gazetteer, lower.code))
    return left


def _same_in_article(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The place that the article names elsewhere by this name or its full form."""
    here = context.named[unit.position.scopes[1]].named
    return tuple(place for place in left if place.code in here)


def _largest(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The place of the highest level with this short form, and the rivals near the page or its home.

    长沙 is the city, not the county within it; 海南 the province; 西安 the capital; 朝阳 a city, unless 北京 is named;
    井冈山 the city, not a town elsewhere.
    """
    if any(place.name == unit.key for place in left) or unit.key in CITY_WORDS or _is_word(unit):
        return ()
    top, *others = sorted(left, key=division_level)
    if (
        division_level(top) > COUNTY
        or not others
        or division_level(top) == division_level(others[0])
        or matched_name(unit.key, top) == "former_name"
    ):
        return ()
    if division_level(top) == PROVINCE or top.code.endswith("0100"):
        return (top,)
    scopes = (*unit.position.scopes, HOME)
    rivals = (place for place in others if division_level(place) <= COUNTY)
    return (top, *(place for place in rivals if _is_rival(place, top, scopes, context)))


def _is_rival(place: Division, top: Division, scopes: Iterable[Scope], context: LinkContext) -> bool:
    """Whether a place outside `top` is possible, as its city is named somewhere."""
    chain = lineage(context.gazetteer, place.code)
    return top not in chain and any(_is_city_around(place, scope, context) for scope in scopes)


def _in_sentence(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The places that fit the sentence; for a common word (中方) a province is no evidence, only its city is."""
    scope = unit.position.scopes[0]
    fitting = context.fitting(unit, left, scope)
    if not _is_common_word(unit):
        return fitting
    return tuple(place for place in fitting if _is_city_around(place, scope, context))


def _is_common_word(unit: ChainUnit) -> bool:
    return unit.level == COUNTY and unit.key in AMBIGUOUS_NAMES and _is_word(unit)


def _is_city_around(place: Division, scope: Scope, context: LinkContext) -> bool:
    """Whether a scope names the city that a place is in."""
    chain = lineage(context.gazetteer, place.code)[:-1]
    return any(division_level(upper) == CITY and context.is_around(upper, scope) for upper in chain)


def _in_article(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The places that fit the article; for a common word (惠民) an article that names its city is no evidence."""
    if _is_common_word(unit):
        return ()
    return context.fitting(unit, left, unit.position.scopes[1])


def _on_page(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The places that fit the rest of the page, unless the article is about other places; none for a common word."""
    if _is_word(unit) or _PART_OF_TOWN.match(unit.key) or _is_elsewhere(unit, left, context):
        return ()
    return context.fitting(unit, left, PAGE)


def _at_home(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """The places in the home county or city of the paper; for counties also in its province.

    Not all villages are listed, so a village in an article about other counties stays open.
    """
    chain = lineage(context.gazetteer, context.home)
    if not chain or (unit.level >= TOWN and division_level(chain[-1]) == PROVINCE):
        return ()
    if unit.level == VILLAGE and division_level(chain[-1]) == CITY and _is_elsewhere(unit, left, context):
        return ()
    if _is_common_word(unit):
        return tuple(place for place in left if place.code == context.home)
    inside = names_below(context.gazetteer, unit.key).get(context.home, ())
    return tuple(place for place in left if place in inside) or context.fitting(unit, left, HOME)


def _is_elsewhere(unit: ChainUnit, left: Divisions, context: LinkContext) -> bool:
    """Whether the article names counties (for a county: cities), and none of the places is within one of them."""
    is_about = context.has(COUNTY if unit.level >= TOWN else CITY, unit.position.scopes[1])
    return is_about and not _in_article(unit, left, context)


def _only_town(unit: ChainUnit, left: Divisions, context: LinkContext) -> Divisions:
    """A town with a unique name, unless the article is about other counties."""
    is_only = len(unit.every) == 1 and unit.every[0].kind == "township"
    return left if is_only and not context.has(COUNTY, unit.position.scopes[1]) else ()


_Rules = Sequence[tuple[str, Callable[[ChainUnit, Divisions, LinkContext], Divisions]]]
# In this order; each rule narrows the candidates of the one before, and decides if one remains.
_RULES: _Rules = (
    ("own_name", _alone),
    ("chain", _in_chain),
    ("same_article", _same_in_article),
    ("largest", _largest),
    ("sentence", _in_sentence),
    ("article", _in_article),
    ("page", _on_page),
    ("home", _at_home),
    ("own_name", _supported_county),
    ("own_name", _only_town),
)


def _why_open(unit: ChainUnit, context: LinkContext) -> str:
    if _is_word(unit):
        return "word"
    if len(unit.left) == 1 and not _is_elsewhere(unit, unit.left, context):
        return "unsupported"
    return "none_fits" if unit.level >= TOWN and _is_elsewhere(unit, unit.left, context) else "several_fit"
