"""Mentions against the texts that they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from articles.models import Article, Mention

from .check import Advance, Check, Fault, excerpt

_TOGETHER = 200
_PARTS = ("headline", "kicker", "subtitle", "body")


def _total() -> int:
    return Article.objects.count()


def _find(advance: Advance) -> Iterator[Fault]:
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _TOGETHER):
        some = ids[start : start + _TOGETHER]
        faults = list(_of_articles(some))
        if faults:
            # Once more while nobody writes: an editor may have come between a text and its mentions.
            with transaction.atomic():
                list(Article.objects.select_for_update().filter(pk__in=some).values_list("pk"))
                faults = list(_of_articles(some))
        yield from faults
        advance(len(some))


def _of_articles(ids: list[int]) -> Iterator[Fault]:
    rows = Article.objects.filter(pk__in=ids).values_list("pk", *_PARTS)
    texts = {pk: dict(zip(_PARTS, parts, strict=True)) for pk, *parts in rows}
    mentions = Mention.objects.filter(article__in=ids).order_by("article", "pk")
    for pk, article, part, start, end, surface in mentions.values_list(
        "pk", "article", "part", "start", "end", "surface"
    ):
        printed = texts[article][part][start:end] if article in texts else ""
        if printed != surface:
            yield Fault(
                f"mention {pk} of article {article}",
                f"it says {excerpt(surface)}, and {excerpt(printed)!r} stands there in the {part}",
                "refute it in the admin, and mark the name anew",
            )


MENTION_CHECK = Check("mentions", _find, _total)
