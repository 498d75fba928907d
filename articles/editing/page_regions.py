"""Sets printed lines to adverts or notices, and gives residue of a page back to an article."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models.article import Article
from articles.models.boundary import Region
from articles.models.page import Page
from articles.reading.layout.block_parts import spans_within, trimmed_spans
from articles.reading.layout.decided_regions import RegionKind
from articles.reading.values import PART_OF

from .article_trash import trash_article
from .block_spans import BlockJson, put_in, spans_of, take_out
from .page_rearrangement import (
    Share,
    extracted_blocks,
    lock_articles,
    page_of,
    share_out,
)
from .page_residue import NOT_ON_PAGE, anchor_of, forget_residue, set_residue, update_anchors


def set_aside(page: Page, start: int, end: int, kind: RegionKind) -> None:
    """Decide that what is printed between two characters of a page is an advert or a notice.

    It leaves the article that has it, with the mentions in it; an article of which nothing is left goes to the trash.
    """
    with transaction.atomic():
        rows = (
            Article.objects.select_for_update(of=("self",))
            .filter(page=page)
            .select_related("page")
            .order_by("pk")
        )
        articles = [
            article
            for article in rows.exclude(status__in=NOT_ON_PAGE)
            if spans_within(spans_of(article.blocks), start, end)
        ]
        residue = [(one["start"], one["end"]) for one in page.residue or []]
        printed = spans_within(
            [*residue, *(span for article in articles for span in spans_of(article.blocks))], start, end
        )
        if not trimmed_spans(printed, page.text):
            raise ValidationError(_("Nothing is printed there that can be an advert or a notice."))
        for article in articles:
            _take_out_of(article, start, end, kind)
        set_residue(page, sorted(printed), kind)
        update_anchors(page)


def _take_out_of(article: Article, start: int, end: int, kind: RegionKind) -> None:
    page = page_of(article)
    decided, _taken = take_out(article.blocks, [(start, end)], page.text)
    extracted, _taken = take_out(extracted_blocks(article), [(start, end)], page.text)
    if any(block["kind"] in PART_OF for block in decided):
        share_out([Share(article, decided, extracted)], [article])
    else:
        set_residue(page, spans_of(decided), kind)
        trash_article(article)


def put_back(article: Article, start: int, end: int) -> Article:
    """Give residue of a page to an article, as a paragraph in the order of the page; return the article."""
    with transaction.atomic():
        (article,) = lock_articles(article)
        page = page_of(article)
        residue = sorted((one["start"], one["end"]) for one in page.residue or [])
        spans = trimmed_spans(spans_within(residue, start, end), page.text)
        if not spans:
            raise ValidationError(_("The page has no advert, notice or removed text there."))
        decided, extracted = article.blocks, extracted_blocks(article)
        for first, last in spans:
            block: BlockJson = {
                "kind": "paragraph",
                "text": page.text[first:last],
                "spans": [[first, last]],
            }
            decided, extracted = put_in(decided, block), put_in(extracted, block)
        forget_residue(page, spans, anchor_of(article, list(Region.objects.filter(page=page))))
        share_out([Share(article, decided, extracted)], [article])
    return article
