"""`manage.py backup`: copy the whole database to one file."""

import signal
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from rich.console import Console

from articles.maintenance.backups import create_backup
from articles.management.base import BACKUP_ERRORS, OneLineErrorCommand, backup_refused


class Command(OneLineErrorCommand):
    help = "Copy the whole database to FILE, while the server and the loaders work, and check the copy."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the file to write the backup to")
        parser.add_argument("--force", action="store_true", help="replace FILE if it exists")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        # SIGTERM, which a shutdown sends, also deletes the incomplete copy.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with Console(stderr=True).status("Copying the database and checking the copy ..."):
                made = create_backup(options["file"], force=options["force"])
        except BACKUP_ERRORS as error:
            raise backup_refused(error, "no backup was made") from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped; no backup was made.")
            sys.exit(130)
        with translation.override("en"):
            size = filesizeformat(made.size).replace("\xa0", " ")
        seconds = time.monotonic() - began
        self.stdout.write(f"Backup: {made.path} ({made.contents}, {size}, {seconds:.1f} s)")
