"""`manage.py rebuildindex`: rebuild or check the search index and the appearances of records in articles."""

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from articles import search
from articles.counts.appearances import count_wrong_appearances, rebuild_appearances
from articles.management.base import OneLineErrorCommand
from articles.management.progress import show_progress
from articles.models import Article

_DIFFERS = 1


class Command(OneLineErrorCommand):
    help = "Rebuild the search index and the appearances of records in articles, or check them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit with 1 if anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = _check() if options["check"] else _rebuild()
        for line in faults:
            self.stdout.write(f"{line}: run manage.py rebuildindex.")
        if faults:
            sys.exit(_DIFFERS)
        state = "The index is right in all of" if options["check"] else "Indexed"
        self.stdout.write(f"{state} {_articles()}.")


def _rebuild() -> list[str]:
    with show_progress("rebuildindex") as start:
        search.rebuild_index(connection, start("articles", Article.objects.count()))
        advance = start("appearances", 1)
        rebuild_appearances()
        advance()
    return []


def _check() -> list[str]:
    """A line for each fault."""
    if missing := search.missing_pieces(connection):
        return [f"The index lacks {', '.join(missing)}"]
    faults = []
    with show_progress("rebuildindex") as start:
        if wrong := search.count_outdated(connection, start("articles", Article.objects.count())):
            faults.append(f"The index differs in {wrong:,} of {_articles()}")
        advance = start("appearances", 1)
        if wrong := count_wrong_appearances():
            faults.append(f"The appearances of {wrong:,} places and organizations in articles are wrong")
        advance()
    return faults


def _articles() -> str:
    count = Article.objects.count()
    return f"{count:,} article{'' if count == 1 else 's'}"
