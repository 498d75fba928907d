"""Lists and reads page files of this computer; rejects unread what is not an ordinary file of a sensible size."""

import errno
import itertools
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from articles.reading.values import Page, Rejected

_PDF_SUFFIX = ".pdf"
PAGE_SUFFIXES = (".txt", _PDF_SUFFIX)
"""Which files of a folder and a zip are pages, by the ends of their names; what they hold is found by their content."""

# A file of many pages may have so many bytes; the setting is the limit of a page of text.
_MOST_FILE_BYTES = 64 * 1024 * 1024
_PAGE_MARK = "#page="

# The longest path in bytes; PostgreSQL cannot index a longer text.
_LONGEST_PATH = 2_000


class UsageError(ValueError):
    """A wrong path or option, described in one line."""


class PageSource(Protocol):
    """A page file that a load can read, wherever it is."""

    @property
    def name(self) -> str:
        """The path in `LoadFile`; other bytes under the same name are a new version of the page."""

    def read(self, limit: int) -> bytes:
        """Return the bytes; `Rejected` if they cannot be read or are more than `limit`."""


@dataclass(frozen=True, slots=True, order=True)
class LocalFile:
    """A file of this computer; `folder` is the one that was listed, None if the file itself was named."""

    path: Path
    folder: Path | None = None

    @property
    def name(self) -> str:
        return printable_path(self.path)

    def read(self, limit: int) -> bytes:
        """Read a file of up to `limit` bytes.

        `Rejected`: missing, unreadable, not_regular, outside_folder, path_too_long, too_large, empty.
        """
        limit = size_limit(self.name, limit)
        try:
            with _open(self, limit) as opened:
                data = opened.read(limit + 1)
        except OSError as error:
            raise _rejected(error) from error
        if len(data) > limit:
            raise rejected_as_too_large(len(data), limit)
        return data

    def open(self) -> IO[bytes]:
        """Open a file of any size; `Rejected` as by `read`."""
        return _open(self, sys.maxsize)


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """One page of a file that has many, as addresses name it: issue.pdf#page=3."""

    file: PageSource
    number: int

    @property
    def name(self) -> str:
        return page_name(self.file.name, self.number)

    def read(self, limit: int) -> bytes:
        """Read the bytes of the whole file."""
        return self.file.read(limit)


@dataclass(frozen=True, slots=True)
class ReplacedFile:
    """A page file that is loaded in the place of one that is gone, whose `name` it takes over."""

    source: PageSource
    name: str

    def read(self, limit: int) -> bytes:
        return self.source.read(limit)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A page file in memory, from an upload, a zip or a storage; `refused` is why it has no bytes.

    `page` is one page of a file, which was read when it was received.
    """

    name: str
    data: bytes = b""
    refused: Rejected | None = None
    page: Page | None = None

    def read(self, limit: int) -> bytes:
        if self.refused:
            raise self.refused
        limit = size_limit(self.name, limit)
        if len(self.data) > limit:
            raise rejected_as_too_large(len(self.data), limit)
        if not self.data:
            raise rejected_as_empty()
        return self.data


def size_limit(name: str, limit: int) -> int:
    """The most bytes of a file by its name: `limit` is that of a page of text, and a PDF may have many pages."""
    return max(limit, _MOST_FILE_BYTES) if name.lower().endswith(_PDF_SUFFIX) else limit


def page_name(file: str, number: int) -> str:
    """The name of a page of a file in the ledger.

    >>> page_name("2015/issue.pdf", 3)
    '2015/issue.pdf#page=3'
    """
    return f"{file}{_PAGE_MARK}{number}"


def is_page_of_many(name: str) -> bool:
    """Whether the name is that of a page in a file that may have many: issue.pdf#page=3."""
    return split_page_name(name)[1] is not None


def split_page_name(name: str) -> tuple[str, int | None]:
    """The name of the file and the number of the page in it; None if the name is that of a whole file.

    >>> split_page_name("2015/issue.pdf#page=3"), split_page_name("0730.txt")
    (('2015/issue.pdf', 3), ('0730.txt', None))
    """
    file, mark, number = name.rpartition(_PAGE_MARK)
    is_page = bool(mark and file) and number.isascii() and number.isdecimal()
    return (file, int(number)) if is_page else (name, None)


def printable_path(path: Path | str) -> str:
    r"""The path as text; control characters and bytes that are not UTF-8 are escaped, and a long path is shortened.

    >>> printable_path(Path("pages/3月\n.txt"))
    'pages/3月\\n.txt'
    """
    text = escape_name(os.fsencode(path).decode("utf-8", "backslashreplace"))
    return text if len(text.encode()) <= _LONGEST_PATH else f"…{text[-_LONGEST_PATH // 4 :]}"


