"""Shares the printed text of a page out among its articles again, with all that was extracted and decided in it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db.models import F, Max
from django.utils.translation import gettext as _

from articles.counts.appearances import refresh_appearances
from articles.models.article import Article
from articles.models.mention import Mention
from articles.models.page import Page
from articles.models.reporter import Byline
from articles.reading.values import TITLES
from articles.row_lock import lock_rows

from .article_corrections import composition_of
from .block_spans import BlockJson, spans_of
from .extracted_layers import layer_of_blocks
from .page_residue import check_start_is_free, update_anchors
from .text_composition import Composition, PartSpan, Recomposition, texts_of
from .text_reading import read_written_text

_AWAY = 1_000_000_000  # characters, beyond the end of any text


class Share(NamedTuple):
    """What an article gets of a page: its blocks as editors decided, and as they were extracted."""

    article: Article
    decided: Sequence[BlockJson]
    extracted: Sequence[BlockJson]


def lock_articles(*articles: Article) -> list[Article]:
    """The stored articles, locked; `ValidationError` if one has no page or is in the trash."""
    locked = lock_rows(articles, Article.objects.select_related("page"))
    for stored in locked:
        if stored.page is None:
            raise ValidationError(_("Only an article that was read from a page can be split or joined."))
        if stored.status == Article.Status.TRASHED:
            raise ValidationError(_("This article is in the trash: restore it first."))
    return locked


def page_of(article: Article) -> Page:
    return cast("Page", article.page)  # `lock_articles` refuses an article without one


def extracted_blocks(article: Article) -> list[BlockJson]:
    found: list[BlockJson] = article.extracted.get("blocks", [])
    return found


def share_out(shares: Sequence[Share], sources: Sequence[Article]) -> None:
    """Give each article its share. Mentions and bylines of the sources follow their characters to it.

    Of an article that has a share, those whose characters no share has are deleted; one without keeps them. What people
    wrote is read where it is now. A new article is saved for the first time.
    """
    layers = [source.extracted for source in sources]
    # An article that is separate again has mentions of its own.
    revived = [article for article, *_ in shares if article.pk and article not in sources]
    before = [(article, composition_of(article)) for article in (*sources, *revived)]
    for article, decided, extracted in shares:
        article.extracted = layer_of_blocks(article.extracted or layers[0], extracted, layers)
        _set_blocks(article, list(decided))
        article.reviewed = False
    for share in shares:
        _save(share.article)
    owners = [share.article for share in shares]
    _share_bylines(sources, owners)
    _share_mentions(before, owners)
    for owner in owners:
        read_written_text(owner, list(owner.mentions.with_records()))
    page = page_of(owners[0])
    _renumber(page)
    update_anchors(page)
    refresh_appearances(sorted({article.pk for article in (*owners, *sources)}))


def _set_blocks(article: Article, blocks: list[BlockJson]) -> None:
    """Set the blocks of an article and the columns that follow from them; a title that an editor rewrote stays.

    Columns that differ from what the loader extracted are recorded as decided.
    """
    before, after = texts_of(article.blocks), texts_of(blocks)
    decided = {"blocks", "body"}
    article.blocks = blocks
    for part, text in after.items():
        if part == "body" or text != before[part]:
            setattr(article, part, text)
            decided.add(part)
    decided |= {title for title in TITLES if getattr(article, title) != (article.extracted.get(title) or "")}
    if blocks == article.extracted.get("blocks"):
        article.corrected = sorted({*article.corrected} - {"blocks", "body"})
    else:
        article.corrected = sorted({*article.corrected, *decided})
    if not article.headline and not article.body.strip():
        raise ValidationError(_("An article has a headline or a body."))
    spans = spans_of(blocks)
    article.start = article.extracted.get("start", article.start)
    article.end = max((end for _start, end in spans), default=article.end)


def _save(article: Article) -> None:
    check_start_is_free(article)
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


def _share_bylines(sources: Sequence[Article], owners: Sequence[Article]) -> None:
    """Move the bylines that are printed in another article to it, but for people whom it credits already."""
    is_decided = any("bylines" in article.corrected for article in sources)
    for source in sources:
        for byline in source.bylines.exclude(start=None):
            owner = next((owner for owner in owners if _has_character(owner, byline.start or 0)), None)
            if owner is not None and owner.pk != source.pk:
                _move_byline(byline, owner)
            elif owner is None and source in owners and "bylines" not in source.corrected:
                byline.delete()
    for owner in owners:
        if is_decided and "bylines" not in owner.corrected:
            owner.corrected = sorted({*owner.corrected, "bylines"})
            owner.save(update_fields=["corrected"])


def _has_character(article: Article, character: int) -> bool:
    return any(start <= character < end for start, end in spans_of(article.blocks))


def _move_byline(byline: Byline, to: Article) -> None:
    if to.bylines.filter(reporter=byline.reporter_id, role=byline.role).exists():
        return
    last = to.bylines.aggregate(last=Max("order"))["last"] or 0
    byline.article, byline.order = to, last + 1
    byline.save()


def _share_mentions(before: Sequence[tuple[Article, Composition]], owners: Sequence[Article]) -> None:
    arriving: defaultdict[tuple[int, PartSpan, str], list[tuple[Mention, Article]]] = defaultdict(list)
    for source, composition in before:
        moves = {owner.pk: Recomposition(composition, composition_of(owner)) for owner in owners}
        for row in source.mentions.all():
            owner, moved = _owner_of((row.part, row.start, row.end), source, owners, moves)
            if owner is not None and moved is not None:
                arriving[owner.pk, moved, row.kind].append((row, owner))
            elif source in owners:
                row.delete()
    own_moves: dict[int, PartSpan] = {}
    leaving: list[tuple[Mention, Article, PartSpan]] = []
    for (_pk, moved, _kind), rows in arriving.items():
        # Of an article that was joined and is separate again, names may be there twice.
        (row, owner), *doubles = sorted(rows, key=lambda found: not found[0].verdict)
        for double, _owner in doubles:
            double.delete()
        if owner.pk == row.article_id:
            own_moves[row.pk] = moved
        else:
            leaving.append((row, owner, moved))
    # Spans are unique in an article: those that stay are out of the way before others arrive.
    Mention.objects.filter(pk__in=own_moves).update(start=F("start") + _AWAY, end=F("end") + _AWAY)
    for row, owner, (part, start, end) in leaving:
        row.article, row.part, row.start, row.end = owner, part, start, end
        row.save()
    for pk, (part, start, end) in own_moves.items():
        Mention.objects.filter(pk=pk).update(part=part, start=start, end=end)


def _owner_of(
    span: PartSpan, source: Article, owners: Sequence[Article], moves: dict[int, Recomposition]
) -> tuple[Article | None, PartSpan | None]:
    """The article that has the words of a mention of the source now, and where."""
    for owner in sorted(owners, key=lambda owner: owner.pk != source.pk):
        if moved := moves[owner.pk].moved_with_block(span):
            return owner, moved
    if source in owners and (moved := moves[source.pk].moved(span)):
        return source, moved
    return None, None
