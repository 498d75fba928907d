"""The `SearchBackend` of SQLite: a contentless FTS5 table of character pairs, updated by triggers.

`中国人` is indexed as the tokens 中国, 国人, 人: a longer term is a phrase of pairs, a single character is the prefix of
a token. Tokens of headline, kicker and subtitle have a marker, so that ranking does not read the rows of bodies.
Triggers call functions that Django's connections register; other programs can read the database, but not change articles.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count, repeat

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.reading.values import PARTS

from .backend import (
    ProgressCallback,
    Sql,
    article_batches,
    count_articles,
    is_current_version,
    set_version,
)
from .folding import character_pairs, fold_text, index_version
from .query_parser import Query, Term

# The tokenizer `ascii` splits at ASCII punctuation only, which folds do not contain.
_CREATE = (
    "DROP TABLE IF EXISTS articles_search",
    "DROP TABLE IF EXISTS articles_search_version",
    "DROP TRIGGER IF EXISTS articles_search_insert",
    "DROP TRIGGER IF EXISTS articles_search_update",
    "DROP TRIGGER IF EXISTS articles_search_delete",
    """
    CREATE VIRTUAL TABLE articles_search
    USING fts5(headline, kicker, subtitle, body, content='', tokenize='ascii')
    """,
    "CREATE TABLE articles_search_version (version text NOT NULL)",
    """
    CREATE TRIGGER articles_search_insert AFTER INSERT ON articles_article
    BEGIN
        INSERT INTO articles_search (rowid, headline, kicker, subtitle, body)
        VALUES (NEW.id, articles_search_head_tokens(NEW.headline), articles_search_head_tokens(NEW.kicker),
                articles_search_head_tokens(NEW.subtitle), articles_search_tokens(NEW.body));
    END
    """,
    # To delete a row of a contentless table, all its indexed text must be given.
    """
    CREATE TRIGGER articles_search_update AFTER UPDATE OF id, headline, kicker, subtitle, body ON articles_article
    WHEN OLD.id IS NOT NEW.id OR OLD.headline IS NOT NEW.headline OR OLD.kicker IS NOT NEW.kicker
        OR OLD.subtitle IS NOT NEW.subtitle OR OLD.body IS NOT NEW.body
    BEGIN
        INSERT INTO articles_search (articles_search, rowid, headline, kicker, subtitle, body)
        VALUES ('delete', OLD.id, articles_search_head_tokens(OLD.headline), articles_search_head_tokens(OLD.kicker),
                articles_search_head_tokens(OLD.subtitle), articles_search_tokens(OLD.body));
        INSERT INTO articles_search (rowid, headline, kicker, subtitle, body)
        VALUES (NEW.id, articles_search_head_tokens(NEW.headline), articles_search_head_tokens(NEW.kicker),
                articles_search_head_tokens(NEW.subtitle), articles_search_tokens(NEW.body));
    END
    """,
    """
    CREATE TRIGGER articles_search_delete AFTER DELETE ON articles_article
    BEGIN
        INSERT INTO articles_search (articles_search, rowid, headline, kicker, subtitle, body)
        VALUES ('delete', OLD.id, articles_search_head_tokens(OLD.headline), articles_search_head_tokens(OLD.kicker),
                articles_search_head_tokens(OLD.subtitle), articles_search_tokens(OLD.body));
    END
    """,
)
_HEAD = "\x80"  # marks tokens of headline, kicker and subtitle; folds contain no control characters
_PIECES = (
    *("articles_search", "articles_search_version"),
    *("articles_search_insert", "articles_search_update", "articles_search_delete"),
)
_FILL = """
INSERT INTO articles_search (rowid, headline, kicker, subtitle, body)
SELECT id, articles_search_head_tokens(headline), articles_search_head_tokens(kicker),
       articles_search_head_tokens(subtitle), articles_search_tokens(body)
FROM articles_article WHERE id > %s AND id <= %s
"""
_FOUND = "SELECT rowid FROM articles_search WHERE articles_search MATCH %s"


def register_functions(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    database: sqlite3.Connection = connection.connection
    # Some builds of SQLite forbid triggers to call application functions unless the schema is trusted.
    database.execute("PRAGMA trusted_schema = ON")
    for name, tokens in (("articles_search_tokens", _tokens), ("articles_search_head_tokens", _head_tokens)):
        database.create_function(name, 1, _joined(tokens), deterministic=True)


def missing_pieces(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of missing tables and triggers; Django drops triggers when a migration recreates their table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
        existing = {name for (name,) in cursor.fetchall()}
    pieces = [name for name in _PIECES if name not in existing]
    if "articles_search_version" in existing and not is_current_version(connection):
        pieces.append(f"version {index_version()}")
    return pieces


def rebuild_index(connection: BaseDatabaseWrapper, progress: ProgressCallback) -> None:
    """Rebuild the index in one transaction: readers use the old one meanwhile, and writers wait."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _CREATE:
            cursor.execute(statement)
        for batch in article_batches(connection):
            cursor.execute(_FILL, [batch.after, batch.last])
            progress(batch.size)
        set_version(connection)


