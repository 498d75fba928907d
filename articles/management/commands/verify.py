"""`manage.py verify`: check all stored data."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import CommandParser

from articles.maintenance.verification import verify
from articles.management.base import OneLineErrorCommand
from articles.management.progress import show_progress
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
            with show_progress("verify") as start_progress:
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
