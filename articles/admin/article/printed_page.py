"""The text of the printed page beside an article, with the article's own blocks marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.models import Article, Page


@dataclass(frozen=True, slots=True)
class PagePiece:
    """A run of a page's text; `article` is the other article that it belongs to, if any.

    `number` is the block of the shown article that the run belongs to; with `is_join`, that block continues here from
    another place of the page.
    """

    text: str
    article: Article | None = None
    number: int | None = None
    is_join: bool = False


def page_pieces(page: Page, articles: Sequence[Article], own: Article) -> Iterator[PagePiece]:
    """Divide the text of a page, in its order, by the articles that it belongs to; `own` is the shown one."""
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
            yield PagePiece(page.text[at:start])
        text = page.text[start:end]
        yield PagePiece(text, article) if is_other else PagePiece(text, number=number, is_join=is_join)
        at = end
    if at < len(page.text):
        yield PagePiece(page.text[at:])
