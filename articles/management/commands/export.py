"""`manage.py export`: all that is public, as files for a mirror or for research."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from articles.api.bulk_export import export_archive
from articles.management.base import OneLineErrorCommand

_PART = 10_000


class Command(OneLineErrorCommand):
    help = (
        "Write all public articles, pages, reporters, places and organizations into FOLDER as JSON Lines in parts (gzip), with"
        " a manifest of counts and SHA-256. Run it again after it was stopped: it goes on behind the last whole part."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="FOLDER", help="the folder for the parts and manifest.json"
        )
        parser.add_argument(
            "--origin",
            default="",
            metavar="URL",
            help="what addresses begin with, as https://archive.example",
        )
        parser.add_argument(
            "--part",
            type=_positive,
            default=_PART,
            metavar="N",
            help=f"records in a part ({_PART:,} if it is left out)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        origin = options["origin"].rstrip("/")

        def report(kind: str, records: int) -> None:
            self.stderr.write(f"{kind}: {records:,}")

        try:
            manifest = export_archive(options["folder"], origin, options["part"], report)
        except OSError as error:
            raise CommandError(f"{error.filename or options['folder']}: {error.strerror or error}") from error
        counts = ", ".join(f"{one['records']:,} {kind}" for kind, one in manifest["counts"].items())
        self.stdout.write(f"Exported: {counts}, in {len(manifest['parts'])} parts")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)
