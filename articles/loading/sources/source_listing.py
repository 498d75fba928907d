"""Lists and reads the files of a load: at paths of this computer, at addresses of a storage, and in zips of both."""

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
from .files import LocalFile, NumberedPage, PageSource, ReceivedFile, split_page_name
from .object_storage import StoredObject
from .zip_archives import ARCHIVE_SUFFIX, ZipEntry, list_zip_pages, unpack_pages

Origin = LocalFile | StoredObject | ZipEntry
OriginOfPage = Origin | NumberedPage

# Objects of a storage that are read at once, as most of the time is waiting.
_PARALLEL_READS = 16
_IN_ARCHIVE = re.compile(rf"(.+?{re.escape(ARCHIVE_SUFFIX)})/(.+)", re.IGNORECASE | re.DOTALL)


def list_sources(names: Iterable[str]) -> list[Origin]:
    """List the files at paths and addresses, and the `*.txt` and `*.pdf` in folders and zips among them; each once.

    `UsageError` for a wrong name; `StorageUnavailable`.
    """
    found: list[Origin] = [
        origin
        for name in names
        for named in (
            object_storage.list_objects(name)
            if object_storage.is_storage_address(name)
            else files.list_files([Path(name)])
        )
        for origin in _expand_zip(named)
    ]
    # A file that was named itself and by its folder has the same path.
    return list(
        {origin.path if isinstance(origin, LocalFile) else origin: origin for origin in found}.values()
    )


def list_rejected_sources(names: Iterable[str]) -> list[OriginOfPage]:
    """List the files and pages of files that were rejected before, by the paths in `LoadFile`."""
    found: list[OriginOfPage] = []
    for name in names:
        file, number = split_page_name(name)
        origins = _list_rejected(file)
        found += origins if number is None else [NumberedPage(origin, number) for origin in origins]
    return found


def fetch_sources(origins: Iterable[OriginOfPage], limit: int) -> Iterator[PageSource]:
    """The same files in the same order; those of a storage are read ahead, those of a zip unpacked together.

    `StorageUnavailable` if a storage does not answer.
    """
    for kind, group in groupby(origins, key=_fetch_key):
        if isinstance(kind, LocalFile | StoredObject):
            yield from unpack_pages(kind, (origin for origin in group if isinstance(origin, ZipEntry)), limit)
        elif kind is StoredObject:
            yield from _read_ahead((origin for origin in group if isinstance(origin, StoredObject)), limit)
        else:
            yield from group


def origin_to_json(origin: OriginOfPage) -> dict[str, str | int | None]:
    """The arguments of `origin_from_json` for another machine; names of files are bytes, so they are percent-encoded."""
    if isinstance(origin, NumberedPage):
        return {**origin_to_json(origin_of(origin)), "number": origin.number}
    entry, file = (quote(origin.entry), origin.archive) if isinstance(origin, ZipEntry) else (None, origin)
    if isinstance(file, StoredObject):
        return {"file": file.address, "folder": None, "entry": entry}
    folder = None if file.folder is None else _encoded(file.folder)
    return {"file": _encoded(file.path), "folder": folder, "entry": entry}


def origin_of(page: OriginOfPage) -> Origin:
    """The file that a page is in, or that is a page."""
    file = page.file if isinstance(page, NumberedPage) else page
    if not isinstance(file, LocalFile | StoredObject | ZipEntry):
        raise TypeError(f"{file.name} is in the memory of this process alone")
    return file


def origin_from_json(
    file: str, folder: str | None, entry: str | None, number: int | None = None
) -> OriginOfPage:
    """The origin that `origin_to_json` described."""
    whole = _file_from_json(file, folder, entry)
    return whole if number is None else NumberedPage(whole, number)


def _file_from_json(file: str, folder: str | None, entry: str | None) -> Origin:
    origin = (
        StoredObject(file)
        if object_storage.is_storage_address(file)
        else LocalFile(_decoded(file), None if folder is None else _decoded(folder))
    )
    return origin if entry is None else ZipEntry(origin, unquote(entry))


def _expand_zip(origin: LocalFile | StoredObject) -> list[Origin]:
    return list(list_zip_pages(origin)) if origin.name.lower().endswith(ARCHIVE_SUFFIX) else [origin]


def _list_rejected(name: str) -> list[Origin]:
    inside = _IN_ARCHIVE.fullmatch(name)
    if object_storage.is_storage_address(name):
        return [ZipEntry(StoredObject(inside[1]), inside[2])] if inside else _expand_zip(StoredObject(name))
    if inside and os.path.isfile(inside[1]):  # noqa: PTH113 - is False where it is closed too
        return [ZipEntry(LocalFile(Path(inside[1])), inside[2])]
    return [origin for file in files.list_rejected_files([Path(name)]) for origin in _expand_zip(file)]


def _fetch_key(origin: OriginOfPage) -> LocalFile | StoredObject | type:
    """The key by which origins are fetched together: their kind, or the zip that they are in."""
    return origin.archive if isinstance(origin, ZipEntry) else type(origin)


def _read_ahead(objects: Iterable[StoredObject], limit: int) -> Iterator[ReceivedFile]:
    with ThreadPoolExecutor(_PARALLEL_READS) as pool:
        asked: deque[Future[ReceivedFile]] = deque()
        for stored in objects:
            asked.append(pool.submit(_fetch, stored, limit))
            if len(asked) == _PARALLEL_READS:
                yield asked.popleft().result()
        while asked:
            yield asked.popleft().result()


def _fetch(stored: StoredObject, limit: int) -> ReceivedFile:
    try:
        return ReceivedFile(stored.name, stored.read(limit))
    except Rejected as rejected:
        return ReceivedFile(stored.name, refused=rejected)


def _encoded(path: Path) -> str:
    return quote(os.fsencode(path))


def _decoded(text: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(text)))
