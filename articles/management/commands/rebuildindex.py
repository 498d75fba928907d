"""`manage.py rebuildindex`: what is derived from articles for searches, filters and counts, made anew or checked."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from rich.console import Console
from rich.progress import Progress

from articles import search
from articles.models import Article, appearance

DIFFERS, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = "Derive the search index, and what appears in which articles, anew; or say whether they are right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit with 1 if anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = _check() if options["check"] else _rebuild()
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(
                f"the database refused: {reason}; is it there, writable and migrated (manage.py migrate)?",
                returncode=UNUSABLE,
            ) from error
        for line in told:
            self.stdout.write(f"{line}: run manage.py rebuildindex.")
        if told:
            sys.exit(DIFFERS)
        state = "The index is right in all of" if options["check"] else "Indexed"
        self.stdout.write(f"{state} {_articles()}.")


def _rebuild() -> list[str]:
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("rebuildindex", total=None)
        search.rebuild_index(connection, lambda done, total: bar.update(task, completed=done, total=total))
        bar.update(task, description="appearances", total=None)
        appearance.rebuild()
    return []


def _check() -> list[str]:
    """A line for each thing that differs."""
    if lacking := search.missing_pieces(connection):
        return [f"The index lacks {', '.join(lacking)}"]
    told = []
    if wrong := search.count_outdated(connection):
        told.append(f"The index differs in {wrong:,} of {_articles()}")
    if wrong := appearance.stale():
        told.append(f"What appears in articles differs in {wrong:,} places and organizations")
    return told


def _articles() -> str:
    count = Article.objects.count()
    return f"{count:,} article{'' if count == 1 else 's'}"
