"""Splits an article of a page in two, and joins two articles to one."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from articles.counts.appearances import refresh_appearances
from articles.models.article import Article
from articles.models.boundary import Boundary
from articles.models.page import Page
from articles.models.reporter import Byline
from articles.reading.values import TITLES

from .article_corrections import composition_of, mark_bylines_decided
from .article_trash import trash_article
from .extracted_layers import join_extracted, split_extracted
from .text_composition import BlockJson, Composition, Recomposition, as_inner_block, begins_at, texts_of

_OF_PAGE = ("publication", "issue_date", "section", "status")


def split_article(article: Article, number: int, by: Any, *, headline: bool) -> Article:
    """Begin a new article at the block of a number, as its headline if `headline`; return the new article.

    What was extracted and decided in the second half moves to the new article. Later loads of the page split it too.
    """
    with transaction.atomic():
        article = _locked(article)
        offset = _offset_of_split(article, number)
        second = _article_at(article, offset)
        before, blocks = composition_of(article), article.blocks
        behind = _with_kinds_before_join(second, blocks[number:]) if second.pk else blocks[number:]
        if headline:
            behind = [{**behind[0], "kind": "headline"}, *behind[1:]]
        article.extracted, extracted = split_extracted(article.extracted, offset)
        second.extracted = second.extracted or extracted
        _set_blocks(second, behind)
        _set_blocks(article, blocks[:number])
        second.end = article.end
        article.end = max(end for block in article.blocks for _start, end in block["spans"])
        article.reviewed = second.reviewed = False
        _save(article, second)
        _share_bylines(article, second)
        _share_mentions(article, before, second)
        _renumber(_page(article))
        Boundary.objects.say(_page(article), offset, begins=True, by=by)
        refresh_appearances([article.pk, second.pk])
    return second


def join_next_article(article: Article, by: Any) -> Article:
    """Append the next article of the page to this one, and move the next one to the trash; return this one.

    Titles of the next article become section headings. Later loads of the page join them too.
    """
    with transaction.atomic():
        article = _locked(article)
        other = next_article(article)
        if other is None:
            raise ValidationError(_("This is the last article of its page: there is none to join it with."))
        other = _locked(other)
        before = composition_of(other)
        article.extracted = join_extracted(article.extracted, other.extracted)
        _set_blocks(article, [*article.blocks, *_inner_blocks(other)])
        article.end = max(article.end or 0, other.end or 0)
        article.reviewed = False
        _save(article)
        _take_bylines(article, other)
        _take_mentions(article, other, before)
        trash_article(other)
        _renumber(_page(article))
        Boundary.objects.say(_page(article), other.start or 0, begins=False, by=by)
        refresh_appearances([article.pk, other.pk])
    return article


def next_article(article: Article) -> Article | None:
    """The article after this one on its page, without those in the trash."""
    if article.page_id is None:
        return None
    behind = Article.objects.filter(page=article.page_id, start__gt=article.start)
    return behind.exclude(status=Article.Status.TRASHED).order_by("start").first()


def _locked(article: Article) -> Article:
    """The stored article, locked; `ValidationError` if it has no page or is in the trash."""
    stored = Article.objects.select_for_update(of=("self",)).select_related("page").get(pk=article.pk)
    if stored.page is None:
        raise ValidationError(_("Only an article that was read from a page can be split or joined."))
    if stored.status == Article.Status.TRASHED:
        raise ValidationError(_("This article is in the trash: restore it first."))
    return stored


def _page(article: Article) -> Page:
    return cast("Page", article.page)  # `_locked` refuses an article without one


def _offset_of_split(article: Article, number: int) -> int:
    if not 0 < number < len(article.blocks):
        raise ValidationError(_("An article is split before one of its lines, and not before the first."))
    offset = begins_at(article.blocks[number])
    if offset is None:
        raise ValidationError(_("This line was not printed: split before one that was."))
    return offset


def _article_at(article: Article, offset: int) -> Article:
    """A new article at an offset of the page, or the one that began there until it was joined."""
    stored = Article.objects.select_for_update().filter(page=article.page_id, start=offset).first()
    if stored is None:
        stored = Article(page=article.page, start=offset)
        for name in _OF_PAGE:
            setattr(stored, name, getattr(article, name))
        stored.corrected = [name for name in ("status",) if name in article.corrected]
    elif stored.status != Article.Status.TRASHED:
        raise ValidationError(_("An article of this page begins there already."))
    else:
        stored.status, stored.trashed_from = stored.trashed_from, ""
    return stored


def _set_blocks(article: Article, blocks: list[BlockJson]) -> None:
    """Set the blocks of an article and the texts that follow from them; a title that an editor rewrote stays.

    Columns that differ from what the loader extracted are recorded as decided.
    """
    before, after = texts_of(article.blocks), texts_of(blocks)
    decided = {"blocks", "body"}
    article.blocks = blocks
    for part, text in after.items():
        if part == "body" or text != before[part]:
            setattr(article, part, text)
            decided.add(part)
    if blocks == article.extracted.get("blocks"):
        article.corrected = sorted({*article.corrected} - {"blocks", "body"})
    else:
        article.corrected = sorted({*article.corrected, *decided})
    if not article.headline and not article.body.strip():
        raise ValidationError(_("An article has a headline or a body."))


def _with_kinds_before_join(article: Article, blocks: list[BlockJson]) -> list[BlockJson]:
    """Blocks with the kinds that they had before the article was joined."""
    kinds = {begins_at(block): block["kind"] for block in article.blocks}
    return [{**block, "kind": kinds.get(begins_at(block), block["kind"])} for block in blocks]


def _inner_blocks(article: Article) -> list[BlockJson]:
    """The blocks of an article as they stand inside another, with the titles that an editor rewrote.

    A title that the loader had read as a paragraph becomes a paragraph again.
    """
    read = {begins_at(block): block["kind"] for block in article.extracted.get("blocks", [])}
    blocks = []
    for block in _with_decided_titles(article):
        kind = read.get(begins_at(block), block["kind"])
        is_text_again = block["kind"] in TITLES and kind not in TITLES
        blocks.append({**block, "kind": kind} if is_text_again else as_inner_block(block))
    return blocks


def _save(*articles: Article) -> None:
    for article in articles:
        if article.pk:
            article.version += 1
        else:
            # Version 1 would mean that no editor changed it, and that a load may withdraw it.
            article.version = 2
        article.save()


def _renumber(page: Page) -> None:
    """Set the positions of the articles of a page by their order on it."""
    rows = page.articles.exclude(status=Article.Status.TRASHED).order_by("start")
    for position, (pk, was) in enumerate(rows.values_list("pk", "position"), 1):
        if was != position:
            Article.objects.filter(pk=pk).update(position=position)


def _share_bylines(article: Article, second: Article) -> None:
    """Move the bylines that are printed in the second article to it."""
    spans = [(start, end) for block in second.blocks for start, end in block["spans"]]
    moving = [
        byline
        for byline in article.bylines.exclude(start=None)
        if any(start <= (byline.start or 0) < end for start, end in spans)
    ]
    _move_bylines(moving, second)
    for one in (article, second):
        if "bylines" in article.corrected and "bylines" not in one.corrected:
            one.corrected = sorted({*one.corrected, "bylines"})
            one.save(update_fields=["corrected"])


def _take_bylines(article: Article, other: Article) -> None:
    """Move the bylines of the other article, without those of people whom this article credits too."""
    known = set(article.bylines.values_list("reporter", "role"))
    moving = [byline for byline in other.bylines.all() if (byline.reporter_id, byline.role) not in known]
    _move_bylines(moving, article)
    if "bylines" in other.corrected and "bylines" not in article.corrected:
        mark_bylines_decided(article)


def _move_bylines(bylines: list[Byline], to: Article) -> None:
    last = to.bylines.aggregate(last=Max("order"))["last"] or 0
    for order, byline in enumerate(bylines, last + 1):
        byline.article, byline.order = to, order
        byline.save()


def _share_mentions(article: Article, before: Composition, second: Article) -> None:
    first = Recomposition(before, composition_of(article))
    other = Recomposition(before, composition_of(second))
    for row in article.mentions.all():
        span = (row.part, row.start, row.end)
        if moved := other.moved_with_block(span):
            row.article, (row.part, row.start, row.end) = second, moved
            row.save()
        elif moved := first.moved(span):
            if moved != span:
                row.part, row.start, row.end = moved
                row.save()
        else:
            row.delete()


def _take_mentions(article: Article, other: Article, before: Composition) -> None:
    moves = Recomposition(before, composition_of(article))
    for row in other.mentions.all():
        if moved := moves.moved_with_block((row.part, row.start, row.end)):
            row.article, (row.part, row.start, row.end) = article, moved
            row.save()


def _with_decided_titles(article: Article) -> list[BlockJson]:
    """The blocks of an article with the titles that an editor rewrote."""
    blocks = [dict(block) for block in article.blocks]
    printed = texts_of(blocks)
    for part in TITLES:
        text: str = getattr(article, part)
        of_part = [block for block in blocks if block["kind"] == part]
        if text != printed[part] and of_part:
            of_part[0]["text"] = text
            blocks = [block for block in blocks if block["kind"] != part or block is of_part[0]]
    return [block for block in blocks if block["text"]]
