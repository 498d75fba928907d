"""`manage.py verify`: check all stored data."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from rich.console import Console
from rich.progress import Progress

from articles.maintenance.checks.check import Advance
from articles.maintenance.verification import StartProgress, verify
from articles.management.base import OneLineErrorCommand
from articles.models import Article, Page

_FAULTY = 1


class Command(OneLineErrorCommand):
    help = "Check every page, article, mention, record and load, and all derived data."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="rebuild derived data: search index, appearances, paths, merges",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = Counter[str]()
        try:
            pages, articles = Page.objects.count(), Article.objects.count()
            with _progress() as start_progress:
                for state, fault in verify(start_progress, repair=options["repair"]):
                    counts[state] += 1
                    self.stdout.write(f"{state:<7} {fault}")
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")
            sys.exit(130)
        rebuilt = f", {counts['rebuilt']:,} rebuilt" if counts["rebuilt"] else ""
        self.stdout.write(
            f"Verified {pages:,} pages, {articles:,} articles: {counts['fault'] or 'no'} faults{rebuilt}."
        )
        if counts["fault"]:
            sys.exit(_FAULTY)


@contextmanager
def _progress() -> Iterator[StartProgress]:
    """Progress bars on a terminal, one for each check, which disappear at the end."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:

        def start(name: str, total: int) -> Advance:
            task = bar.add_task(name, total=total)
            return lambda count=1: bar.advance(task, count)

        yield start
