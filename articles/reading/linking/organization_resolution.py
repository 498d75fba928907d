"""Resolves organizations to records: the full name with its seat, from the name, its article, page or home."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from articles.reading.gazetteer.divisions import Division, Gazetteer
from articles.reading.gazetteer.lookup import COUNTY, lineage
from articles.reading.gazetteer.lookup import division_level as level_of
from articles.reading.names.organizations.organization_words import BODIES_ABROAD, BODIES_OF_EVERY_COUNTRY

from .context import HOME, PAGE, ChainUnit, LinkContext, MentionPosition, Scope
from .organization_names import ADMINISTRATIVE_TITLES, OrganizationName
from .places_without_code import TAIWAN

_MOST_CANDIDATES = 10
_WHOLE = ("公司", "集团", "银行")
_LONGEST_SHORT_FORM = 30
_BRAND = range(2, 7)  # lengths of the brand that is the short form of a firm


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record that a name resolves to: the full name, and the code of the place or of the seat, if there is one.

    `id` is that of the archive, for a name that editors gave; `within` the code of the county or city that a place
    without code is within. `is_own_name` says that the name is the record's own, not an alias.
    """

    name: str
    code: str | None
    within: str | None = field(default=None, compare=False)
    id: int | None = field(default=None, compare=False)
    is_own_name: bool = field(default=False, compare=False)


