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
from .files import File, Sent, Source
from .object_storage import Stored
from .zip_archives import ARCHIVE_SUFFIX, Packed, pages_in, unpacked_pages

Origin = File | Stored | Packed

# Objects of a storage that are asked for at once: each takes its time to answer, and little else.
_AT_ONCE = 16
_IN_ARCHIVE = re.compile(rf"(.+?{re.escape(ARCHIVE_SUFFIX)})/(.+)", re.IGNORECASE | re.DOTALL)


def listed(names: Iterable[str]) -> list[Origin]:
    """The files that paths and addresses name, and the `*.txt` in folders and zips among them; each once.

    `UsageError` for a name that cannot have been meant, `Away` for a storage that cannot be asked.
    """
    found = [
        origin
        for name in names
        for named in (
            object_storage.listed(name) if object_storage.is_address(name) else files.listed([Path(name)])
        )
        for origin in _looked_into(named)
    ]
    return list({_is(origin): origin for origin in found}.values())


def relisted(names: Iterable[str]) -> list[Origin]:
    """The files to try again that were rejected, by the names that the ledger has of them."""
    return [origin for name in names for origin in _named_again(name)]


def fetched(origins: Iterable[Origin], limit: int) -> Iterator[Source]:
    """The same origins in their order, with the bytes of what is not at hand: read ahead, or unpacked in one go.

    `Away` for a storage that cannot be asked.
    """
    for kind, group in groupby(origins, key=_kind):
        if isinstance(kind, File | Stored):
            yield from unpacked_pages(kind, (origin for origin in group if isinstance(origin, Packed)), limit)
        elif kind is Stored:
            yield from _read_ahead((origin for origin in group if isinstance(origin, Stored)), limit)
        else:
            yield from group


def told(origin: Origin) -> dict[str, str | None]:
    """The arguments of `origin_of`, for another machine, as JSON holds them: the names of files are bytes."""
    entry, file = (quote(origin.entry), origin.archive) if isinstance(origin, Packed) else (None, origin)
    if isinstance(file, Stored):
        return {"file": file.address, "folder": None, "entry": entry}
    folder = None if file.folder is None else _encoded(file.folder)
    return {"file": _encoded(file.path), "folder": folder, "entry": entry}


def origin_of(file: str, folder: str | None, entry: str | None) -> Origin:
    """The origin that another machine told of."""
    origin = (
        Stored(file)
        if object_storage.is_address(file)
        else File(_decoded(file), None if folder is None else _decoded(folder))
    )
    return origin if entry is None else Packed(origin, unquote(entry))


def _looked_into(origin: File | Stored) -> list[Origin]:
    return list(pages_in(origin)) if origin.name.lower().endswith(ARCHIVE_SUFFIX) else [origin]


def _named_again(name: str) -> list[Origin]:
    inside = _IN_ARCHIVE.fullmatch(name)
    if object_storage.is_address(name):
        return [Packed(Stored(inside[1]), inside[2])] if inside else _looked_into(Stored(name))
    if inside and os.path.isfile(inside[1]):  # noqa: PTH113 - is False where it is closed too
        return [Packed(File(Path(inside[1])), inside[2])]
    return [origin for file in files.relisted([Path(name)]) for origin in _looked_into(file)]


def _is(origin: Origin) -> object:
    """What is the same for one file however it was named: by itself, or by the folder that it is in."""
    return origin.path if isinstance(origin, File) else origin


def _kind(origin: Origin) -> File | Stored | type[File] | type[Stored]:
    """What origins are fetched alike by: where they are, or the zip that they are in."""
    return origin.archive if isinstance(origin, Packed) else type(origin)


def _read_ahead(objects: Iterable[Stored], limit: int) -> Iterator[Sent]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked: deque[Future[Sent]] = deque()
        for stored in objects:
            asked.append(pool.submit(_fetched, stored, limit))
            if len(asked) == _AT_ONCE:
                yield asked.popleft().result()
        while asked:
            yield asked.popleft().result()


def _fetched(stored: Stored, limit: int) -> Sent:
    try:
        return Sent(stored.name, stored.read(limit))
    except Rejected as rejected:
        return Sent(stored.name, refused=rejected)


def _encoded(path: Path) -> str:
    return quote(os.fsencode(path))


def _decoded(text: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(text)))
