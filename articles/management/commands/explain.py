"""`manage.py explain`: why an article's names are linked as they are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.ingest import records
from articles.ingest.gazetteer import gazetteer
from articles.ingest.links import explain
from articles.models import Article, Mention

UNUSABLE = 2


class Command(BaseCommand):
    help = "Say in a sentence each why the places and organizations of an article are linked as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("article", type=int, metavar="ARTICLE", help="the id of an article")
        parser.add_argument("surface", nargs="?", help="only the mentions printed so: 金盆村")

    def handle(self, *args: Any, **options: Any) -> None:
        article = Article.objects.filter(pk=options["article"]).first()
        if article is None:
            raise CommandError(
                f"there is no article {options['article']}; the admin lists them", returncode=UNUSABLE
            )
        links = {row: link_of(row) for row in _mentions(article)}
        told = [row for row in links if options["surface"] in (None, row.surface)]
        if not told:
            raise CommandError(
                f"“{article}” does not name {options['surface'] or 'anything'}", returncode=UNUSABLE
            )
        every = list(links.values())
        for row in told:
            why = explain(links[row], every, gazetteer())
            self.stdout.write(
                f"{row.part} {row.start}-{row.end}: {why} (found by {row.method}, {row.score:.2f}; {row.rule_version})"
            )


def _mentions(article: Article) -> list[Mention]:
    rows = article.mentions.select_related("place__parent", "organization__seat")
    return sorted(rows, key=lambda row: (list(Mention.Part.values).index(row.part), row.start))


def link_of(row: Mention) -> records.Link:
    """The link that a row was made of."""
    mention = records.Mention(row.kind, row.part, row.start, row.end, row.surface, row.method, row.score)  # type: ignore[arg-type]
    name = code = within = None
    if row.place:
        name, code = row.place.name, row.place.code or None
        within = row.place.parent.code if row.place.parent and not code else None
    elif row.organization:
        seat = row.organization.seat
        name, code = row.organization.name, seat.code if seat else None
    return records.Link(mention, row.status, row.rule, name, code, tuple(row.candidates), within)  # type: ignore[arg-type]
