"""Finds pairs of possible duplicates, for each kind of record.

Records are compared within buckets, so that the time grows with their number and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.models.alias import Alias
from articles.models.merge import MODELS

from .abbreviations import find_abbreviations
from .name_similarity import (
    is_natural_feature,
    name_without_unit,
    organization_short_form,
    seat_prefixes,
    strip_seat,
    toneless_pinyin,
    unit_suffix,
    without_division_unit,
)

_T = TypeVar("_T")
_Found = Iterator[tuple[int, int, "Reason"]]

_LARGEST_BUCKET = 12  # in a larger one each record is compared with the first only
_MOST_SEATS = 3  # of organizations with one name; with more, an organization without a seat matches none
_COUNTY_DEPTH = 3  # codes from the province down to a county
_SHORTEST_BY_SOUND = 3  # characters of a name; shorter ones are often pronounced the same


class Reason(TextChoices):
    """Why two records may be duplicates, the strongest reason first."""

    ALIAS = "alias", _("The name of one is another name of the other.")
    SHORT = "short", _("The same name, but for the seat in front and words that are often left out.")
    SEAT_UNKNOWN = "seat_unknown", _("The same name; the seat of one is not known.")
    SEAT_WITHIN = "seat_within", _("The same name; the seat of one is within that of the other.")
    SAME_NAME = "same_name", _("The same name in the same county; one has no official code.")
    ABBREVIATION = "abbreviation", _("One name may be an abbreviation of the other.")
    WITHOUT_UNIT = "without_unit", _("The same name in the same county, once without its unit.")
    SOUND = "sound", _("The names are written differently, but sound the same.")


def _surviving(kind: str, *columns: str) -> QuerySet[Any, Any]:
    """Values of the records that are neither merged nor in the trash: id, key of the name, and columns."""
    rows: QuerySet[Any, Any] = MODELS[kind].objects.surviving().order_by("pk")
    return rows.values_list("pk", "key", *columns)


def _other_names(kind: str) -> Iterator[tuple[str, int]]:
    """The keys of aliases and of merged records, each with the id of the record that they resolve to."""
    owner = Coalesce(f"{kind}__merged_into", kind)
    yield from Alias.objects.filter(**{f"{kind}__isnull": False}).order_by("pk").values_list("key", owner)
    merged = MODELS[kind].objects.exclude(merged_into=None)
    yield from merged.order_by("pk").values_list("key", "merged_into")


def _pairs(bucket: list[_T]) -> Iterable[tuple[_T, _T]]:
    if len(bucket) <= _LARGEST_BUCKET:
        return combinations(bucket, 2)
    return ((bucket[0], other) for other in bucket[1:])


def _aliases(kind: str, keys: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Pairs in which the name of one record is an alias of the other."""
    others = list(_other_names(kind))
    wanted = {key for key, _owner in others}
    named: defaultdict[str, list[int]] = defaultdict(list)
    for pk, key in keys:
        if key in wanted:
            named[key].append(pk)
    for key, owner in others:
        for pk in named.get(key, ())[:_LARGEST_BUCKET]:
            yield owner, pk


# --- Reporters --------------------------------------------------------------------------------------


def _reporters() -> _Found:
    rows = list(_surviving("reporter"))
    by_sound: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, key in rows:
        if len(key) >= _SHORTEST_BY_SOUND:
            by_sound[toneless_pinyin(key)].append((pk, key))
    for bucket in by_sound.values():
        for (one, name), (other, its) in _pairs(bucket):
            if name != its:
                yield one, other, Reason.SOUND
    for one, other in _aliases("reporter", rows):
        yield one, other, Reason.ALIAS


# --- Places -----------------------------------------------------------------------------------------


class _LocatedPlace(NamedTuple):
    """A place with the codes of the divisions above it."""

    pk: int
    key: str
    code: str
    above: tuple[str, ...]

    def may_be(self, other: _LocatedPlace) -> bool:
        """Whether both are within the same divisions, as far as these are known."""
        depth = min(len(self.above), len(other.above))
        return self.above[:depth] == other.above[:depth]


def _located_places() -> Iterator[_LocatedPlace]:
    for pk, key, code, path in _surviving("place", "code", "path"):
        codes = tuple(path.split(".")) if path else ()
        yield _LocatedPlace(pk, key, code, codes[:-1] if code else codes)


def _places() -> _Found:
    located = {place.pk: place for place in _located_places()}
    # Official places have a code and differ: one of a pair must have none.
    stems = {name_without_unit(place.key) for place in located.values() if not place.code}
    buckets: defaultdict[tuple[tuple[str, ...], str], list[_LocatedPlace]] = defaultdict(list)
    for place in located.values():
        short = name_without_unit(place.key)
        # One code less, so that a county is compared with its duplicate in the same city.
        if short in stems and len(place.above) >= _COUNTY_DEPTH - 1:
            buckets[place.above[:_COUNTY_DEPTH], short].append(place)
    for bucket in buckets.values():
        bucket.sort(key=lambda place: place.code)
        for one, other in _pairs(bucket):
            if reason := _place_reason(one, other):
                yield one.pk, other.pk, reason
    for owner, pk in _aliases("place", ((place.pk, place.key) for place in located.values())):
        if (
            owner in located
            and located[owner].may_be(located[pk])
            and not (located[owner].code and located[pk].code)
        ):
            yield owner, pk, Reason.ALIAS


