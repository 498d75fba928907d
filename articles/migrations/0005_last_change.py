"""One row for each article with its last change, and the triggers that write it; until now there was a row for each change.

The SQL is that of `articles/counts/change_triggers.py` as it was. On PostgreSQL the rows are filled in before the triggers
are created, so that articles can be written meanwhile.
"""

# ruff: noqa: S608 - the SQL is made of names that stand in this module

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from ._support import SafeMigration

LOCK_KEY = 724_551_097
_EVENTS = ("INSERT", "UPDATE", "DELETE")
# By table the column with the id of the article.
_PARTS = {
    "article": "id",
    "byline": "article_id",
    "mention": "article_id",
    "placeappearance": "article_id",
    "organizationappearance": "article_id",
}
# The columns that articles show or are counted by. They depend on no others: appearances are rows of their own.
_SHOWN = {
    "page": ("publication", "issue_date", "page_number", "page_name"),
    "reporter": ("name", "disambiguation", "merged_into_id", "trashed_at"),
    "place": ("name", "code", "kind", "merged_into_id", "trashed_at"),
    "organization": ("name", "merged_into_id", "trashed_at"),
}
# Besides these, what appearances are derived from.
_LOCKED = {
    "reporter": _SHOWN["reporter"],
    "place": (*_SHOWN["place"], "parent_id"),
    "organization": (*_SHOWN["organization"], "seat_id"),
}
_GROUP = "(SELECT NEW.id UNION ALL SELECT id FROM articles_{record} WHERE merged_into_id = NEW.id)"
_NAMING = f"""
    SELECT article_id FROM articles_mention WHERE {{record}}_id IN {_GROUP}
    UNION SELECT article_id FROM articles_mention WHERE decided_{{record}}_id IN {_GROUP}
    UNION SELECT article_id FROM articles_{{record}}appearance WHERE {{record}}_id = NEW.id
"""
# The articles that show a row.
_SHOWING = {
    "page": "SELECT id FROM articles_article WHERE page_id = NEW.id",
    "reporter": f"SELECT article_id FROM articles_byline WHERE reporter_id IN {_GROUP.format(record='reporter')}",
    # Articles of the places within it do not show its name, but are counted by its kind.
    "place": f"{_NAMING.format(record='place')} AND (position IS NOT NULL OR OLD.kind <> NEW.kind)",
    "organization": _NAMING.format(record="organization"),
}
_RECORDS = ("reporter", "place", "organization")


# --- SQLite ---------------------------------------------------------------------------------------

# As Django writes it. No change has an earlier time than one before it, even if the clock was set back.
_SQLITE_NOW = """
    max(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000', coalesce((SELECT max(changed_at) FROM articles_lastchange), ''))
"""
_SQLITE_NEXT = '(SELECT coalesce(max("transaction"), 0) + 1 FROM articles_lastchange)'


def _note_on_sqlite(articles: str) -> str:
    """The statement that notes that articles changed, whose ids a SELECT gives."""
    return f"""
    INSERT INTO articles_lastchange (article_id, changed_at, "transaction", horizon)
    SELECT *, {_SQLITE_NOW}, {_SQLITE_NEXT}, {_SQLITE_NEXT} FROM ({articles}) WHERE true
    ON CONFLICT (article_id) DO UPDATE SET changed_at = excluded.changed_at, "transaction" = excluded."transaction",
        horizon = excluded.horizon
    """


def _sqlite_triggers() -> Iterator[tuple[str, str, str]]:
    for table, column in _PARTS.items():
        for event in _EVENTS:
            of_row = {
                "INSERT": f"SELECT NEW.{column}",
                "UPDATE": f"SELECT NEW.{column} UNION SELECT OLD.{column}",
                "DELETE": f"SELECT OLD.{column}",
            }
            yield _on_sqlite("note", table, event, _note_on_sqlite(of_row[event]))
    for table, columns in _SHOWN.items():
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        event = f"UPDATE OF {', '.join(columns)}"
        yield _on_sqlite("note", table, event, _note_on_sqlite(_SHOWING[table]), changed)
    for table in _RECORDS:
        # Another time than before, also within the same thousandth of a second.
        raised = f"""
        UPDATE articles_{table} SET updated_at = max(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000',
            strftime('%Y-%m-%d %H:%M:%f', OLD.updated_at, '+0.001 seconds') || '000') WHERE id = NEW.id
        """
        yield _on_sqlite("raise", table, "UPDATE", raised, "NEW.updated_at <= OLD.updated_at")
        yield _on_sqlite(
            "raise_survivor", table, "UPDATE OF name, merged_into_id", _raise_survivors(table), _IS_MERGED
        )
        for event in _EVENTS:
            rows = ("NEW", "OLD") if event == "UPDATE" else ("OLD",) if event == "DELETE" else ("NEW",)
            ids = " UNION ALL ".join(_alias_records(table, row) for row in rows)
            yield _on_sqlite(
                f"raise_{table}",
                "alias",
                event,
                f"UPDATE articles_{table} SET updated_at = updated_at WHERE id IN ({ids})",
            )


