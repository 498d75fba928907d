"""A copy of what is public in an archive, kept by its feed of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from .archive import Archive, ArchiveError

_PATHS = {
    "article": "articles",
    "page": "pages",
    "reporter": "reporters",
    "place": "places",
    "organization": "organizations",
}
_MOST_IDS = 100  # in one request

Key = tuple[str, int]


class Mirror:
    """Records by kind and id, as `records["article", 17]`. Keep `records` and `token`, and go on with them later.

    `records` may be any mapping that can be changed, as a shelf or a table.
    """

    def __init__(
        self, archive: Archive, records: MutableMapping[Key, dict[str, Any]] | None = None, token: str = ""
    ) -> None:
        self._archive = archive
        self.records: MutableMapping[Key, dict[str, Any]] = {} if records is None else records
        self.token = token

    def update(self) -> int:
        """Bring the copy up to date, and return how many changes there were. Begins again after a restored backup."""
        count = 0
        while True:
            try:
                page = self._archive.get("changes", **({"since": self.token} if self.token else {}))
            except ArchiveError as error:
                if error.status != HTTPStatus.GONE:
                    raise
                self.records.clear()
                self.token = ""
                continue
            self._apply(page["results"])
            self.token = page["token"]
            count += len(page["results"])
            if not page["has_more"]:
                return count

    def _apply(self, changes: list[dict[str, Any]]) -> None:
        wanted: defaultdict[str, list[int]] = defaultdict(list)
        for change in changes:
            if change["change"] in {"created", "changed"}:
                wanted[change["kind"]].append(change["id"])
            else:
                self.records.pop((change["kind"], change["id"]), None)
        for kind, ids in wanted.items():
            for start in range(0, len(ids), _MOST_IDS):
                self._fetch(kind, ids[start : start + _MOST_IDS])

    def _fetch(self, kind: str, ids: list[int]) -> None:
        """Get records again, many at once; one that left meanwhile is in a later change."""
        path = _PATHS[kind]
        rows = self._archive.rows(path, id=",".join(map(str, ids)), page_size=_MOST_IDS)
        found = {row["id"]: row for row in rows}
        for pk in ids:
            row = found[pk] if pk in found else self._single(f"{path}/{pk}")
            if row is None:
                self.records.pop((kind, pk), None)
            else:
                self.records[kind, pk] = row

    def _single(self, path: str) -> dict[str, Any] | None:
        """A record that no list has: a place that is named only by places within it."""
        try:
            return self._archive.get(path)
        except ArchiveError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return None
