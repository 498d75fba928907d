"""The `SearchBackend` of PostgreSQL: a table of folded texts and their grams with a GIN index, updated by a trigger.

Grams are the single characters and character pairs of each part. They find a term of one or two characters. A longer
term is searched in the folded text of the articles that have all its pairs. A table holds Python's folds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.reading.values import PARTS, TITLES

from .backend import (
    ProgressCallback,
    Sql,
    article_batches,
    fetch_row,
    is_current_version,
    set_version,
)
from .folding import changed_characters, character_pairs, fold_text, index_version
from .query_parser import Query, Term

# The collation "C" compares bytes; that of a language is slower and may treat two characters as equal.
# No foreign key to articles: it would forbid the TRUNCATE of `manage.py flush`.
_CREATE = """
CREATE TABLE IF NOT EXISTS articles_search_version (version text NOT NULL);
CREATE TABLE IF NOT EXISTS articles_search_fold (
    printed text COLLATE "C" PRIMARY KEY,
    folded text COLLATE "C" NOT NULL
);
CREATE TABLE IF NOT EXISTS articles_search (
    article_id bigint PRIMARY KEY,
    headline text COLLATE "C" NOT NULL,
    kicker text COLLATE "C" NOT NULL,
    subtitle text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    grams text[] COLLATE "C" NOT NULL
);
CREATE INDEX IF NOT EXISTS articles_search_by_gram ON articles_search USING gin (grams);
-- Without statistics the planner takes every gram for rare and uses the index. For a frequent gram it would scan the
-- table, which takes a hundred times as long.
ALTER TABLE articles_search ALTER COLUMN grams SET STATISTICS 0;

CREATE OR REPLACE FUNCTION articles_search_folded(text) RETURNS text LANGUAGE sql STABLE STRICT AS $$
    SELECT coalesce(string_agg(coalesce(fold.folded, text.printed), '' ORDER BY text.place), '')
    FROM unnest(string_to_array($1, NULL)) WITH ORDINALITY AS text (printed, place)
    LEFT JOIN articles_search_fold AS fold ON fold.printed = text.printed
$$;

