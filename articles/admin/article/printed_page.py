"""The text of the printed page beside an article, with the article's own blocks marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.models import Article, Page, Region

RESIDUE_KINDS = {
    "header": _("page header"),
    **{kind.value: kind.label for kind in Region.Kind if kind != Region.Kind.TEXT},
}
"""The labels of the kinds of residue."""


@dataclass(frozen=True, slots=True)
class PagePiece:
    """A run of a page's text; `article` is the other article that it belongs to, if any.

    `number` is the block of the shown article that the run belongs to; with `is_join`, that block continues here from
    another place of the page. `residue` is the label of what belongs to no article.
    """

    text: str
    article: Article | None = None
    number: int | None = None
    is_join: bool = False
    residue: Any = ""


def page_pieces(page: Page, articles: Sequence[Article], own: Article) -> Iterator[PagePiece]:
    """Divide the text of a page, in its order, by the articles that it belongs to; `own` is the shown one."""
    pieces = [
        (start, end, _piece_of(article, own, number, part))
        for article in articles
        for number, block in enumerate(article.blocks)
        for part, (start, end) in enumerate(block["spans"])
    ]
    pieces += [
        (one["start"], one["end"], PagePiece("", residue=RESIDUE_KINDS[one["kind"]]))
        for one in page.residue or ()
    ]
    at = 0
    for start, end, piece in sorted(pieces, key=itemgetter(0, 1)):
        if start < at:
            continue
        if at < start:
            yield PagePiece(page.text[at:start])
        yield replace(piece, text=page.text[start:end])
        at = end
    if at < len(page.text):
        yield PagePiece(page.text[at:])


def _piece_of(article: Article, own: Article, number: int, part: int) -> PagePiece:
    return PagePiece("", article) if article.pk != own.pk else PagePiece("", number=number, is_join=part > 0)
