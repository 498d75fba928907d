"""Parses what a user types into wanted and excluded terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.reading.values import PARTS

from .folding import SPACE, fold_text

_MAX_CHARACTERS = 200
_MAX_TERMS = 16

# Any of them closes a phrase: input methods often write the same quote twice, as in ”芮城”.
_QUOTES = frozenset('"“”„＂')
_EXCLUDES = frozenset("-－")
_OPERATORS = frozenset({"AND", "OR", "NOT"})
# Before a colon; in capitals or with digits it is text, as in NBA: or 8:00.
_FIELD = re.compile(r"([a-z_]+):")
_FOREIGN = re.compile(r"[*()]")


class QueryError(ValueError):
    """The query cannot be used; the message is one line that says what to change."""


@dataclass(frozen=True, slots=True)
class Term:
    """A folded text, looked for in one `part` of the articles, or in any."""

    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that a matching article has: one at least of each group of `wanted`, and none of `excluded`."""

    wanted: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that are wanted, each once."""
        return tuple(dict.fromkeys(term for group in self.wanted for term in group))


def parse_query(q: str) -> Query:
    r"""Parse words and "phrases in quotes", all of them wanted unless a minus sign or NOT precedes them.

    OR between two of them wants one of both, and binds closer than the blank, which means AND. `headline:` before a
    word or phrase looks for it in this part alone; so do `kicker:`, `subtitle:` and `body:`. These operators are written
    in capitals, and mean nothing in quotes. NEAR, `^`, `%` and quotes inside a word are text.

    `QueryError` for a query without wanted terms or over the limits, and for `*`, brackets and other `fields:`, which
    other search engines know.

    >>> parse_query('臺灣 OR headline:"New York" -ＡＢＣ').wanted
    ((Term(text='台湾', part=''), Term(text='new\u3000york', part='headline')),)
    """
    if len(q) > _MAX_CHARACTERS:
        raise QueryError(
            _("The search has %(count)d characters; at most %(most)d can be searched for.")
            % {"count": len(q), "most": _MAX_CHARACTERS}
        )
    query = _combined(_tokens(q))
    terms = len(query.terms) + len(query.excluded)
    if terms > _MAX_TERMS:
        raise QueryError(
            _("The search has %(count)d terms; at most %(most)d can be searched for.")
            % {"count": terms, "most": _MAX_TERMS}
        )
    if not query.wanted:
        raise QueryError(
            _("The search only excludes; add a word that the articles must hold.")
            if query.excluded
            else _("The search is empty; give a word or a phrase in quotes.")
        )
    return query


def _combined(tokens: Iterator[_Token]) -> Query:
    """The query of terms and operators."""
    groups: list[tuple[Term, ...]] = []
    excluded: dict[Term, None] = {}
    operator, follows_wanted = "", False
    for token in tokens:
        if isinstance(token, str):
            # AND NOT is what other search engines call NOT.
            is_second = operator and (operator, token) != ("AND", "NOT")
            is_first = (token == "OR" and not follows_wanted) or (token == "AND" and not (groups or excluded))  # noqa: S105
            if is_second or is_first:
                raise _misplaced(token)
            operator = token
            continue
        is_excluded = token.is_excluded or operator == "NOT"
        if is_excluded and operator == "OR":
            raise _misplaced(operator)
        if is_excluded:
            excluded[token.term] = None
        elif operator == "OR":
            groups[-1] = (*groups[-1], token.term)
        else:
            groups.append((token.term,))
        operator, follows_wanted = "", not is_excluded
    if operator:
        raise _misplaced(operator)
    distinct = dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups)
    return Query(tuple(distinct), tuple(excluded))


def _misplaced(operator: str) -> QueryError:
    return QueryError(
        _("%(operator)s stands between or before words; to search for the word itself, put it in quotes.")
        % {"operator": operator}
    )


@dataclass(frozen=True, slots=True)
class _TermToken:
    term: Term
    is_excluded: bool


# A term, or an operator as it is written.
_Token = _TermToken | str


def _tokens(q: str) -> Iterator[_Token]:
    """The operators, and each term that is not empty."""
    at = 0
    while at < len(q):
        if fold_text(q[at]) in {"", SPACE}:
            at += 1
            continue
        is_excluded = q[at] in _EXCLUDES
        at += is_excluded
        if field := _FIELD.match(q, at):
            at = field.end()
        if at < len(q) and q[at] in _QUOTES:
            end = _closing_quote(q, at)
            text, at = q[at + 1 : end], end + 1
        else:
            end = next((end for end in range(at, len(q)) if fold_text(q[end]) == SPACE), len(q))
            text, at = q[at:end], end
            if text in _OPERATORS and not field and not is_excluded:
                yield text
                continue
            _check_word(text)
        if field and (field[1] not in PARTS or not fold_text(text).strip(SPACE)):
            raise _wrong_field(field[0])
        if folded := fold_text(text).strip(SPACE):
            yield _TermToken(Term(folded, field[1] if field else ""), is_excluded)


def _check_word(word: str) -> None:
    """Raise a `QueryError` for a sign that means something to other search engines."""
    if found := _FOREIGN.search(word):
        raise QueryError(
            _(
                "%(sign)s has no meaning here: words are found inside longer words, and OR binds closer than AND."
                " To search for the sign itself, put it in quotes."
            )
            % {"sign": found[0]}
        )


def _wrong_field(prefix: str) -> QueryError:
    return QueryError(
        _(
            "%(prefix)s is none of %(fields)s before a word or phrase; to search for it as text, put it in quotes."
        )
        % {"prefix": prefix, "fields": ", ".join(f"{part}:" for part in PARTS)}
    )


def _closing_quote(q: str, opening: int) -> int:
    for offset in range(opening + 1, len(q)):
        if q[offset] in _QUOTES:
            return offset
    begin = "".join(char if char.isprintable() else " " for char in q[opening : opening + 12]).strip()
    raise QueryError(
        _("The quote that begins with %(begin)s is not closed; add a quotation mark at its end.")
        % {"begin": begin}
    )
