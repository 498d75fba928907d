"""The machine's layer of articles, cut and joined as the articles are: what `Article.found` holds, as plain values."""

from __future__ import annotations

from typing import Any

from .composition import Block, Composition, Recomposition, begins_at, inner, texts_of

_TITLES = ("kicker", "headline", "subtitle")


def cut_found(found: dict[str, Any], offset: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the loader read: of what stands before a place of the page and of what stands behind it."""
    blocks: list[Block] = found.get("blocks", [])
    number = next((n for n, block in enumerate(blocks) if (begins_at(block) or 0) >= offset), len(blocks))
    halves = []
    for of_half, start in ((blocks[:number], found.get("start")), (blocks[number:], offset)):
        spans = [span for block in of_half for span in block["spans"]]
        half = {**found, "blocks": of_half, "start": start, **_found_titles(of_half)}
        half["end"] = max((end for _start, end in spans), default=offset)
        half["bylines"] = [
            byline
            for byline in found.get("bylines", [])
            if any(first <= byline["start"] < last for first, last in spans)
        ]
        moves = Recomposition(Composition(blocks, texts_of(blocks)), Composition(of_half, texts_of(of_half)))
        half |= {name: _moved(found.get(name, []), moves) for name in ("mentions", "references")}
        halves.append(half)
    return halves[0], halves[1]


def joined_found(found: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What the loader read of two articles, as if it had read them as one."""
    behind = [inner(block) for block in other.get("blocks", [])]
    blocks = [*found.get("blocks", []), *behind]
    moves = Recomposition(
        Composition(other.get("blocks", []), texts_of(other.get("blocks", []))),
        Composition(blocks, texts_of(blocks)),
    )
    joined = {**found, "blocks": blocks, "end": max(found.get("end", 0), other.get("end", 0))}
    joined["bylines"] = [*found.get("bylines", []), *other.get("bylines", [])]
    for name in ("mentions", "references"):
        joined[name] = [*found.get(name, []), *_moved(other.get(name, []), moves)]
    return joined


def _found_titles(blocks: list[Block]) -> dict[str, str | None]:
    texts = texts_of(blocks)
    return {part: texts[part] or None for part in _TITLES}


def _moved(mentions: list[dict[str, Any]], moves: Recomposition) -> list[dict[str, Any]]:
    """Mentions as the loader tells them, where their blocks stand by now; without those whose block is not there."""
    return [
        {**mention, "part": span[0], "start": span[1], "end": span[2]}
        for mention in mentions
        if (span := moves.followed((mention["part"], mention["start"], mention["end"])))
    ]
