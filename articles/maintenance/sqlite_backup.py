"""Backs up and restores SQLite."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from .backup_files import (
    CONTENTS_QUERY,
    BackupContents,
    BackupRefused,
    DamagedBackup,
    link_as,
    rename_durably,
    temporary_file_beside,
)

_HEADER = b"SQLite format 3\0"
_OPEN = "another process has the database open: stop the server and the loaders first"


def copy_database(connection: BaseDatabaseWrapper, target: Path) -> BackupContents:
    """Copy all committed rows to a file while others write; `DamagedBackup` if the copy is wrong."""
    with closing(_connect(_path_of(connection), "rw")) as source:
        before = _contents(source)
        # Into the empty file that exists already, because only its owner can read it.
        source.execute("VACUUM INTO ?", [str(target)])
        after = _contents(source)
    with closing(_connect(target, "ro")) as made:
        _check_sound(made, "the copy")
        copied = _contents(made)
    for name, earlier, count, later in zip(BackupContents._fields, before, copied, after, strict=True):
        if not min(earlier, later) <= count <= max(earlier, later):
            raise DamagedBackup(f"the copy has {count:,} {name}, the database {later:,}: try again")
    return copied


def applied_migrations(connection: BaseDatabaseWrapper, file: Path) -> set[tuple[str, str]]:
    del connection
    with file.open("rb") as opened:
        if opened.read(len(_HEADER)) != _HEADER:
            raise DamagedBackup(f"{file} is not an SQLite database")
    try:
        with closing(_connect(file, "ro")) as database:
            _check_sound(database, str(file))
            _contents(database)
            return set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        raise DamagedBackup(f"{file} is not a backup of Newsroom: {error}") from error


def replace_database(connection: BaseDatabaseWrapper, file: Path, previous: Path) -> bool:
    """Replace the database by a backup and rename the old one to `previous`; False if there was none.

    `BackupRefused` while another process has the database open.
    """
    place = _path_of(connection)
    connection.close()
    with temporary_file_beside(place) as made:
        shutil.copyfile(file, made)
        with closing(sqlite3.connect(made)) as copied:
            # Here, before others open the file: SQLite may refuse processes that switch it on at the same time.
            copied.execute("PRAGMA journal_mode=WAL")
        return _exchange(made, place, previous)


@contextmanager
def scratch_copy(connection: BaseDatabaseWrapper, file: Path, beside: Path) -> Iterator[str]:
    """Copy a backup to a temporary file."""
    del connection
    with temporary_file_beside(beside) as made:
        shutil.copyfile(file, made)
        yield str(made)


def previous_database_path(connection: BaseDatabaseWrapper, file: Path, when: str) -> Path:
    del file
    place = _path_of(connection)
    return place.with_name(f"{place.name}.before-{when}")


def _path_of(connection: BaseDatabaseWrapper) -> Path:
    name = str(connection.settings_dict["NAME"])
    if name == ":memory:" or "mode=memory" in name:
        raise BackupRefused("the database is in memory: there is no file to copy or to replace")
    return Path(name)


def _exchange(made: Path, place: Path, previous: Path) -> bool:
    """Move a copied database to its place and the old one to `previous`; False if there was none."""
    if not place.exists():
        rename_durably(made, place, replace=True)
        return False
    try:
        with closing(sqlite3.connect(place, timeout=0, isolation_level=None)) as there:
            _copy_permissions(place, made)
            # Works only for the last connection; writes the log into the file.
            there.execute("PRAGMA journal_mode=DELETE")
            there.execute("BEGIN EXCLUSIVE")
            _set_aside(place, previous, made)
    except sqlite3.OperationalError as error:
        raise BackupRefused(_OPEN if "locked" in str(error) else f"{place}: {error}") from error
    except sqlite3.DatabaseError:  # it is damaged, which may be the reason for the restore
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{place}{suffix}").rename(f"{previous}{suffix}")
        _set_aside(place, previous, made)
    return True


def _set_aside(place: Path, previous: Path, made: Path) -> None:
    """Replace a database and give the old one the name `previous`; at each moment one of the two is in its place."""
    link_as(place, previous)
    try:
        rename_durably(made, place, replace=True)
    except BaseException:
        if place.exists() and place.samefile(previous):
            previous.unlink()
        raise


def _copy_permissions(place: Path, made: Path) -> None:
    """Copy mode and owner, because the user who restores may not be the server's."""
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


def _contents(database: sqlite3.Connection) -> BackupContents:
    return BackupContents(*database.execute(CONTENTS_QUERY).fetchone())


def _check_sound(database: sqlite3.Connection, name: str) -> None:
    (result,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise DamagedBackup(f"{name} is damaged: {' '.join(result.split())}")
