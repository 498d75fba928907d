"""Records which text of a page belongs to no article, when editors take text out of an article or put it back."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models.article import Article
from articles.models.boundary import Region
from articles.models.page import Page, PageResidue
from articles.reading.layout.block_parts import spans_within, spans_without, trimmed_spans
from articles.reading.layout.decided_regions import RegionKind
from articles.reading.values import Span

from .block_spans import BlockJson, begins_at, put_in, spans_of, spans_overlap, take_out
from .extracted_layers import layer_of_blocks

NOT_ON_PAGE = (Article.Status.TRASHED, Article.Status.WITHDRAWN)
"""Articles with these statuses have no characters of their page, which others may have."""


def record_changed_blocks(article: Article, before: Sequence[BlockJson], after: Sequence[BlockJson]) -> None:
    """Record what a change of an article's blocks means for its page, and for what was extracted there.

    Text that the article does not have any more was removed by an editor; text that it has again is no residue.
    `ValidationError` names the article that has that text now.
    """
    lost = spans_without(spans_of(before), spans_of(after))
    gained = spans_without(spans_of(after), spans_of(before))
    if article.page is None or not (lost or gained):
        return
    _check_free(article, gained)
    set_residue(article.page, lost, "removed")
    forget_residue(article.page, gained, article.start or 0)
    text, blocks = article.page.text, article.extracted.get("blocks", [])
    blocks, _taken = take_out(blocks, lost, text)
    for start, end in spans_without(gained, spans_of(blocks)):
        block = {"kind": "paragraph", "text": text[start:end], "spans": [[start, end]]}
        blocks = put_in(blocks, block)
    article.extracted = layer_of_blocks(article.extracted, blocks, [article.extracted])
    article.start, article.end = article.extracted.get("start"), article.extracted.get("end")
    check_start_is_free(article)
    stored = Article.objects.filter(pk=article.pk)
    stored.update(extracted=article.extracted, start=article.start, end=article.end, blocks=after)
    update_anchors(article.page)


def take_printed_text(article: Article) -> None:
    """Take the text of an article out of the residue of its page, when the article has its characters again.

    `ValidationError` names another article that has them now.
    """
    spans = spans_of(article.blocks)
    if article.page is None or not spans:
        return
    _check_free(article, spans)
    for start, end in spans:
        Region.objects.filter(page=article.page).exclude(kind=Region.Kind.TEXT).forget(
            article.page, start, end
        )
    _write(article.page, spans, [])


def check_start_is_free(article: Article) -> None:
    """Raise a `ValidationError` if another article of the page, perhaps in the trash, begins where this one does."""
    there = Article.objects.filter(page=article.page_id, start=article.start)
    if there.exclude(pk=article.pk).exists():
        raise ValidationError(_("An article of this page begins there already."))


def _check_free(article: Article, spans: Sequence[Span]) -> None:
    """Raise a `ValidationError` if another article of the page has a character of the spans."""
    others = Article.objects.filter(page=article.page).exclude(pk=article.pk).exclude(status__in=NOT_ON_PAGE)
    for other in others if spans else ():
        if spans_without(spans, spans_of(other.blocks)) != sorted(spans):
            raise ValidationError(_("“%(article)s” has this text of the page now.") % {"article": other})


def set_residue(page: Page, spans: Iterable[Span], kind: RegionKind) -> None:
    """Store the decision that spans of a page are residue of a kind."""
    decided = list(spans)
    for start, end in decided:
        Region.objects.say(page, start, end, kind)
    record_residue(page, decided, kind)


def record_residue(page: Page, spans: Iterable[Span], kind: RegionKind) -> None:
    """Record that spans of a page belong to no article, until the page is read again."""
    for start, end in spans:
        _write(page, [(start, end)], [{"kind": kind, "start": start, "end": end}])


def forget_residue(page: Page, spans: Iterable[Span], anchor: int) -> None:
    """Store that spans of a page belong to the article that has the character at `anchor`, if they were residue."""
    for start, end in spans:
        residue = [(one["start"], one["end"]) for one in page.residue or []]
        for first, last in spans_within(residue, start, end):
            Region.objects.say(page, first, last, "text", anchor)
        _write(page, [(start, end)], [])


def _write(page: Page, without: Sequence[Span], added: Sequence[dict[str, Any]]) -> None:
    """Write the residue of a page without some spans and with other ones; a page that is not read again has none yet."""
    stored = PageResidue.objects.select_for_update().filter(page=page).first()
    if stored is None:
        return
    left = [
        {**one, "start": start, "end": end}
        for one in stored.spans
        for start, end in trimmed_spans(spans_without([(one["start"], one["end"])], without), page.text)
    ]
    stored.spans = sorted([*left, *added], key=lambda one: one["start"])
    stored.save()


def update_anchors(page: Page) -> None:
    """Let the decided text of a page name the articles that have it now, by characters of their own."""
    regions = list(Region.objects.filter(page=page))
    texts = [region for region in regions if region.kind == Region.Kind.TEXT]
    articles = list(page.articles.exclude(status__in=NOT_ON_PAGE)) if texts else []
    for region in texts:
        spans = [[region.start, region.end]]
        for article in articles:
            if any(spans_overlap(block["spans"], spans) for block in article.blocks):
                anchor = anchor_of(article, regions)
                if region.anchor != anchor:
                    region.anchor = anchor
                    region.save(update_fields=["anchor"])
                break


def anchor_of(article: Article, regions: Sequence[Region]) -> int:
    """A character by which a decided region names an article: the beginning of a block that is in no such region."""
    begins = [begin for block in article.blocks if (begin := begins_at(block)) is not None]
    return next(iter(own_begins(article.blocks, regions)), min(begins, default=article.start or 0))


def own_begins(blocks: Sequence[BlockJson], regions: Iterable[Region]) -> list[int]:
    """Where those blocks begin that are in no decided region, so that the reader itself finds them in their article."""
    decided = [(region.start, region.end) for region in regions]
    begins = [begin for block in blocks if (begin := begins_at(block)) is not None]
    return [begin for begin in begins if not any(start <= begin < end for start, end in decided)]
