"""What finds records that may be one, kind by kind.

Records are sorted into buckets of those that could be one, so that the time grows with their number, not its square.
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

from .name_similarity import (
    is_natural_feature,
    name_without_unit,
    organization_short_form,
    seat_prefixes,
    strip_seat,
    toneless_pinyin,
    unit_suffix,
)

_T = TypeVar("_T")
_Found = Iterator[tuple[int, int, "Reason"]]

_CROWD = 12  # records in a bucket; of more each is compared with the first only
_AMBIGUOUS = 3  # seats of one name, beyond which a name without a seat may be anybody's
_COUNTY = 3  # codes from the province down to a county
_SPOKEN = 3  # characters of a name that a sound tells apart from others


class Reason(TextChoices):
    """Why two records may be one, the strongest reason first."""

    ALIAS = "alias", _("The name of one is another name of the other.")
    SHORT = "short", _("The same name, but for the seat in front and words that are often left out.")
    SEAT_UNKNOWN = "seat_unknown", _("The same name; the seat of one is not known.")
    SEAT_WITHIN = "seat_within", _("The same name; the seat of one lies in that of the other.")
    SAME_NAME = "same_name", _("The same name in the same county; one has no official code.")
    WITHOUT_UNIT = "without_unit", _("The same name in the same county, once without its unit.")
    SOUND = "sound", _("Written otherwise, the names sound alike.")


def _living(kind: str, *columns: str) -> QuerySet[Any, Any]:
    """The records that could be one with another, as values: the id, the key of the name, and columns."""
    rows: QuerySet[Any, Any] = MODELS[kind].objects.surviving().order_by("pk")
    return rows.values_list("pk", "key", *columns)


def _other_names(kind: str) -> Iterator[tuple[str, int]]:
    """The keys of aliases and of names that were merged, each with the record that stands for it."""
    owner = Coalesce(f"{kind}__merged_into", kind)
    yield from Alias.objects.filter(**{f"{kind}__isnull": False}).order_by("pk").values_list("key", owner)
    merged = MODELS[kind].objects.exclude(merged_into=None)
    yield from merged.order_by("pk").values_list("key", "merged_into")


def _pairs(bucket: list[_T]) -> Iterable[tuple[_T, _T]]:
    if len(bucket) <= _CROWD:
        return combinations(bucket, 2)
    return ((bucket[0], other) for other in bucket[1:])


def _aliases(kind: str, keys: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Pairs of which the name of one is another name of the other."""
    others = list(_other_names(kind))
    wanted = {key for key, _owner in others}
    named: defaultdict[str, list[int]] = defaultdict(list)
    for pk, key in keys:
        if key in wanted:
            named[key].append(pk)
    for key, owner in others:
        for pk in named.get(key, ())[:_CROWD]:
            yield owner, pk


# --- Reporters --------------------------------------------------------------------------------------


def _reporters() -> _Found:
    rows = list(_living("reporter"))
    by_sound: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, key in rows:
        if len(key) >= _SPOKEN:
            by_sound[toneless_pinyin(key)].append((pk, key))
    for bucket in by_sound.values():
        for (one, name), (other, its) in _pairs(bucket):
            if name != its:
                yield one, other, Reason.SOUND
    for one, other in _aliases("reporter", rows):
        yield one, other, Reason.ALIAS


# --- Places -----------------------------------------------------------------------------------------


class _Spot(NamedTuple):
    """A place by its name, and the codes of what it lies in."""

    pk: int
    key: str
    code: str
    above: tuple[str, ...]

    def may_be(self, other: _Spot) -> bool:
        """Whether one lies in what the other lies in, by all that is known."""
        depth = min(len(self.above), len(other.above))
        return self.above[:depth] == other.above[:depth]


def _spots() -> Iterator[_Spot]:
    for pk, key, code, path in _living("place", "code", "path"):
        codes = tuple(path.split(".")) if path else ()
        yield _Spot(pk, key, code, codes[:-1] if code else codes)


def _places() -> _Found:
    spots = {spot.pk: spot for spot in _spots()}
    # Only what may be one with a place without code: nearly all have one.
    stems = {name_without_unit(spot.key) for spot in spots.values() if not spot.code}
    buckets: defaultdict[tuple[tuple[str, ...], str], list[_Spot]] = defaultdict(list)
    for spot in spots.values():
        short = name_without_unit(spot.key)
        # A county itself lies in a city, and has no more than that in common with its double.
        if short in stems and len(spot.above) >= _COUNTY - 1:
            buckets[spot.above[:_COUNTY], short].append(spot)
    for bucket in buckets.values():
        bucket.sort(key=lambda spot: spot.code)
        for one, other in _pairs(bucket):
            if reason := _alike(one, other):
                yield one.pk, other.pk, reason
    for owner, pk in _aliases("place", ((spot.pk, spot.key) for spot in spots.values())):
        if owner in spots and spots[owner].may_be(spots[pk]) and not (spots[owner].code and spots[pk].code):
            yield owner, pk, Reason.ALIAS


