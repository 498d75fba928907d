"""Backup of the whole database to one file while others use it, and restore from such a file."""

from pathlib import Path
from typing import NamedTuple, Protocol

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.models import Article, Page

from . import postgresql_backup, sqlite_backup
from .backup_files import (
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
    """The restored contents, the file with the replaced database if there was one, and whether migrations ran."""

    contents: BackupContents
    previous: Path | None
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


def check_backup(path: Path) -> Path:
    """Check that this version of Newsroom can restore a backup, and give its absolute path; else `DamagedBackup`."""
    path = path.absolute()
    if not path.is_file():
        raise BackupRefused(f"{path}: no such file")
    applied = _BACKENDS[connection.vendor].applied_migrations(connection, path)
    labels = {config.label for config in apps.get_app_configs()}
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    newer = sorted(f"{app}.{name}" for app, name in applied - known.keys() if app in labels)
    if newer:
        raise DamagedBackup(f"{path} was made by a newer Newsroom ({newer[-1]}): upgrade this one first")
    if not any(app == "articles" for app, _ in applied):
        raise DamagedBackup(f"{path} is not a backup of Newsroom")
    return path


def restore_backup(path: Path) -> RestoreResult:
    """Replace the database by a backup that `check_backup` accepted, and apply newer migrations."""
    backend = _BACKENDS[connection.vendor]
    previous = backend.previous_database_path(connection, path, f"{timezone.localtime():%Y%m%d-%H%M%S}")
    had_database = backend.replace_database(connection, path, previous)
    executor = MigrationExecutor(connection)
    is_older = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if is_older:
        call_command("migrate", interactive=False, verbosity=0)
    contents = BackupContents(Page.objects.count(), Article.objects.count())
    return RestoreResult(contents, previous if had_database else None, is_older)
