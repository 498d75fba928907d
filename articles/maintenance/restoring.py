"""A backup put in the place of the database, which is kept."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.models import Article, Page

from .backup_files import BackupContents, BackupRefused, DamagedBackup
from .backups import backup_backend


class RestoreResult(NamedTuple):
    """What the database holds by now; `kept` is what was there before, if anything was, `migrated` tells of an upgrade."""

    holding: BackupContents
    kept: Path | None
    migrated: bool


def check_backup(path: Path) -> Path:
    """The backup at a path, once it is known to be one that this code can work with; `DamagedBackup` if it is none."""
    path = path.absolute()
    if not path.is_file():
        raise BackupRefused(f"{path}: there is no such file")
    seen: set[tuple[str, str]] = backup_backend().applied_migrations(connection, path)
    labels = {config.label for config in apps.get_app_configs()}
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    newer = sorted(f"{app}.{name}" for app, name in seen - known.keys() if app in labels)
    if newer:
        raise DamagedBackup(f"{path} was made by a newer Newsroom ({newer[-1]}): upgrade this one first")
    if not any(app == "articles" for app, _ in seen):
        raise DamagedBackup(f"{path} is no backup of Newsroom")
    return path


def restore_backup(path: Path) -> RestoreResult:
    """Put a backup that was checked in the place of the database, and bring it up to this code."""
    place = backup_backend()
    kept: Path = place.previous_database_path(connection, path, f"{timezone.localtime():%Y%m%d-%H%M%S}")
    was_there = place.replace_database(connection, path, kept)
    executor = MigrationExecutor(connection)
    is_older = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if is_older:
        call_command("migrate", interactive=False, verbosity=0)
    holding = BackupContents(Page.objects.count(), Article.objects.count())
    return RestoreResult(holding, kept if was_there else None, is_older)
