"""Checks of pages against the bytes of their files, and of articles against their pages.

Every block must have the text of its spans on the page, and every printed character of a page belongs to one block or to
the residue.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from articles.editing.block_spans import spans_of
from articles.editing.text_composition import texts_of
from articles.models import Article, Boundary, Byline, Page, PageResidue, Region
from articles.reading.formats.text_decoding import encode_page
from articles.reading.layout.block_parts import spans_without, trimmed_spans
from articles.reading.values import TITLES
from articles.reading.values import Page as ReadPage

from .check import RESTORE, Advance, Check, Fault, excerpt, find_in_batches

# Articles with these statuses no longer own characters of the page.
_NOT_ON_PAGE = (Article.Status.TRASHED, Article.Status.WITHDRAWN)
_EDIT = "correct it in the admin"
_REREAD = "run manage.py loadseeds --reextract"

_Span = tuple[int, int]


def _find(advance: Advance) -> Iterator[Fault]:
    ids = list(Page.objects.order_by("pk").values_list("pk", flat=True))
    return find_in_batches(ids, "page", 50, _of_pages, advance)


def _of_pages(ids: list[int]) -> Iterator[Fault]:
    articles: defaultdict[int | None, list[Article]] = defaultdict(list)
    for article in Article.objects.filter(page__in=ids).order_by("start"):
        articles[article.page_id].append(article)
    bylines: defaultdict[int | None, list[Byline]] = defaultdict(list)
    credits = Byline.objects.filter(article__page__in=ids).exclude(start=None).select_related("article")
    for byline in credits:
        bylines[byline.article.page_id].append(byline)
    residue = PageResidue.objects.of(ids)
    current = set(Page.objects.current().filter(pk__in=ids).values_list("pk", flat=True))
    pages = {page.pk: page for page in Page.objects.filter(pk__in=ids).order_by("pk")}
    yield from _decisions(pages)
    for page in pages.values():
        yield from _bytes(page)
        for article in articles[page.pk]:
            yield from _article(article, page.text)
        for byline in bylines[page.pk]:
            yield from _byline(byline, page)
        yield from _shared(page, articles[page.pk])
        if page.pk in residue and page.pk in current:
            yield from _lost(page, articles[page.pk], residue[page.pk])


def _decisions(pages: dict[int, Page]) -> Iterator[Fault]:
    """Find decisions about places that are not on their page."""
    boundaries = Boundary.objects.filter(page__in=pages).values_list("page", "offset")
    decided = [(page, offset, f"a boundary is at {offset}") for page, offset in boundaries]
    regions = Region.objects.filter(page__in=pages).values_list("page", "end")
    decided += [(page, end - 1, f"a decided region ends at {end}") for page, end in regions]
    for page, last, what in decided:
        if last >= len(pages[page].text):
            yield Fault(f"page {page}", f"{what}, but the page ends at {len(pages[page].text)}", RESTORE)


def _bytes(page: Page) -> Iterator[Fault]:
    """Encode the text and compare it with the hash of the file, unless the page is flagged `irreversible`."""
    where = f"page {page.pk}"
    if wrong := [offset for offset in page.nul_offsets if page.text[offset : offset + 1] != "\ufffd"]:
        yield Fault(where, f"there is no NUL at {wrong[0]}, where one is recorded", RESTORE)
    if "irreversible" in page.flags:
        return
    read = ReadPage(page.text, page.sha256, page.encoding, tuple(page.flags), tuple(page.nul_offsets))
    try:
        digest = hashlib.sha256(encode_page(read)).hexdigest()
    except (UnicodeError, LookupError):
        digest = ""
    if digest != page.sha256:
        yield Fault(where, f"its text is not that of its file {page.sha256[:12]}", RESTORE)


def _article(article: Article, text: str) -> Iterator[Fault]:
    where = f"article {article.pk} of page {article.page_id}"
    if (article.end or 0) > len(text):
        yield Fault(where, f"it ends at {article.end}, but the page ends at {len(text)}", RESTORE)
    found = article.extracted.get("blocks", [])
    yield from _blocks(where, found, text)
    composed = texts_of(found)
    for mention in (*article.extracted.get("mentions", ()), *article.extracted.get("references", ())):
        if composed[mention["part"]][mention["start"] : mention["end"]] != mention["surface"]:
            yield Fault(where, f"{excerpt(mention['surface'])} is not at its extracted place", RESTORE)
            break
    yield from _shown(article, where, text)


def _shown(article: Article, where: str, text: str) -> Iterator[Fault]:
    """Compare what is shown with what was extracted, except where an editor corrected it."""
    if "blocks" not in article.corrected and article.blocks != article.extracted.get("blocks", []):
        yield Fault(
            where, "its blocks differ from the extracted ones, but are not marked as corrected", _EDIT
        )
    elif "blocks" in article.corrected:
        yield from _places(where, article, text)
    if article.blocks and article.body != texts_of(article.blocks)["body"]:
        yield Fault(where, "its body differs from its blocks", _EDIT)
    for title in TITLES:
        if title not in article.corrected and getattr(article, title) != (article.extracted.get(title) or ""):
            yield Fault(
                where, f"its {title} differs from the extracted one, but is not marked as corrected", _EDIT
            )


def _blocks(where: str, blocks: list[dict[str, Any]], text: str) -> Iterator[Fault]:
    """Compare extracted blocks with their spans on the page."""
    for block in blocks:
        printed = "".join(text[start:end] for start, end in block["spans"])
        if printed != block["text"]:
            yield Fault(
                where,
                f"its extracted {block['kind']} is {excerpt(block['text'])}, but the page has {excerpt(printed)!r} there",
                RESTORE,
            )


def _places(where: str, article: Article, text: str) -> Iterator[Fault]:
    """Find corrected blocks that are neither within extracted spans nor have the text of their own spans.

    And those whose spans have the text of another block, which has none: once a line was divided so.
    """
    extracted = spans_of(article.extracted.get("blocks", []))
    unprinted = [block["text"] for block in article.blocks if not block["spans"]]
    for block in article.blocks:
        printed = "".join(text[start:end] for start, end in block["spans"])
        if other := next(
            (other for other in unprinted if other in printed and other not in block["text"]), None
        ):
            what = f"its {block['kind']} {excerpt(block['text'])} has the place of {excerpt(other)}, which has none"
            yield Fault(where, what, "put both into one line in the admin, and begin a new line between them")
        outside = trimmed_spans(spans_without(spans_of([block]), extracted), text)
        if outside and printed != block["text"]:
            yield Fault(
                where,
                f"its {block['kind']} is {excerpt(block['text'])}, but the page has {excerpt(printed)!r} there",
                RESTORE,
            )


def _byline(byline: Byline, page: Page) -> Iterator[Fault]:
    printed = page.text[byline.start : byline.end]
    if printed != byline.surface:
        yield Fault(
            f"byline {byline.pk} of article {byline.article_id}",
            f"it is {excerpt(byline.surface)}, but {excerpt(printed)!r} is there on page {page.pk}",
            "correct the credit in the admin",
        )


def _shared(page: Page, articles: list[Article]) -> Iterator[Fault]:
    """Find characters of the page that belong to two blocks."""
    spans: list[tuple[_Span, int]] = sorted(
        ((start, end), article.pk)
        for article in articles
        if article.status not in _NOT_ON_PAGE
        for block in article.blocks
        for start, end in block["spans"]
    )
    reported = set()
    for ((_, end), one), ((start, _), other) in pairwise(spans):
        if start < end and (one, other) not in reported:
            reported.add((one, other))
            whose = f"articles {one} and {other}" if one != other else f"two blocks of article {one}"
            yield Fault(
                f"page {page.pk}",
                f"the text at {start} belongs to {whose}",
                "join them, or move one to the trash" if one != other else _EDIT,
            )


def _lost(page: Page, articles: list[Article], stored: list[dict[str, Any]]) -> Iterator[Fault]:
    """Find printed text that no article and no residue has, and residue that an article has too."""
    residue = [(one["start"], one["end"]) for one in stored]
    of_articles = [span for article in articles for span in spans_of(article.blocks)]
    lost = spans_without([(0, len(page.text))], [*residue, *of_articles])
    for start, end in trimmed_spans(lost, page.text)[:1]:
        what = f"{excerpt(page.text[start:end])} at {start} belongs to no article and to no residue"
        yield Fault(f"page {page.pk}", what, _REREAD)
    on_page = [article for article in articles if article.status not in _NOT_ON_PAGE]
    shown = [span for article in on_page for span in spans_of(article.blocks)]
    free = spans_without(residue, shown)
    if free != sorted(residue):
        twice = spans_without(residue, free)[0][0]
        yield Fault(
            f"page {page.pk}", f"the text at {twice} belongs to an article and to the residue", _REREAD
        )


PAGE_CHECK = Check("pages", _find, Page.objects.count)
