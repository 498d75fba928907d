"""Finds organizations whose name is an abbreviation of another one's: 国家卫健委 of 国家卫生健康委员会.

An abbreviation keeps the first characters of words, in their order, and often the last word as it is. Many names fit
one abbreviation by chance, so that it counts only where the archive has at most two that fit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

_SHORTEST = 3  # characters; of two any firm or town could be meant
_LONGEST = 7
_MOST_LEFT_OUT = 3  # times as long at most is the full name
_LAST_WORD = 3  # characters at the end of a name of which an abbreviation has one: 委员会, 检察院
_MOST_MEANINGS = 2  # full names of one abbreviation; with more it says nothing
_WHOLE_WORDS = tuple("大学 学院 国会 法院 公司 医院 军区 航空 党校 中心 银行 集团 政府 代表团 政治局".split())
_LEFT_OUT_AT_ONCE = ".{0,3}"
_OWNERS = ("联合国", "中华人民共和国")


def _is_abbreviation(short: str, full: str) -> bool:
    """Whether a name may be short for another one.

    >>> _is_abbreviation("世卫组织", "世界卫生组织"), _is_abbreviation("最高检", "最高人民检察院")
    (True, True)
    >>> _is_abbreviation("安理会", "联合国安全理事会"), _is_abbreviation("世贸组织", "世界卫生组织")
    (True, False)

    A name that only lacks words in its middle is another body:

    >>> _is_abbreviation("青山大学", "青山理工大学")
    False
    """
    bare = _without_owner(full)
    if short == bare != full:
        return True
    full = bare
    if not (_SHORTEST <= len(short) <= _LONGEST and len(short) < len(full) <= _MOST_LEFT_OUT * len(short)):
        return False
    if short[0] != full[0] or short in full:
        return False
    if any(full.startswith(short[:at]) and full.endswith(short[at:]) for at in range(1, len(short))):
        return False
    if not _have_same_last_word(short, full):
        return False
    printed = _LEFT_OUT_AT_ONCE.join(map(re.escape, short))
    return re.fullmatch(f"{printed}.{{0,{_LAST_WORD - 1}}}", full) is not None


def _have_same_last_word(short: str, full: str) -> bool:
    """Whether a word that is never shortened ends the full name too, if it ends the abbreviation."""
    return all(full.endswith(word) for word in _WHOLE_WORDS if short.endswith(word))


def find_abbreviations(names: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Pairs of an abbreviation and its full name, each given with its id."""
    names = list(names)
    # Only names with the first two characters of an abbreviation in their order are compared with it.
    full_names: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, name in names:
        bare = _without_owner(name)
        for second in sorted(set(bare[1:])):
            full_names[bare[0] + second].append((pk, name))
    for pk, short in names:
        if _SHORTEST <= len(short) <= _LONGEST:
            meanings = [
                other for other, full in full_names.get(short[:2], ()) if _is_abbreviation(short, full)
            ]
            if len(meanings) <= _MOST_MEANINGS:
                yield from ((pk, other) for other in meanings)


def _without_owner(name: str) -> str:
    """A name without the state or union in front, which newspapers leave out."""
    owner = next((owner for owner in _OWNERS if name.startswith(owner)), "")
    return name.removeprefix(owner) if len(name) - len(owner) >= _SHORTEST else name
