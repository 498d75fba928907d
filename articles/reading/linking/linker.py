"""Links the mentions of a page: the record that each one names, the other candidates, and the rule that decided.

The input is one page: its articles with their mentions, the home of the paper, the official list, and the names
that editors recorded.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, Protocol, Self

from articles.reading.gazetteer.divisions import Gazetteer
from articles.reading.gazetteer.lookup import codes_of_chain, division_key, find_divisions
from articles.reading.names.recorded_names import RecordedNames
from articles.reading.values import PRINTED_PARTS, Link, LinkStatus, Mention, MentionKind, Part, Story

from .context import ChainUnit, LinkContext, MentionPosition, join_chain
from .link_rules import RULE_VERSION, explain_link
from .organization_names import ADMINISTRATIVE_TITLES, parse_organization_name
from .organization_resolution import (
    RULES_OF_NAMES,
    NamedOrganization,
    NamedRecord,
    Resolution,
    index_by_short_form,
    record_of_own_name,
    resolve_by_name,
    resolve_by_seat,
    resolve_without_seat,
    rule_of_name,
)
from .place_resolution import make_place_unit, resolve_places
from .places_without_code import find_place_without_code

__all__ = [
    "RULE_VERSION",
    "Authority",
    "Decisions",
    "LinkableArticle",
    "NamedRecord",
    "explain_link",
    "link_mentions",
]

_SENTENCE_END = re.compile(r"[。！？；!?\n]")
_MOST_CANDIDATES = 10
# What is a name with a lower probability is left to an editor.
_DOUBTFUL = 0.6


class LinkableArticle(NamedTuple):
    """An article to link: the text of its parts, and the mentions in them."""

    parts: Mapping[Part, str]
    mentions: Sequence[Mention]

    @classmethod
    def of(cls, story: Story, mentions: Sequence[Mention]) -> Self:
        return cls({part: getattr(story, part) or "" for part in PRINTED_PARTS}, mentions)


class Authority(Protocol):
    """Gives the decisions of editors about names, which override every rule."""

    @property
    def recorded(self) -> RecordedNames:
        """All names that editors gave, to be found in texts."""

    def named(self, kind: MentionKind, key: str) -> Sequence[NamedRecord]:
        """The records to which an editor gave this name, by its `division_key`."""

    def apart(self, kind: MentionKind, key: str) -> Sequence[NamedRecord]:
        """The records that this name does not mean, as an editor decided."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """An authority in memory, by kind and name key; empty if no editor decided anything."""

    names: Mapping[tuple[MentionKind, str], Sequence[NamedRecord]] = field(default_factory=dict)
    not_same: Mapping[tuple[MentionKind, str], Sequence[NamedRecord]] = field(default_factory=dict)

    recorded: RecordedNames = field(default_factory=RecordedNames)

    def named(self, kind: MentionKind, key: str) -> Sequence[NamedRecord]:
        return self.names.get((kind, key), ())

    def apart(self, kind: MentionKind, key: str) -> Sequence[NamedRecord]:
        return self.not_same.get((kind, key), ())


def link_mentions(
    articles: Sequence[LinkableArticle],
    home: str,
    gazetteer: Gazetteer,
    authority: Authority,
    around: Iterable[str] = (),
) -> tuple[tuple[Link, ...], ...]:
    """Link the mentions of every article of a page; the links are in the order of the mentions.

    `home` is the code of the place where the paper is published, or empty. All articles are linked together, as the
    counties of a page decide among villages with the same name. `around` are the codes of the places that other articles
    of the page name.
    """
    linker = _Linker(LinkContext(gazetteer, home), authority)
    linker.context.add_codes(around)
    for number, article in enumerate(articles):
        linker.read(number, article)
    return linker.links(articles)


@dataclass(slots=True)
class _Linker:
    """Collects the names of a page by article and mention, and links them."""

    context: LinkContext
    authority: Authority
    _units: list[ChainUnit] = field(default_factory=list)
    _places: dict[tuple[int, Mention], ChainUnit] = field(default_factory=dict)
    _organizations: dict[tuple[int, Mention], NamedOrganization] = field(default_factory=dict)

    def read(self, number: int, article: LinkableArticle) -> None:
        ends = {
            part: [end.start() for end in _SENTENCE_END.finditer(text)]
            for part, text in article.parts.items()
        }
        for run in _runs(article):
            chain: list[ChainUnit] = []
            for mention in run:
                position = MentionPosition(
                    number, mention.part, bisect_left(ends[mention.part], mention.start)
                )
                self.context.add_country(mention, position)
                if mention.kind == "place":
                    chain.append(self._read_place(number, mention, position))
                else:
                    chain += self._read_organization(number, mention, position, chain[-1] if chain else None)
            join_chain(chain, self.context.gazetteer)
            self._units += chain

    def _read_place(self, number: int, mention: Mention, position: MentionPosition) -> ChainUnit:
        key = division_key(mention.surface)
        unit = self._places[number, mention] = make_place_unit(key, position, self.context.gazetteer)
        if named := self._recorded_places(key):
            is_clear = len(named) == 1 and not self.authority.named("organization", key)
            unit.rule = rule_of_name(named[0]) if is_clear else "several_aliases"
            found = (self.context.gazetteer.by_code(record.code or "") for record in named)
            unit.keep(tuple(place for place in found if place))
            unit.place = unit.left[0] if is_clear and unit.left else None
        elif apart := {record.code for record in self.authority.apart("place", key)}:
            unit.keep(tuple(place for place in unit.left if place.code not in apart))
            unit.rule = unit.rule if unit.left else "apart"
        return unit

    def _read_organization(
        self, number: int, mention: Mention, position: MentionPosition, beside: ChainUnit | None
    ) -> list[ChainUnit]:
        parts = parse_organization_name(division_key(mention.surface), self.context.gazetteer)
        seat = tuple(ChainUnit(name, position, places, is_seat=True) for name, places in parts.seat)
        self._organizations[number, mention] = NamedOrganization(parts, position, mention.start, seat, beside)
        return list(seat) if parts.is_sure else []

    def links(self, articles: Sequence[LinkableArticle]) -> tuple[tuple[Link, ...], ...]:
        for unit in self._units:
            self.context.add(unit)
        resolve_places(self._units, self.context)
        return tuple(tuple(self._links(number, article)) for number, article in enumerate(articles))

    def _links(self, number: int, article: LinkableArticle) -> Iterator[Link]:
        answers = {
            mention: self._seated(number, mention)
            for mention in article.mentions
            if mention.kind == "organization"
        }
        forms = {
            answer.record if answer else record_of_own_name(self._organizations[number, mention].name)
            for mention, answer in answers.items()
        }
        full_forms = index_by_short_form({form for form in forms if form})
        for mention in article.mentions:
            if mention.kind == "place":
                yield self._place_link(mention, self._places[number, mention])
            else:
                named = self._organizations[number, mention]
                answer = answers[mention] or resolve_without_seat(named, full_forms, self.context)
                yield self._organization_link(mention, answer)

    def _seated(self, number: int, mention: Mention) -> Resolution | None:
        key, named = division_key(mention.surface), self._organizations[number, mention]
        if records := self.authority.named("organization", key):
            return resolve_by_name(named, [*records, *self.authority.named("place", key)], self.context)
        return self._by_level(named) or resolve_by_seat(named, self.context)

    def _by_level(self, named: NamedOrganization) -> Resolution | None:
        """Resolve by a recorded name that has only the level of the seat: 芮城县疾控站 by 县疾控站, seated in 芮城县."""
        seat = named.seat[-1].place if named.seat else None
        for level in ADMINISTRATIVE_TITLES if seat else ():
            for record in self.authority.named("organization", level + named.name.rest):
                if seat and seat.code == record.code and named.seat[-1].key.endswith(level):
                    return Resolution(rule_of_name(record), record)
        return None

    def _place_link(self, mention: Mention, unit: ChainUnit) -> Link:
        apart = {record.code for record in self.authority.apart("place", unit.key)}
        others = [place.code for place in (*unit.left, *unit.every) if place.code not in apart]
        if unit.left and mention.score < _DOUBTFUL and unit.rule not in RULES_OF_NAMES:
            return _undecided(mention, "doubtful_place", _few(place.code for place in unit.left))
        if unit.place:
            rest = _few(code for code in others if code != unit.place.code)
            record_id = self._recorded_places(unit.key)[0].id if unit.rule in RULES_OF_NAMES else None
            place = unit.place
            return Link(mention, "linked", unit.rule, place.name, place.code, rest, record_id=record_id)
        if unit.left:
            feature = [unit.key] if unit.rule == "division_or_feature" else []
            return _undecided(
                mention, unit.rule, _few(iter([*others[: _MOST_CANDIDATES - len(feature)], *feature]))
            )
        if unit.rule in RULES_OF_NAMES:  # a place without code
            return self._recorded_link(mention, unit, self._recorded_places(unit.key)[0])
        if not unit.rule and (found := find_place_without_code(unit.key)):
            return self._codeless_link(mention, unit, *found)
        return Link(mention, "unknown", unit.rule or "unlisted")

    def _recorded_places(self, key: str) -> Sequence[NamedRecord]:
        """The places to which editors gave a name; one of the official list means another place only as an alias."""
        named = self.authority.named("place", key)
        is_listed = bool(named) and bool(find_divisions(self.context.gazetteer, key))
        return [record for record in named if not (is_listed and record.is_own_name)]

    def _recorded_link(self, mention: Mention, unit: ChainUnit, record: NamedRecord) -> Link:
        """The link to a place without code, unless it has its own name from an editor and is within another county."""
        county = self.context.county_around(unit.position)
        chain = codes_of_chain(self.context.gazetteer, record.within or "")
        if record.is_own_name and chain and county and county not in chain:
            return _undecided(mention, "named_elsewhere", (record.name,))
        return Link(mention, "linked", unit.rule, record.name, within=record.within, record_id=record.id)

    def _codeless_link(self, mention: Mention, unit: ChainUnit, name: str, rule: str) -> Link:
        if mention.score < _DOUBTFUL:
            return Link(mention, "unknown", "doubtful_place")
        if rule != "local":
            return Link(mention, "linked", rule, name)
        within = self.context.county_around(unit.position)
        if within is None:
            return Link(mention, "unknown", "nowhere")
        return Link(mention, "linked", rule, name, within=within)

    def _organization_link(self, mention: Mention, answer: Resolution) -> Link:
        record = answer.record
        if record and record in self.authority.apart("organization", division_key(mention.surface)):
            return Link(mention, "unknown", "apart")
        if record and mention.score < _DOUBTFUL:
            return _undecided(mention, "doubtful_name", (record.name,))
        if record:
            return Link(mention, "linked", answer.rule, record.name, record.code, record_id=record.id)
        return _undecided(mention, answer.rule, answer.candidates)


def _undecided(mention: Mention, rule: str, candidates: tuple[str, ...]) -> Link:
    """A mention that is left to an editor: ambiguous between several candidates, else unknown, perhaps with one."""
    status: LinkStatus = "ambiguous" if len(candidates) > 1 else "unknown"
    return Link(mention, status, rule, candidates=candidates)


def _few(candidates: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(candidates))[:_MOST_CANDIDATES]


def _runs(article: LinkableArticle) -> Iterator[list[Mention]]:
    """Group adjacent mentions, with nothing or a blank between them: 芮城县, 大王镇 and 金盆村."""
    run: list[Mention] = []
    for mention in sorted(article.mentions, key=attrgetter("part", "start")):
        if run and not _follows(run[-1], mention, article):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run


def _follows(before: Mention, mention: Mention, article: LinkableArticle) -> bool:
    if before.part != mention.part or before.kind != "place":
        return False
    between = article.parts[mention.part][before.end : mention.start]
    return before.end <= mention.start and len(between) < 2 and between in ("", " ", "\u3000")
