"""Backup of the whole database to one file while others use it, and restore from such a file."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple, Protocol

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.counts.change_triggers import note_all_changed

from . import postgresql_backup, sqlite_backup
from .backup_files import (
    CONTENTS_QUERY,
    BackupContents,
    BackupRefused,
    DamagedBackup,
    already_exists,
    rename_durably,
    temporary_file_beside,
)


class _BackupBackend(Protocol):
    """The functions that a module must have to back up one kind of database."""

    def copy_database(self, connection: BaseDatabaseWrapper, target: Path) -> BackupContents:
        """Copy all committed rows to a file; `DamagedBackup` if the copy is wrong."""

    def applied_migrations(self, connection: BaseDatabaseWrapper, file: Path) -> set[tuple[str, str]]:
        """The (app, name) of the migrations in a backup; `DamagedBackup` if it is damaged or not of Newsroom."""

    def scratch_copy(
        self, connection: BaseDatabaseWrapper, file: Path, beside: Path
    ) -> AbstractContextManager[str]:
        """The NAME of a database with the rows of a backup, which is deleted afterwards."""

    def previous_database_path(self, connection: BaseDatabaseWrapper, file: Path, when: str) -> Path:
        """The file in which `replace_database` saves the database that it replaces."""

    def replace_database(self, connection: BaseDatabaseWrapper, file: Path, previous: Path) -> bool:
        """Replace the database by a backup and save the old one in `previous`; False if there was none."""


_BACKENDS: dict[str, _BackupBackend] = {"sqlite": sqlite_backup, "postgresql": postgresql_backup}


class Backup(NamedTuple):
    """A backup that was made and checked; `size` in bytes."""

    path: Path
    contents: BackupContents
    size: int


class RestoreResult(NamedTuple):
    """The restored contents, whether a database was there before, and whether migrations ran."""

    contents: BackupContents
    has_previous: bool
    migrated: bool


def create_backup(path: Path, *, force: bool) -> Backup:
    """Copy the database to a new file; with `force` an existing file is replaced once the copy is checked."""
    path = path.absolute()
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise BackupRefused(f"{path} is not a file: name the file to write the backup to")
    if path.exists() and not force:
        raise already_exists(path)
    with temporary_file_beside(path) as made:
        contents = _BACKENDS[connection.vendor].copy_database(connection, made)
        rename_durably(made, path, replace=force)
    return Backup(path, contents, path.stat().st_size)


class CheckedBackup(NamedTuple):
    """A backup that this version of Newsroom can restore; `previous` is the file for the database that it replaces."""

    path: Path
    is_older: bool
    previous: Path


def check_backup(path: Path) -> CheckedBackup:
    """Check that this version of Newsroom can restore a backup; else `DamagedBackup`."""
    path = path.absolute()
    if not path.is_file():
        raise BackupRefused(f"{path}: no such file")
    backend = _BACKENDS[connection.vendor]
    applied = backend.applied_migrations(connection, path)
    labels = {config.label for config in apps.get_app_configs()}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations or {})
    newer = sorted(f"{app}.{name}" for app, name in applied - known if app in labels)
    if newer:
        raise DamagedBackup(f"{path} was made by a newer Newsroom ({newer[-1]}): upgrade this one first")
    if not any(app == "articles" for app, _ in applied):
        raise DamagedBackup(f"{path} is not a backup of Newsroom")
    is_older = any(app in loader.migrated_apps for app, _ in known - applied)
    previous = backend.previous_database_path(connection, path, f"{timezone.localtime():%Y%m%d-%H%M%S}")
    return CheckedBackup(path, is_older, _unused(previous))


def _unused(path: Path) -> Path:
    """The path, with a number behind it if a file has its name: two restores may begin in one second."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(candidate for candidate in chain([path], numbered) if not candidate.exists())


def restore_backup(backup: CheckedBackup) -> RestoreResult:
    """Replace the database by a backup, to a copy of which newer migrations are applied before."""
    with _migrated(backup) if backup.is_older else nullcontext(backup.path) as file:
        had_database = _BACKENDS[connection.vendor].replace_database(connection, file, backup.previous)
    # Clients and caches know what is lost now, and maybe by numbers of another server.
    note_all_changed(connection)
    return RestoreResult(_contents(), had_database, backup.is_older)


@contextmanager
def _migrated(backup: CheckedBackup) -> Iterator[Path]:
    """A checked copy of a backup with the newest migrations, deleted afterwards; the database is not touched."""
    backend = _BACKENDS[connection.vendor]
    with temporary_file_beside(backup.previous) as made:
        with backend.scratch_copy(connection, backup.path, backup.previous) as name, _connected_to(name):
            before = _contents()
            _migrate(backup.path)
            if backend.copy_database(connection, made) != before:
                raise DamagedBackup(
                    f"{backup.path}: migrating changed its {before}; the database was not changed"
                )
        yield made


def _contents() -> BackupContents:
    with connection.cursor() as cursor:
        cursor.execute(CONTENTS_QUERY)
        return BackupContents(*cursor.fetchone())


def _migrate(path: Path) -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as error:  # a migration may raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise BackupRefused(
            f"{path} cannot be migrated to this version ({reason}); the database was not changed"
        ) from error


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Let Django's connection use another database of the same kind."""
    before = connection.settings_dict["NAME"]
    _disconnect()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        _disconnect()
        connection.settings_dict["NAME"] = before


def _disconnect() -> None:
    connection.close()
    if close_pool := getattr(connection, "close_pool", None):  # of PostgreSQL
        close_pool()
