"""Reads the credits of a story: its bylines with roles, its dateline and its agency."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from articles.reading.lines.character_folding import fold_characters
from articles.reading.values import Block, BlockKind, Byline, Page, Role, Story

from . import datelines, grammar
from .grammar import CreditedPerson

_SIGNATURE = re.compile("[。！？”…](?: *[（【][^（）【】]*[）】]| {3,14}[^（）。]{2,14})[ 。]*$")


def read_credits(story: Story, page: Page) -> Story:
    """Add to a story its bylines (each person once in a role), its dateline and its agency."""
    dateline = _dateline(story)
    bylines: dict[tuple[str, str], Byline] = {}
    for byline in _bylines(story, page):
        bylines.setdefault((byline.name, byline.role), byline)
    return replace(
        story,
        bylines=tuple(bylines.values()),
        dateline=dateline,
        agency=datelines.find_agency(fold_characters(dateline)) if dateline else None,
    )


def read_line_credits(kind: BlockKind, text: str) -> list[tuple[str, Role]]:
    """The people whom a line of an article credits, by name and role; a paragraph that is no sentence may be a byline."""
    is_byline = kind == "paragraph" and "。" not in text and grammar.is_byline(fold_characters(text))
    people = _people(Block("byline" if is_byline else kind, ((0, len(text)),), text))
    credits = (("".join(text[one.start : one.end].split()), one.role or "reporter") for one in people)
    return list(dict.fromkeys(credits))


def _dateline(story: Story) -> str | None:
    """The first dateline of the story, as printed."""
    for block in story.blocks:
        match = (
            datelines.find_dateline(fold_characters(block.text))
            if block.kind in ("byline", "paragraph")
            else None
        )
        if match:
            return block.text[: match.end()].strip("（【】")
    return None


def _bylines(story: Story, page: Page) -> Iterator[Byline]:
    for block in story.blocks:
        for person in _people(block):
            start, end = _on_page(block, person.start), _on_page(block, person.end - 1) + 1
            name = "".join(page.text[start:end].split())
            yield Byline(name, person.role or "reporter", start, end)


def _people(block: Block) -> Iterable[CreditedPerson]:
    """The people whom a block credits, found in the places where a block of its kind has credits."""
    text = fold_characters(block.text)
    if block.kind in ("byline", "credit"):
        dateline = datelines.find_dateline(text)
        start = dateline.end() if dateline else 0
        # A name among editors without a role, or below a letter, is not a reporter.
        return [
            person for person in _within(text, (start, len(text))) if person.role or block.kind == "byline"
        ]
    if block.kind == "caption":
        return _closing(text)
    if block.kind != "paragraph":
        return []
    dateline = datelines.find_dateline(text)
    opening = grammar.opening_credit(text)
    inside = datelines.find_dateline_reporter(dateline[0]) if dateline else None
    people = [CreditedPerson(text[slice(*inside)], "reporter", *inside)] if inside else []
    people += _within(text, opening) if opening else []
    return people + _closing(text)


def _closing(text: str) -> list[CreditedPerson]:
    """The people credited at the end of a text: in brackets, as photographers, or with a role.

    A signature without a role counts only after the last sentence: brackets inside a sentence explain a name, and
    after a question or an answer they name the speaker.
    """
    closing = (
        grammar.closing_credit(text),
        grammar.closing_photo_credit(text) or grammar.closing_bare_credit(text),
    )
    spans = (*grammar.photo_credits(text), *closing)
    people = [person for span in spans if span for person in _within(text, span)]
    is_signature = _SIGNATURE.search(text) is not None and not text.startswith(("问：", "答："))
    return [person for person in people if person.role or is_signature]


def _within(text: str, span: tuple[int, int]) -> list[CreditedPerson]:
    return [person.moved(span[0]) for person in grammar.credited_people(text[slice(*span)])]


def _on_page(block: Block, offset: int) -> int:
    """Convert an offset in a block's text to an offset on the page; `IndexError` if it is after the block."""
    for start, end in block.spans:
        if offset < end - start:
            return start + offset
        offset -= end - start
    raise IndexError(f"offset {offset} is after the end of the block")
