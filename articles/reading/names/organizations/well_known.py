"""Finds well-known organizations, which are listed by name: 新华社, 国务院."""

from functools import cache
from operator import ne
from typing import NamedTuple

from .organization_words import KNOWN, KNOWN_IN_TRADITIONAL, OrganizationKind


def is_traditional(text: str, folded: str) -> bool:
    """Whether at least one Chinese character in twenty has a form that only Traditional pages print."""
    if sum(map(ne, text, folded)) * 20 <= len(text):  # most pages end here
        return False
    changed = sum(char != fold and char >= "\u4e00" for char, fold in zip(text, folded, strict=True))
    return changed * 20 > len(text)


class WellKnown(NamedTuple):
    """The well-known organizations with their kinds, and by their first two characters, the longest first."""

    kinds: dict[str, OrganizationKind]
    names: dict[str, list[str]]

    def ends(self, text: str) -> dict[int, int]:
        """The beginnings of the names in a text by their ends, none inside another; no name is a part of a Latin word."""
        found: dict[int, int] = {}
        last = 0
        for at in [at for at in range(len(text) - 1) if text[at : at + 2] in self.names]:
            for name in self.names[text[at : at + 2]] if at >= last else ():
                end = at + len(name)
                if text.startswith(name, at) and not (_is_latin(text, at - 1) or _is_latin(text, end)):
                    found[end] = at
                    last = end
                    break
        return found


def _is_latin(text: str, at: int) -> bool:
    return "A" <= text[at : at + 1] <= "z" and text[at].isalpha() and at >= 0


@cache
def load_well_known(*, is_traditional: bool) -> WellKnown:
    """The well-known organizations; also by the forms that Traditional pages print, if the text is one."""
    kinds = {**KNOWN, **KNOWN_IN_TRADITIONAL} if is_traditional else KNOWN
    names: dict[str, list[str]] = {}
    for name in sorted(kinds, key=len, reverse=True):
        names.setdefault(name[:2], []).append(name)
    return WellKnown(kinds, names)