_ShortForms = Mapping[str, Collection[NamedRecord]]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The rule that decided, with the record; or without a record, the candidates."""

    rule: str
    record: NamedRecord | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedOrganization:
    """An organization in its text: its parsed name, its offset, the units of its seat, and the place directly before it."""

    name: OrganizationName
    position: MentionPosition
    start: int
    seat: tuple[ChainUnit, ...]
    beside: ChainUnit | None = None


RULES_OF_NAMES = ("alias", "recorded_name")
"""The rules by which a name means the record to which an editor gave it: as an alias, or as its own name."""


def rule_of_name(record: NamedRecord) -> str:
    return RULES_OF_NAMES[record.is_own_name]


def resolve_by_name(
    named: NamedOrganization, records: Sequence[NamedRecord], context: LinkContext
) -> Resolution:
    """Resolve by the records to which editors gave this name, unless there are several, or the text is about another place."""
    candidates = tuple(record.name for record in records[:_MOST_CANDIDATES])
    if len(records) > 1:
        return Resolution("several_aliases", None, candidates)
    if _is_of_another_place(named, records[0], context):
        return Resolution("named_elsewhere", None, candidates)
    return Resolution(rule_of_name(records[0]), records[0])


def _is_of_another_place(named: NamedOrganization, record: NamedRecord, context: LinkContext) -> bool:
    """Whether a name that many places have (县疾控站, 第一中学) belongs here to another place than the record's seat.

    Any name does if another place is right before it: 绛县|疾控站.
    """
    seat = lineage(context.gazetteer, record.code or "")
    if not seat:
        return False
    if named.beside and (beside := named.beside.place):
        return beside not in seat and seat[-1] not in lineage(context.gazetteer, beside.code)
    if not (named.name.level or named.name.is_generic):
        return False
    at = min(level_of(seat[-1]), COUNTY)
    own = next((place.code for place in seat if level_of(place) == at), "")
    for scope in (named.position.scopes[1], PAGE, HOME):
        if around := context.named[scope].around[at]:
            return around != {own}
    return False


def resolve_by_seat(named: NamedOrganization, context: LinkContext) -> Resolution | None:
    """Resolve by the place inside the name; None for a name without one."""
    if not named.seat:
        return None
    name, unit, gazetteer = named.name, named.seat[-1], context.gazetteer
    if not name.is_sure:
        return _by_near_seat(named, context)
    if unit.place:
        return Resolution("seat_in_name", NamedRecord(name.at(unit.place.code, gazetteer), unit.place.code))
    return _unclear("seat_unclear", name, unit.left or unit.every, gazetteer)


def _by_near_seat(named: NamedOrganization, context: LinkContext) -> Resolution | None:
    """Resolve an uncertain seat: 芮城中学 belongs to 芮城县 if that is named, or the home; 东方医院 elsewhere not to 东方市."""
    scopes = (*named.position.scopes, HOME)
    near = [
        place for place in named.seat[-1].left if any(context.is_around(place, scope) for scope in scopes)
    ]
    if len(near) != 1:
        return None
    return Resolution(
        "seat_in_name", NamedRecord(named.name.at(near[0].code, context.gazetteer), near[0].code)
    )


def record_of_own_name(name: OrganizationName) -> NamedRecord | None:
    """The record of a name without a seat, as a full form for short ones; None for a name that needs a seat."""
    needs_seat = name.level or (name.is_generic and not name.is_known)
    return NamedRecord(name.name, None) if name.name and not needs_seat else None


def resolve_without_seat(
    named: NamedOrganization, full_forms: _ShortForms, context: LinkContext
) -> Resolution:
    """Resolve a name without a place by the other names of its article and its context."""
    name, gazetteer = named.name, context.gazetteer
    own = record_of_own_name(name)
    if name.is_known:
        return (
            _of_country(named, context)
            if name.name in BODIES_OF_EVERY_COUNTRY
            else Resolution("known_body", own)
        )
    if answer := _by_full_form(name, full_forms):
        return answer
    if own:
        return Resolution("proper_name", own)
    if beside := _beside(named):
        return Resolution("beside", NamedRecord(name.at(beside.code, gazetteer), beside.code))
    return _by_level(named, context) if name.level else Resolution("generic")


def _of_country(named: NamedOrganization, context: LinkContext) -> Resolution:
    """Resolve a body that every country has to that of the country spoken of: 国会, or 国防部 after another country."""
    body, article = named.name.name, context.countries[named.position.scopes[1]]
    countries = context.countries_before(named.position, named.start)
    if body in BODIES_ABROAD:
        countries = countries or tuple(article)
        if len(countries) == 1:
            return Resolution("country", NamedRecord(countries[0] + body, None))
    else:
        # 国防部 is China's, unless its sentence names another country before it, or a paper of Taiwan prints it.
        others = countries or tuple(country for country in article if country == TAIWAN)
        if not others:
            return Resolution("known_body", NamedRecord(body, None))
        countries = ("", *others)
    names = tuple(country + body for country in countries)
    return Resolution("several_countries", candidates=names[:_MOST_CANDIDATES])


def index_by_short_form(records: Iterable[NamedRecord]) -> _ShortForms:
    """Index the full forms of an article by their possible short forms."""
    found: dict[str, set[NamedRecord]] = {}
    for record in records:
        for short in _short_forms(record.name):
            found.setdefault(short, set()).add(record)
    return found


def _short_forms(full: str) -> Iterator[str]:
    """社区党总支 for 新绛县学府城社区党总支, 长河公司 for 长河机械制造有限公司."""
    yield from (full[start:] for start in range(max(1, len(full) - _LONGEST_SHORT_FORM), len(full) - 1))
    for whole in _WHOLE:
        if full.endswith(whole):
            yield from (full[:size] + whole for size in _BRAND if size + len(whole) < len(full))


def _by_full_form(name: OrganizationName, full_forms: _ShortForms) -> Resolution | None:
    """The record of the article with this short form, if there is only one."""
    found = sorted(full_forms.get(name.name, ()), key=attrgetter("name"))
    if len(found) == 1:
        return Resolution("full_form", found[0])
    candidates = tuple(record.name for record in found[:_MOST_CANDIDATES])
    return Resolution("seat_unclear", candidates=candidates) if found else None


def _beside(named: NamedOrganization) -> Division | None:
    """The place directly before the name, if it has the level in the name: 芮城县 | 县委组织部."""
    place = named.beside.place if named.beside else None
    return place if place and (not named.name.level or _has_title(place, named.name.level)) else None


def _has_title(place: Division, title: str) -> bool:
    return place.name.endswith(title) and level_of(place) in ADMINISTRATIVE_TITLES[title]


def _by_level(named: NamedOrganization, context: LinkContext) -> Resolution:
    """Resolve a level: 县人民法院 belongs to the county of the article, else of the page, else to the home of the paper.

    If the article names another place besides the home, it stays open; the province never changes.
    """
    title, gazetteer = named.name.level, context.gazetteer
    here = _of_title(title, named.position.scopes[1], context)
    home = _of_title(title, HOME, context)
    if home and (not here or here == home or (title in ("省", "自治区") and set(home) <= set(here))):
        return _settled("level_home" if here != home else "level_article", named.name, home, gazetteer)
    if here:
        places = here if not home else tuple(dict.fromkeys((*here, *home)))
        return _settled("level_article", named.name, places, gazetteer)
    return _settled("level_page", named.name, _of_title(title, PAGE, context), gazetteer)


def _of_title(title: str, scope: Scope, context: LinkContext) -> tuple[Division, ...]:
    around = context.named[scope].around
    places = (
        lineage(context.gazetteer, code)[-1]
        for at in ADMINISTRATIVE_TITLES[title]
        for code in sorted(around[at])
    )
    return tuple(place for place in places if place.name.endswith(title))


def _settled(
    rule: str, name: OrganizationName, places: Sequence[Division], gazetteer: Gazetteer
) -> Resolution:
    if len(places) != 1:
        return _unclear("level_unclear", name, places, gazetteer)
    return Resolution(rule, NamedRecord(name.at(places[0].code, gazetteer), places[0].code))


def _unclear(
    rule: str, name: OrganizationName, places: Sequence[Division], gazetteer: Gazetteer
) -> Resolution:
    return Resolution(
        rule, candidates=tuple(name.at(place.code, gazetteer) for place in places[:_MOST_CANDIDATES])
    )
