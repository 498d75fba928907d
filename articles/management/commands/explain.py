"""`manage.py explain`: explain the links of an article's mentions, how its lines were read, or what it says of people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.editing.text_reading import read_article
from articles.loading.link_explanations import explain_links
from articles.management.base import UNUSABLE
from articles.models import Article
from articles.models.page import page_layout
from articles.reading.layout.line_explanations import explain_lines
from articles.reading.values import PARTS, PersonClaim

# So much of a line is printed.
_SHOWN = 24


class Command(BaseCommand):
    help = (
        "Explain each link of a place or organization in an article in a sentence, the label of each of its lines, "
        "or what it says of people."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("article", type=int, metavar="ARTICLE", help="the id of an article")
        parser.add_argument("surface", nargs="?", help="only the mentions printed so: 金盆村")
        parser.add_argument(
            "--lines",
            action="store_true",
            help="explain which line is a headline, a paragraph and so on: margin, features for and against",
        )
        parser.add_argument(
            "--people",
            action="store_true",
            help="list the people that the text names, with their posts and other attributes, and the words and the rule of each",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        article = Article.objects.filter(pk=options["article"]).first()
        if article is None:
            raise CommandError(
                f"there is no article {options['article']}; the admin lists them", returncode=UNUSABLE
            )
        if options["lines"]:
            self._explain_lines(article)
            return
        if options["people"]:
            self._list_people(article)
            return
        mentions = article.mentions.select_related("place__parent", "organization__seat", "ruling")
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

    def _list_people(self, article: Article) -> None:
        story = read_article(article)
        for person in story.people:
            self.stdout.write(f"{person.name} ({len(person.spans)})")
            for claim in story.claims:
                if claim.person == person.name:
                    words = getattr(article, claim.part)[claim.start : claim.end]
                    self.stdout.write(
                        f"  {_claim_text(claim)} [{claim.rule}] {claim.part} {claim.start}-{claim.end}: {words}"
                    )

    def _explain_lines(self, article: Article) -> None:
        if article.page is None or article.start is None or article.end is None:
            raise CommandError(f"“{article}” is not part of a page", returncode=UNUSABLE)
        for line in explain_lines(article.page.text, page_layout(article.page)):
            if line.spans[0][0] < article.end and line.spans[-1][1] > article.start:
                weighed = ", ".join(
                    f"{name} {weight:+.2f}" for name, weight in line.reasons + line.objections
                )
                self.stdout.write(f"{line.label} ({line.margin:.2f}) {line.text[:_SHOWN]}: {weighed}")


def _claim_text(claim: PersonClaim) -> str:
    """A claim in words: 局长 of 芮城县水利局, elected since 2024."""
    if claim.attribute:
        return f"{claim.attribute}: {claim.value}"
    organization = f" of {claim.organization}" if claim.organization else ""
    since = f" since {claim.since}" if claim.since else ""
    return f"{claim.post}{organization}, {claim.status}{since}"
