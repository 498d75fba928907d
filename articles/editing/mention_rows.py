"""Writes the mentions of articles as they were read, and leaves what editors decided about them."""

from collections.abc import Sequence

from django.db.models import QuerySet

from articles.models import Article, Mention
from articles.reading.linking.link_rules import RULE_VERSION
from articles.reading.values import PARTS, Link

from .record_registry import RecordRegistry

_Key = tuple[int, str, int, int, str]
_EXTRACTED = (
    *("surface", "place", "organization", "status"),
    *("method", "rule", "rule_version", "score", "candidates"),
)


def write_mentions(
    links: Sequence[tuple[Article, Sequence[Link]]], before: Sequence[Article], registry: RecordRegistry
) -> None:
    """Replace the mentions of articles by those that were read, but for rows with an editor's verdict.

    `before` are the articles that were stored before and may have mentions. A part that an editor corrected keeps its
    mentions, as their offsets count in the corrected text.
    """
    read = [
        (article, link)
        for article, of_article in links
        for link in of_article
        if link.mention.part not in article.corrected
    ]
    registry.prepare(link for _, link in read)
    decided = _delete_replaceable(before) if before else {}
    rows = [_row(article, link, registry) for article, link in read]
    again = [row for row in rows if _key(row) in decided]
    for row in again:
        # The row with the verdict keeps its id and gets what was read now.
        row.pk = decided[_key(row)].pk
    Mention.objects.bulk_update(again, _EXTRACTED)
    Mention.objects.bulk_create(row for row in rows if _key(row) not in decided)


def _delete_replaceable(articles: Sequence[Article]) -> dict[_Key, Mention]:
    """Delete the mentions without verdict, and return those with one."""
    _replaceable(articles).delete()
    return {_key(row): row for row in Mention.objects.filter(article__in=articles).exclude(verdict="")}


def _replaceable(articles: Sequence[Article]) -> QuerySet[Mention]:
    """The mentions without verdict, in the parts that no editor corrected."""
    undecided = Mention.objects.filter(article__in=articles, verdict="")
    for article in articles:
        if corrected := set(PARTS).intersection(article.corrected):
            undecided = undecided.exclude(article=article, part__in=corrected)
    return undecided


def _row(article: Article, link: Link, registry: RecordRegistry) -> Mention:
    mention = link.mention
    return Mention(
        article=article,
        part=mention.part,
        start=mention.start,
        end=mention.end,
        kind=mention.kind,
        surface=mention.surface,
        place=registry.place(link),
        organization=registry.organization(link),
        status=link.status,
        method=mention.method,
        rule=link.rule,
        rule_version=RULE_VERSION,
        score=mention.score,
        candidates=list(link.candidates),
    )


def _key(row: Mention) -> _Key:
    return row.article_id, row.part, row.start, row.end, row.kind
