"""Makes what the loader extracted of an article, the JSON of `Article.extracted`, when editors share out its blocks."""

from collections.abc import Iterator, Sequence
from typing import Any

from articles.reading.values import TITLES

from .block_spans import BlockJson, spans_of
from .text_composition import Composition, Recomposition, texts_of

_Layer = dict[str, Any]


def layer_of_blocks(base: _Layer, blocks: Sequence[BlockJson], sources: Sequence[_Layer]) -> _Layer:
    """The layer of an article as if the loader had read these blocks in it; other facts are those of `base`.

    Bylines, mentions and doubts come from the layers of which the blocks were parts.
    """
    spans = spans_of(blocks)
    if not spans:
        return base
    texts = texts_of(blocks)
    bylines = (byline for layer in sources for byline in layer.get("bylines", []))
    return {
        **base,
        "start": spans[0][0],
        "end": max(end for _start, end in spans),
        **{title: texts[title] or None for title in TITLES},
        "bylines": [
            byline for byline in bylines if any(start <= byline["start"] < end for start, end in spans)
        ],
        "blocks": list(blocks),
        "mentions": list(_moved("mentions", sources, blocks)),
        "references": list(_moved("references", sources, blocks)),
        "doubts": [doubt for layer in sources for doubt in doubts_in(blocks, layer)],
    }


def doubts_in(blocks: Sequence[BlockJson], layer: _Layer) -> list[dict[str, Any]]:
    """The doubts of a layer about joins that the blocks have."""
    joins = {start for block in blocks for start, _end in block["spans"][1:]}
    return [doubt for doubt in layer.get("doubts", []) if doubt["offset"] in joins]


def _moved(name: str, sources: Sequence[_Layer], blocks: Sequence[BlockJson]) -> Iterator[dict[str, Any]]:
    """The mentions whose characters are in the blocks, in their new places."""
    after = Composition(blocks, texts_of(blocks))
    for layer in sources:
        before = layer.get("blocks", [])
        moves = Recomposition(Composition(before, texts_of(before)), after)
        for mention in layer.get(name, []):
            if span := moves.moved_with_block((mention["part"], mention["start"], mention["end"])):
                yield {**mention, "part": span[0], "start": span[1], "end": span[2]}
