"""Articles of a page cut in two, or joined to one, by an editor who sees what the loader did not."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from articles.models.article import Article, texts_changed
from articles.models.boundary import Boundary
from articles.models.composition import Block, Composition, Recomposition, begins_at, inner, texts_of
from articles.models.found import cut_found, joined_found
from articles.models.page import Page
from articles.models.reporter import Byline

_TITLES = ("kicker", "headline", "subtitle")
_OF_PAGE = ("publication", "issue_date", "section", "status")


def split(article: Article, number: int, by: Any, *, headline: bool) -> Article:
    """Let the block of a number begin an article of its own, as its headline if that is said; gives that article.

    What was found and decided in the second part goes with it. A later load of the page splits it likewise.
    """
    with transaction.atomic():
        article = _locked(article)
        offset = _place_of_cut(article, number)
        second = _article_at(article, offset)
        before, blocks = article.composition(), article.blocks
        behind = _as_it_was(second, blocks[number:]) if second.pk else blocks[number:]
        if headline:
            behind = [{**behind[0], "kind": "headline"}, *behind[1:]]
        article.found, found = cut_found(article.found, offset)
        second.found = second.found or found
        _set_blocks(second, behind)
        _set_blocks(article, blocks[:number])
        second.end = article.end
        article.end = max(end for block in article.blocks for _start, end in block["spans"])
        article.reviewed = second.reviewed = False
        _save(article, second)
        _share_bylines(article, second)
        _share_mentions(article, before, second)
        _number(_page(article))
        Boundary.objects.say(_page(article), offset, begins=True, by=by)
        texts_changed.send(Article, articles=[article.pk, second.pk])
    return second


def join(article: Article, by: Any) -> Article:
    """Take the next article of the page in at the end of this one; the other goes to the trash. Gives this one.

    A title of the other becomes a section heading, as titles inside an article are. A later load joins them likewise.
    """
    with transaction.atomic():
        article = _locked(article)
        other = following(article)
        if other is None:
            raise ValidationError(_("This is the last article of its page: there is none to join it with."))
        other = _locked(other)
        before = other.composition()
        article.found = joined_found(article.found, other.found)
        _set_blocks(article, [*article.blocks, *_as_inner(other)])
        article.end = max(article.end or 0, other.end or 0)
        article.reviewed = False
        _save(article)
        _take_bylines(article, other)
        _take_mentions(article, other, before)
        other.trash()
        _number(_page(article))
        Boundary.objects.say(_page(article), other.start or 0, begins=False, by=by)
        texts_changed.send(Article, articles=[article.pk, other.pk])
    return article


def following(article: Article) -> Article | None:
    """The article that stands behind this one on its page."""
    if article.page_id is None:
        return None
    behind = Article.objects.filter(page=article.page_id, start__gt=article.start)
    return behind.exclude(status=Article.Status.TRASHED).order_by("start").first()


def _locked(article: Article) -> Article:
    """The article as it stands by now, for a change; `ValidationError` if it cannot be cut."""
    stored = Article.objects.select_for_update(of=("self",)).select_related("page").get(pk=article.pk)
    if stored.page is None:
        raise ValidationError(_("Only an article that was read from a page can be split or joined."))
    if stored.status == Article.Status.TRASHED:
        raise ValidationError(_("This article is in the trash: restore it first."))
    return stored


def _page(article: Article) -> Page:
    return cast("Page", article.page)  # `_locked` refuses an article without one


def _place_of_cut(article: Article, number: int) -> int:
    if not 0 < number < len(article.blocks):
        raise ValidationError(_("An article is split before one of its lines, and not before the first."))
    place = begins_at(article.blocks[number])
    if place is None:
        raise ValidationError(_("This line was not printed: split before one that was."))
    return place


def _article_at(article: Article, offset: int) -> Article:
    """The article that once began at a place of the page and was joined since, or a new one."""
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


def _set_blocks(article: Article, blocks: list[Block]) -> None:
    """Give an article these blocks and the texts that follow; a title that an editor wrote anew stays.

    What is not as the loader read it is an editor's decision.
    """
    before, after = texts_of(article.blocks), texts_of(blocks)
    decided = {"blocks", "body"}
    article.blocks = blocks
    for part, text in after.items():
        if part == "body" or text != before[part]:
            setattr(article, part, text)
            decided.add(part)
    if blocks == article.found.get("blocks"):
        article.corrected = sorted({*article.corrected} - {"blocks", "body"})
    else:
        article.corrected = sorted({*article.corrected, *decided})
    if not article.headline and not article.body.strip():
        raise ValidationError(_("An article has a headline or a body."))


def _as_it_was(article: Article, blocks: list[Block]) -> list[Block]:
    """Blocks that an article had before it was joined, as what they were then."""
    kinds = {begins_at(block): block["kind"] for block in article.blocks}
    return [{**block, "kind": kinds.get(begins_at(block), block["kind"])} for block in blocks]


def _as_inner(article: Article) -> list[Block]:
    """The blocks of an article as they stand inside another, with its titles as an editor wrote them anew.

    A title that the loader had read as text is text again.
    """
    read = {begins_at(block): block["kind"] for block in article.found.get("blocks", [])}
    blocks = []
    for block in _with_decided_titles(article):
        kind = read.get(begins_at(block), block["kind"])
        is_text_again = block["kind"] in _TITLES and kind not in _TITLES
        blocks.append({**block, "kind": kind} if is_text_again else inner(block))
    return blocks


def _save(*articles: Article) -> None:
    for article in articles:
        if article.pk:
            article.version += 1
        else:
            # Above 1, which says that nobody touched it and the loader may take it away.
            article.version = 2
        article.save()


def _number(page: Page) -> None:
    """Count the articles of a page anew, as they stand on it."""
    standing = page.articles.exclude(status=Article.Status.TRASHED).order_by("start")
    for position, (pk, was) in enumerate(standing.values_list("pk", "position"), 1):
        if was != position:
            Article.objects.filter(pk=pk).update(position=position)


def _spans(article: Article) -> list[tuple[int, int]]:
    return [(start, end) for block in article.blocks for start, end in block["spans"]]


def _share_bylines(article: Article, second: Article) -> None:
    """Let whoever is credited in the second part be credited there."""
    spans = _spans(second)
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
    """Credit whom the other article credits, and the first does not."""
    known = set(article.bylines.values_list("reporter", "role"))
    moving = [byline for byline in other.bylines.all() if (byline.reporter_id, byline.role) not in known]
    _move_bylines(moving, article)
    if "bylines" in other.corrected and "bylines" not in article.corrected:
        article.keep_bylines()


def _move_bylines(bylines: list[Byline], to: Article) -> None:
    last = to.bylines.aggregate(last=Max("order"))["last"] or 0
    for order, byline in enumerate(bylines, last + 1):
        byline.article, byline.order = to, order
        byline.save()


def _share_mentions(article: Article, before: Composition, second: Article) -> None:
    first = Recomposition(before, article.composition())
    other = Recomposition(before, second.composition())
    for row in article.mentions.all():
        span = (row.part, row.start, row.end)
        if moved := other.followed(span):
            row.article, (row.part, row.start, row.end) = second, moved
            row.save()
        elif kept := first.moved(span):
            if kept != span:
                row.part, row.start, row.end = kept
                row.save()
        else:
            row.delete()


def _take_mentions(article: Article, other: Article, before: Composition) -> None:
    moves = Recomposition(before, article.composition())
    for row in other.mentions.all():
        if moved := moves.followed((row.part, row.start, row.end)):
            row.article, (row.part, row.start, row.end) = article, moved
            row.save()


def _with_decided_titles(article: Article) -> list[Block]:
    """The blocks with the titles as an editor wrote them anew."""
    blocks = [dict(block) for block in article.blocks]
    printed = texts_of(blocks)
    for part in _TITLES:
        text: str = getattr(article, part)
        of_part = [block for block in blocks if block["kind"] == part]
        if text != printed[part] and of_part:
            of_part[0]["text"] = text
            blocks = [block for block in blocks if block["kind"] != part or block is of_part[0]]
    return [block for block in blocks if block["text"]]
