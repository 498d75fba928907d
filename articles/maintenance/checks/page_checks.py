"""Pages against the bytes that they were read from, and articles against their pages.

Residue is not stored: what can be known of "each character of a page belongs to one block or to residue" is that no
character belongs to two blocks, and that every block says what stands at its place.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db import transaction

from articles.models import Article, Boundary, Byline, Page
from articles.models.composition import texts_of
from articles.reading.formats.plain_text import encode_page
from articles.reading.values import Page as ReadPage

from .check import RESTORE, Advance, Check, Fault, excerpt

_TOGETHER = 50
_TITLES = ("kicker", "headline", "subtitle")
# What an article has lost its place on the page with: the trash, and a page that does not show it any more.
_AWAY = (Article.Status.TRASHED, Article.Status.WITHDRAWN)
_EDIT = "look at it in the admin and save what is right"

_Span = tuple[int, int]


def _total() -> int:
    return Page.objects.count()


def _find(advance: Advance) -> Iterator[Fault]:
    pages = Page.objects.order_by("pk").values_list("pk", flat=True)
    ids = list(pages)
    for start in range(0, len(ids), _TOGETHER):
        some = ids[start : start + _TOGETHER]
        faults = list(_of_pages(some))
        if faults:
            # Once more while nobody writes: a load may have come between a page and its articles.
            with transaction.atomic():
                list(Article.objects.select_for_update().filter(page__in=some).values_list("pk"))
                faults = list(_of_pages(some))
        yield from faults
        advance(len(some))


def _of_pages(ids: list[int]) -> Iterator[Fault]:
    articles: defaultdict[int | None, list[Article]] = defaultdict(list)
    for article in Article.objects.filter(page__in=ids).order_by("start"):
        articles[article.page_id].append(article)
    bylines: defaultdict[int | None, list[Byline]] = defaultdict(list)
    credits = Byline.objects.filter(article__page__in=ids).exclude(start=None).select_related("article")
    for byline in credits:
        bylines[byline.article.page_id].append(byline)
    boundaries: defaultdict[int, list[int]] = defaultdict(list)
    for page_id, offset in Boundary.objects.filter(page__in=ids).values_list("page", "offset"):
        boundaries[page_id].append(offset)
    for page in Page.objects.filter(pk__in=ids).order_by("pk"):
        yield from _bytes(page)
        yield from _boundaries(page, boundaries[page.pk])
        for article in articles[page.pk]:
            yield from _article(article, page.text)
        for byline in bylines[page.pk]:
            yield from _byline(byline, page)
        yield from _shared(page, articles[page.pk])


def _bytes(page: Page) -> Iterator[Fault]:
    """Whether the text gives back the bytes that were loaded; of some pages it cannot, and their flag says so."""
    where = f"page {page.pk}"
    if wrong := [offset for offset in page.nul_offsets if page.text[offset : offset + 1] != "\ufffd"]:
        yield Fault(where, f"it is said to have a NUL at {wrong[0]}, and has none", RESTORE)
    if "irreversible" in page.flags:
        return
    read = ReadPage(page.text, page.sha256, page.encoding, tuple(page.flags), tuple(page.nul_offsets))
    try:
        digest = hashlib.sha256(encode_page(read)).hexdigest()
    except (UnicodeError, LookupError):
        digest = ""
    if digest != page.sha256:
        yield Fault(
            where, f"its text is not that of the file {page.sha256[:12]}, from which it was read", RESTORE
        )


def _boundaries(page: Page, offsets: list[int]) -> Iterator[Fault]:
    for offset in offsets:
        if offset >= len(page.text):
            yield Fault(
                f"page {page.pk}",
                f"an article is said to begin at {offset}, and the page ends at {len(page.text)}",
                RESTORE,
            )


def _article(article: Article, text: str) -> Iterator[Fault]:
    where = f"article {article.pk} of page {article.page_id}"
    if (article.end or 0) > len(text):
        yield Fault(where, f"it ends at {article.end}, and the page at {len(text)}", RESTORE)
    found = article.found.get("blocks", [])
    yield from _blocks(where, "was read as", found, text, RESTORE)
    composed = texts_of(found)
    for mention in (*article.found.get("mentions", ()), *article.found.get("references", ())):
        if composed[mention["part"]][mention["start"] : mention["end"]] != mention["surface"]:
            yield Fault(
                where, f"{excerpt(mention['surface'])} was not read where it is said to stand", RESTORE
            )
            break
    yield from _shown(article, where, text)


def _shown(article: Article, where: str, text: str) -> Iterator[Fault]:
    """What is shown against what was read, as far as nobody decided otherwise."""
    if "blocks" not in article.corrected and article.blocks != article.found.get("blocks", []):
        yield Fault(where, "its blocks are not as they were read, and nobody changed them", _EDIT)
    elif "blocks" in article.corrected:
        yield from _places(where, article, text)
    if article.blocks and article.body != texts_of(article.blocks)["body"]:
        yield Fault(where, "its body is not that of its blocks", _EDIT)
    for title in _TITLES:
        if title not in article.corrected and getattr(article, title) != (article.found.get(title) or ""):
            yield Fault(where, f"its {title} is not as it was read, and nobody changed it", _EDIT)


def _blocks(where: str, how: str, blocks: list[dict[str, Any]], text: str, cure: str) -> Iterator[Fault]:
    """Whether blocks say what stands at their places of the page."""
    for block in blocks:
        printed = "".join(text[start:end] for start, end in block["spans"])
        if printed != block["text"]:
            yield Fault(
                where,
                f"a {block['kind']} {how} {excerpt(block['text'])}, and {excerpt(printed)!r} stands there",
                cure,
            )


def _places(where: str, article: Article, text: str) -> Iterator[Fault]:
    """Whether blocks that an editor may have written anew stand where something was read, or what they say."""
    read = [span for block in article.found.get("blocks", []) for span in block["spans"]]
    for block in article.blocks:
        printed = "".join(text[start:end] for start, end in block["spans"])
        stands = all(any(a <= start and end <= b for a, b in read) for start, end in block["spans"])
        if not stands and printed != block["text"]:
            yield Fault(
                where,
                f"a {block['kind']} says {excerpt(block['text'])}, and {excerpt(printed)!r} stands at its place",
                RESTORE,
            )


def _byline(byline: Byline, page: Page) -> Iterator[Fault]:
    printed = page.text[byline.start : byline.end]
    if printed != byline.surface:
        yield Fault(
            f"byline {byline.pk} of article {byline.article_id}",
            f"it says {excerpt(byline.surface)}, and {excerpt(printed)!r} stands there on page {page.pk}",
            "credit whom the page names in the admin",
        )


def _shared(page: Page, articles: list[Article]) -> Iterator[Fault]:
    """Whether a character of the page belongs to two blocks."""
    spans: list[tuple[_Span, int]] = sorted(
        ((start, end), article.pk)
        for article in articles
        if article.status not in _AWAY
        for block in article.blocks
        for start, end in block["spans"]
    )
    told = set()
    for ((_, end), one), ((start, _), other) in pairwise(spans):
        if start < end and (one, other) not in told:
            told.add((one, other))
            whose = f"articles {one} and {other}" if one != other else f"two blocks of article {one}"
            yield Fault(
                f"page {page.pk}",
                f"what stands at {start} belongs to {whose}",
                "join them, or put one into the trash" if one != other else _EDIT,
            )


PAGE_CHECK = Check("pages", _find, _total)
