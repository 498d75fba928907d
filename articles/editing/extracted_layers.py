"""Splits and joins what the loader extracted of articles: the JSON of `Article.extracted`."""

from typing import Any

from articles.reading.values import TITLES

from .text_composition import BlockJson, Composition, Recomposition, as_inner_block, begins_at, texts_of


def split_extracted(extracted: dict[str, Any], offset: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split an extracted layer at a character of the page into the layers of two articles."""
    blocks: list[BlockJson] = extracted.get("blocks", [])
    number = next((n for n, block in enumerate(blocks) if (begins_at(block) or 0) >= offset), len(blocks))
    halves = []
    for of_half, start in ((blocks[:number], extracted.get("start")), (blocks[number:], offset)):
        spans = [span for block in of_half for span in block["spans"]]
        half = {**extracted, "blocks": of_half, "start": start, **_titles_of(of_half)}
        half["end"] = max((end for _start, end in spans), default=offset)
        half["bylines"] = [
            byline
            for byline in extracted.get("bylines", [])
            if any(first <= byline["start"] < last for first, last in spans)
        ]
        moves = Recomposition(Composition(blocks, texts_of(blocks)), Composition(of_half, texts_of(of_half)))
        half |= {name: _moved(extracted.get(name, []), moves) for name in ("mentions", "references")}
        halves.append(half)
    return halves[0], halves[1]


def join_extracted(extracted: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Join the extracted layers of two articles, as if the loader had read them as one."""
    behind = [as_inner_block(block) for block in other.get("blocks", [])]
    blocks = [*extracted.get("blocks", []), *behind]
    moves = Recomposition(
        Composition(other.get("blocks", []), texts_of(other.get("blocks", []))),
        Composition(blocks, texts_of(blocks)),
    )
    joined = {**extracted, "blocks": blocks, "end": max(extracted.get("end", 0), other.get("end", 0))}
    joined["bylines"] = [*extracted.get("bylines", []), *other.get("bylines", [])]
    for name in ("mentions", "references"):
        joined[name] = [*extracted.get(name, []), *_moved(other.get(name, []), moves)]
    return joined


def _titles_of(blocks: list[BlockJson]) -> dict[str, str | None]:
    texts = texts_of(blocks)
    return {part: texts[part] or None for part in TITLES}


def _moved(mentions: list[dict[str, Any]], moves: Recomposition) -> list[dict[str, Any]]:
    """Extracted mentions in the new places of their blocks; those whose block is gone are left out."""
    return [
        {**mention, "part": span[0], "start": span[1], "end": span[2]}
        for mention in mentions
        if (span := moves.moved_with_block((mention["part"], mention["start"], mention["end"])))
    ]
