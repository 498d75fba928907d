"""Links to rows: the mentions of articles as they were read, beside what editors decided of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from articles.models import Article, Mention
from articles.reading.linking.rules import RULE_VERSION
from articles.reading.values import Link

from .record_registry import RecordRegistry

_Key = tuple[int, str, int, int, str]
_MACHINE_LAYER = (
    *("surface", "place", "organization", "status"),
    *("method", "rule", "rule_version", "score", "candidates"),
)
_PARTS = frozenset(Mention.Part.values)


def write_mentions(
    links: Sequence[tuple[Article, Sequence[Link]]], before: Sequence[Article], registry: RecordRegistry
) -> None:
    """Make the mentions of articles what was read, keeping every row in which an editor decided something.

    `before` are those of the articles that were stored already, and may have mentions. A part that an editor
    corrected keeps its mentions, for their offsets count in the corrected text.
    """
    read = [
        (article, link)
        for article, of_article in links
        for link in of_article
        if link.mention.part not in article.corrected
    ]
    registry.prepare(link for _, link in read)
    decided = _take_back(before) if before else {}
    rows = [_row(article, link, registry) for article, link in read]
    again = [_with_machine_layer(decided[_key(row)], row) for row in rows if _key(row) in decided]
    Mention.objects.bulk_update(again, _MACHINE_LAYER)
    Mention.objects.bulk_create(row for row in rows if _key(row) not in decided)


def _take_back(articles: Sequence[Article]) -> dict[_Key, Mention]:
    """Delete the mentions that the machine may replace, and give those that an editor decided."""
    _replaceable(articles).delete()
    return {_key(row): row for row in Mention.objects.filter(article__in=articles).exclude(verdict="")}


def _replaceable(articles: Sequence[Article]) -> QuerySet[Mention]:
    """The mentions that nobody decided, in the parts that nobody corrected."""
    undecided = Mention.objects.filter(article__in=articles, verdict="")
    for article in articles:
        if corrected := _PARTS.intersection(article.corrected):
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


def _with_machine_layer(stored: Mention, read: Mention) -> Mention:
    for name in _MACHINE_LAYER:
        setattr(stored, name, getattr(read, name))
    return stored


def _key(row: Mention) -> _Key:
    return row.article_id, row.part, row.start, row.end, row.kind
