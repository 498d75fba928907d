"""Divides the text of an article between the loader, which reads what is printed, and what people wrote."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from articles.models.article import Article
from articles.reading.values import PART_OF, PARTS, BlockKind, Link

from .block_spans import BlockJson
from .text_composition import Composition, PartSpan, texts_of


class TextScope:
    """The text of an article in which one reading finds the names: some pieces of it, or all but these.

    A name that is partly in a piece belongs to the reading of the piece.
    """

    def __init__(self, pieces: Iterable[PartSpan], *, is_rest: bool) -> None:
        spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for part, start, end in pieces:
            spans[part].append((start, end))
        self._spans = {part: sorted(of_part) for part, of_part in spans.items()}
        self._is_rest = is_rest

    @property
    def is_empty(self) -> bool:
        return not self._spans and not self._is_rest

    def holds(self, span: PartSpan) -> bool:
        """Whether a name at a span of the article belongs to this reading."""
        part, start, end = span
        spans: Sequence[tuple[int, int]] = self._spans.get(part, ())
        # The pieces do not overlap: only the last one that begins before the end can reach into the span.
        at = bisect_left(spans, (end,)) - 1
        is_in_piece = at >= 0 and spans[at][1] > start
        return is_in_piece != self._is_rest


def printed_scope(article: Article) -> TextScope:
    """The text that is as it was extracted; the rest was written by people."""
    return TextScope(_written_pieces(article, None), is_rest=True)


def scope_to_read(article: Article, before: Composition | None) -> TextScope:
    """The text that people wrote, with what a change of the article made of the composition `before`."""
    return TextScope(_written_pieces(article, before), is_rest=False)


def links_in_printed_text(article: Article, links: Iterable[Link]) -> Iterator[Link]:
    """The links of an extracted article that are in text as extracted, each at its place in the article."""
    if not _may_be_written(article):
        yield from links
        return
    extracted = _extracted_composition(article)
    starts = {_key(block): span for span, block in _composition(article).pieces() if block}
    for link in links:
        mention = link.mention
        found = extracted.block_at((mention.part, mention.start, mention.end))
        if extracted.texts[mention.part] == getattr(article, mention.part):
            yield link
        elif found and (place := starts.get(_key(found[0]))):
            part, start = place[0], place[1] + found[1]
            end = start + len(mention.surface)
            yield replace(link, mention=replace(mention, part=part, start=start, end=end))  # type: ignore[arg-type]


def with_kinds_read_again(
    blocks: Sequence[BlockJson], before: Sequence[BlockJson], now: Sequence[BlockJson]
) -> list[BlockJson]:
    """Decided blocks, of which those that no editor touched have the kind that is read `now` instead of `before`.

    Only a kind of the same part of the article: the texts stay.
    """
    old, new = _kinds(before), _kinds(now)
    kinds = []
    for block in blocks:
        kind = new.get(_key(block), str(block["kind"]))
        is_untouched = old.get(_key(block)) == block["kind"]
        is_same_part = PART_OF.get(kind) == PART_OF.get(block["kind"])
        kinds.append({**block, "kind": kind} if is_untouched and is_same_part else block)
    return kinds


def written_lines(article: Article) -> Iterator[tuple[BlockKind, str]]:
    """The lines of an article that are not as extracted, also bylines and credits, each with its kind."""
    if not _may_be_written(article):
        return
    printed = {_key(block) for block in article.extracted.get("blocks", [])}
    for block in article.blocks:
        if not block["spans"] or _key(block) not in printed:
            yield block["kind"], block["text"]
    if not article.blocks:
        yield from (("paragraph", line) for line in article.body.split("\n"))


def _written_pieces(article: Article, before: Composition | None) -> Iterator[PartSpan]:
    """The pieces of the text that are not as extracted, or that `before` did not have."""
    if before is None and not _may_be_written(article):
        return
    printed = _keys(_extracted_composition(article))
    if before is not None:
        printed &= _keys(before)
    for span, block in _composition(article).pieces():
        if block is None or _key(block) not in printed:
            yield span


def _may_be_written(article: Article) -> bool:
    return not article.extracted or not {*PARTS, "blocks"}.isdisjoint(article.corrected)


def _composition(article: Article) -> Composition:
    return Composition(article.blocks, {part: getattr(article, part) for part in PARTS})


def _extracted_composition(article: Article) -> Composition:
    blocks: list[BlockJson] = article.extracted.get("blocks", [])
    return Composition(blocks, texts_of(blocks))


def _keys(composition: Composition) -> set[Hashable]:
    return {_key(block) for _, block in composition.pieces() if block and block["spans"]}


def _kinds(blocks: Sequence[BlockJson]) -> dict[Hashable, str]:
    return {_key(block): block["kind"] for block in blocks}


def _key(block: BlockJson) -> Hashable:
    """What a printed block is known by: its place on the page and its text."""
    return tuple(map(tuple, block["spans"])), block["text"]
