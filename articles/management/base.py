"""What management commands share: errors in one line with an exit code, and a question at the terminal."""

import argparse
import sqlite3
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError, Error, IntegrityError

from articles.database_busy import is_busy
from articles.loading.sources.files import UsageError
from articles.loading.sources.object_storage import StorageUnavailable
from articles.maintenance.backup_files import BackupRefused, DamagedBackup

UNUSABLE = 2
"""The exit code for wrong options, and for a database or storage that cannot be used."""


class OneLineErrorCommand(BaseCommand):
    """A command that reports wrong usage and an unusable database in one line, with exit code 2."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Without the usage, the error for a wrong option is one line.
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (UsageError, StorageUnavailable) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except (IntegrityError, DataError):
            raise  # a fault of the program
        except Error as error:
            raise database_refused(error) from error


def database_refused(error: BaseException) -> CommandError:
    """The error of a command whose database is missing, locked, read-only or without tables."""
    reason = " ".join(str(error).split())
    advice = (
        "another process writes, or the server is away: run it again for the rest"
        if is_busy(error)
        else "is it there, writable and migrated (manage.py migrate)?"
    )
    return CommandError(f"the database refused: {reason}; {advice}", returncode=UNUSABLE)


BACKUP_ERRORS = (DamagedBackup, BackupRefused, Error, sqlite3.Error, OSError)


def backup_refused(error: Exception, failure: str, remark: str = "") -> CommandError:
    """The error of a backup or restore, with a remark at its end; exit code 1 for a damaged backup."""
    if isinstance(error, DamagedBackup | BackupRefused):
        return CommandError(
            f"{error}{remark}", returncode=1 if isinstance(error, DamagedBackup) else UNUSABLE
        )
    return CommandError(f"{failure}: {' '.join(str(error).split())}{remark}", returncode=UNUSABLE)


def confirm(question: str) -> bool:
    """Whether the user answers yes; Ctrl-C and Ctrl-D mean no."""
    try:
        return input(question).strip().lower() == "y"
    except (EOFError, KeyboardInterrupt):
        return False
