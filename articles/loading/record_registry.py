"""The records that pages name, made where there are none: reporters, places with their ancestors, organizations.

They are looked up once a batch of pages, for a paper's pages share them. Should one be gone meanwhile, the page
that names it cannot be written, and is tried again with a new look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from articles.models import Alias, Organization, Place, Reporter
from articles.reading.gazetteer.divisions import Division, load_gazetteer
from articles.reading.linking.linker import Decisions, OrganizationRecord
from articles.reading.name_keys import name_key
from articles.reading.names.organizations.recognizer import organization_kind
from articles.reading.values import Link, MentionKind


class RecordRegistry:
    """Reporters, places and organizations by what pages call them, kept for the pages of one batch."""

    def __init__(self) -> None:
        self._reporters: dict[str, Reporter] = {}
        self._divisions: dict[str, Place] = {}
        self._places: dict[tuple[str, str], Place] = {}
        self._organizations: dict[tuple[str, str], Organization] = {}

    def reporters(self, names: Iterable[str]) -> dict[str, Reporter]:
        """The reporters of these names, and maybe more, by the keys of their names."""
        wanted = {name_key(name): name for name in names}
        if unknown := wanted.keys() - self._reporters.keys():
            self._reporters |= Reporter.objects.named(wanted[key] for key in unknown)
        return self._reporters

    def prepare(self, links: Iterable[Link]) -> None:
        """Look up the records of links, and make those that are missing."""
        linked = [link for link in links if link.status == "linked"]
        self._prepare_divisions({code for link in linked if (code := link.code or link.within)})
        self._prepare_places({_spot(link) for link in linked if _is_place_without_code(link)})
        self._prepare_organizations({_body(link) for link in linked if link.mention.kind == "organization"})

    def place(self, link: Link) -> Place | None:
        if link.mention.kind != "place" or link.status != "linked":
            return None
        if link.code:
            return self._divisions[link.code]
        name, within = _spot(link)
        return self._places[name_key(name), within]

    def organization(self, link: Link) -> Organization | None:
        if link.mention.kind != "organization" or link.status != "linked":
            return None
        name, seat = _body(link)
        return self._organizations[name_key(name), seat]

    def division(self, code: str) -> Place:
        """The place of an official code, with those that it lies in; `LookupError` if there is no such code."""
        self._prepare_divisions({code})
        return self._divisions[code]

    def _prepare_divisions(self, codes: set[str]) -> None:
        chains = [_chain(code) for code in codes - self._divisions.keys()]
        wanted = {division.code: division for chain in chains for division in chain}
        self._divisions |= _places_by_code(wanted.keys() - self._divisions.keys())
        by_depth: defaultdict[int, list[Place]] = defaultdict(list)
        for chain in chains:
            for depth, division in enumerate(chain):
                if division.code not in self._divisions:
                    by_depth[depth].append(_row(division, chain[: depth + 1]))
        for _, rows in sorted(by_depth.items()):
            for row in rows:
                row.parent = self._divisions.get(row.path.rpartition(".")[0].rpartition(".")[2])
            # In one order everywhere, so that two loaders do not wait for each other's new places.
            Place.objects.bulk_create(sorted(rows, key=lambda row: row.code), ignore_conflicts=True)
            self._divisions |= _places_by_code({row.code for row in rows})

    def _prepare_places(self, spots: set[tuple[str, str]]) -> None:
        wanted = {(name_key(name), within): name for name, within in spots}
        self._places |= _places_without_code(wanted.keys() - self._places.keys())
        if missing := sorted(wanted.keys() - self._places.keys()):
            rows = [self._place_without_code(wanted[spot], spot[1]) for spot in missing]
            Place.objects.bulk_create(rows, ignore_conflicts=True)
            self._places |= _places_without_code(missing)

    def _place_without_code(self, name: str, within: str) -> Place:
        parent = self._divisions.get(within)
        return Place(name=name, parent=parent, path=parent.path if parent else "")

    def _prepare_organizations(self, bodies: set[tuple[str, str]]) -> None:
        wanted = {(name_key(name), seat): name for name, seat in bodies}
        self._organizations |= self._known_bodies(wanted.keys() - self._organizations.keys())
        if missing := sorted(wanted.keys() - self._organizations.keys()):
            rows = [
                Organization(
                    name=wanted[body], kind=organization_kind(wanted[body]), seat=self._divisions.get(body[1])
                )
                for body in missing
            ]
            Organization.objects.bulk_create(rows, ignore_conflicts=True)
            self._organizations |= self._known_bodies(missing)

    def _known_bodies(self, bodies: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Organization]:
        asked = set(bodies)
        found = Organization.objects.select_related("seat").filter(key__in={key for key, _ in asked})
        by_body = {(body.key, body.seat.code if body.seat else ""): body for body in found}
        return {body: by_body[body] for body in asked & by_body.keys()}


def recorded_names() -> Decisions:
    """The other names that editors gave to places and organizations, for the linker."""
    names: defaultdict[tuple[MentionKind, str], list[OrganizationRecord]] = defaultdict(list)
    for alias in Alias.objects.filter(reporter=None).select_related("place", "organization__seat"):
        if place := alias.place:
            names["place", alias.key].append(OrganizationRecord(place.name, place.code or None))
        elif body := alias.organization:
            seat = body.seat.code if body.seat else ""
            names["organization", alias.key].append(OrganizationRecord(body.name, seat or None))
    return Decisions(other_names=names)


def _is_place_without_code(link: Link) -> bool:
    return link.mention.kind == "place" and not link.code


def _spot(link: Link) -> tuple[str, str]:
    """What a place without code is known by: its name and the code of what it lies in."""
    return link.name or "", link.within or ""


def _body(link: Link) -> tuple[str, str]:
    """What an organization is known by: its name and the code of its seat."""
    return link.name or "", link.code or ""


def _chain(code: str) -> tuple[Division, ...]:
    """A division behind those that it lies in, the province first."""
    places = load_gazetteer()
    division = places.by_code(code)
    if division is None:
        raise LookupError(f"{code} is no code of the gazetteer")
    return (*places.ancestors(code), division)


def _row(division: Division, chain: Iterable[Division]) -> Place:
    path = ".".join(place.code for place in chain)
    return Place(name=division.name, kind=division.kind, code=division.code, path=path)


def _places_by_code(codes: Iterable[str]) -> dict[str, Place]:
    asked = set(codes)
    return {place.code: place for place in Place.objects.filter(code__in=asked)} if asked else {}


def _places_without_code(spots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    """Places without code by the key of their name and the code of what they lie in."""
    asked = set(spots)
    keys = {key for key, _ in asked}
    found = Place.objects.select_related("parent").filter(key__in=keys, code="") if asked else ()
    by_spot = {(place.key, place.parent.code if place.parent else ""): place for place in found}
    return {spot: by_spot[spot] for spot in asked & by_spot.keys()}
