"""Matches the articles of a page with stored ones when the page is read again or has a new version."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from operator import itemgetter
from typing import Any

_Extracted = dict[str, Any]

# Characters of the opening that are compared; more of them would have more corrected misprints.
_OPENING = 20
_OPENING_KINDS = ("paragraph", "heading", "subtitle")


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """A stored article, as it was extracted. `same_page` says whether this version of the page had it."""

    id: int
    extracted: _Extracted
    same_page: bool


def match_articles(extracted: Sequence[_Extracted], known: Sequence[KnownArticle]) -> list[int | None]:
    """The id of the stored article that each extracted one is, None for a new one; each id at most once.

    They match by place on the same version of the page, else by headline, else by the opening words.
    """
    same: list[int | None] = [None] * len(extracted)
    left = {article.id: article for article in known}
    for trait in (_place, _headline, _opening):
        for number, article in list(_pairs(trait, extracted, same, left.values())):
            same[number] = left.pop(article.id).id
    return same


def is_same_story(one: _Extracted, other: _Extracted) -> bool:
    """Whether two extracted articles of different pages would match."""
    return any(
        (found := trait(one, False)) and found == trait(other, False) for trait in (_headline, _opening)
    )


_Trait = Callable[[_Extracted, bool], Hashable | None]


def _pairs(
    trait: _Trait, extracted: Sequence[_Extracted], same: Sequence[int | None], left: Iterable[KnownArticle]
) -> Iterator[tuple[int, KnownArticle]]:
    """Extracted articles without a match and stored ones with an equal trait.

    Where several have it, as 图片新闻 is the headline of many, those with the most similar texts are paired first.
    """
    of_trait: defaultdict[Hashable, list[KnownArticle]] = defaultdict(list)
    for article in left:
        of_trait[trait(article.extracted, article.same_page)].append(article)
    of_trait.pop(None, None)
    numbers: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, article_now in enumerate(extracted):
        if same[number] is None and (key := trait(article_now, True)) in of_trait:
            numbers[key].append(number)
    for key, candidates in numbers.items():
        yield from _most_similar_first(extracted, candidates, of_trait[key])


def _most_similar_first(
    extracted: Sequence[_Extracted], numbers: list[int], stored: list[KnownArticle]
) -> Iterator[tuple[int, KnownArticle]]:
    if len(numbers) == len(stored) == 1:
        yield numbers[0], stored[0]
        return
    texts = {article.id: _text(article.extracted) for article in stored}
    similarities = [
        (
            -SequenceMatcher(None, _text(extracted[number]), texts[article.id]).quick_ratio(),
            order,
            number,
            article,
        )
        for order, (number, article) in enumerate(product(numbers, stored))
    ]
    free, waiting = set(numbers), {article.id for article in stored}
    for _similarity, _order, number, article in sorted(similarities, key=itemgetter(0, 1)):
        if number in free and article.id in waiting:
            free.remove(number)
            waiting.remove(article.id)
            yield number, article


def _text(article: _Extracted) -> str:
    return "\n".join(block["text"] for block in article["blocks"])


def _place(article: _Extracted, same_page: bool) -> int | None:
    return article["start"] if same_page else None


def _headline(article: _Extracted, _same_page: bool) -> str | None:
    return article["headline"] or None


def _opening(article: _Extracted, _same_page: bool) -> str | None:
    """The first words of the text; an article without paragraphs, as a part of a split one, has those of a title."""
    texts = (block["text"] for kind in _OPENING_KINDS for block in article["blocks"] if block["kind"] == kind)
    return next(texts, "").strip()[:_OPENING] or None