_IS_MERGED = "OLD.merged_into_id IS NOT NULL OR NEW.merged_into_id IS NOT NULL"


def _raise_survivors(table: str) -> str:
    """The statement that raises the records that a record was and is merged into, as these show its name."""
    return f"UPDATE articles_{table} SET updated_at = updated_at WHERE id IN (OLD.merged_into_id, NEW.merged_into_id)"


def _alias_records(table: str, row: str) -> str:
    """The record of an alias, and the one that it is merged into, which shows the alias too."""
    return (
        f"SELECT {row}.{table}_id UNION ALL"
        f" SELECT merged_into_id FROM articles_{table} WHERE id = {row}.{table}_id"
    )


def _on_sqlite(what: str, table: str, event: str, statement: str, when: str = "") -> tuple[str, str, str]:
    name = f"articles_{what}_{table}_{event.partition(' ')[0].lower()}"
    condition = f"WHEN {when}" if when else ""
    sql = f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON articles_{table} {condition} BEGIN {statement}; END"
    return f"articles_{table}", name, sql


# --- PostgreSQL -----------------------------------------------------------------------------------


def _function(name: str, body: str) -> str:
    return f"""
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {body}
    END
    $$
    """


# In the order of their ids, so that two transactions that note the same articles do not deadlock.
_NOTE_CHANGED = """
CREATE OR REPLACE FUNCTION articles_note_changed(bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO articles_lastchange AS known (article_id, changed_at, transaction, horizon)
    SELECT id, clock_timestamp(), pg_current_xact_id()::text::bigint,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    FROM (SELECT DISTINCT id FROM unnest($1) AS given (id) WHERE id IS NOT NULL ORDER BY id) AS article
    ON CONFLICT (article_id) DO UPDATE SET
        changed_at = greatest(excluded.changed_at, known.changed_at + interval '1 microsecond'),
        transaction = excluded.transaction, horizon = excluded.horizon
$$
"""


def _postgresql_functions() -> Iterator[str]:
    yield _NOTE_CHANGED
    yield _function(
        "articles_share_records", f"PERFORM pg_advisory_xact_lock_shared({LOCK_KEY}); RETURN NULL;"
    )
    yield _function("articles_lock_records", f"PERFORM pg_advisory_xact_lock({LOCK_KEY}); RETURN NULL;")
    for column in sorted(set(_PARTS.values())):
        # For each statement, not each row: one statement may write all articles.
        yield _function(
            f"articles_note_by_{column}",
            f"""
            IF TG_OP = 'UPDATE' THEN
                PERFORM articles_note_changed(ARRAY(SELECT {column} FROM written UNION SELECT {column} FROM before));
            ELSE
                PERFORM articles_note_changed(ARRAY(SELECT {column} FROM written));
            END IF;
            RETURN NULL;
            """,
        )
    for table in _SHOWN:
        yield _function(
            f"articles_note_by_{table}",
            f"PERFORM articles_note_changed(ARRAY({_SHOWING[table]})); RETURN NULL;",
        )
    yield _function(
        "articles_raise",
        """
        IF NEW.updated_at <= OLD.updated_at THEN
            NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');
        END IF;
        RETURN NEW;
        """,
    )
    for table in _RECORDS:
        yield _function(f"articles_raise_survivor_{table}", f"{_raise_survivors(table)}; RETURN NULL;")
        raised = {
            row: f"UPDATE articles_{table} SET updated_at = updated_at WHERE id IN ({_alias_records(table, row)});"
            for row in ("OLD", "NEW")
        }
        yield _function(
            f"articles_raise_{table}_by_alias",
            f"""
            IF TG_OP <> 'INSERT' THEN {raised["OLD"]} END IF;
            IF TG_OP <> 'DELETE' THEN {raised["NEW"]} END IF;
            RETURN NULL;
            """,
        )


