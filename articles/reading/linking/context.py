"""What a page has named so far, by sentence, article and page: by this places of one name are told apart."""

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
    division_level,
    lineage,
    names_below,
)

Scope = tuple[str | int, ...]
PAGE: Scope = ("page",)
HOME: Scope = ("home",)


@dataclass(frozen=True, slots=True)
class MentionPosition:
    """Where a name stands: the number of its article on the page, the part, and the sentence in that part."""

    article: int
    part: str
    sentence: int

    @property
    def scopes(self) -> tuple[Scope, Scope, Scope]:
        """The sentence, the article and the page, the nearest first."""
        return (("sentence", self.article, self.part, self.sentence), ("article", self.article), PAGE)


@dataclass(slots=True, eq=False)
class ChainUnit:
    """One unit of a place chain (大王镇 of 芮城县大王镇金盆村): what it may be, and in time what it is.

    `every` has all places of its name, `left` those that may still be meant, `level` the highest level of these.
    `upper` and `lower` are the units beside it in the chain. `is_seat` is true for the seat of a body, which is
    no common word. `place` and `rule` are set when it is decided; a `rule` without a `place` says why it cannot be.
    """

    key: str
    spot: MentionPosition
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
    """The codes that a scope names, and by level these with all that they lie in."""

    named: set[str] = field(default_factory=set)
    around: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, chain: Divisions) -> None:
        self.named.add(chain[-1].code)
        for place in chain:
            self.around[division_level(place)].add(place.code)


@dataclass(frozen=True, slots=True)
class LinkContext:
    """What each scope names, with the paper's home as one more scope."""

    china: Gazetteer
    home: str
    seen: dict[Scope, NamedCodes] = field(default_factory=lambda: defaultdict(NamedCodes))

    def __post_init__(self) -> None:
        if chain := lineage(self.china, self.home):
            self.seen[HOME].add(chain)

    def add(self, unit: ChainUnit) -> None:
        """Take a decided unit as evidence for the names around it."""
        if unit.place:
            for scope in unit.spot.scopes:
                self.seen[scope].add(lineage(self.china, unit.place.code))

    def is_around(self, place: Division, scope: Scope) -> bool:
        """Whether a scope names the place or something in it."""
        return place.code in self.seen[scope].around[division_level(place)]

    def has(self, at: int, scope: Scope) -> bool:
        """Whether a scope names something of that level or in it."""
        return bool(self.seen[scope].around[at])

    def county_around(self, spot: MentionPosition) -> str | None:
        """The code of the one county that is told of around a spot, or of the one city where no county is."""
        for scope in (*spot.scopes, HOME):
            for at in (COUNTY, CITY):
                if around := self.seen[scope].around[at]:
                    return next(iter(around)) if len(around) == 1 else None
        return None

    def fitting(self, unit: ChainUnit, left: Divisions, scope: Scope) -> Divisions:
        """Those of the places that lie in one that the scope names, or hold one; the nearest decides.

        A town or village is told apart by towns and counties, by cities only if the article names no county.
        """
        seen = self.seen[scope]
        if holding := tuple(place for place in left if place.code in seen.around[division_level(place)]):
            return holding
        inside = names_below(self.china, unit.key)
        still = {place.code for place in left}
        for at in (TOWN, COUNTY, CITY, PROVINCE):
            near = (
                place
                for code in sorted(seen.around[at] & inside.keys())
                for place in inside[code]
                if place.code in still and self._tells(at, code, place, unit, scope)
            )
            if fitting := tuple(near):
                return fitting
        return ()

    def _tells(self, at: int, code: str, place: Division, unit: ChainUnit, scope: Scope) -> bool:
        """Whether a place of that level and code, which the scope names, speaks for one that lies in it."""
        if division_level(place) < TOWN:
            return at == CITY or code in self.seen[scope].named
        if at >= COUNTY:
            return True
        # 上海 has too many villages, a page too many cities, and a province too many of all.
        is_enough = at == CITY and code in self.seen[scope].named and scope != PAGE
        if not is_enough or self.has(COUNTY, unit.spot.scopes[1]):
            return False
        return scope == HOME or division_level(place) == TOWN or not code.endswith("0000")


def join_chain(units: Iterable[ChainUnit], china: Gazetteer) -> None:
    """Make a chain of units that stand side by side: each lies in the one before, as far as that can be.

    A town or village that no place before it holds (outside) stands for one that the list does not have.
    """
    upper: ChainUnit | None = None
    for unit in units:
        if upper is not None and unit.left:
            _join(upper, unit, china)
        upper = unit if unit.left else upper


def _join(upper: ChainUnit, unit: ChainUnit, china: Gazetteer) -> None:
    tops = {place.code for place in upper.left}
    held = tuple(place for place in unit.left if tops & codes_of_chain(china, place.code) - {place.code})
    if held:
        unit.keep(held)
        unit.upper, upper.lower = upper, unit
        _narrow_upwards(unit, china)
    elif unit.level >= TOWN and max(map(division_level, upper.left)) < unit.level:
        unit.keep(())
        unit.rule = "" if unit.rule == "division_or_feature" else "outside"


def _narrow_upwards(unit: ChainUnit, china: Gazetteer) -> None:
    while (upper := unit.upper) is not None:
        around = frozenset().union(*(codes_of_chain(china, place.code) for place in unit.left))
        upper.keep(tuple(place for place in upper.left if place.code in around))
        unit = upper
