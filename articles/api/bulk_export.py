"""Writes all that is public into files: JSON Lines in parts, and a manifest by which an export goes on after a kill.

A part has the representations that the API gives, of records in the order of their ids. It is written beside its name, and
renamed when it is whole; then the manifest names it. So a part that the manifest names never changes.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from articles.api.representations import json_lines
from articles.api.resources.articles import ArticleResource
from articles.api.resources.changes import latest_token
from articles.api.resources.pages import PageResource
from articles.api.resources.records import OrganizationResource, PlaceResource, ReporterResource

_CHUNK = 500  # records that are read at a time
_LEVEL = 6  # of gzip
_MANIFEST = "manifest.json"


class _Kind(NamedTuple):
    """What is exported: the resource, and the action whose representation is written."""

    resource: type[Any]
    action: str


_KINDS = {
    "articles": _Kind(ArticleResource, "retrieve"),
    "pages": _Kind(PageResource, "list"),
    "reporters": _Kind(ReporterResource, "list"),
    "places": _Kind(PlaceResource, "retrieve"),  # with those that only others are within
    "organizations": _Kind(OrganizationResource, "list"),
}


class _PublicRequest(HttpRequest):
    """A request of an anonymous client; addresses begin with an origin, which no client sent."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self.method, self._origin = "GET", origin

    def build_absolute_uri(self, location: str | None = None) -> str:
        return f"{self._origin}{location or '/'}"


def export_archive(
    folder: Path, origin: str, size: int, report: Callable[[str, int], None]
) -> dict[str, Any]:
    """Write what the manifest of the folder does not name yet, `size` records a part; return the manifest.

    `report` is called with each kind and the number of its records so far.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _begun(folder)
    for kind, source in _KINDS.items():
        while not manifest["counts"][kind]["complete"]:
            _write_part(folder, manifest, kind, _rows(source, origin, _last(manifest, kind)), size)
            report(kind, manifest["counts"][kind]["records"])
    if manifest["finished_at"] is None:
        manifest["finished_at"] = timezone.now().isoformat()
        _save(folder, manifest)
    return manifest


def _begun(folder: Path) -> dict[str, Any]:
    """The manifest of an export that was begun, or of a new one."""
    path = folder / _MANIFEST
    if path.exists():
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    manifest: dict[str, Any] = {
        "began_at": timezone.now().isoformat(),
        "finished_at": None,
        # Before the first record is read: what changes during the export comes after it in the feed.
        "changes_token": latest_token(),
        "counts": {kind: {"records": 0, "complete": False} for kind in _KINDS},
        "parts": [],
    }
    _save(folder, manifest)
    return manifest


def _last(manifest: dict[str, Any], kind: str) -> int:
    """The id of the last record of a kind that is exported; 0 if there is none."""
    return max((part["last_id"] for part in manifest["parts"] if part["kind"] == kind), default=0)


def _rows(source: _Kind, origin: str, after: int) -> Iterator[dict[str, Any]]:
    """The representations of all public records behind an id, in the order of their ids, read in chunks."""
    view = source.resource()
    view.request = Request(_PublicRequest(origin))
    view.request.user = AnonymousUser()
    view.request.accepted_renderer = JSONRenderer()
    view.kwargs, view.format_kwarg, view.action = {}, None, source.action
    rows: QuerySet[Any] = view.get_queryset()
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:_CHUNK]):
        after = chunk[-1].pk
        yield from view.represented(chunk)


def _write_part(
    folder: Path, manifest: dict[str, Any], kind: str, rows: Iterator[dict[str, Any]], size: int
) -> None:
    """Write the next records of a kind, and name them in the manifest; fewer than `size` are the last."""
    number = sum(part["kind"] == kind for part in manifest["parts"]) + 1
    path = folder / f"{kind}-{number:05}.jsonl.gz"
    beside = path.with_suffix(".part")
    ids: list[int] = []
    with beside.open("wb") as file:
        # Without a time and a name equal records give equal bytes.
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            for row in rows:
                packed.write("".join(json_lines([row])).encode())
                ids.append(row["id"])
                if len(ids) == size:
                    break
        file.flush()
        os.fsync(file.fileno())
    counts = manifest["counts"][kind]
    counts["complete"] = len(ids) < size
    counts["records"] += len(ids)
    if ids:
        beside.rename(path)
        part = {"file": path.name, "kind": kind, "records": len(ids), "first_id": ids[0], "last_id": ids[-1]}
        manifest["parts"].append({**part, "bytes": path.stat().st_size, "sha256": _digest_of(path)})
    else:
        beside.unlink()
    _save(folder, manifest)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _save(folder: Path, manifest: dict[str, Any]) -> None:
    beside = folder / f"{_MANIFEST}.part"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(folder / _MANIFEST)
