"""Looks up the records that pages name, and creates missing ones: reporters, places with ancestors, organizations.

A record is looked up once for a batch of pages, as the pages of a paper share many. If a record is deleted meanwhile,
the page that names it cannot be written, and the loader tries it again after `RecordRegistry.forget`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from articles.models import Organization, Place, Reporter
from articles.reading.gazetteer.divisions import Division, load_gazetteer
from articles.reading.name_keys import name_key
from articles.reading.names.organizations.recognizer import organization_kind
from articles.reading.values import Link

_Key = tuple[str, str]
"""The key of a name, and the code of the division that a place is within or that an organization has its seat in."""


class RecordRegistry:
    """Reporters, places and organizations by the names on pages, for the pages of one batch."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Look up every record again when it is asked for."""
        self._reporters: dict[str, Reporter] = {}
        self._divisions: dict[str, Place] = {}
        self._places: dict[_Key, Place] = {}
        self._organizations: dict[_Key, Organization] = {}
        self._recorded: dict[str, dict[int, Any]] = {"place": {}, "organization": {}}

    def reporters(self, names: Iterable[str]) -> dict[str, Reporter]:
        """The reporters with these names, and maybe more, by the keys of their names."""
        wanted = {name_key(name): name for name in names}
        if unknown := wanted.keys() - self._reporters.keys():
            self._reporters |= Reporter.objects.named(wanted[key] for key in unknown)
        return self._reporters

    def prepare(self, links: Iterable[Link]) -> None:
        """Look up the records of links, and create those that are missing."""
        linked = [link for link in links if link.status == "linked"]
        self._prepare_recorded(linked)
        linked = [link for link in linked if self._recorded_record(link) is None]
        places = [link for link in linked if link.mention.kind == "place" and not link.code]
        organizations = [link for link in linked if link.mention.kind == "organization"]
        self._prepare_divisions({code for link in linked if (code := link.code or link.within)})
        self._prepare_places({_place_key(link): link.name or "" for link in places})
        self._prepare_organizations({_organization_key(link): link.name or "" for link in organizations})

    def place(self, link: Link) -> Place | None:
        """The place of a link after `prepare`; None if it links to none."""
        if link.mention.kind != "place" or link.status != "linked":
            return None
        recorded: Place | None = self._recorded_record(link)
        return recorded or (self._divisions[link.code] if link.code else self._places[_place_key(link)])

    def organization(self, link: Link) -> Organization | None:
        """The organization of a link after `prepare`; None if it links to none."""
        if link.mention.kind != "organization" or link.status != "linked":
            return None
        return self._recorded_record(link) or self._organizations[_organization_key(link)]

    @staticmethod
    def stored_record(link: Link) -> Place | Organization | None:
        """The record of a link if there is one by now; None if it links to none, or to one that is yet to be created."""
        if link.status != "linked":
            return None
        is_place = link.mention.kind == "place"
        given: Place | Organization | None = None
        if link.record_id:
            given = (Place if is_place else Organization)._default_manager.filter(pk=link.record_id).first()
        if given:
            return given
        if not is_place:
            return _organizations({_organization_key(link)}).get(_organization_key(link))
        if link.code:
            return _places_by_code({link.code}).get(link.code)
        return _places_without_code({_place_key(link)}).get(_place_key(link))

    def division(self, code: str) -> Place:
        """The place with an official code, created with its ancestors if missing; `LookupError` for an unknown code."""
        self._prepare_divisions({code})
        return self._divisions[code]

    def _recorded_record(self, link: Link) -> Any:
        """The record to which an editor gave the name; None if none did, or if it was deleted meanwhile."""
        return self._recorded[link.mention.kind].get(link.record_id or 0)

    def _prepare_recorded(self, links: Iterable[Link]) -> None:
        for kind, model in (("place", Place), ("organization", Organization)):
            ids = {link.record_id for link in links if link.mention.kind == kind and link.record_id}
            if new := ids - self._recorded[kind].keys():
                self._recorded[kind] |= model.objects.in_bulk(new)

    def _prepare_divisions(self, codes: set[str]) -> None:
        chains = [_chain(code) for code in codes - self._divisions.keys()]
        wanted = {division.code: division for chain in chains for division in chain}
        self._divisions |= _places_by_code(wanted.keys() - self._divisions.keys())
        by_depth: defaultdict[int, list[Place]] = defaultdict(list)
        for chain in chains:
            for depth, division in enumerate(chain):
                if division.code not in self._divisions:
                    by_depth[depth].append(_division_row(division, chain[: depth + 1]))
        for _, rows in sorted(by_depth.items()):
            for row in rows:
                row.parent = self._divisions.get(row.path.rpartition(".")[0].rpartition(".")[2])
            # Sorted, so that two loaders cannot deadlock over new places.
            Place.objects.bulk_create(sorted(rows, key=lambda row: row.code), ignore_conflicts=True)
            self._divisions |= _places_by_code({row.code for row in rows})

    def _prepare_places(self, names: dict[_Key, str]) -> None:
        self._places |= _places_without_code(names.keys() - self._places.keys())
        if missing := sorted(names.keys() - self._places.keys()):
            rows = [_place_row(names[key], self._divisions.get(key[1])) for key in missing]
            Place.objects.bulk_create(rows, ignore_conflicts=True)
            self._places |= _places_without_code(missing)

    def _prepare_organizations(self, names: dict[_Key, str]) -> None:
        self._organizations |= _organizations(names.keys() - self._organizations.keys())
        if missing := sorted(names.keys() - self._organizations.keys()):
            rows = [
                Organization(
                    name=names[key], kind=organization_kind(names[key]), seat=self._divisions.get(key[1])
                )
                for key in missing
            ]
            Organization.objects.bulk_create(rows, ignore_conflicts=True)
            self._organizations |= _organizations(missing)


def _place_key(link: Link) -> _Key:
    return name_key(link.name or ""), link.within or ""


def _organization_key(link: Link) -> _Key:
    return name_key(link.name or ""), link.code or ""


def _chain(code: str) -> tuple[Division, ...]:
    """A division after its ancestors, the province first."""
    places = load_gazetteer()
    division = places.by_code(code)
    if division is None:
        raise LookupError(f"{code} is not in the gazetteer")
    return (*places.ancestors(code), division)


def _division_row(division: Division, chain: Iterable[Division]) -> Place:
    path = ".".join(place.code for place in chain)
    return Place(name=division.name, kind=division.kind, code=division.code, path=path)


def _place_row(name: str, parent: Place | None) -> Place:
    return Place(name=name, parent=parent, path=parent.path if parent else "")


def _places_by_code(codes: Collection[str]) -> dict[str, Place]:
    return {place.code: place for place in Place.objects.filter(code__in=codes)}


def _places_without_code(keys: Collection[_Key]) -> dict[_Key, Place]:
    places = Place.objects.select_related("parent").filter(key__in={name for name, _ in keys}, code="")
    found = {(place.key, place.parent.code if place.parent else ""): place for place in places}
    return {key: found[key] for key in found.keys() & keys}


def _organizations(keys: Collection[_Key]) -> dict[_Key, Organization]:
    organizations = Organization.objects.select_related("seat").filter(key__in={name for name, _ in keys})
    found = {(one.key, one.seat.code if one.seat else ""): one for one in organizations}
    return {key: found[key] for key in found.keys() & keys}
