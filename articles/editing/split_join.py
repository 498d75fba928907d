"""Splits an article of a page in two, joins two articles to one, and moves blocks between neighbours."""

from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models.article import Article
from articles.models.boundary import Boundary, Region
from articles.reading.values import TITLES

from .article_corrections import correct_article
from .article_trash import trash_article
from .block_spans import (
    BlockJson,
    begins_at,
    cut_blocks,
    divide_block,
    merge_blocks,
    put_in,
    spans_of,
    spans_overlap,
    take_out,
)
from .extracted_layers import doubts_in
from .page_rearrangement import (
    Share,
    extracted_blocks,
    lock_articles,
    page_of,
    share_out,
)
from .page_residue import NOT_ON_PAGE, anchor_of, own_begins
from .text_composition import as_inner_block, texts_of

_OF_PAGE = ("publication", "issue_date", "section", "status")


def split_article(article: Article, number: int, by: Any, *, headline: bool, at: int = 0) -> Article:
    """Begin a new article at the block of a number, as its headline if `headline`; return the new article.

    `at` is the character of the block's text at which it begins, where that is inside the block. What was extracted and
    decided in the second half moves to the new article. Later loads of the page split it too.
    """
    with transaction.atomic():
        (article,) = lock_articles(article)
        page = page_of(article)
        blocks, offset = _blocks_of_split(article, number, at)
        second = _article_at(article, offset)
        first, behind = _divide(cut_blocks(blocks, offset, page.text), second, offset)
        read_first, read_behind = _divide(
            cut_blocks(extracted_blocks(article), offset, page.text), second, offset
        )
        if second.pk:
            behind = _with_kinds(second.blocks, behind)
            read_behind = _with_kinds(extracted_blocks(second), read_behind)
        if headline:
            behind = [{**behind[0], "kind": "headline"}, *behind[1:]]
        _say_split(article, offset, behind, by)
        share_out([Share(article, first, read_first), Share(second, behind, read_behind)], [article])
    return second


def join_next_article(article: Article, by: Any) -> Article:
    """Append the next article of the page to this one, and move the next one to the trash; return this one.

    Titles of the next article become section headings. Later loads of the page join them too.
    """
    with transaction.atomic():
        other = next_article(article)
        if other is None:
            raise ValidationError(_("This is the last article of its page: there is none to join it with."))
        article, other = lock_articles(article, other)
        text = page_of(article).text
        decided = merge_blocks(article.blocks, _inner_blocks(other), text)
        theirs = [as_inner_block(block) for block in extracted_blocks(other)]
        extracted = merge_blocks(extracted_blocks(article), theirs, text)
        _say_join(article, other, by)
        trash_article(other)
        share_out([Share(article, decided, extracted)], [article, other])
    return article


def move_block(article: Article, number: int, *, to_next: bool) -> Article:
    """Move a printed block to the next article of the page, or to the one before; return that article.

    The block comes in the order of the page there, and a title is a section heading. Later loads move it too.
    """
    with transaction.atomic():
        neighbour = next_article(article) if to_next else previous_article(article)
        if neighbour is None:
            raise ValidationError(_("There is no article on that side of the page."))
        article, neighbour = lock_articles(article, neighbour)
        if not 0 <= number < len(article.blocks):
            raise ValidationError(_("The article has no such line."))
        moving: BlockJson = article.blocks[number]
        if not moving["spans"]:
            raise ValidationError(_("This line was not printed: copy its text instead."))
        page = page_of(article)
        decided = [block for n, block in enumerate(article.blocks) if n != number]
        anchor = anchor_of(neighbour, list(Region.objects.filter(page=page)))
        spans = spans_of([moving])
        for start, end in spans:
            Region.objects.say(page, start, end, "text", anchor)
        extracted, taken = take_out(extracted_blocks(article), spans, page.text)
        theirs = extracted_blocks(neighbour)
        for block in taken:
            theirs = put_in(theirs, as_inner_block(block))
        shares = [
            Share(article, decided, extracted),
            Share(neighbour, put_in(neighbour.blocks, as_inner_block(moving)), theirs),
        ]
        share_out(shares, [article, neighbour])
    return neighbour


def join_blocks(article: Article, number: int) -> None:
    """Join a block with the next one, as one paragraph that a column divided."""
    with transaction.atomic():
        (article,) = lock_articles(article)
        if not 0 <= number < len(article.blocks) - 1:
            raise ValidationError(_("This is the last line of the article: there is none to join it with."))
        first, second = article.blocks[number : number + 2]
        spans = [*first["spans"], *second["spans"]]
        whole = {**first, "text": first["text"] + second["text"], "spans": spans}
        correct_article(
            article, blocks=[*article.blocks[:number], whole, *article.blocks[number + 2 :]], reviewed=False
        )


def confirm_join(article: Article, offset: int, by: Any) -> None:
    """Decide that the text reads on at a character of the page where the reader doubts it. Later loads do not doubt it."""
    with transaction.atomic():
        (article,) = lock_articles(article)
        doubts = doubts_in(article.blocks, article.extracted)
        if offset not in [doubt["offset"] for doubt in doubts]:
            raise ValidationError(_("No join is in doubt there any more."))
        Boundary.objects.say(page_of(article), offset, begins=False, by=by)
        left = [doubt for doubt in article.extracted["doubts"] if doubt["offset"] != offset]
        article.extracted = {**article.extracted, "doubts": left}
        article.version += 1
        article.save(update_fields=["extracted", "version"])


def next_article(article: Article) -> Article | None:
    """The article after this one on its page, without those in the trash and those that the page does not have any more."""
    if article.page_id is None:
        return None
    behind = Article.objects.filter(page=article.page_id, start__gt=article.start)
    behind = behind.exclude(status=Article.Status.TRASHED).order_by("start")
    return next((one for one in behind if not one.is_withdrawn_by_load), None)


