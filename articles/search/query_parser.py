"""Parses what a user types into wanted and excluded terms."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .folding import SPACE, fold_text

_MAX_CHARACTERS = 200
_MAX_TERMS = 16

# Any of them closes a phrase: input methods often write the same quote twice, as in ”芮城”.
_QUOTES = frozenset('"“”„＂')
_EXCLUDES = frozenset("-－")


class QueryError(ValueError):
    """The query cannot be used; the message is one line that says what to change."""


@dataclass(frozen=True, slots=True)
class Query:
    """Folded terms: a matching article has each of `wanted` within one part, and none of `excluded`."""

    wanted: tuple[str, ...]
    excluded: tuple[str, ...] = ()


def parse_query(q: str) -> Query:
    r"""Parse words and "phrases in quotes", all of them wanted unless a minus sign precedes them.

    Nothing else has a meaning: AND, OR, NEAR, `*`, `%` and quotes inside a word are text. `QueryError` for a query
    without wanted terms or over the limits.

    >>> parse_query('臺灣 "New York" -ＡＢＣ')
    Query(wanted=('台湾', 'new\u3000york'), excluded=('abc',))
    """
    if len(q) > _MAX_CHARACTERS:
        raise QueryError(
            _("The search has %(count)d characters; at most %(most)d can be searched for.")
            % {"count": len(q), "most": _MAX_CHARACTERS}
        )
    wanted: dict[str, None] = {}
    excluded: dict[str, None] = {}
    for term, excludes in _terms(q):
        (excluded if excludes else wanted)[term] = None
    if len(wanted) + len(excluded) > _MAX_TERMS:
        raise QueryError(
            _("The search has %(count)d terms; at most %(most)d can be searched for.")
            % {"count": len(wanted) + len(excluded), "most": _MAX_TERMS}
        )
    if not wanted:
        raise QueryError(
            _("The search only excludes; add a word that the articles must hold.")
            if excluded
            else _("The search is empty; give a word or a phrase in quotes.")
        )
    return Query(tuple(wanted), tuple(excluded))


def _terms(q: str) -> Iterator[tuple[str, bool]]:
    """Each folded term that is not empty, and whether it is excluded."""
    at = 0
    while at < len(q):
        if fold_text(q[at]) in {"", SPACE}:
            at += 1
            continue
        excludes = q[at] in _EXCLUDES
        at += excludes
        if at < len(q) and q[at] in _QUOTES:
            end = _closing_quote(q, at)
            term, at = q[at + 1 : end], end + 1
        else:
            end = next((end for end in range(at, len(q)) if fold_text(q[end]) == SPACE), len(q))
            term, at = q[at:end], end
        if term := fold_text(term).strip(SPACE):
            yield term, excludes


def _closing_quote(q: str, opening: int) -> int:
    for offset in range(opening + 1, len(q)):
        if q[offset] in _QUOTES:
            return offset
    begin = "".join(char if char.isprintable() else " " for char in q[opening : opening + 12]).strip()
    raise QueryError(
        _("The quote that begins with %(begin)s is not closed; add a quotation mark at its end.")
        % {"begin": begin}
    )
