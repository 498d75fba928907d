"""The triggers that note which articles were written, and the search index with the triggers that keep it.

The tables of the index are empty: after the last migration it is made of the articles that are there, by the folds of
the day (see `articles/apps.py`). The SQL is that of `articles/search/` and `articles/counts/` as it was.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

from ._support import SafeMigration

SQLITE = (
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
    """
    CREATE TRIGGER articles_note_insert AFTER INSERT ON articles_article
    BEGIN INSERT INTO articles_articlechange (article_id) VALUES (NEW.id); END
    """,
    """
    CREATE TRIGGER articles_note_update AFTER UPDATE ON articles_article
    BEGIN INSERT INTO articles_articlechange (article_id) VALUES (NEW.id); END
    """,
    """
    CREATE TRIGGER articles_note_delete AFTER DELETE ON articles_article
    BEGIN INSERT INTO articles_articlechange (article_id) VALUES (OLD.id); END
    """,
)
SQLITE_UNDONE = (
    "DROP TRIGGER IF EXISTS articles_search_insert",
    "DROP TRIGGER IF EXISTS articles_search_update",
    "DROP TRIGGER IF EXISTS articles_search_delete",
    "DROP TRIGGER IF EXISTS articles_note_insert",
    "DROP TRIGGER IF EXISTS articles_note_update",
    "DROP TRIGGER IF EXISTS articles_note_delete",
    "DROP TABLE IF EXISTS articles_search",
    "DROP TABLE IF EXISTS articles_search_version",
)
POSTGRESQL = (
    """
CREATE TABLE articles_search_version (version text NOT NULL);
CREATE TABLE articles_search_fold (
    printed text COLLATE "C" PRIMARY KEY,
    folded text COLLATE "C" NOT NULL
);
CREATE TABLE articles_search (
    article_id bigint PRIMARY KEY,
    headline text COLLATE "C" NOT NULL,
    kicker text COLLATE "C" NOT NULL,
    subtitle text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    grams text[] COLLATE "C" NOT NULL
);
CREATE INDEX articles_search_by_gram ON articles_search USING gin (grams);
ALTER TABLE articles_search ALTER COLUMN grams SET STATISTICS 0;

CREATE FUNCTION articles_search_folded(text) RETURNS text LANGUAGE sql STABLE STRICT AS $$
    SELECT coalesce(string_agg(coalesce(fold.folded, text.printed), '' ORDER BY text.place), '')
    FROM unnest(string_to_array($1, NULL)) WITH ORDINALITY AS text (printed, place)
    LEFT JOIN articles_search_fold AS fold ON fold.printed = text.printed
$$;

CREATE FUNCTION articles_search_grams(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    WITH pair AS MATERIALIZED (
        SELECT first, second
        FROM unnest($1) AS part (folded),
        LATERAL (SELECT string_to_array(part.folded, NULL) AS chars) AS text,
        LATERAL unnest(chars, chars[2:]) AS pair (first, second)
    )
    SELECT ARRAY(SELECT first FROM pair UNION SELECT first || second FROM pair WHERE second IS NOT NULL)
$$;

CREATE INDEX articles_search_by_head_gram ON articles_search
    USING gin (articles_search_grams(ARRAY[headline, kicker, subtitle]));
ALTER INDEX articles_search_by_head_gram ALTER COLUMN 1 SET STATISTICS 0;

CREATE FUNCTION articles_search_put(bigint, text, text, text, text) RETURNS void LANGUAGE sql AS $$
    WITH article AS MATERIALIZED (
        SELECT articles_search_folded($2) AS headline, articles_search_folded($3) AS kicker,
               articles_search_folded($4) AS subtitle, articles_search_folded($5) AS body
    )
    INSERT INTO articles_search
    SELECT $1, headline, kicker, subtitle, body, articles_search_grams(ARRAY[headline, kicker, subtitle, body])
    FROM article
$$;

CREATE FUNCTION articles_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER articles_search_row AFTER INSERT OR UPDATE OR DELETE ON articles_article
    FOR EACH ROW EXECUTE FUNCTION articles_search_keep();
CREATE TRIGGER articles_search_truncated AFTER TRUNCATE ON articles_article
    FOR EACH STATEMENT EXECUTE FUNCTION articles_search_keep();

CREATE FUNCTION articles_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_articlechange (article_id) SELECT id FROM written;
    RETURN NULL;
END
$$;
CREATE TRIGGER articles_note_insert AFTER INSERT ON articles_article
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION articles_note_changes();
CREATE TRIGGER articles_note_update AFTER UPDATE ON articles_article
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION articles_note_changes();
CREATE TRIGGER articles_note_delete AFTER DELETE ON articles_article
REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION articles_note_changes();
    """,
)
POSTGRESQL_UNDONE = (
    "DROP FUNCTION IF EXISTS articles_note_changes() CASCADE",
    "DROP FUNCTION IF EXISTS articles_search_keep() CASCADE",
    "DROP FUNCTION IF EXISTS articles_search_put(bigint, text, text, text, text)",
    "DROP TABLE IF EXISTS articles_search, articles_search_fold, articles_search_version",
    "DROP FUNCTION IF EXISTS articles_search_folded(text), articles_search_grams(text[])",
)
# Whoever keeps in memory what articles hold reads all of them again.
NOTE_ALL = (
    "DELETE FROM articles_articlechange",
    'INSERT INTO articles_articlechange (article_id, "transaction") VALUES (0, 0)',
)


def make(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    of_this_database = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in (*of_this_database, *NOTE_ALL):
        schema_editor.execute(statement, None)


def drop(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    for statement in SQLITE_UNDONE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_UNDONE:
        schema_editor.execute(statement, None)


class Migration(SafeMigration):
    dependencies = [("articles", "0002_roles")]
    operations = [migrations.RunPython(make, drop)]