def _postgresql_triggers() -> Iterator[tuple[str, str, str]]:
    for table, column in _PARTS.items():
        for event in _EVENTS:
            rows = {
                "INSERT": "NEW TABLE AS written",
                "UPDATE": "OLD TABLE AS before NEW TABLE AS written",
                "DELETE": "OLD TABLE AS written",
            }
            yield _on_postgresql(
                "note",
                table,
                f"AFTER {event}",
                f"REFERENCING {rows[event]} FOR EACH STATEMENT",
                f"note_by_{column}",
            )
    for table in _PARTS:
        yield _on_postgresql(
            "share_records",
            table,
            "BEFORE INSERT OR UPDATE OR DELETE",
            "FOR EACH STATEMENT",
            "share_records",
        )
    for table, columns in _SHOWN.items():
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
        event = f"AFTER UPDATE OF {', '.join(columns)}"
        yield _on_postgresql("note", table, event, f"FOR EACH ROW WHEN ({changed})", f"note_by_{table}")
    yield _on_postgresql(
        "share_records",
        "page",
        f"BEFORE UPDATE OF {', '.join(_SHOWN['page'])}",
        "FOR EACH STATEMENT",
        "share_records",
    )
    for table, columns in _LOCKED.items():
        event = f"BEFORE UPDATE OF {', '.join(columns)}"
        yield _on_postgresql("lock_records", table, event, "FOR EACH STATEMENT", "lock_records")
        yield _on_postgresql("raise", table, "BEFORE UPDATE", "FOR EACH ROW", "raise")
        yield _on_postgresql(
            "raise_survivor",
            table,
            "AFTER UPDATE OF name, merged_into_id",
            f"FOR EACH ROW WHEN ({_IS_MERGED})",
            f"raise_survivor_{table}",
        )
        yield _on_postgresql(
            f"raise_{table}",
            "alias",
            "AFTER INSERT OR UPDATE OR DELETE",
            "FOR EACH ROW",
            f"raise_{table}_by_alias",
        )


def _on_postgresql(what: str, table: str, event: str, rows: str, function: str) -> tuple[str, str, str]:
    of = "write" if " OR " in event else event.split()[1].lower()
    name = f"articles_{what}_{table}_{of}"
    sql = f"CREATE OR REPLACE TRIGGER {name} {event} ON articles_{table} {rows} EXECUTE FUNCTION articles_{function}()"
    return f"articles_{table}", name, sql


FILL = """
INSERT INTO articles_lastchange (article_id, changed_at, "transaction", horizon)
SELECT id, updated_at, 0, 0 FROM articles_article WHERE id NOT IN (SELECT article_id FROM articles_lastchange)
"""
BEFORE = {
    "sqlite": (
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
    ),
    "postgresql": (
        """
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
    ),
}
NOTE_ALL = (
    "DELETE FROM articles_articlechange",
    'INSERT INTO articles_articlechange (article_id, "transaction") VALUES (0, 0)',
)


def triggers(vendor: str) -> list[tuple[str, str, str]]:
    return list(_sqlite_triggers() if vendor == "sqlite" else _postgresql_triggers())


def make(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    vendor = schema_editor.connection.vendor
    schema_editor.execute(FILL, None)
    for statement in _postgresql_functions() if vendor == "postgresql" else ():
        schema_editor.execute(statement, None)
    for _table, _name, statement in triggers(vendor):
        schema_editor.execute(statement, None)
    schema_editor.execute(FILL, None)


def drop(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    vendor = schema_editor.connection.vendor
    for table, name, _statement in triggers(vendor):
        of_table = "" if vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}", None)
    if vendor == "postgresql":
        for function in re.findall(r"FUNCTION (\w+\([^)]*\)) RETURNS", "".join(_postgresql_functions())):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {function}", None)


def drop_former(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION articles_note_changes() CASCADE", None)
        return
    for event in ("insert", "update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS articles_note_{event}", None)


def make_former(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    for statement in (*BEFORE[schema_editor.connection.vendor], *NOTE_ALL):
        schema_editor.execute(statement, None)


class Migration(SafeMigration):
    dependencies = [("articles", "0004_residue")]
    operations = [
        migrations.CreateModel(
            name="LastChange",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="last_change",
                        serialize=False,
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("transaction", models.BigIntegerField(verbose_name="transaction")),
                ("horizon", models.BigIntegerField(verbose_name="horizon")),
            ],
            options={
                "verbose_name": "last change of an article",
                "verbose_name_plural": "last changes of articles",
                "indexes": [
                    models.Index(fields=["transaction", "changed_at", "article"], name="lastchange_feed"),
                    models.Index(fields=["changed_at"], name="lastchange_time"),
                ],
            },
        ),
        migrations.RunPython(make, drop),
        migrations.RunPython(drop_former, make_former),
        migrations.DeleteModel(name="ArticleChange"),
        migrations.RemoveIndex(model_name="article", name="article_updated"),
    ]
