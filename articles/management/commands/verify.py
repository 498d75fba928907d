"""`manage.py verify`: whether all that is stored is sound."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from rich.console import Console
from rich.progress import Progress

from articles.maintenance.checks.check import Advance
from articles.maintenance.verification import StartProgress, verify
from articles.models import Article, Page

FAULTY, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Check that every page, article, name and load is what it says, and what is derived from them right."
    )
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Without the usage, what is said of a wrong option is one line.
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="make anew what is derived: index, appearances, paths, merges",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = Counter[str]()
        try:
            pages, articles = Page.objects.count(), Article.objects.count()
            with _progress() as watch:
                for state, fault in verify(watch, repair=options["repair"]):
                    counts[state] += 1
                    self.stdout.write(f"{state:<7} {fault}")
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(
                f"the database refused: {reason}; is it there, writable and migrated (manage.py migrate)?",
                returncode=UNUSABLE,
            ) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")
            sys.exit(130)
        mended = f", {counts['mended']:,} mended" if counts["mended"] else ""
        self.stdout.write(
            f"Verified {pages:,} pages, {articles:,} articles: {counts['fault'] or 'no'} faults{mended}."
        )
        if counts["fault"]:
            sys.exit(FAULTY)


@contextmanager
def _progress() -> Iterator[StartProgress]:
    """A bar a check on a terminal, which goes when all is done."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:

        def watch(name: str, total: int) -> Advance:
            task = bar.add_task(name, total=total)
            return lambda count=1: bar.advance(task, count)

        yield watch