def previous_article(article: Article) -> Article | None:
    """The article before this one on its page, without those in the trash."""
    if article.page_id is None:
        return None
    before = Article.objects.filter(page=article.page_id, start__lt=article.start)
    return before.exclude(status=Article.Status.TRASHED).order_by("start").last()


def _blocks_of_split(article: Article, number: int, at: int) -> tuple[list[BlockJson], int]:
    """The blocks, of which one begins where the second half does, and its first character on the page."""
    blocks: list[BlockJson] = article.blocks
    if not 0 <= number < len(blocks) or (number == 0 and at == 0):
        raise ValidationError(_("An article is split before one of its lines, and not before the first."))
    begins = blocks[number]
    if at:
        text = begins["text"]
        if at < 0 or not (text[:at].strip() and text[at:].strip()):
            raise ValidationError(_("A line is split between two of its characters."))
        halves = divide_block(begins, [text[:at], text[at:]], page_of(article).text)
        blocks, begins = [*blocks[:number], *halves, *blocks[number + 1 :]], halves[1]
    offset = begins_at(begins)
    if offset is None:
        raise ValidationError(_("This line was not printed: split before one that was."))
    return blocks, offset


def _divide(blocks: list[BlockJson], second: Article, offset: int) -> tuple[list[BlockJson], list[BlockJson]]:
    """Divide blocks at a character of the page, or as they were before the second article was joined.

    A block that was not printed goes with the block before it.
    """
    first: list[BlockJson] = []
    behind: list[BlockJson] = []
    half = first
    for block in blocks:
        if block["spans"]:
            half = behind if _is_behind(block, second, offset) else first
        half.append(block)
    return first, behind


def _is_behind(block: BlockJson, second: Article, offset: int) -> bool:
    if second.pk:
        return any(spans_overlap(block["spans"], other["spans"]) for other in second.blocks)
    return int(block["spans"][0][0]) >= offset


def _say_split(article: Article, offset: int, behind: list[BlockJson], by: Any) -> None:
    """Store the boundary at the first character that the reader itself reads there: moved text names its article."""
    page = page_of(article)
    Region.objects.divide(page, offset)
    own = own_begins(behind, Region.objects.filter(page=page))
    Boundary.objects.filter(page=page, offset=offset, begins=False).delete()
    if own:
        Boundary.objects.say(page, min(own), begins=True, by=by)


def _say_join(article: Article, other: Article, by: Any) -> None:
    """Store that the other article goes on with this one.

    A boundary says so where the reader itself has the two one after the other; else the text names its article.
    """
    page = page_of(article)
    regions = list(Region.objects.filter(page=page))
    on_page = page.articles.exclude(status__in=NOT_ON_PAGE)
    starts = {
        one.pk: start
        for one in on_page
        if (start := min(own_begins(one.blocks, regions), default=None)) is not None
    }
    offset = starts.get(other.pk)
    before = [pk for pk, start in sorted(starts.items(), key=itemgetter(1)) if offset and start < offset]
    if offset is not None and before[-1:] == [article.pk]:
        Boundary.objects.say(page, offset, begins=False, by=by)
        return
    anchor = anchor_of(article, regions)
    for start, end in spans_of(other.blocks):
        Region.objects.say(page, start, end, "text", anchor)


def _article_at(article: Article, offset: int) -> Article:
    """A new article at an offset of the page, or the one that began there until it was joined, or a load withdrew it."""
    stored = Article.objects.select_for_update().filter(page=article.page_id, start=offset).first()
    if stored is None:
        stored = Article(page=article.page, start=offset)
        for name in _OF_PAGE:
            setattr(stored, name, getattr(article, name))
        stored.corrected = [name for name in ("status",) if name in article.corrected]
    elif stored.is_withdrawn_by_load:
        stored.status = article.status
    elif stored.status != Article.Status.TRASHED:
        raise ValidationError(_("An article of this page begins there already."))
    else:
        stored.status, stored.trashed_from = stored.trashed_from, ""
    return stored


def _with_kinds(before: list[BlockJson], blocks: list[BlockJson]) -> list[BlockJson]:
    """Blocks with the kinds that they had before the article was joined."""
    kinds = {begins_at(block): block["kind"] for block in before}
    return [{**block, "kind": kinds.get(begins_at(block), block["kind"])} for block in blocks]


def _inner_blocks(article: Article) -> list[BlockJson]:
    """The blocks of an article as they stand inside another, with the titles that an editor rewrote.

    A title that the loader had read as a paragraph becomes a paragraph again.
    """
    read = {begins_at(block): block["kind"] for block in extracted_blocks(article)}
    blocks = []
    for block in _with_decided_titles(article):
        kind = read.get(begins_at(block), block["kind"])
        is_text_again = block["kind"] in TITLES and kind not in TITLES
        blocks.append({**block, "kind": kind} if is_text_again else as_inner_block(block))
    return blocks


def _with_decided_titles(article: Article) -> list[BlockJson]:
    """The blocks of an article with the titles that an editor rewrote."""
    blocks = [dict(block) for block in article.blocks]
    printed = texts_of(blocks)
    for part in TITLES:
        text: str = getattr(article, part)
        of_part = [block for block in blocks if block["kind"] == part]
        if text != printed[part] and of_part:
            of_part[0] |= {"text": text, "spans": [span for block in of_part for span in block["spans"]]}
            blocks = [block for block in blocks if block["kind"] != part or block is of_part[0]]
    return [block for block in blocks if block["text"]]
