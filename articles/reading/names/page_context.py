"""Reads the context of a page before its places are found: the counties it names, and the names it prints in full."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.names.places.place_lists import (
    Lexicon,
    longest_listed_name,
    names_below_county,
    nationwide_names,
    taiwan_hongkong_names,
)

# Counties whose towns and villages are looked for, the most frequent first; pages with more are tables.
_COUNTIES = 12
# On a page in Traditional characters more than one in ten differs from its Simplified form.
_TRADITIONAL = 0.1


@dataclass(frozen=True, slots=True)
class PageContext:
    """The context of a page.

    `known` are the names with a title on the page, and their short forms. `counties` are the codes (of a city: the
    first four digits) of the counties that it names or is published in. `lexicons` are the lists of names that the page
    may use, `beginnings` the first two characters of all these names.
    """

    known: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    lexicons: tuple[Lexicon, ...] = ()
    beginnings: frozenset[str] = frozenset()

    def has(self, counties: Iterable[str]) -> bool:
        """Whether one of the counties, or its city, belongs to the page."""
        return any(code in self.counties or code[:4] in self.counties for code in counties)


def read_page_context(texts: Sequence[str], folded: Sequence[str], home: str) -> PageContext:
    """Read the context of all texts of a page; `home` is the code of the division where the paper is published, or ""."""
    lexicons = [*([taiwan_hongkong_names()] if _is_traditional(texts, folded) else []), nationwide_names()]
    pairs = frozenset().union(*lexicons) if len(lexicons) > 1 else nationwide_names()
    names = Counter(name for text in folded for name in _titled(text, lexicons, pairs))
    counties = {home.removesuffix("00")} if home else set()
    if len(home) == 6 and not home.endswith("00"):
        lexicons.append(names_below_county(home))
    for name, _ in names.most_common():
        codes = [division.code for division in load_gazetteer().named(name) if division.kind == "county"]
        counties.update(codes)
        if len(codes) == 1 and len(lexicons) <= _COUNTIES:
            lexicons.append(names_below_county(codes[0]))
    short = {name[:-1] for name in names if len(name) > 2}
    beginnings = frozenset().union(*lexicons)
    return PageContext(frozenset(names.keys() | short), frozenset(counties), tuple(lexicons), beginnings)


def _titled(text: str, lexicons: Sequence[Lexicon], pairs: Container[str]) -> Iterator[str]:
    """The names with a title in a text: 绵阳市, 芮城县; `pairs` are the first two characters of all listed names."""
    last = 0
    for at in [at for at in range(len(text) - 1) if text[at : at + 2] in pairs]:
        if at >= last and (row := longest_listed_name(text, at, lexicons)):
            name, method = row
            last = at + len(name)
            if method == "division":
                yield name


def _is_traditional(texts: Sequence[str], folded: Sequence[str]) -> bool:
    changed = sum(
        before != after and before > "\u4e00"
        for text, simplified in zip(texts, folded, strict=True)
        for before, after in zip(text, simplified, strict=True)
    )
    return changed > _TRADITIONAL * sum(map(len, texts))
