"""Reads the names in the text that people wrote, by the rules and the records by which pages are read."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.counts.appearances import refresh_appearances
from articles.models import Article, Mention, Page, PlaceAppearance
from articles.models.history import by_machine
from articles.reading.pipeline import read_names
from articles.reading.values import PARTS, Block, BlockKind, Byline, Link, Story, Surroundings
from articles.row_lock import lock_row

from .mention_rows import EXTRACTED, plan_mentions, write_mentions
from .name_authority import recorded_names
from .record_registry import RecordRegistry
from .rulings.ruling_lookup import RulingLookup
from .text_composition import Composition
from .text_scopes import scope_to_read

# The kind of block as which each part is read.
_KINDS: dict[str, BlockKind] = {
    "kicker": "kicker",
    "headline": "headline",
    "subtitle": "subtitle",
    "body": "paragraph",
}
# Characters of an article: more would take longer to read than an editor waits for a save.
_MOST_READ = 30_000


def read_written_text(article: Article, stored: Sequence[Mention], before: Composition | None = None) -> None:
    """Find and link the names in what people wrote, as proposals: mentions without a verdict.

    `stored` are the mentions that the article has, `before` is what it was before a change that is saved now: text that
    the change made new is read too, and mentions in text that is as it was stay. The evidence of a proposal is the text of
    the article at its version. The caller refreshes the appearances.
    """
    scope = scope_to_read(article, before)
    if scope.is_empty or sum(len(getattr(article, part)) for part in PARTS) > _MOST_READ:
        return
    with by_machine():
        links = list(_read_links(article))
        rulings = RulingLookup(link.mention.surface for link in links)
        plan = plan_mentions(article, links, stored, scope, rulings)
        write_mentions([(article, plan)], RecordRegistry())
    if plan.added:
        _restore_decisions(article)


def propose_names(article: Article) -> int:
    """Read the names in what people wrote of an article, as a save does, and return how many were proposed.

    For text that was written before there were such proposals, or before the rules and records of today. A proposal
    without a verdict is read again; a decision stays.
    """
    with transaction.atomic():
        lock_row(article, Article.objects.only("pk"))
        before = set(article.mentions.values_list("pk", flat=True))
        read_written_text(article, list(article.mentions.with_records()))
        refresh_appearances([article.pk])
        return article.mentions.exclude(pk__in=before).count()


def _restore_decisions(article: Article) -> None:
    """Decide names as editors had decided them before their words were deleted, if these are there again."""
    alive = Mention.objects.filter(article=article)
    deleted = Mention.history.filter(article_id=article.pk, history_type="-").exclude(
        id__in=alive.values("pk")
    )
    decided = deleted.exclude(verdict__in=["", Mention.Verdict.ADDED]).order_by("history_id")
    lost = {_words(row.instance): row.instance for row in decided}
    for proposal in alive.filter(verdict="") if lost else ():
        if mention := lost.get(_words(proposal)):
            # The same row, with its history, as what was read now.
            for name in EXTRACTED:
                setattr(mention, name, getattr(proposal, name))
            try:
                mention.clean_fields(exclude=["method", "rule", "rule_version"])
            except ValidationError:
                continue  # the record or the user of the decision is deleted
            with by_machine():
                proposal.delete()
            mention.save(force_insert=True)


def _words(mention: Mention) -> tuple[str, int, int, str, str]:
    return mention.part, mention.start, mention.end, mention.kind, mention.surface


def _read_links(article: Article) -> Iterator[Link]:
    """The names of an article by today's rules, in the context of its page."""
    read = read_article(article)
    return iter((*read.links, *read.references))


def read_article(article: Article) -> Story:
    """Read the names, people and claims in the text of an article, in the context of its page."""
    texts: list[tuple[BlockKind, str]] = [(_KINDS[part], getattr(article, part)) for part in PARTS]
    blocks = tuple(Block(kind, ((0, len(text)),), text) for kind, text in texts if text)
    names = article.bylines.values_list("reporter__name", flat=True)
    story = Story(blocks, tuple(Byline(name, "reporter", 0, len(name)) for name in names))
    (read,) = read_names([story], _home_of(article), recorded_names(), _surroundings_of(article))
    return read


def _home_of(article: Article) -> str:
    """The code of the place where the paper of an article is at home, by its page or the newest page of its publication."""
    if article.page or not article.publication:
        return article.page.home_code if article.page else ""
    pages = Page.objects.filter(publication=article.publication).exclude(home_code="")
    return pages.order_by("-sort_date", "-id").values_list("home_code", flat=True).first() or ""


def _surroundings_of(article: Article) -> Surroundings:
    """The other articles of the page, with the codes of the places that they name."""
    if article.page_id is None:
        return Surroundings()
    others = Article.objects.untrashed().filter(page=article.page_id).exclude(pk=article.pk)
    named = PlaceAppearance.objects.filter(article__in=others, position__isnull=False).exclude(place__code="")
    texts = tuple(text for row in others.order_by().values_list(*PARTS) for text in row if text)
    return Surroundings(texts, tuple(named.values_list("place__code", flat=True).distinct()))
