"""Holds the places that a page has named so far, by sentence, article and page, to choose among places of one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from articles.reading.gazetteer.divisions import Division, Gazetteer
from articles.reading.gazetteer.lookup import (
    CITY,
    COUNTY,
    PROVINCE,
    TOWN,
    Divisions,
    codes_of_chain,
    division_key,
    division_level,
    lineage,
    names_below,
)
from articles.reading.values import Mention

from .places_without_code import country_at_start

Scope = tuple[str | int, ...]
PAGE: Scope = ("page",)
HOME: Scope = ("home",)


@dataclass(frozen=True, slots=True)
class MentionPosition:
    """The position of a name: the index of its article on the page, the part, and the index of the sentence in that part."""

    article: int
    part: str
    sentence: int

    @property
    def scopes(self) -> tuple[Scope, Scope, Scope]:
        """The sentence, the article and the page, the nearest first."""
        return (("sentence", self.article, self.part, self.sentence), ("article", self.article), PAGE)


@dataclass(slots=True, eq=False)
class ChainUnit:
    """One unit of a chain of places (大王镇 of 芮城县大王镇金盆村), with the places that it may name.

    `every` are all places with its name, `left` those still possible, `level` the highest level of these. `upper` and
    `lower` are its neighbours in the chain. `is_seat` is true for the seat of an organization, which is not a common
    word. `place` and `rule` are set by the decision; a `rule` without a `place` says why there is none.
    """

    key: str
    position: MentionPosition
    every: Divisions
    is_seat: bool = False
    upper: ChainUnit | None = None
    lower: ChainUnit | None = None
    place: Division | None = None
    rule: str = ""
    left: Divisions = ()
    level: int = PROVINCE

    def __post_init__(self) -> None:
        self.keep(self.every)

    def keep(self, places: Divisions) -> None:
        self.left = places
        self.level = min(map(division_level, places), default=PROVINCE)

    @property
    def is_open(self) -> bool:
        return not self.rule and bool(self.left)


@dataclass(slots=True)
class NamedCodes:
    """The codes that a scope names, and by level these codes with those of the divisions above."""

    named: set[str] = field(default_factory=set)
    around: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, chain: Divisions) -> None:
        self.named.add(chain[-1].code)
        for place in chain:
            self.around[division_level(place)].add(place.code)


@dataclass(frozen=True, slots=True)
class LinkContext:
    """The places that each scope names, and the foreign countries; the home of the paper is one more scope."""

    gazetteer: Gazetteer
    home: str
    named: dict[Scope, NamedCodes] = field(default_factory=lambda: defaultdict(NamedCodes))
    countries: dict[Scope, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        if chain := lineage(self.gazetteer, self.home):
            self.named[HOME].add(chain)

    def add(self, unit: ChainUnit) -> None:
        """Take a decided unit as evidence for the names around it."""
        if unit.place:
            for scope in unit.position.scopes:
                self.named[scope].add(lineage(self.gazetteer, unit.place.code))

    def add_country(self, mention: Mention, position: MentionPosition) -> None:
        """Note the foreign country that a name is, or begins with, and where its sentence and article name it first."""
        if country := country_at_start(division_key(mention.surface)):
            for scope in position.scopes[:2]:
                self.countries[scope].setdefault(country, mention.start)

    def countries_before(self, position: MentionPosition, start: int) -> tuple[str, ...]:
        """The foreign countries that the sentence of a name has named before it."""
        return tuple(country for country, at in self.countries[position.scopes[0]].items() if at < start)

    def add_codes(self, codes: Iterable[str]) -> None:
        """Take places of the rest of the page as evidence for all names."""
        for code in codes:
            if chain := lineage(self.gazetteer, code):
                self.named[PAGE].add(chain)

    def is_around(self, place: Division, scope: Scope) -> bool:
        """Whether a scope names the place or something in it."""
        return place.code in self.named[scope].around[division_level(place)]

    def has(self, at: int, scope: Scope) -> bool:
        """Whether a scope names a place of a level, or one within such a place."""
        return bool(self.named[scope].around[at])

    def county_around(self, position: MentionPosition) -> str | None:
        """The code of the only county named around a position, or the only city; None if several."""
        for scope in (*position.scopes, HOME):
            for at in (COUNTY, CITY):
                if around := self.named[scope].around[at]:
                    return next(iter(around)) if len(around) == 1 else None
        return None

    def fitting(self, unit: ChainUnit, left: Divisions, scope: Scope) -> Divisions:
        """The places that are within a place that the scope names, or contain one; the lowest level decides.

        Towns and counties decide among towns or villages; cities only if the article names no county.
        """
        named_codes = self.named[scope]
        if holding := tuple(
            place for place in left if place.code in named_codes.around[division_level(place)]
        ):
            return holding
        inside = names_below(self.gazetteer, unit.key)
        still = {place.code for place in left}
        for at in (TOWN, COUNTY, CITY, PROVINCE):
            near = (
                place
                for code in sorted(named_codes.around[at] & inside.keys())
                for place in inside[code]
                if place.code in still and self._is_evidence(at, code, place, unit, scope)
            )
            if fitting := tuple(near):
                return fitting
        return ()

    def _is_evidence(self, at: int, code: str, place: Division, unit: ChainUnit, scope: Scope) -> bool:
        """Whether a place that the scope names is evidence for a place within it."""
        if division_level(place) < TOWN:
            return at == CITY or code in self.named[scope].named
        if at >= COUNTY:
            return True
        # 上海 has too many villages, a page names too many cities, and a province contains too many places.
        is_enough = at == CITY and code in self.named[scope].named and scope != PAGE
        if not is_enough or self.has(COUNTY, unit.position.scopes[1]):
            return False
        return scope == HOME or division_level(place) == TOWN or not code.endswith("0000")


def join_chain(units: Iterable[ChainUnit], gazetteer: Gazetteer) -> None:
    """Join adjacent units to a chain, in which each unit is within the one before, if that is possible.

    A town or village that is not within the place before it (`outside`) is one that the list lacks.
    """
    upper: ChainUnit | None = None
    for unit in units:
        if upper is not None and unit.left:
            _join(upper, unit, gazetteer)
        upper = unit if unit.left else upper


def _join(upper: ChainUnit, unit: ChainUnit, gazetteer: Gazetteer) -> None:
    tops = {place.code for place in upper.left}
    held = tuple(place for place in unit.left if tops & codes_of_chain(gazetteer, place.code) - {place.code})
    if held:
        unit.keep(held)
        unit.upper, upper.lower = upper, unit
        _narrow_upwards(unit, gazetteer)
    elif unit.level >= TOWN and max(map(division_level, upper.left)) < unit.level:
        unit.keep(())
        unit.rule = "" if unit.rule == "division_or_feature" else "outside"


def _narrow_upwards(unit: ChainUnit, gazetteer: Gazetteer) -> None:
    while (upper := unit.upper) is not None:
        around = frozenset().union(*(codes_of_chain(gazetteer, place.code) for place in unit.left))
        upper.keep(tuple(place for place in upper.left if place.code in around))
        unit = upper
