"""Which articles of a page are the same ones when the page is read again, or when a new version of it comes."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_Found = dict[str, Any]

# Characters of the first paragraph that an article is known by; more would meet more corrected misprints.
_OPENING = 20


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article that an earlier load stored: what was found then, and whether on this version of the page."""

    id: int
    found: _Found
    here: bool


def match_articles(found: Sequence[_Found], known: Sequence[KnownArticle]) -> list[int | None]:
    """For each article found now, the id of the known one that it is, None for a new one; each id once at most.

    It is known by its place on the same version of the page, else by its headline, else by how it begins.
    """
    same: list[int | None] = [None] * len(found)
    left = {article.id: article for article in known}
    for trait in (_place, _headline, _opening):
        for number, article in _paired(trait, found, same, left.values()):
            same[number] = left.pop(article.id).id
    return same


_Trait = Callable[[_Found, bool], Hashable | None]


def _paired(
    trait: _Trait, found: Sequence[_Found], same: Sequence[int | None], left: Iterable[KnownArticle]
) -> list[tuple[int, KnownArticle]]:
    """Articles without a match yet and known ones of equal trait; several of one trait pair off in order."""
    of_trait: defaultdict[Hashable, deque[KnownArticle]] = defaultdict(deque)
    for article in left:
        of_trait[trait(article.found, article.here)].append(article)
    of_trait.pop(None, None)
    pairs = []
    for number, layer in enumerate(found):
        if same[number] is None and (alike := of_trait.get(trait(layer, True))):
            pairs.append((number, alike.popleft()))
    return pairs


def _place(found: _Found, here: bool) -> int | None:
    return found["start"] if here else None


def _headline(found: _Found, _here: bool) -> str | None:
    return found["headline"] or None


def _opening(found: _Found, _here: bool) -> str | None:
    paragraphs = (block["text"] for block in found["blocks"] if block["kind"] == "paragraph")
    return next(paragraphs, "").strip()[:_OPENING] or None