def _alike(one: _Spot, other: _Spot) -> Reason | None:
    if (one.code and other.code) or not one.may_be(other):
        return None
    if one.key == other.key:
        return Reason.SAME_NAME
    units = {unit_suffix(one.key), unit_suffix(other.key)}
    return Reason.WITHOUT_UNIT if "" in units and not is_natural_feature(name_without_unit(one.key)) else None


# --- Organizations ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Seats:
    """The places that organizations are seated in, each as the one that stands for it."""

    rows: dict[int, tuple[str, int | None, int | None]] = field(
        default_factory=lambda: {
            pk: row
            for pk, *row in MODELS["place"]
            .objects.order_by()
            .values_list("pk", "key", "parent", "merged_into")
        }
    )
    chains: dict[int, tuple[int, ...]] = field(default_factory=dict)
    known_fronts: dict[tuple[int, ...], tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def chain(self, seat: int | None) -> tuple[int, ...]:
        """The ids of a seat and all that it lies in, the largest first."""
        if seat is None:
            return ()
        if seat not in self.chains:
            self.chains[seat] = ()  # should places lie in each other in a circle
            _key, parent, merged_into = self.rows[seat]
            self.chains[seat] = self.chain(merged_into) if merged_into else (*self.chain(parent), seat)
        return self.chains[seat]

    def fronts(self, chain: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
        if chain not in self.known_fronts:
            self.known_fronts[chain] = seat_prefixes([self.rows[pk][0] for pk in chain])
        return self.known_fronts[chain]


class _Body(NamedTuple):
    """An organization by its name as plain as may be, and where it is seated."""

    pk: int
    key: str
    chain: tuple[int, ...]
    plain: str
    core: str

    def may_be(self, other: _Body) -> bool:
        """Whether the seats are one, or one lies in the other; a seat that is not known may be any."""
        depth = min(len(self.chain), len(other.chain))
        return self.chain[:depth] == other.chain[:depth]


def _bodies(seats: _Seats) -> Iterator[_Body]:
    for pk, key, seat in _living("organization", "seat"):
        chain, name = seats.chain(seat), organization_short_form(key)
        yield _Body(pk, key, chain, name, strip_seat(name, seats.fronts(chain)))


def _organizations() -> _Found:
    seats = _Seats()
    bodies = {body.pk: body for body in _bodies(seats)}
    at_seat: defaultdict[tuple[int, str], list[_Body]] = defaultdict(list)
    in_full: defaultdict[str, dict[int, _Body]] = defaultdict(dict)
    for body in bodies.values():
        in_full[body.plain][body.pk] = body
        if body.chain:
            at_seat[body.chain[-1], body.core].append(body)
            in_full[seats.rows[body.chain[-1]][0] + body.core][body.pk] = body
    for bucket in at_seat.values():
        for one, other in _pairs(bucket):
            yield one.pk, other.pk, Reason.SHORT
    for named in in_full.values():
        yield from _elsewhere(list(named.values()))
    for owner, pk in _aliases("organization", ((body.pk, body.key) for body in bodies.values())):
        if owner in bodies and bodies[owner].may_be(bodies[pk]):
            yield owner, pk, Reason.ALIAS


def _elsewhere(bodies: list[_Body]) -> _Found:
    """Of bodies of one name those that may be one, although their seats are not the same."""
    if len(bodies) < 2:
        return
    seated = [body for body in bodies if body.chain]
    if len(seated) <= _AMBIGUOUS:
        for one in bodies:
            if not one.chain:
                yield from ((one.pk, other.pk, Reason.SEAT_UNKNOWN) for other in seated)
    for one, other in _pairs([body for body in bodies if not body.chain]):
        yield one.pk, other.pk, Reason.SHORT
    for one, other in _pairs(seated):
        if one.chain != other.chain and one.may_be(other):
            yield one.pk, other.pk, Reason.SEAT_WITHIN


FINDERS = {"reporter": _reporters, "place": _places, "organization": _organizations}