def count_outdated(connection: BaseDatabaseWrapper, progress: ProgressCallback) -> int:
    """The number of articles whose indexed tokens differ from their text; all if the index cannot be read."""
    try:
        indexed = _indexed(connection)
    except DatabaseError:  # the index is damaged
        return count_articles(connection)
    wrong = 0
    with connection.cursor() as cursor:
        for batch in article_batches(connection):
            cursor.execute(
                "SELECT id, headline, kicker, subtitle, body FROM articles_article WHERE id > %s AND id <= %s",
                [batch.after, batch.last],
            )
            wrong += sum(indexed.pop(pk, 0) != _checksum(parts) for pk, *parts in cursor.fetchall())
            progress(batch.size)
    return wrong + len(indexed)  # the rest belongs to deleted articles


def matching_ids(query: Query) -> Sql:
    found = " AND ".join(f"({_any_of(group)})" for group in query.wanted)
    if query.excluded:
        found = f"({found}) NOT ({_any_of(query.excluded)})"
    return _FOUND, [found]


candidate_ids = matching_ids


def match_condition(column: str, query: Query) -> Sql | None:  # noqa: ARG001 - the interface of all backends
    """None: all candidates match."""
    return None


def rank_expression(column: str, query: Query) -> Sql:
    in_headline = [[term for term in group if term.part in {"", "headline"}] for group in query.wanted]
    in_heads = [term for term in query.terms if term.part != "body"]
    ranks, params = [], []
    if all(in_headline):
        ranks.append(0)
        phrases = (" OR ".join(_phrase(term.text, _HEAD) for term in group) for group in in_headline)
        params.append(f"headline : ({' AND '.join(f'({one})' for one in phrases)})")
    if in_heads:
        ranks.append(1)
        params.append(" OR ".join(f"({_within(term.part)}{_phrase(term.text, _HEAD)})" for term in in_heads))
    cases = " ".join(f"WHEN {column} IN ({_FOUND}) THEN {rank}" for rank in ranks)
    return f"CASE {cases} ELSE 2 END" if cases else "2", params


def _tokens(text: str) -> list[str]:
    """The character pairs of a text, and its last character.

    >>> _tokens("中国人")
    ['中国', '国人', '人']
    """
    folded = fold_text(text)
    return [*character_pairs(folded), folded[-1:]] if folded else []


def _head_tokens(text: str) -> list[str]:
    return [_HEAD + token for token in _tokens(text)]


def _joined(tokens: Callable[[str], list[str]]) -> Callable[[str], str]:
    return lambda text: " ".join(tokens(text))


_TOKENS_OF_PARTS = (_head_tokens, _head_tokens, _head_tokens, _tokens)


def _any_of(terms: Iterable[Term]) -> str:
    """Articles that have one of some terms, in MATCH syntax."""
    return " OR ".join(f"({_having(term)})" for term in terms)


def _having(term: Term) -> str:
    if not term.part:
        return f"{_phrase(term.text)} OR {_phrase(term.text, _HEAD)}"
    return f"{_within(term.part)}{_phrase(term.text, '' if term.part == 'body' else _HEAD)}"


def _within(part: str) -> str:
    return f"{part} : " if part else ""


def _phrase(term: str, mark: str = "") -> str:
    """A term in MATCH syntax; a folded term needs no escapes, as it has no ASCII punctuation.

    >>> _phrase("中国人"), _phrase("中")
    ('"中国 国人"', '"中" *')
    """
    if len(term) == 1:
        return f'"{mark}{term}" *'
    return f'"{" ".join(mark + pair for pair in character_pairs(term))}"'


def _indexed(connection: BaseDatabaseWrapper) -> dict[int, int]:
    """The checksum of each article's tokens in the index."""
    sums: Counter[int] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.articles_search_tokens USING fts5vocab(main, articles_search, instance)"
        )
        try:
            cursor.execute('SELECT doc, col, "offset", term FROM temp.articles_search_tokens')
            for pk, *token in cursor:
                sums[pk] += hash(tuple(token))
        finally:
            cursor.execute("DROP TABLE temp.articles_search_tokens")
    return sums


def _checksum(parts: list[str]) -> int:
    """A sum over tokens and offsets that does not depend on their order, because the index is sorted by token."""
    return sum(
        sum(map(hash, zip(repeat(part), count(), tokens(text), strict=False)))
        for part, text, tokens in zip(PARTS, parts, _TOKENS_OF_PARTS, strict=True)
    )
