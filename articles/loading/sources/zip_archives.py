"""Lists and unpacks the page files in a zip within limits, whatever the zip's headers say."""

import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from articles.reading.values import Rejected

from .files import (
    PAGE_SUFFIXES,
    LocalFile,
    ReceivedFile,
    escape_name,
    rejected_as_too_large,
    size_limit,
    split_page_name,
)
from .object_storage import StoredObject

ARCHIVE_SUFFIX = ".zip"

# The most entries of a zip; folders and pictures are entries too.
_MOST_ENTRIES = 5_000
_ENTRY = b"PK\x01\x02"
_CHUNK = 1 << 20

# Allowed compression methods; others take as much memory as their headers say.
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED, _UTF_8 = 0x1, 0x800

_LONGEST_NAME = 300
# Files that macOS and Windows leave in folders.
_SYSTEM_FILES = {"__MACOSX", "Thumbs.db", "desktop.ini"}

# All errors of zipfile for a file that is not a zip or is broken.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)


@dataclass(slots=True)
class UnpackBudget:
    """How many files and bytes may still be unpacked, and how many bytes one file may have."""

    files: int
    bytes: int
    each: int

    def take_file(self) -> None:
        """Count a file; `Rejected` (too_many_files) if it is one too many."""
        self.files -= 1
        if self.files < 0:
            raise Rejected("too_many_files", "send the pages in several uploads")

    def take(self, size: int) -> None:
        """Count bytes that were unpacked; `Rejected` (too_much) if all together are too many."""
        self.bytes -= size
        if self.bytes < 0:
            raise Rejected(
                "too_much", "unpacked, the files are too large together; send them in several uploads"
            )


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A page file in a zip; with an empty `entry` it is the zip itself, which could not be opened."""

    archive: LocalFile | StoredObject
    entry: str

    @property
    def name(self) -> str:
        return f"{self.archive.name}/{escape_name(self.entry)}" if self.entry else self.archive.name

    def read(self, limit: int) -> bytes:
        """Unpack up to `limit` bytes; `Rejected` for the zip or for this file."""
        (found,) = unpack_pages(self.archive, [self], limit)
        return found.read(limit)


def list_zip_pages(archive: LocalFile | StoredObject) -> list[ZipEntry]:
    """List the `*.txt` and `*.pdf` in a zip, by name."""
    try:
        with archive.open() as file, _open_zip(file) as opened:
            names = {_decode_name(entry) for entry in opened.infolist()}
    except Rejected:
        return [ZipEntry(archive, "")]
    return [
        ZipEntry(archive, name)
        for name in sorted(names)
        if name.lower().endswith(PAGE_SUFFIXES) and not is_system_file(name)
    ]


def unpack_pages(
    archive: LocalFile | StoredObject, pages: Iterable[ZipEntry], limit: int
) -> Iterator[ReceivedFile]:
    """Unpack page files of one zip, which is opened once."""
    pages = iter(pages)
    try:
        with archive.open() as file, _open_zip(file) as opened:
            # Of two files with one name the first is taken, as in an upload.
            entries = {_decode_name(entry): entry for entry in reversed(opened.infolist())}
            for page in pages:
                yield _unpack_page(opened, entries.get(page.entry), page, limit)
    except Rejected as rejected:
        yield from (ReceivedFile(page.name, refused=rejected) for page in pages)


def unpack_archive(archive: IO[bytes], room: UnpackBudget) -> Iterator[ReceivedFile]:
    """Unpack the files of a zip in its order; those that are not pages have the reason in `refused`.

    `Rejected` for the whole zip: damaged_archive, too_many_files, too_much.
    """
    with _open_zip(archive) as opened:
        for entry in opened.infolist():
            name = _decode_name(entry)
            if not (name.endswith("/") or is_system_file(name)):
                room.take_file()
                yield _unpack_entry(opened, entry, name, room)


def _decode_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; zips of Chinese Windows have it in GB18030 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF_8:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def is_system_file(name: str) -> bool:
    """Whether a file is one that an operating system leaves in folders.

    >>> is_system_file("__MACOSX/._0730.txt"), is_system_file("07/.DS_Store"), is_system_file("07/0730.txt")
    (True, True, False)
    """
    parts = PurePosixPath(name).parts
    return bool(_SYSTEM_FILES.intersection(parts)) or any(
        part.startswith(".") and part != ".." for part in parts
    )


def check_page_name(name: str) -> None:
    """`Rejected` for a name that a page file cannot have: bad_name, nested_archive, not_text, path_too_long."""
    parts = name.split("/")
    if (
        not name.isprintable()
        or name != name.strip()
        or {"", ".", ".."}.intersection(parts)
        or ":" in parts[0]
    ):
        raise Rejected("bad_name", "its name leads elsewhere or has invisible characters; rename it")
    if len(name) > _LONGEST_NAME:
        raise Rejected("path_too_long", f"its name has over {_LONGEST_NAME} characters; shorten it")
    if name.lower().endswith(ARCHIVE_SUFFIX):
        raise Rejected("nested_archive", "a zip in a zip is not unpacked; send it by itself")
    if split_page_name(name)[1] is not None:
        raise Rejected("bad_name", "its name is that of one page of a file; rename it")
    if not name.lower().endswith(PAGE_SUFFIXES):
        raise Rejected("not_text", f"pages are {' and '.join(PAGE_SUFFIXES)} files; export the page as text")


def _open_zip(archive: IO[bytes]) -> zipfile.ZipFile:
    _check_entry_count(archive)
    try:
        return zipfile.ZipFile(archive)
    except _BROKEN as error:
        raise Rejected("damaged_archive", "this is no zip, or a broken one; pack the files again") from error


def _unpack_page(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo | None, page: ZipEntry, limit: int
) -> ReceivedFile:
    if entry is None:
        gone = Rejected("missing", "the zip has no such file any more; name another")
        return ReceivedFile(page.name, refused=gone)
    # A zip that a person named on the command line may be of any size.
    sent = _unpack_entry(opened, entry, page.entry, UnpackBudget(1, sys.maxsize, limit))
    return ReceivedFile(page.name, sent.data, sent.refused)


def _check_entry_count(archive: IO[bytes]) -> None:
    """`Rejected` for too many entries; `ZipFile` would first make a list of millions."""
    archive.seek(0)
    count, rest = 0, b""
    while chunk := archive.read(_CHUNK):
        count += (rest + chunk).count(_ENTRY)
        if count > _MOST_ENTRIES:
            raise Rejected("too_many_files", f"the zip has over {_MOST_ENTRIES:,} entries; send several")
        rest = chunk[1 - len(_ENTRY) :]
    archive.seek(0)


def _unpack_entry(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: UnpackBudget
) -> ReceivedFile:
    try:
        check_page_name(name)
        _check_entry(entry)
        data = _read(opened, entry, name, room)
    except Rejected as rejected:
        return ReceivedFile(escape_name(name)[:_LONGEST_NAME], refused=rejected)
    room.take(len(data))
    return ReceivedFile(name, data)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise Rejected("not_regular", "this is a link or a device; pack the file itself")
    if entry.flag_bits & _ENCRYPTED:
        raise Rejected("encrypted", "it asks for a password; pack it without one")
    if entry.compress_type not in _PACKED:
        raise Rejected("unknown_packing", "it is packed in an unusual way; pack it as an ordinary zip")


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: UnpackBudget) -> bytes:
    """Unpack an entry, as far as the limit of one file and the rest of the budget allow."""
    each = size_limit(name, room.each)
    limit = min(each, room.bytes)
    try:
        with opened.open(entry) as member:
            data = member.read(limit + 1)
    except _BROKEN as error:
        raise Rejected("damaged", "its checksum or its packing is broken; pack the files again") from error
    if len(data) > each:
        # Unpacking a refused file is work too, so it counts.
        room.bytes -= min(len(data), room.bytes)
        raise rejected_as_too_large(len(data), each)
    return data
