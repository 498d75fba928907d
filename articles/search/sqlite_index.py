"""SQLite: a contentless FTS5 table of pairs of characters, kept by triggers.

`中国人` is indexed as the tokens 中国, 国人, 人, so that a longer term is a phrase of pairs, one character is the
beginning of a token, and both are found exactly. Tokens of headline, kicker and subtitle bear a mark: their few
rows are then listed apart from those of all bodies, and a rank costs next to nothing. Triggers call functions that
every connection of Django's has; another program can read the database, but not change articles in it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
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
from .query_parser import Query

# The tokenizer `ascii` divides at ASCII signs alone, of which no fold has any.
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
    # A contentless table forgets a row only if it is told all that the row was indexed by.
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
_HEAD = "\x80"  # before each token of a headline, kicker or subtitle: a control, of which no fold has any
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
    """Give a connection the functions that the triggers call."""
    connection.ensure_connection()
    database: sqlite3.Connection = connection.connection
    # Some builds of SQLite let no trigger call what an application defines, unless it says that it trusts them.
    database.execute("PRAGMA trusted_schema = ON")
    for name, tokens in (("articles_search_tokens", _tokens), ("articles_search_head_tokens", _head_tokens)):
        database.create_function(name, 1, _joined(tokens), deterministic=True)


def missing_pieces(connection: BaseDatabaseWrapper) -> list[str]:
    """Which tables and triggers are not there; Django drops triggers when a migration remakes their table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
        there = {name for (name,) in cursor.fetchall()}
    lacking = [name for name in _PIECES if name not in there]
    if "articles_search_version" in there and not is_current_version(connection):
        lacking.append(f"version {index_version()}")
    return lacking


def rebuild_index(connection: BaseDatabaseWrapper, progress: ProgressCallback) -> None:
    """Make the index anew in one transaction: readers ask the old one meanwhile, and writers wait."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _CREATE:
            cursor.execute(statement)
        done, total = 0, count_articles(connection)
        for batch in article_batches(connection):
            cursor.execute(_FILL, [batch.after, batch.last])
            done += batch.size
            progress(done, total)
        set_version(connection)


def count_outdated(connection: BaseDatabaseWrapper) -> int:
    """How many articles have other tokens in the index than in their text; all, if the index cannot be read."""
    try:
        indexed = _indexed(connection)
    except DatabaseError:  # blocks of it are lost, so that no row of it can be relied on
        return count_articles(connection)
    wrong = 0
    with connection.cursor() as cursor:
        for batch in article_batches(connection):
            cursor.execute(
                "SELECT id, headline, kicker, subtitle, body FROM articles_article WHERE id > %s AND id <= %s",
                [batch.after, batch.last],
            )
            wrong += sum(indexed.pop(pk, 0) != _checksum(parts) for pk, *parts in cursor.fetchall())
    return wrong + len(indexed)  # what is left is of articles that are no more


def matching_ids(query: Query) -> Sql:
    """A SELECT of the ids of the articles that a query finds."""
    found = " AND ".join(f"({_anywhere(term)})" for term in query.wanted)
    if query.excluded:
        found = f"({found}) NOT ({' OR '.join(map(_anywhere, query.excluded))})"
    return _FOUND, [found]


candidate_ids = matching_ids


def match_condition(column: str, query: Query) -> Sql | None:  # noqa: ARG001 - as of every database
    """None: the index knows where a term stands."""
    return None


def rank_expression(column: str, query: Query) -> Sql:
    """An expression for the `search_rank` of the article whose id is in a column."""
    in_head = [_phrase(term, _HEAD) for term in query.wanted]
    return (
        f"CASE WHEN {column} IN ({_FOUND}) THEN 0 WHEN {column} IN ({_FOUND}) THEN 1 ELSE 2 END",
        [f"headline : ({' AND '.join(in_head)})", " OR ".join(in_head)],
    )


def _tokens(text: str) -> list[str]:
    """The pairs of a text's characters, and its last character.

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


def _anywhere(term: str) -> str:
    return f"{_phrase(term)} OR {_phrase(term, _HEAD)}"


def _phrase(term: str, mark: str = "") -> str:
    """A term in the language of MATCH, where a folded term needs no escape: it has no ASCII sign.

    >>> _phrase("中国人"), _phrase("中")
    ('"中国 国人"', '"中" *')
    """
    if len(term) == 1:
        return f'"{mark}{term}" *'
    return f'"{" ".join(mark + pair for pair in character_pairs(term))}"'


def _indexed(connection: BaseDatabaseWrapper) -> dict[int, int]:
    """The checksum of each article's tokens as they are in the index."""
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
    """A sum over tokens with their places, as the index lists them by token and not by article."""
    return sum(
        sum(map(hash, zip(repeat(part), count(), tokens(text), strict=False)))
        for part, text, tokens in zip(PARTS, parts, _TOKENS_OF_PARTS, strict=True)
    )
