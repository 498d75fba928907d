"""`manage.py explain`: explain the links of an article's mentions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.loading.link_explanations import explain_links
from articles.management.base import UNUSABLE
from articles.models import Article
from articles.reading.values import PARTS


class Command(BaseCommand):
    help = "Explain each link of a place or organization in an article in a sentence."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("article", type=int, metavar="ARTICLE", help="the id of an article")
        parser.add_argument("surface", nargs="?", help="only the mentions printed so: 金盆村")

    def handle(self, *args: Any, **options: Any) -> None:
        article = Article.objects.filter(pk=options["article"]).first()
        if article is None:
            raise CommandError(
                f"there is no article {options['article']}; the admin lists them", returncode=UNUSABLE
            )
        mentions = article.mentions.select_related("place__parent", "organization__seat")
        rows = sorted(mentions, key=lambda row: (PARTS.index(row.part), row.start))
        chosen = [row for row in rows if options["surface"] in (None, row.surface)]
        if not chosen:
            raise CommandError(
                f"“{article}” does not name {options['surface'] or 'anything'}", returncode=UNUSABLE
            )
        why = explain_links(rows)
        for row in chosen:
            reason = why.get(row.pk, f"“{row.surface}” was added by an editor.")
            self.stdout.write(
                f"{row.part} {row.start}-{row.end}: {reason} (found by {row.method}, {row.score:.2f}; {row.rule_version})"
            )
