"""Checks that the texts of articles have each mention's surface at its offsets."""

from collections.abc import Iterator

from articles.models import Article, Mention
from articles.reading.values import PARTS

from .check import Advance, Check, Fault, excerpt, find_in_batches


def _find(advance: Advance) -> Iterator[Fault]:
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    return find_in_batches(ids, "pk", 200, _of_articles, advance)


def _of_articles(ids: list[int]) -> Iterator[Fault]:
    rows = Article.objects.filter(pk__in=ids).values_list("pk", *PARTS)
    texts = {pk: dict(zip(PARTS, parts, strict=True)) for pk, *parts in rows}
    mentions = Mention.objects.filter(article__in=ids).order_by("article", "pk")
    for pk, article, part, start, end, surface in mentions.values_list(
        "pk", "article", "part", "start", "end", "surface"
    ):
        printed = texts[article][part][start:end] if article in texts else ""
        if printed != surface:
            yield Fault(
                f"mention {pk} of article {article}",
                f"it is {excerpt(surface)}, but the {part} has {excerpt(printed)!r} there",
                "reject it in the admin, and mark the name again",
            )


MENTION_CHECK = Check("mentions", _find, Article.objects.count)
