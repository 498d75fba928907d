"""Moves a line of an article: to another article, out of the articles, or apart from a line that it was joined with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.article_corrections import correct_article
from articles.editing.block_spans import BlockJson, cut_blocks
from articles.editing.extracted_layers import doubts_in
from articles.editing.page_regions import set_aside
from articles.editing.split_join import (
    confirm_join,
    join_blocks,
    move_block,
    next_article,
    previous_article,
)
from articles.models import Article

from .article_view_base import ArticleViewBase, check_version, errors_as_messages

_DOUBT_REASONS = {
    "advert": gettext_lazy("What follows looks like an advert inside the column."),
    "beginning": gettext_lazy("What follows begins like another article."),
    "bracket": gettext_lazy(
        "What follows closes a bracket that nothing opened: text may be missing in between."
    ),
    "short": gettext_lazy("The line ends before the edge of its column: text may be missing in between."),
}
"""Why a join may not read on, as sentences for editors."""

# Characters on either side of a join that are shown.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class DoubtfulJoin:
    """A join of a block that may not read on: the words on either side, and the reason as a sentence.

    `part` is the number of the printed line after the join.
    """

    part: int
    before: str
    after: str
    reason: Any


def doubtful_joins_of(article: Article, block: BlockJson) -> Iterator[DoubtfulJoin]:
    """The joins of a block that are in doubt."""
    reasons = {doubt["offset"]: doubt["reason"] for doubt in doubts_in([block], article.extracted)}
    text = article.page.text if article.page else ""
    spans = block["spans"]
    for part, (start, end) in enumerate(spans):
        if part and start in reasons:
            before = text[spans[part - 1][0] : spans[part - 1][1]][-_SHOWN:]
            yield DoubtfulJoin(part, before, text[start:end][:_SHOWN], _DOUBT_REASONS[reasons[start]])


class LineMoving(ArticleViewBase):
    """Shows what can be done with a line besides editing its text, and does it."""

    def get_urls(self) -> list[Any]:
        return [self.route("line/<int:number>/", self.line_view, "line"), *super().get_urls()]

    def line_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show the printed lines of a block with what can be done with each; a POST does it."""
        article = self.article_of(request, pk, change=True)
        if number >= len(article.blocks):
            raise Http404
        if request.method == "POST":
            with errors_as_messages(request), transaction.atomic():
                check_version(article, request.POST.get("version"))
                _do(request, article, number)
            return self.reload_page(request, article)
        text = article.page.text if article.page else ""
        context = {
            "article": article,
            "number": number,
            "printed": [text[start:end] for start, end in article.blocks[number]["spans"]],
            "is_last": number == len(article.blocks) - 1,
            "before": previous_article(article),
            "following": next_article(article),
        }
        return render(request, "admin/article/line_form.html", context)


def _do(request: HttpRequest, article: Article, number: int) -> None:
    """Do what the pressed button says: an action, and the number of the printed line for some of them."""
    action, _colon, part = request.POST.get("do", "").partition(":")
    if action == "join":
        join_blocks(article, number)
    elif action in {"next", "previous"}:
        move_block(article, number, to_next=action == "next")
    else:
        _do_with_printed_line(request, article, number, action, part)


def _do_with_printed_line(
    request: HttpRequest, article: Article, number: int, action: str, part: str
) -> None:
    spans = article.blocks[number]["spans"]
    if article.page is None or not part.isdecimal() or int(part) >= len(spans):
        raise ValidationError(_("Choose one of the printed lines, and try again."))
    start, end = spans[int(part)]
    match action:
        case "advert" | "notice":
            set_aside(article.page, start, end, action)
        case "divide":
            correct_article(
                article, blocks=cut_blocks(article.blocks, start, article.page.text), reviewed=False
            )
        case "reads-on":
            confirm_join(article, start, request.user)
        case _:
            raise Http404
