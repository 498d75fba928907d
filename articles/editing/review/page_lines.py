"""Changes the boundaries of articles from a line of the page: what an editor does with the line under the cursor."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.editing.article_corrections import correct_article
from articles.editing.block_spans import BlockJson, cut_blocks
from articles.editing.extracted_layers import doubts_in
from articles.editing.split_join import join_next_article, move_block, previous_article, split_article
from articles.models import Article

_TITLES = {"kicker": "headline", "headline": "kicker"}


def change_line(article: Article, number: int, action: str, by: Any) -> Article:
    """Do an action with a block of an article; return the article in which to go on.

    `headline`: an article begins here. `text`: no article begins here, and this one goes on with the one before.
    `previous`, `next`: the line belongs to that article. `swap`: kicker and headline change places. `divide`: lines that
    were joined are two again, and what follows is another line. `ValidationError` says why it cannot be done.
    """
    if action not in _ACTIONS:
        raise ValidationError(_("Choose what to do with the line."))
    if not 0 <= number < len(article.blocks):
        raise ValidationError(_("The article has no such line."))
    with transaction.atomic():
        return _ACTIONS[action](article, number, by)


def _begin(article: Article, number: int, by: Any) -> Article:
    return split_article(article, number, by, headline=True)


def _join(article: Article, _number: int, by: Any) -> Article:
    before = previous_article(article)
    if before is None:
        raise ValidationError(_("This is the first article of its page."))
    return join_next_article(before, by)


def _move_back(article: Article, number: int, _by: Any) -> Article:
    return move_block(article, number, to_next=False)


def _move_on(article: Article, number: int, _by: Any) -> Article:
    return move_block(article, number, to_next=True)


def _swap(article: Article, _number: int, _by: Any) -> Article:
    """Change the kinds of kicker and headline; of a headline alone the first line becomes the kicker."""
    blocks: list[BlockJson] = article.blocks
    titles = [at for at, block in enumerate(blocks) if block["kind"] in _TITLES]
    if len(titles) < 2:
        raise ValidationError(_("The article has no kicker and headline to swap."))
    kinds = {at: _TITLES[blocks[at]["kind"]] for at in titles}
    if "headline" not in kinds.values():
        kinds |= dict.fromkeys(titles[1:], "headline")
    changed = [{**block, "kind": kinds.get(at, block["kind"])} for at, block in enumerate(blocks)]
    correct_article(article, blocks=changed, reviewed=False)
    return article


def _divide(article: Article, number: int, _by: Any) -> Article:
    """Take back the first join of a line that is in doubt, or that of its two printed lines."""
    block: BlockJson = article.blocks[number]
    doubts = [doubt["offset"] for doubt in doubts_in([block], article.extracted)]
    starts = [start for start, _end in block["spans"][1:]]
    if not (doubts or len(starts) == 1) or article.page is None:
        raise ValidationError(
            _("Choose in the article where the line is to be divided: it has several printed lines, or one.")
        )
    offset = doubts[0] if doubts else starts[0]
    correct_article(article, blocks=cut_blocks(article.blocks, offset, article.page.text), reviewed=False)
    return article


_ACTIONS: dict[str, Callable[[Article, int, Any], Article]] = {
    "headline": _begin,
    "text": _join,
    "previous": _move_back,
    "next": _move_on,
    "swap": _swap,
    "divide": _divide,
}
