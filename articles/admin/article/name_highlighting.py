"""The text of an article as HTML lines with its mentions highlighted."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.editing.article_corrections import composition_of
from articles.models import Article, Mention
from articles.reading.values import PART_OF, PRINTED_PARTS

from .line_moving import DoubtfulJoin, doubtful_joins_of

BLOCK_KINDS = {
    "kicker": _("kicker"),
    "headline": _("headline"),
    "subtitle": _("subtitle"),
    "byline": _("byline"),
    "paragraph": _("paragraph"),
    "heading": _("section heading"),
    "caption": _("caption"),
    "credit": _("credit"),
}
"""The labels of the kinds of blocks."""


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A block of an article, or a line of a part that an editor rewrote; `number` is the block's, if there is one.

    `start` is the offset of the line in the text of its part; `part` is empty for bylines and credits. `joins` are the
    places where the reader doubts that the line reads on.
    """

    kind: str
    part: str
    start: int
    html: SafeString
    number: int | None = None
    is_printed: bool = False
    joins: tuple[DoubtfulJoin, ...] = ()

    @property
    def label(self) -> Any:
        return BLOCK_KINDS[self.kind]


def article_lines(article: Article, mentions: Sequence[Mention]) -> Iterator[ArticleLine]:
    """The lines of an article in reading order; a part that an editor rewrote comes where its blocks were."""
    starts = composition_of(article).starts()
    by_part = _MentionsByPart(mentions)
    shown: set[str] = set()
    for number, block in enumerate(article.blocks):
        part = PART_OF.get(block["kind"], "")
        if not part or number in starts:
            start, text = starts.get(number, 0), block["text"]
            html = _highlighted(text, start, by_part.within(part, start, start + len(text)))
            joins = tuple(doubtful_joins_of(article, block))
            yield ArticleLine(block["kind"], part, start, html, number, bool(block["spans"]), joins)
        elif part not in shown:
            yield from _rewritten_lines(article, part, by_part)
        shown.add(part)
    for part in PRINTED_PARTS:
        if part not in shown:
            yield from _rewritten_lines(article, part, by_part)


class _MentionsByPart:
    """The mentions of an article by part and start, so that each line finds its own without reading all."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._found: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
            self._found[mention.part].append(mention)

    def within(self, part: str, start: int, end: int) -> list[Mention]:
        """The mentions within a span of a part, in its order, the longer first of those that begin together."""
        of_part = self._found[part]
        at = bisect_left(of_part, start, key=attrgetter("start"))
        behind = bisect_left(of_part, end, key=attrgetter("start"))
        return [mention for mention in of_part[at:behind] if mention.end <= end]


def _rewritten_lines(article: Article, part: str, by_part: _MentionsByPart) -> Iterator[ArticleLine]:
    start, kind = 0, "paragraph" if part == "body" else part
    for text in getattr(article, part).split("\n"):
        if text:
            inside = by_part.within(part, start, start + len(text))
            yield ArticleLine(kind, part, start, _highlighted(text, start, inside))
        start += len(text) + 1


def _highlighted(text: str, start: int, mentions: list[Mention]) -> SafeString:
    """Mark mentions in a piece of a part that begins at offset `start`; a mention may contain others."""
    return _highlight(text, start, start, start + len(text), mentions)


def _highlight(text: str, offset: int, start: int, end: int, mentions: list[Mention]) -> SafeString:
    pieces: list[tuple[Any]] = []
    at = start
    while mentions:
        mention, *mentions = mentions
        if mention.start < at:
            continue  # overlaps the mention before it, which is shown
        inner = [other for other in mentions if other.end <= mention.end]
        mentions = [other for other in mentions if other.end > mention.end]
        pieces.append((text[at - offset : mention.start - offset],))
        pieces.append((_mark(mention, _highlight(text, offset, mention.start, mention.end, inner)),))
        at = mention.end
    pieces.append((text[at - offset : end - offset],))
    return format_html_join("", "{}", pieces)


def _mark(mention: Mention, inner: SafeString) -> SafeString:
    return format_html(
        '<mark class="name {} {}" data-name="{}" tabindex="0" title="{}">{}</mark>',
        mention.kind,
        mention_certainty(mention),
        mention.pk,
        str(mention.record or mention.get_verdict_display() or mention.get_status_display()),
        inner,
    )


def mention_certainty(mention: Mention) -> str:
    """How certain a mention is, as a CSS class: rejected, doubt, decided by an editor, or linked by the loader."""
    if mention.verdict == Mention.Verdict.REJECTED:
        return "rejected"
    if mention.is_doubtful:
        return "doubt"
    return "decided" if mention.verdict else "linked"
