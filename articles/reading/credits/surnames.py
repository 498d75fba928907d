"""Splits Chinese personal names that are printed without a space between them.

A name is a surname and one or two more characters. Surnames are few, and some are much commoner than others, so the
split with the commonest surnames is nearly always right.
"""

from functools import cache
from math import log

from articles.reading.gazetteer.list_files import load_words
from articles.reading.values import Span

from .names_without_surname import MAX_LENGTH as _LONGEST
from .names_without_surname import is_long_name_without_surname, is_name_without_surname

_NAMES = load_words("personal_names")
SURNAMES: str = _NAMES["surnames"]
COMPOUND_SURNAMES = tuple(_NAMES["compound_surnames"].split())

_CLANS = frozenset(_NAMES["clans"].split())
COMMON_SURNAMES = SURNAMES[:200]

# A name costs the rarity of its surname, plus these. Most given names have two characters now.
_COST_OF_ONE_GIVEN = 0.8
_COST_OF_DOUBLE_SURNAME = 3.0
_COST_OF_COMPOUND = 4.0
# A publicity office signs with the name of its place: 河公宣.
_COST_OF_OFFICE = 7.0
_COST_WITHOUT_SURNAME = 6.0
_COST_OF_THREE_WORDS = 8.0
# A name without a surname of the list: a rarer surname, a pen name, or a Tibetan name of four characters.
_COST_OF_UNKNOWN = 9.0
_COST_OF_FOUR = 2.0
_MAX_RUN = 24
_MAX_PEN_NAME = 4

_COST = {surname: log(2 + rank) for rank, surname in reversed(list(enumerate(SURNAMES)))}


def is_surname(char: str) -> bool:
    """Whether the character is a surname of one character, in Simplified form."""
    return char in _COST


@cache
def _name_cost(name: str) -> float | None:
    """How unlikely a name is, by its surname or by the words it consists of; None if it is not a name.

    >>> _name_cost("王小明") < _name_cost("蔺一平") < _name_cost("其木格")
    True
    >>> _name_cost("可以先") is None
    True
    """
    costs = [cost for cost in (_cost_by_surname(name), _cost_by_words(name)) if cost is not None]
    return min(costs, default=None)


def _cost_by_words(name: str) -> float | None:
    if is_name_without_surname(name):
        return _COST_WITHOUT_SURNAME
    if is_long_name_without_surname(name):
        return _COST_OF_THREE_WORDS
    return _COST_OF_OFFICE if name.endswith("宣") and 2 <= len(name) <= 3 else None


def _cost_by_surname(name: str) -> float | None:
    if (len(name) in (3, 4) and name[:2] in COMPOUND_SURNAMES) or (len(name) == 4 and name[:2] in _CLANS):
        return _COST_OF_COMPOUND
    if name[:1] not in _COST:
        return None
    if len(name) == 4 and name[1] in _COST:
        return _COST[name[0]] + _COST[name[1]] + _COST_OF_DOUBLE_SURNAME
    if len(name) == 3:
        return _COST[name[0]]
    return _COST[name[0]] + _COST_OF_ONE_GIVEN if len(name) == 2 else None


def split_names(run: str, *, any_surname: bool = False) -> list[Span] | None:
    """Split a run of Simplified characters into names, as spans; None if that is impossible.

    With `any_surname` any two to four characters may be a name, at a higher cost.

    >>> run = "林舟蔺一平"
    >>> [run[start:end] for start, end in split_names(run)]
    ['林舟', '蔺一平']
    """
    if not 2 <= len(run) <= _MAX_RUN:
        return None
    best: list[tuple[float, int] | None] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        best.append(_best_cut(run, end, best, any_surname=any_surname))
    if best[-1] is None:
        return None
    spans = []
    end = len(run)
    while end and (cut := best[end]):
        spans.append((cut[1], end))
        end = cut[1]
    return spans[::-1]


def _best_cut(
    run: str, end: int, best: list[tuple[float, int] | None], *, any_surname: bool
) -> tuple[float, int] | None:
    cuts = []
    for start in range(max(0, end - _LONGEST), end - 1):
        before = best[start]
        if before is None:
            continue
        cost = _name_cost(run[start:end])
        if cost is None and any_surname and end - start <= _MAX_PEN_NAME:
            cost = _COST_OF_UNKNOWN + {2: _COST_OF_ONE_GIVEN, 3: 0.0, 4: _COST_OF_FOUR}[end - start]
        if cost is not None:
            cuts.append((before[0] + cost, start))
    return min(cuts, default=None)
