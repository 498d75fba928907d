"""Organizations to records: the normalised name with its seat, which the name, its article, page or home gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from articles.reading.gazetteer.divisions import Division, Gazetteer
from articles.reading.gazetteer.lookup import division_level as level_of
from articles.reading.gazetteer.lookup import lineage

from .context import HOME, PAGE, ChainUnit, LinkContext, MentionPosition, Scope
from .organization_names import ADMINISTRATIVE_TITLES, OrganizationName

_MOST_CANDIDATES = 10
_WHOLE = ("公司", "集团", "银行")
_BRAND = range(2, 7)  # characters of the brand that a firm is called by


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """What a name resolves to: a full name, and the code of the place or of the seat, None for none."""

    name: str
    code: str | None


ShortForms = Mapping[str, Collection[OrganizationRecord]]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The rule that decided, with the record; or without one, what it may be."""

    rule: str
    record: OrganizationRecord | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedOrganization:
    """An organization where it stands: its parts, the units of its seat, and the place directly before it."""

    body: OrganizationName
    spot: MentionPosition
    seat: tuple[ChainUnit, ...]
    beside: ChainUnit | None = None


def resolve_by_seat(named: NamedOrganization, context: LinkContext) -> Resolution | None:
    """What the place inside the name decides; None for a name without one."""
    if not named.seat:
        return None
    body, unit, china = named.body, named.seat[-1], context.china
    if not body.is_sure:
        return _by_near_seat(named, context)
    if unit.place:
        return Resolution(
            "seat_in_name", OrganizationRecord(body.at(unit.place.code, china), unit.place.code)
        )
    return _unclear("seat_unclear", body, unit.left or unit.every, china)


def _by_near_seat(named: NamedOrganization, context: LinkContext) -> Resolution | None:
    """芮城中学 is that of 芮城县 where the county is named, or at home; 东方医院 elsewhere is none of 东方市."""
    near = [place for place in named.seat[-1].left if _is_near(place, named.spot, context)]
    if len(near) != 1:
        return None
    return Resolution(
        "seat_in_name", OrganizationRecord(named.body.at(near[0].code, context.china), near[0].code)
    )


def _is_near(place: Division, spot: MentionPosition, context: LinkContext) -> bool:
    return any(context.is_around(place, scope) for scope in (*spot.scopes, HOME))


def record_of_own_name(body: OrganizationName) -> OrganizationRecord | None:
    """The record of a name that needs no seat, as a full form for short ones; None for a name that needs one."""
    needs_seat = body.level or (body.is_generic and not body.is_known)
    return OrganizationRecord(body.name, None) if body.name and not needs_seat else None


def resolve_without_seat(
    named: NamedOrganization, full_forms: ShortForms, context: LinkContext
) -> Resolution:
    """What a name without a place in it stands for, by the other names of its article and its context."""
    body, china = named.body, context.china
    own = record_of_own_name(body)
    if body.is_known:
        return Resolution("known_body", own)
    if answer := _by_full_form(body, full_forms):
        return answer
    if own:
        return Resolution("proper_name", own)
    if beside := _beside(named):
        return Resolution("beside", OrganizationRecord(body.at(beside.code, china), beside.code))
    return _by_level(named, context) if body.level else Resolution("generic")


def index_by_short_form(records: Iterable[OrganizationRecord]) -> ShortForms:
    """The full forms of an article by what else they may be called there."""
    found: dict[str, set[OrganizationRecord]] = {}
    for record in records:
        for short in _short_forms(record.name):
            found.setdefault(short, set()).add(record)
    return found


def _short_forms(full: str) -> Iterator[str]:
    """社区党总支 for 新绛县学府城社区党总支, 长河公司 for 长河机械制造有限公司."""
    yield from (full[start:] for start in range(1, len(full) - 1))
    for whole in _WHOLE:
        if full.endswith(whole):
            yield from (full[:size] + whole for size in _BRAND if size + len(whole) < len(full))


def _by_full_form(body: OrganizationName, full_forms: ShortForms) -> Resolution | None:
    """The record of the article that has this short form, if it is only one."""
    found = sorted(full_forms.get(body.name, ()), key=attrgetter("name"))
    if len(found) == 1:
        return Resolution("full_form", found[0])
    candidates = tuple(record.name for record in found[:_MOST_CANDIDATES])
    return Resolution("seat_unclear", candidates=candidates) if found else None


def _beside(named: NamedOrganization) -> Division | None:
    """The place directly before the name, if it is one of the name's level: 芮城县 | 县委组织部."""
    place = named.beside.place if named.beside else None
    return place if place and (not named.body.level or _has_title(place, named.body.level)) else None


def _has_title(place: Division, title: str) -> bool:
    return place.name.endswith(title) and level_of(place) in ADMINISTRATIVE_TITLES[title]


def _by_level(named: NamedOrganization, context: LinkContext) -> Resolution:
    """县人民法院: that of the county which the article is about, or else the page, or the home of the paper.

    A place that the article names besides that of the paper's home leaves it open; the province never changes.
    """
    title, china = named.body.level, context.china
    here = _of_title(title, named.spot.scopes[1], context)
    home = _of_title(title, HOME, context)
    if home and (not here or here == home or (title in ("省", "自治区") and set(home) <= set(here))):
        return _settled("level_home" if here != home else "level_article", named.body, home, china)
    if here:
        places = here if not home else tuple(dict.fromkeys((*here, *home)))
        return _settled("level_article", named.body, places, china)
    return _settled("level_page", named.body, _of_title(title, PAGE, context), china)


def _of_title(title: str, scope: Scope, context: LinkContext) -> tuple[Division, ...]:
    around = context.seen[scope].around
    places = (
        lineage(context.china, code)[-1] for at in ADMINISTRATIVE_TITLES[title] for code in sorted(around[at])
    )
    return tuple(place for place in places if place.name.endswith(title))


def _settled(rule: str, body: OrganizationName, places: Sequence[Division], china: Gazetteer) -> Resolution:
    if len(places) != 1:
        return _unclear("level_unclear", body, places, china)
    return Resolution(rule, OrganizationRecord(body.at(places[0].code, china), places[0].code))


def _unclear(rule: str, body: OrganizationName, places: Sequence[Division], china: Gazetteer) -> Resolution:
    return Resolution(
        rule, candidates=tuple(body.at(place.code, china) for place in places[:_MOST_CANDIDATES])
    )
