"""Defines the words in and around names of places; `data/place_words.toml` lists and explains them.

All are in the form of folded text: Simplified characters and full-width punctuation.
"""

from typing import Any, NamedTuple

from articles.reading.gazetteer.list_files import load_words


class PlaceSuffix(NamedTuple):
    """A kind of place with its suffixes; `score` is the score of such a suffix alone.

    `stem` gives the fewest and the most characters before the suffix. No stem is one of `words`, or ends in one of
    `ends` (or in one of the longer words). Before one of the characters `after` the suffix is mostly part of another word.
    """

    method: str
    score: float
    suffixes: tuple[str, ...]
    stem: tuple[int, int]
    words: frozenset[str]
    ends: tuple[str, ...]
    after: frozenset[str]


def _suffix(row: dict[str, Any]) -> PlaceSuffix:
    words = row.get("words", "").split()
    return PlaceSuffix(
        row["method"],
        row["score"],
        tuple(row["suffixes"].split()),
        (row["stem"][0], row["stem"][1]),
        frozenset(words),
        (*row.get("ends", "").split(), *(word for word in words if len(word) > 1)),
        frozenset(row.get("after", "")),
    )


_LISTS = load_words("place_words")

PLACE_SUFFIXES = tuple(map(_suffix, _LISTS["suffixes"]))
AMBIGUOUS_NAMES = frozenset(_LISTS["ambiguous_names"].split())
PHRASES = tuple(_LISTS["phrases"].split())
NO_ITEMS = tuple(_LISTS["no_items"].split())
COMMON_NOUNS = tuple(_LISTS["common_nouns"].split())
LEADS = tuple(_LISTS["leads"].split())
PERSONS = tuple(_LISTS["persons"].split())
LOCATIVES = tuple(_LISTS["locatives"].split())
BESIDE = tuple(_LISTS["beside"].split())
SORTS = tuple(_LISTS["sorts"].split())
SITES = tuple(_LISTS["sites"])
COUNTING_CHARACTERS = frozenset(_LISTS["counting_characters"])
HARD_STOPS = frozenset(_LISTS["hard_stops"])
SOFT_STOPS = frozenset(_LISTS["soft_stops"])
TRANSLITERATION = frozenset(_LISTS["transliteration"])
FOREIGN = frozenset(_LISTS["foreign"])