def _place_reason(one: _LocatedPlace, other: _LocatedPlace) -> Reason | None:
    if (one.code and other.code) or not one.may_be(other):
        return None
    if one.key == other.key:
        return Reason.SAME_NAME
    units = {unit_suffix(one.key), unit_suffix(other.key)}
    return Reason.WITHOUT_UNIT if "" in units and not is_natural_feature(name_without_unit(one.key)) else None


# --- Organizations ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Seats:
    """The places of seats, after merges."""

    rows: dict[int, tuple[str, int | None, int | None]] = field(
        default_factory=lambda: {
            pk: row
            for pk, *row in MODELS["place"]
            .objects.order_by()
            .values_list("pk", "key", "parent", "merged_into")
        }
    )
    chains: dict[int, tuple[int, ...]] = field(default_factory=dict)
    known_prefixes: dict[tuple[int, ...], tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def chain(self, seat: int | None) -> tuple[int, ...]:
        """The ids of a seat and of the places above it, the largest first."""
        if seat is None:
            return ()
        if seat not in self.chains:
            self.chains[seat] = ()  # ends the recursion if parents are circular
            _key, parent, merged_into = self.rows[seat]
            self.chains[seat] = self.chain(merged_into) if merged_into else (*self.chain(parent), seat)
        return self.chains[seat]

    def prefixes(self, chain: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
        if chain not in self.known_prefixes:
            self.known_prefixes[chain] = seat_prefixes([self.rows[pk][0] for pk in chain])
        return self.known_prefixes[chain]


class _SeatedOrganization(NamedTuple):
    """An organization with its seat, the short form of its name, and this form without the seat (`core`).

    `unit` is that of the division in front of the name, where one is printed: 市 of 武汉市金银潭医院.
    """

    pk: int
    key: str
    chain: tuple[int, ...]
    short_form: str
    core: str
    unit: str = ""

    def may_be(self, other: _SeatedOrganization) -> bool:
        """Whether the seats are equal or one is within the other; an unknown seat or unit may be any."""
        depth = min(len(self.chain), len(other.chain))
        same_unit = self.unit == other.unit or not (self.unit and other.unit)
        return same_unit and self.chain[:depth] == other.chain[:depth]


def _seated_organizations(seats: _Seats) -> Iterator[_SeatedOrganization]:
    for pk, key, seat in _surviving("organization", "seat"):
        chain, name = seats.chain(seat), organization_short_form(key)
        yield _SeatedOrganization(pk, key, chain, name, strip_seat(name, seats.prefixes(chain)))


def _organizations() -> _Found:
    seats = _Seats()
    organizations = {organization.pk: organization for organization in _seated_organizations(seats)}
    at_seat: defaultdict[tuple[int, str], list[_SeatedOrganization]] = defaultdict(list)
    in_full: defaultdict[str, dict[int, _SeatedOrganization]] = defaultdict(dict)
    by_seat: defaultdict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for organization in organizations.values():
        full_names = [organization.short_form]
        if organization.chain:
            at_seat[organization.chain[-1], organization.core].append(organization)
            full_names.append(seats.rows[organization.chain[-1]][0] + organization.core)
        for name in full_names:
            stem, unit = without_division_unit(name)
            in_full[stem][organization.pk] = organization._replace(unit=unit)
        seat = organization.chain[-1] if organization.chain else None
        by_seat[seat].append((organization.pk, organization.core if seat else organization.key))
    for bucket in at_seat.values():
        for one, other in _pairs(bucket):
            yield one.pk, other.pk, Reason.SHORT
    for named in in_full.values():
        yield from _with_other_seats(list(named.values()))
    for names in by_seat.values():
        yield from ((one, other, Reason.ABBREVIATION) for one, other in find_abbreviations(names))
    for owner, pk in _aliases(
        "organization", ((organization.pk, organization.key) for organization in organizations.values())
    ):
        if owner in organizations and organizations[owner].may_be(organizations[pk]):
            yield owner, pk, Reason.ALIAS


def _with_other_seats(organizations: list[_SeatedOrganization]) -> _Found:
    """Possible duplicates among organizations of one name with different or unknown seats."""
    if len(organizations) < 2:
        return
    seated = [organization for organization in organizations if organization.chain]
    if len(seated) <= _MOST_SEATS:
        for one in organizations:
            if not one.chain:
                yield from ((one.pk, other.pk, Reason.SEAT_UNKNOWN) for other in seated if one.may_be(other))
    for one, other in _pairs([organization for organization in organizations if not organization.chain]):
        if one.may_be(other):
            yield one.pk, other.pk, Reason.SHORT
    for one, other in _pairs(seated):
        if one.chain != other.chain and one.may_be(other):
            yield one.pk, other.pk, Reason.SEAT_WITHIN


FINDERS = {"reporter": _reporters, "place": _places, "organization": _organizations}
