"""Files that hold a whole database. They are written under a temporary name, checked, and then renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


CONTENTS_QUERY = "SELECT (SELECT count(*) FROM articles_page), (SELECT count(*) FROM articles_article)"


@contextmanager
def temporary_file_beside(path: Path) -> Iterator[Path]:
    """Create an empty file in the folder of a path, readable by its owner only; delete it unless it was renamed."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    except OSError as error:
        raise BackupRefused(f"{path.parent}: {error.strerror}; name a writable folder") from error
    os.close(number)
    made = Path(name)
    try:
        yield made
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{made}{suffix}").unlink(missing_ok=True)


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
