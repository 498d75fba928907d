"""`manage.py restore`: replace the database by a backup."""

import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from rich.console import Console
from rich.status import Status

from articles.maintenance.backup_files import BackupRefused
from articles.maintenance.backups import CheckedBackup, RestoreResult, check_backup, restore_backup
from articles.management.base import BACKUP_ERRORS, OneLineErrorCommand, backup_refused, confirm


class Command(OneLineErrorCommand):
    help = "Replace the database by the backup in FILE, save the old database, and verify the restored one."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a backup made by manage.py backup")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        # SIGTERM also deletes the incomplete copy beside the database.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        backup: CheckedBackup | None = None
        try:
            with _status("Checking the backup ..."):
                backup = check_backup(options["file"])
            if not options["yes"] and not _agreed(f"Replace the database by {backup.path}? [y/N] "):
                self.stdout.write("Nothing was changed.")
                return
            with _status("Restoring ..."):
                done = restore_backup(backup)
        except BACKUP_ERRORS as error:
            raise backup_refused(error, "the backup was not restored", _place(backup)) from error
        except KeyboardInterrupt:
            self.stderr.write(
                f"Stopped{_place(backup)}; run it again, or manage.py verify to see what the database holds."
            )
            sys.exit(130)
        self._report(backup, done)
        # Derived data may be of another version of the rules.
        call_command("verify", repair=True, stdout=self.stdout, stderr=self.stderr)

    def _report(self, backup: CheckedBackup, done: RestoreResult) -> None:
        self.stdout.write(f"Restored: {backup.path} ({done.contents})")
        if done.migrated:
            self.stdout.write("The backup was made by an older Newsroom; newer migrations were applied.")
        if done.has_previous:
            self.stdout.write(f"The replaced database was saved: {backup.previous}")
        self.stdout.flush()  # before verify, which takes minutes and may be stopped


def _status(text: str) -> Status:
    return Console(stderr=True).status(text)


def _place(backup: CheckedBackup | None) -> str:
    """Where the former database is, for a message; empty if it was not replaced."""
    if backup is None or not backup.previous.exists():
        return ""
    return f"; the database as it was before: {backup.previous}"


def _agreed(question: str) -> bool:
    """Whether the user agrees; `BackupRefused` without a terminal to ask at."""
    if not sys.stdin.isatty():
        raise BackupRefused("no terminal to ask at: add --yes")
    return confirm(question)
