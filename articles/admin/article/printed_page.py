"""The page that an article was printed on, with the article's part of it marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.models import Article, Page


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a page's text: of the article at hand (then of which block), of another article, or of none.

    `is_join` says that a column was cut there: the block goes on from another place of the page.
    """

    text: str
    article: Article | None = None
    is_own: bool = False
    number: int | None = None
    is_join: bool = False


def page_pieces(page: Page, articles: Sequence[Article], own: Article) -> Iterator[Piece]:
    """The text of a page, once and in its order, by whose it is."""
    spans = sorted(
        (start, end, article.pk != own.pk, number, part > 0, article)
        for article in articles
        for number, block in enumerate(article.blocks)
        for part, (start, end) in enumerate(block["spans"])
    )
    at = 0
    for start, end, is_other, number, is_join, article in spans:
        if start < at:
            continue
        if at < start:
            yield Piece(page.text[at:start])
        if is_other:
            yield Piece(page.text[start:end], article)
        else:
            yield Piece(page.text[start:end], article, is_own=True, number=number, is_join=is_join)
        at = end
    if at < len(page.text):
        yield Piece(page.text[at:])