def escape_name(name: str) -> str:
    r"""A text on one line, with control and invisible characters escaped.

    >>> escape_name("张\n\x1b[31m")
    '张\\n\\x1b[31m'
    """
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)


def list_files(paths: Iterable[Path]) -> list[LocalFile]:
    """List the files at the paths, and the `*.txt` and `*.pdf` in folders among them: absolute, in order, each once.

    `UsageError` for a path with `..` anywhere but at its start, and for a missing one.
    """
    return list({file.path: file for path in paths for file in _list_path(path)}.values())


def list_rejected_files(paths: Iterable[Path]) -> list[LocalFile]:
    """List the files at absolute paths that were rejected before; links out of their folder are rejected again."""
    return [
        file
        for path in paths
        for file in (
            _walk(path) if path.is_dir() and not path.is_symlink() else [LocalFile(path, path.parent)]
        )
    ]


def _open(file: LocalFile, limit: int) -> IO[bytes]:
    try:
        _check_status(file, file.path.stat(), limit)
        # Without blocking, as a pipe may have taken the place of the file.
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        opened = os.fdopen(descriptor, "rb")
        try:
            _check_status(file, os.fstat(descriptor), limit)
        except BaseException:
            opened.close()
            raise
    except OSError as error:
        raise _rejected(error) from error
    return opened


def _list_path(path: Path) -> Iterator[LocalFile]:
    if ".." in _parts_after_start(path):
        raise UsageError(
            f"{printable_path(path)}: a path must not go up (..); name the file or folder itself"
        )
    if not os.path.lexists(path):
        raise UsageError(f"{printable_path(path)}: there is no such file or folder")
    absolute = Path(os.path.normpath(path.absolute()))
    return _walk(absolute) if absolute.is_dir() else iter([LocalFile(absolute)])


def _parts_after_start(path: Path) -> tuple[str, ...]:
    """The parts of a path after the `..` at its start, which name a neighbouring folder."""
    parts = tuple(itertools.dropwhile(lambda part: part == "..", path.parts))
    return parts or path.parts


def _walk(folder: Path) -> Iterator[LocalFile]:
    """The pages below a folder, and what will be rejected: closed folders and links to folders."""
    closed: list[OSError] = []
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        found += [path for name in folders if (path := Path(parent, name)).is_symlink()]
        found += [Path(parent, name) for name in names if name.lower().endswith(PAGE_SUFFIXES)]
    found += [Path(error.filename) for error in closed]
    return (LocalFile(path, folder) for path in sorted(found))


def _check_status(file: LocalFile, status: os.stat_result, limit: int) -> None:
    """`Rejected` if the status of a file shows that it cannot be a page."""
    if file.folder and file.path.is_symlink():
        _check_link(file.path.resolve(), file.folder.resolve())
    if stat.S_ISDIR(status.st_mode):
        os.scandir(file.path).close()  # raises the reason why the folder could not be listed
    if not stat.S_ISREG(status.st_mode):
        raise Rejected("not_regular", f"this is {_kind(status.st_mode)}; name ordinary files")
    if len(os.fsencode(file.path)) > _LONGEST_PATH:
        raise _too_long()
    if status.st_size > limit:
        raise rejected_as_too_large(status.st_size, limit)
    if status.st_size == 0:
        raise rejected_as_empty()


def _check_link(target: Path, folder: Path) -> None:
    if not target.is_relative_to(folder):
        raise Rejected("outside_folder", "a link out of the folder; copy the file, or name it itself")
    if target.is_dir():
        raise Rejected("outside_folder", "a link to a folder; links to folders are not followed")


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def rejected_as_too_large(size: int, limit: int) -> Rejected:
    detail = f"{size:,} bytes, and the limit is {limit:,}; split the file, or raise NEWSROOM_MAX_PAGE_BYTES"
    return Rejected("too_large", detail)


def rejected_as_empty() -> Rejected:
    return Rejected("empty", "the file has no bytes; export the page again")


def _too_long() -> Rejected:
    return Rejected("path_too_long", f"the path has over {_LONGEST_PATH:,} bytes; move the file up")


def _rejected(error: OSError) -> Rejected:
    """The rejection for an error of the operating system, without the path."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return Rejected("missing", "the file is gone, or is a link to nothing; name another")
        case errno.ELOOP:
            return Rejected("outside_folder", "a link that leads in a circle; remove it")
        case errno.ENAMETOOLONG:
            return _too_long()
    return Rejected("unreadable", f"{os.strerror(error.errno or 0)}; let this user read the file")
