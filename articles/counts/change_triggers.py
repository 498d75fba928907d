"""Database triggers that record every written article as an `ArticleChange`, also when another program writes."""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models import ArticleChange

_EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON articles_article
BEGIN INSERT INTO articles_articlechange (article_id) VALUES ({row}.id); END
"""
# For each statement, not each row: one statement may write all articles.
_FUNCTION = """
CREATE OR REPLACE FUNCTION articles_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_articlechange (article_id) SELECT id FROM written;
    RETURN NULL;
END
$$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON articles_article
REFERENCING {row} TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION articles_note_changes()
"""
_EXISTING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('articles_article')",
}


def ensure_change_triggers(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers if one is missing, and record that any article may have been written meanwhile."""
    if not missing_change_triggers(connection):
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        statement = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
        for event, row in _EVENTS.items():
            cursor.execute(statement.format(name=_name(event), event=event, row=row))
        ArticleChange.objects.using(connection.alias).note_all()


def missing_change_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of missing triggers; Django drops them when a migration recreates their table."""
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING[connection.vendor])
        existing = {name for (name,) in cursor.fetchall()}
    return [name for name in map(_name, _EVENTS) if name not in existing]


def _name(event: str) -> str:
    return f"articles_note_{event.lower()}"
