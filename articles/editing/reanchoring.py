"""What people decided of articles, at its words still once the loader read them from other text than before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from articles.models.article import Article
from articles.models.history import history_of
from articles.models.mention import Mention
from articles.models.moving import Edit
from articles.models.page import Page
from articles.models.reporter import Byline

_PARTS = ("headline", "kicker", "subtitle", "body")
_DECIDED = frozenset({"bylines", "blocks"})  # which count in the page
_AWAY = 1_000_000_000  # characters, beyond the end of any text

Block = dict[str, Any]


class _Text:
    """A text before and after it was changed."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = before, after
        self._edit = Edit(before, after)

    def moved(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the words of a span stand by now: the same ones, or as many as before, and the span's by its number."""
        if found := self._edit.moved(start, end):
            return found
        words = self._before[start:end]
        if not words or self._before.count(words) != self._after.count(words):
            return None
        place = -1
        for _ in range(self._before.count(words, 0, start) + 1):
            place = self._after.find(words, place + 1)
        return (place, place + len(words)) if place >= 0 else None


class Carried:
    """Articles that are about to be read anew, as they are; `carry` then moves what people decided of them."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        # Of the few alone of which it will be asked: each costs a query.
        self._pages = {article.pk: article.page for article in articles if _DECIDED & {*article.corrected}}
        self._texts = {article.pk: _texts(article) for article in articles}

    def carry(self, page: Page) -> list[int]:
        """Move credits, names and lines to where their words are by now; gives the articles whose names moved."""
        for article in self._articles:
            before = self._pages.get(article.pk)
            if before is None:
                continue
            text = _Text(before.text, page.text)
            if "blocks" in article.corrected:
                article.blocks = _placed(article, text, page.text)
            if "bylines" in article.corrected and before.pk != page.pk:
                _carry_bylines(article, text)
        return self._carry_mentions()

    def _carry_mentions(self) -> list[int]:
        """A name whose words are gone from the article is gone with them, whatever was decided of it: into the history."""
        others = {
            article.pk: article for article in self._articles if _texts(article) != self._texts[article.pk]
        }
        decided = list(Mention.objects.filter(article__in=others).exclude(verdict="")) if others else []
        texts: dict[tuple[int, str], _Text] = {}
        moved = []
        for row in decided:
            key = (row.article_id, row.part)
            if key not in texts:
                texts[key] = _Text(self._texts[key[0]][row.part], getattr(others[key[0]], row.part))
            place = texts[key].moved(row.start, row.end)
            if place is None:
                history_of(Mention).keep_as_gone(row)
                row.delete()
            elif place != (row.start, row.end):
                moved.append((row.pk, place))
        # Out of the way first: one may come to lie where another is.
        of_moved = Mention.objects.filter(pk__in=[pk for pk, _ in moved])
        of_moved.update(start=F("start") + _AWAY, end=F("end") + _AWAY)
        for pk, (start, end) in moved:
            Mention.objects.filter(pk=pk).update(start=start, end=end)
        return sorted({row.article_id for row in decided})


def _texts(article: Article) -> dict[str, str]:
    return {part: getattr(article, part) for part in _PARTS}


def _carry_bylines(article: Article, text: _Text) -> None:
    """Say where the credits that a person decided are printed by now, if they are."""
    for byline in Byline.objects.filter(article=article).exclude(start=None):
        start, end = text.moved(byline.start or 0, byline.end or 0) or (None, None)
        Byline.objects.filter(pk=byline.pk).update(start=start, end=end)


def _placed(article: Article, text: _Text, printed: str) -> list[Block]:
    """The lines that a person wrote, at their places on the page; one that is not read there any more has none."""
    read = [span for block in article.found.get("blocks", []) for span in block["spans"]]
    blocks = []
    for block in article.blocks:
        spans = [text.moved(start, end) for start, end in block["spans"]]
        stands = all(
            span is not None and any(start <= span[0] and span[1] <= end for start, end in read)
            for span in spans
        )
        says = block["text"] == "".join(printed[span[0] : span[1]] for span in spans if span)
        blocks.append({**block, "spans": [list(span) for span in spans if span] if stands or says else []})
    return blocks