CREATE OR REPLACE FUNCTION articles_search_grams(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    WITH pair AS MATERIALIZED (
        SELECT first, second
        FROM unnest($1) AS part (folded),
        LATERAL (SELECT string_to_array(part.folded, NULL) AS chars) AS text,
        LATERAL unnest(chars, chars[2:]) AS pair (first, second)
    )
    SELECT ARRAY(SELECT first FROM pair UNION SELECT first || second FROM pair WHERE second IS NOT NULL)
$$;

-- The grams of headline, kicker and subtitle only, for ranking.
CREATE INDEX IF NOT EXISTS articles_search_by_head_gram ON articles_search
    USING gin (articles_search_grams(ARRAY[headline, kicker, subtitle]));
ALTER INDEX articles_search_by_head_gram ALTER COLUMN 1 SET STATISTICS 0;

CREATE OR REPLACE FUNCTION articles_search_put(bigint, text, text, text, text) RETURNS void LANGUAGE sql AS $$
    WITH article AS MATERIALIZED (
        SELECT articles_search_folded($2) AS headline, articles_search_folded($3) AS kicker,
               articles_search_folded($4) AS subtitle, articles_search_folded($5) AS body
    )
    INSERT INTO articles_search
    SELECT $1, headline, kicker, subtitle, body, articles_search_grams(ARRAY[headline, kicker, subtitle, body])
    FROM article
$$;

-- Changes are detected here: a trigger on certain columns would forbid migrations to alter them.
CREATE OR REPLACE FUNCTION articles_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM articles_search;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE'
        AND ROW(OLD.id, OLD.headline, OLD.kicker, OLD.subtitle, OLD.body)
            IS NOT DISTINCT FROM ROW(NEW.id, NEW.headline, NEW.kicker, NEW.subtitle, NEW.body)
    THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM articles_search WHERE article_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM articles_search_put(NEW.id, NEW.headline, NEW.kicker, NEW.subtitle, NEW.body);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER articles_search_row AFTER INSERT OR UPDATE OR DELETE ON articles_article
    FOR EACH ROW EXECUTE FUNCTION articles_search_keep();
CREATE OR REPLACE TRIGGER articles_search_truncated AFTER TRUNCATE ON articles_article
    FOR EACH STATEMENT EXECUTE FUNCTION articles_search_keep();
"""
_PIECES = {
    "articles_search": "to_regclass(%s)",
    "articles_search_fold": "to_regclass(%s)",
    "articles_search_version": "to_regclass(%s)",
    "articles_search_by_gram": "to_regclass(%s)",
    "articles_search_by_head_gram": "to_regclass(%s)",
    "articles_search_folded": "to_regproc(%s)",
    "articles_search_grams": "to_regproc(%s)",
    "articles_search_put": "to_regproc(%s)",
    "articles_search_keep": "to_regproc(%s)",
    "articles_search_row": (
        trigger := "(SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = 'articles_article'::regclass)"
    ),
    "articles_search_truncated": trigger,
}
_SELECT = "SELECT article_id FROM articles_search WHERE"
_HEAD_GRAMS = "articles_search_grams(ARRAY[headline, kicker, subtitle])"  # as in the index
# The parts are separated by a control character, so that no term matches across two parts.
_HEADS = "headline || chr(128) || kicker || chr(128) || subtitle"
_TEXT = f"{_HEADS} || chr(128) || body"


def register_functions(connection: BaseDatabaseWrapper) -> None:
    """Do nothing: the functions that the triggers call are in the database."""


def missing_pieces(connection: BaseDatabaseWrapper) -> list[str]:
    columns = ", ".join(f"{piece} IS NOT NULL" for piece in _PIECES.values())
    existing = fetch_row(connection, f"SELECT {columns}", list(_PIECES))
    pieces = [name for name, exists in zip(_PIECES, existing, strict=True) if not exists]
    if "articles_search_version" not in pieces and not is_current_version(connection):
        pieces.append(f"version {index_version()}")
    return pieces


def rebuild_index(connection: BaseDatabaseWrapper, progress: ProgressCallback) -> None:
    """Index all articles again, each batch in a transaction, while others read and write."""
    with transaction.atomic(using=connection.alias):
        _create(connection)
    for batch in article_batches(connection):
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for statement in _INDEX_AGAIN:
                cursor.execute(statement, [batch.after, batch.last])
        progress(batch.size)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"DELETE {_OF_NO_ARTICLE}")
        cursor.execute("ANALYZE articles_search")
        set_version(connection)


def count_outdated(connection: BaseDatabaseWrapper, progress: ProgressCallback) -> int:
    """The number of articles whose indexed text or grams differ from those that Python computes."""
    wrong = int(fetch_row(connection, f"SELECT count(*) {_OF_NO_ARTICLE}")[0])
    with connection.cursor() as cursor:
        for batch in article_batches(connection):
            cursor.execute(_COMPARED, [batch.after, batch.last])
            wrong += sum(not _is_right(compared) for compared in cursor.fetchall())
            progress(batch.size)
    return wrong


def matching_ids(query: Query) -> Sql:
    return _found(query, is_confirmed=True)


def candidate_ids(query: Query) -> Sql:
    """A SELECT of these ids and possibly more, by grams only: ten times as fast, as no text is read."""
    return _found(query, is_confirmed=False)


def match_condition(column: str, query: Query) -> Sql | None:
    doubtful = [group for group in query.wanted if any(map(_needs_text, group))]
    if not doubtful:
        return None
    conditions = " AND ".join(
        f"({' OR '.join(f'strpos({_text_of(term.part)}, %s) > 0' for term in group)})" for group in doubtful
    )
    terms = [term.text for group in doubtful for term in group]
    return f"(SELECT {conditions} FROM articles_search WHERE article_id = {column})", terms  # noqa: S608 - terms are parameters


def rank_expression(column: str, query: Query) -> Sql:
    # Lists of ids that are computed once: a look-up for each match would take longer than the search.
    cases = ""
    params: list[Any] = []
    in_headline = [
        [Term(term.text, "headline") for term in group if term.part in {"", "headline"}]
        for group in query.wanted
    ]
    if all(in_headline):
        sql, params = _all_of(in_headline, is_confirmed=True)
        cases = f"WHEN {column} IN ({_SELECT} {sql}) THEN 0"
    for term in query.terms:
        if term.part != "body":
            sql, more = _having(term, is_confirmed=True, is_head=True)
            cases = f"{cases} WHEN {column} IN ({_SELECT} {sql}) THEN 1"
            params += more
    return f"CASE {cases} ELSE 2 END" if cases else "2", params


# Locks articles before their rows in the index, as writers do.
_INDEX_AGAIN = (
    "SELECT 1 FROM articles_article WHERE id > %s AND id <= %s ORDER BY id FOR UPDATE",
    "DELETE FROM articles_search WHERE article_id > %s AND article_id <= %s",
    """
    SELECT articles_search_put(id, headline, kicker, subtitle, body)
    FROM articles_article WHERE id > %s AND id <= %s
    """,
)
_OF_NO_ARTICLE = "FROM articles_search WHERE NOT EXISTS (SELECT 1 FROM articles_article AS article WHERE article.id = article_id)"
_COMPARED = """
SELECT article.headline, article.kicker, article.subtitle, article.body,
       indexed.headline, indexed.kicker, indexed.subtitle, indexed.body, indexed.grams
FROM articles_article AS article LEFT JOIN articles_search AS indexed ON indexed.article_id = article.id
WHERE article.id > %s AND article.id <= %s
"""


def _create(connection: BaseDatabaseWrapper) -> None:
    """Create missing tables, functions and triggers; recreate tables of another version."""
    has_version = fetch_row(connection, "SELECT to_regclass('articles_search_version') IS NOT NULL")[0]
    folds = [pair for pair in changed_characters() if pair[0] != "\0"]  # PostgreSQL cannot store NUL
    with connection.cursor() as cursor:
        if has_version and not is_current_version(connection):
            cursor.execute(
                "DROP TABLE IF EXISTS articles_search, articles_search_fold, articles_search_version"
            )
        cursor.execute(_CREATE)
        cursor.execute("DELETE FROM articles_search_version")  # until the last batch is done
        cursor.execute("DELETE FROM articles_search_fold")
        cursor.execute(
            "INSERT INTO articles_search_fold SELECT * FROM unnest(%s::text[], %s::text[])",
            [[printed for printed, _ in folds], [folded for _, folded in folds]],
        )
        cursor.execute("ANALYZE articles_search_fold")


def _is_right(compared: tuple[Any, ...]) -> bool:
    """Whether a row of `_COMPARED` has the right folds of its four texts, and the right grams."""
    size = len(PARTS)
    folded = [fold_text(text) for text in compared[:size]]
    return folded == list(compared[size:-1]) and _grams(folded) == set(compared[-1] or ())


def _grams(folded: list[str]) -> set[str]:
    """The distinct characters and pairs of folded parts, without pairs across two parts.

    >>> sorted(_grams(["中国", "人"]))
    ['中', '中国', '人', '国']
    """
    return {gram for part in folded for gram in (*part, *character_pairs(part))}


def _found(query: Query, *, is_confirmed: bool) -> Sql:
    sql, params = _all_of(query.wanted, is_confirmed=is_confirmed)
    for term in query.excluded:
        # A separate search by the index: reading the grams of each match would take far longer.
        without, more = _having(term, is_confirmed=True)
        sql = f"{sql} AND article_id NOT IN ({_SELECT} {without})"
        params += more
    return f"{_SELECT} {sql}", params


def _all_of(groups: Iterable[Sequence[Term]], *, is_confirmed: bool) -> Sql:
    """A condition for rows that have a term of each group; by grams alone unless it is confirmed in the text."""
    # One array for all terms that stand alone: the index then reads the rarest gram first.
    grams: dict[str, dict[str, None]] = {}
    conditions, params = [], []
    for group in groups:
        if len(group) == 1:
            (term,) = group
            grams.setdefault(_grams_of(term.part), {}).update(dict.fromkeys(_grams_of_term(term)))
            if is_confirmed and _needs_text(term):
                conditions.append(f"strpos({_text_of(term.part)}, %s) > 0")
                params.append(term.text)
            continue
        either = [_having(term, is_confirmed=is_confirmed) for term in group]
        conditions.append(f"({' OR '.join(f'({sql})' for sql, _params in either)})")
        params += [param for _sql, of_term in either for param in of_term]
    conditions = [*(f"{column} @> %s::text[]" for column in grams), *conditions]
    return " AND ".join(conditions), [*(list(found) for found in grams.values()), *params]


def _having(term: Term, *, is_confirmed: bool, is_head: bool = False) -> Sql:
    """A condition for rows that have a term; `is_head` leaves out the body."""
    of_heads = is_head and not term.part
    grams, text = (_HEAD_GRAMS, _HEADS) if of_heads else (_grams_of(term.part), _text_of(term.part))
    condition, params = f"{grams} @> %s::text[]", [_grams_of_term(term)]
    if is_confirmed and _needs_text(term):
        return f"{condition} AND strpos({text}, %s) > 0", [*params, term.text]
    return condition, params


def _grams_of_term(term: Term) -> list[str]:
    return list(dict.fromkeys(character_pairs(term.text) or [term.text]))


def _grams_of(part: str) -> str:
    """The grams with those of a part."""
    return _HEAD_GRAMS if part in TITLES else "grams"


def _text_of(part: str) -> str:
    return part or _TEXT


def _needs_text(term: Term) -> bool:
    """Whether grams alone cannot confirm a term."""
    return bool(term.part) or len(term.text) > 2
