"""What a load is to load, wherever it is: paths of this computer, addresses of a storage, and zips in either."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from urllib.parse import quote, unquote, unquote_to_bytes

from articles.reading.values import Rejected

from . import files, object_storage
from .files import LocalFile, PageSource, ReceivedFile
from .object_storage import StoredObject
from .zip_archives import ARCHIVE_SUFFIX, ZipEntry, list_zip_pages, unpack_pages

Origin = LocalFile | StoredObject | ZipEntry

# Objects of a storage that are asked for at once: each takes its time to answer, and little else.
_AT_ONCE = 16
_IN_ARCHIVE = re.compile(rf"(.+?{re.escape(ARCHIVE_SUFFIX)})/(.+)", re.IGNORECASE | re.DOTALL)


def list_sources(names: Iterable[str]) -> list[Origin]:
    """The files that paths and addresses name, and the `*.txt` in folders and zips among them; each once.

    `UsageError` for a name that cannot have been meant, `Away` for a storage that cannot be asked.
    """
    found = [
        origin
        for name in names
        for named in (
            object_storage.list_objects(name)
            if object_storage.is_storage_address(name)
            else files.list_files([Path(name)])
        )
        for origin in _looked_into(named)
    ]
    return list({_is(origin): origin for origin in found}.values())


def list_rejected_sources(names: Iterable[str]) -> list[Origin]:
    """The files to try again that were rejected, by the names that the ledger has of them."""
    return [origin for name in names for origin in _named_again(name)]


def fetch_sources(origins: Iterable[Origin], limit: int) -> Iterator[PageSource]:
    """The same origins in their order, with the bytes of what is not at hand: read ahead, or unpacked in one go.

    `Away` for a storage that cannot be asked.
    """
    for kind, group in groupby(origins, key=_kind):
        if isinstance(kind, LocalFile | StoredObject):
            yield from unpack_pages(kind, (origin for origin in group if isinstance(origin, ZipEntry)), limit)
        elif kind is StoredObject:
            yield from _read_ahead((origin for origin in group if isinstance(origin, StoredObject)), limit)
        else:
            yield from group


def origin_to_json(origin: Origin) -> dict[str, str | None]:
    """The arguments of `origin_from_json`, for another machine, as JSON holds them: the names of files are bytes."""
    entry, file = (quote(origin.entry), origin.archive) if isinstance(origin, ZipEntry) else (None, origin)
    if isinstance(file, StoredObject):
        return {"file": file.address, "folder": None, "entry": entry}
    folder = None if file.folder is None else _encoded(file.folder)
    return {"file": _encoded(file.path), "folder": folder, "entry": entry}


def origin_from_json(file: str, folder: str | None, entry: str | None) -> Origin:
    """The origin that another machine told of."""
    origin = (
        StoredObject(file)
        if object_storage.is_storage_address(file)
        else LocalFile(_decoded(file), None if folder is None else _decoded(folder))
    )
    return origin if entry is None else ZipEntry(origin, unquote(entry))


def _looked_into(origin: LocalFile | StoredObject) -> list[Origin]:
    return list(list_zip_pages(origin)) if origin.name.lower().endswith(ARCHIVE_SUFFIX) else [origin]


def _named_again(name: str) -> list[Origin]:
    inside = _IN_ARCHIVE.fullmatch(name)
    if object_storage.is_storage_address(name):
        return [ZipEntry(StoredObject(inside[1]), inside[2])] if inside else _looked_into(StoredObject(name))
    if inside and os.path.isfile(inside[1]):  # noqa: PTH113 - is False where it is closed too
        return [ZipEntry(LocalFile(Path(inside[1])), inside[2])]
    return [origin for file in files.list_rejected_files([Path(name)]) for origin in _looked_into(file)]


def _is(origin: Origin) -> object:
    """What is the same for one file however it was named: by itself, or by the folder that it is in."""
    return origin.path if isinstance(origin, LocalFile) else origin


def _kind(origin: Origin) -> LocalFile | StoredObject | type[LocalFile] | type[StoredObject]:
    """What origins are fetched alike by: where they are, or the zip that they are in."""
    return origin.archive if isinstance(origin, ZipEntry) else type(origin)


def _read_ahead(objects: Iterable[StoredObject], limit: int) -> Iterator[ReceivedFile]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked: deque[Future[ReceivedFile]] = deque()
        for stored in objects:
            asked.append(pool.submit(_fetched, stored, limit))
            if len(asked) == _AT_ONCE:
                yield asked.popleft().result()
        while asked:
            yield asked.popleft().result()


def _fetched(stored: StoredObject, limit: int) -> ReceivedFile:
    try:
        return ReceivedFile(stored.name, stored.read(limit))
    except Rejected as rejected:
        return ReceivedFile(stored.name, refused=rejected)


def _encoded(path: Path) -> str:
    return quote(os.fsencode(path))


def _decoded(text: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(text)))
