"""Files that hold a whole database: written beside their name, checked, and only then called by it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class BackupRefused(Exception):
    """What was asked cannot be done, and nothing was changed: one line that says why, and what to do."""


class DamagedBackup(Exception):
    """A file or a copy that is not what it should be; nothing was changed."""


class BackupContents(NamedTuple):
    """What a database has, for a person to recognise it by."""

    pages: int
    articles: int

    def __str__(self) -> str:
        return f"{self.pages:,} pages, {self.articles:,} articles"


@contextmanager
def temporary_file_beside(path: Path) -> Iterator[Path]:
    """An empty file next to a path, which nobody else may read; it is gone in the end, unless it was renamed."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    except OSError as error:
        raise BackupRefused(f"{path.parent}: {error.strerror}; name a folder that can be written") from error
    os.close(number)
    made = Path(name)
    try:
        yield made
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{made}{suffix}").unlink(missing_ok=True)


def rename_durably(made: Path, path: Path, *, replace: bool) -> None:
    """Give a file that is complete its name, so that a power cut leaves the whole of it or nothing."""
    _flush(made)
    if replace:
        made.replace(path)
    else:
        link_as(made, path)
    _flush(path.parent)


def link_as(made: Path, path: Path) -> None:
    """Give a file one more name; `BackupRefused` if something has it."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise BackupRefused(f"{path} is there already: name another file, or say --force") from None
    except OSError:  # a file system that knows one name for a file
        if path.exists():
            raise BackupRefused(f"{path} is there already: name another file, or say --force") from None
        made.replace(path)


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
