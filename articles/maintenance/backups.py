"""One file that holds the whole database, made while others work."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from django.db import connection

from . import postgresql_backup, sqlite_backup
from .backup_files import BackupContents, BackupRefused, rename_durably, temporary_file_beside

_DATABASES: dict[str, ModuleType] = {"sqlite": sqlite_backup, "postgresql": postgresql_backup}


class Backup(NamedTuple):
    """A backup that was made and checked."""

    path: Path
    holding: BackupContents
    size: int


def backup_backend() -> ModuleType:
    """What knows how to copy and to replace the database at hand."""
    return _DATABASES[connection.vendor]


def create_backup(path: Path, *, force: bool) -> Backup:
    """Copy the database to a new file; with `force` to one that may be there, and is kept until the copy is right."""
    path = path.absolute()
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise BackupRefused(f"{path} is no file: name the file that the backup becomes")
    if path.exists() and not force:
        raise BackupRefused(f"{path} is there already: name another file, or say --force")
    with temporary_file_beside(path) as made:
        holding = backup_backend().copy_database(connection, made)
        rename_durably(made, path, replace=force)
    return Backup(path, holding, path.stat().st_size)
