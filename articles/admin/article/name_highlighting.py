"""Texts of an article with its names marked, line by line as it was printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Mention
from articles.reading.parts import PART_OF

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
"""What a block is, as blocks name it."""


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A printed unit of an article, or a line that an editor wrote; `number` is None where there is no block."""

    kind: str
    part: str
    start: int
    text: str
    html: SafeString
    number: int | None = None
    is_printed: bool = False

    @property
    def label(self) -> Any:
        return BLOCK_KINDS[self.kind]

    @property
    def is_body(self) -> bool:
        return self.part == "body"


def article_lines(article: Article, names: Sequence[Mention]) -> Iterator[ArticleLine]:
    """An article as it reads, with its names marked; a title that was written anew stands where it was printed."""
    starts = article.composition().starts()
    told: set[str] = set()
    for number, block in enumerate(article.blocks):
        part = PART_OF.get(block["kind"], "")
        if part and number not in starts:
            if part not in told:
                yield from _written(article, part, names)
            told.add(part)
            continue
        start, is_printed = starts.get(number, 0), bool(block["spans"])
        html = marked(block["text"], start, [name for name in names if name.part == part])
        yield ArticleLine(block["kind"], part, start, block["text"], html, number, is_printed)
        told.add(part)
    for part in ("kicker", "headline", "subtitle", "body"):
        if part not in told:
            yield from _written(article, part, names)


def _written(article: Article, part: str, names: Sequence[Mention]) -> Iterator[ArticleLine]:
    """The lines of a text that an editor wrote."""
    start, kind = 0, "paragraph" if part == "body" else part
    for text in getattr(article, part).split("\n"):
        if text:
            html = marked(text, start, [name for name in names if name.part == part])
            yield ArticleLine(kind, part, start, text, html)
        start += len(text) + 1


def marked(text: str, start: int, names: Sequence[Mention]) -> SafeString:
    """A piece of a text, which begins in it at `start`, with the names that lie in it marked, one in another."""
    inside = [name for name in names if start <= name.start and name.end <= start + len(text)]
    inside.sort(key=lambda name: (name.start, -name.end))
    return _marked(text, start, start, start + len(text), inside)


def _marked(text: str, offset: int, start: int, end: int, names: list[Mention]) -> SafeString:
    pieces: list[tuple[Any]] = []
    at = start
    while names:
        name, *names = names
        if name.start < at:
            continue  # crosses the one before, which is shown
        inner = [other for other in names if other.end <= name.end]
        names = [other for other in names if other.end > name.end]
        pieces.append((text[at - offset : name.start - offset],))
        pieces.append((_mark(name, _marked(text, offset, name.start, name.end, inner)),))
        at = name.end
    pieces.append((text[at - offset : end - offset],))
    return format_html_join("", "{}", pieces) or mark_safe("")


def _mark(name: Mention, inner: SafeString) -> SafeString:
    return format_html(
        '<mark class="name {} {}" data-name="{}" tabindex="0" title="{}">{}</mark>',
        name.kind,
        mention_certainty(name),
        name.pk,
        str(name.record or name.get_verdict_display() or name.get_status_display()),
        inner,
    )


def mention_certainty(name: Mention) -> str:
    """How sure a name is: in doubt, refuted, decided by an editor, or linked by the loader."""
    if name.verdict == Mention.Verdict.REJECTED:
        return "refuted"
    if name.is_doubtful:
        return "doubt"
    return "decided" if name.verdict else "linked"
