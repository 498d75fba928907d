"""Files that hold a whole database. They are written under a temporary name, checked, and then renamed."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple


class BackupRefused(Exception):
    """A backup or restore cannot be done, and nothing was changed; the message is one line with the remedy."""


class DamagedBackup(Exception):
    """A backup file or a copy is damaged or is not of Newsroom; nothing was changed."""


class BackupContents(NamedTuple):
    """The number of rows in a database, by which a person recognizes it."""

    pages: int
    articles: int

    def __str__(self) -> str:
        return f"{self.pages:,} pages, {self.articles:,} articles"


_UNFINISHED = ".newsroom.partial"
_SUFFIXES = ("", "-journal", "-wal", "-shm")
CONTENTS_QUERY = "SELECT (SELECT count(*) FROM articles_page), (SELECT count(*) FROM articles_article)"


@contextmanager
def temporary_file_beside(path: Path) -> Iterator[Path]:
    """Create an empty file in the folder of a path, readable by its owner only; delete it unless it was renamed.

    Files of processes that were killed are deleted first; a process locks its own.
    """
    _delete_abandoned_files(path.parent)
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent)
    except OSError as error:
        raise BackupRefused(f"{path.parent}: {error.strerror}; name a writable folder") from error
    made = Path(name)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield made
    finally:
        _delete(made)
        os.close(number)


def _delete_abandoned_files(folder: Path) -> None:
    for file in folder.glob(f".*{_UNFINISHED}"):
        with suppress(OSError):  # of another user, or locked
            number = os.open(file, os.O_RDONLY)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _delete(file)
            finally:
                os.close(number)


def _delete(file: Path) -> None:
    for suffix in _SUFFIXES:
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def rename_durably(made: Path, path: Path, *, replace: bool) -> None:
    """Give a complete file its name. After a power cut the file is there as a whole or not at all."""
    _flush(made)
    if replace:
        made.replace(path)
    else:
        link_as(made, path)
    _flush(path.parent)


def link_as(made: Path, path: Path) -> None:
    """Give a file a second name; `BackupRefused` if a file of that name exists."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise already_exists(path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise already_exists(path) from None
        made.replace(path)


def already_exists(path: Path) -> BackupRefused:
    return BackupRefused(f"{path} exists already: name another file, or add --force")


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
