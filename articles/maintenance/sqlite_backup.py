"""A SQLite database copied to one file, and put back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from .backup_files import (
    BackupContents,
    BackupRefused,
    DamagedBackup,
    link_as,
    rename_durably,
    temporary_file_beside,
)

_HEADER = b"SQLite format 3\0"
_HOLDING = "SELECT (SELECT count(*) FROM articles_page), (SELECT count(*) FROM articles_article)"
_OPEN = "another process has the database open: stop the server and the loaders first"


def copy_database(connection: BaseDatabaseWrapper, target: Path) -> BackupContents:
    """Copy every committed row to a file, while others write; `DamagedBackup` if the copy is not what was there."""
    with closing(_connect(_path_of(connection), "rw")) as source:
        before = _holding(source)
        # Into a file that is there, but empty: it is ours, and nobody else may read it.
        source.execute("VACUUM INTO ?", [str(target)])
        after = _holding(source)
    with closing(_connect(target, "ro")) as made:
        _check_sound(made, "the copy")
        held = _holding(made)
    for name, was, count, by_now in zip(BackupContents._fields, before, held, after, strict=True):
        if not min(was, by_now) <= count <= max(was, by_now):
            raise DamagedBackup(f"the copy has {count:,} {name}, the database {by_now:,}: do it once more")
    return held


def applied_migrations(connection: BaseDatabaseWrapper, file: Path) -> set[tuple[str, str]]:
    """The migrations that a backup has seen; `DamagedBackup` if the file is damaged, or no backup of ours."""
    del connection
    with file.open("rb") as opened:
        if opened.read(len(_HEADER)) != _HEADER:
            raise DamagedBackup(f"{file} is no SQLite database")
    try:
        with closing(_connect(file, "ro")) as database:
            _check_sound(database, str(file))
            _holding(database)
            return set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        raise DamagedBackup(f"{file} is no backup of Newsroom: {error}") from error


def replace_database(connection: BaseDatabaseWrapper, file: Path, kept: Path) -> bool:
    """Put a backup in the place of the database, which is kept under another name; False if there was none.

    `BackupRefused` while another process has the database open.
    """
    place = _path_of(connection)
    connection.close()
    with temporary_file_beside(place) as made:
        shutil.copyfile(file, made)
        with closing(sqlite3.connect(made)) as copied:
            # Here, where nobody else is: of several processes that turn it on at once, SQLite may refuse all but one.
            copied.execute("PRAGMA journal_mode=WAL")
        return _exchange(made, place, kept)


def previous_database_path(connection: BaseDatabaseWrapper, file: Path, when: str) -> Path:
    """Where `replace_database` keeps the database that was there."""
    del file
    place = _path_of(connection)
    return place.with_name(f"{place.name}.before-{when}")


def _path_of(connection: BaseDatabaseWrapper) -> Path:
    name = str(connection.settings_dict["NAME"])
    if name == ":memory:" or "mode=memory" in name:
        raise BackupRefused("the database is in memory: there is no file to copy or to replace")
    return Path(name)


def _exchange(made: Path, place: Path, kept: Path) -> bool:
    if not place.exists():
        rename_durably(made, place, replace=True)
        return False
    try:
        with closing(sqlite3.connect(place, timeout=0, isolation_level=None)) as there:
            _like(place, made)
            # Only the last connection may leave the log; what is in it comes into the file.
            there.execute("PRAGMA journal_mode=DELETE")
            there.execute("BEGIN EXCLUSIVE")
            link_as(place, kept)
            rename_durably(made, place, replace=True)
    except sqlite3.OperationalError as error:
        kept.unlink(missing_ok=True)
        raise BackupRefused(_OPEN if "locked" in str(error) else f"{place}: {error}") from error
    except sqlite3.DatabaseError:  # it is damaged, which may be why it is to be replaced
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                Path(f"{place}{suffix}").rename(f"{kept}{suffix}")
        rename_durably(made, place, replace=True)
    return True


def _like(place: Path, made: Path) -> None:
    """Let whoever may use one file use the other: it is not always the server's user that restores."""
    shutil.copymode(place, made)
    with suppress(PermissionError):
        shutil.chown(made, place.stat().st_uid, place.stat().st_gid)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    try:
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=20, isolation_level=None
        )
    except sqlite3.OperationalError as error:
        raise BackupRefused(f"{path}: {error}; is the database there (manage.py migrate)?") from error


def _holding(database: sqlite3.Connection) -> BackupContents:
    return BackupContents(*database.execute(_HOLDING).fetchone())


def _check_sound(database: sqlite3.Connection, name: str) -> None:
    (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise DamagedBackup(f"{name} is damaged: {' '.join(said.split())}")
