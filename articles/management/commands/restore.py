"""`manage.py restore`: a backup in the place of the database."""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from rich.console import Console

from articles.maintenance.backup_files import BackupRefused, DamagedBackup
from articles.maintenance.restoring import RestoreResult, check_backup, restore_backup

UNSOUND, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = "Put the backup in FILE in the place of the database, which is kept, and verify what it holds."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Without the usage, what is said of a wrong option is one line.
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what manage.py backup made")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        # As at a backup: half a copy beside the database is taken away again.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            done = self._run(options)
        except DamagedBackup as error:
            raise CommandError(str(error), returncode=UNSOUND) from error
        except BackupRefused as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except (DatabaseError, sqlite3.Error, OSError) as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"the backup was not restored: {reason}", returncode=UNUSABLE) from error
        except KeyboardInterrupt:
            self.stderr.write(
                "Stopped; run it again, or manage.py verify, which says what the database holds."
            )
            sys.exit(130)
        if done is None:
            self.stdout.write("Nothing was changed.")
            return
        self.stdout.write(f"Restored: {options['file']} ({done.holding})")
        if done.migrated:
            self.stdout.write("It was of an older Newsroom, and is brought up to this one.")
        if done.kept:
            self.stdout.write(f"What was there before is kept: {done.kept}")
        # The index and what appears where follow from the rest, and may be of another version of the rules.
        call_command("verify", repair=True, stdout=self.stdout, stderr=self.stderr)

    def _run(self, options: dict[str, Any]) -> RestoreResult | None:
        """Restore after asking; None if the answer was no."""
        console = Console(stderr=True)
        with console.status("Checking the backup ..."):
            path = check_backup(options["file"])
        if not options["yes"] and not _agreed(f"Replace the database by {path}? [y/N] "):
            return None
        with console.status("Restoring ..."):
            return restore_backup(path)


def _agreed(question: str) -> bool:
    """Whether the person at the terminal says yes; Ctrl-C and Ctrl-D say no."""
    if not sys.stdin.isatty():
        raise BackupRefused("nobody is there to ask: say --yes")
    try:
        return input(question).strip().lower() == "y"
    except (EOFError, KeyboardInterrupt):
        return False
