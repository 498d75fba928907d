"""Defines the words by which names of organizations are recognised; `data/organization_words.toml` lists them.

The name of an organization ends with the word for its kind: 青山县 (place) 农业农村 (field) 局 (kind). These last
words are a closed list, and fields nearly so. To their left is a place, a level (省, 市, 县), another organization, or
a proper name, which may be anything.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from articles.reading.gazetteer.list_files import load_words

OrganizationKind = Literal[
    "party", "government", "court", "police", "military", "school", "hospital", "research", "culture", "company",
    "association", "media", "other",
]  # fmt: skip
_Need = Literal[
    "whole", "joined", "field", "seat", "village", "proper", "venue", "unit", "team", "tagged", "titled"
]


class LastWord(NamedTuple):
    """The last word of a name: the kind of organization, and what it needs before it."""

    kind: OrganizationKind
    need: _Need


_LISTS = load_words("organization_words")


def _kinds(table: Mapping[OrganizationKind, str]) -> dict[str, OrganizationKind]:
    return {word: kind for kind, words in table.items() for word in words.split()}


def _union(table: Mapping[str, str]) -> frozenset[str]:
    return frozenset(word for words in table.values() for word in words.split())


KNOWN = _kinds(_LISTS["known"])
BODIES_ABROAD = frozenset(_LISTS["in_every_country"]["abroad"].split())
BODIES_OF_EVERY_COUNTRY = BODIES_ABROAD | frozenset(_LISTS["in_every_country"]["home"].split())
KNOWN_IN_TRADITIONAL = _kinds(_LISTS["known_in_traditional"])
LAST_WORDS = {
    word: LastWord(row["kind"], row["need"]) for row in _LISTS["last_words"] for word in row["words"].split()
}
FIELDS = _union(_LISTS["fields"])
LEVEL_WORDS = frozenset(_LISTS["before"]["levels"].split())
OWNER_WORDS = frozenset(_LISTS["before"]["owners"].split())
NUMERAL_CHARACTERS = frozenset("0123456789一二三四五六七八九十百零〇")

BORDERS = _union(_LISTS["borders"])
NOT_BORDERS = frozenset(_LISTS["beside"]["not_borders"].split())
DETERMINERS = frozenset(_LISTS["beside"]["determiners"].split())
CLASSIFIERS = frozenset(_LISTS["beside"]["classifiers"])
COUNTS = frozenset(_LISTS["beside"]["counts"])
NOT_ALONE = frozenset(
    level + organ
    for level in _LISTS["not_alone"]["levels"].split()
    for organ in _LISTS["not_alone"]["organs"].split()
)
FACILITIES = tuple(_LISTS["not_alone"]["facilities"].split())
SORTS_OF_A_CITY = tuple(_LISTS["not_alone"]["sorts"].split())
NOT_AFTER = {row[0]: frozenset(row[1:]) for row in _LISTS["continued"]["last_words"].split()}
