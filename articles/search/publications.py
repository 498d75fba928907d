"""Finds the names of publications that are the same but for their characters: 沂河晚報 is 沂河晚报."""

from django.db import connections, router
from django.db.models import Model

from .folding import fold_text

# Reads one row of the index by publication for each name, not each article.
_NAMES = """
WITH RECURSIVE found (name) AS (
    SELECT min(publication) FROM {table}
    UNION ALL
    SELECT (SELECT min(publication) FROM {table} WHERE publication > found.name) FROM found WHERE name IS NOT NULL
)
SELECT name FROM found WHERE name IS NOT NULL
"""


def same_publications(model: type[Model], name: str) -> list[str]:
    """The publications of a model's rows whose names fold to the same text as `name`."""
    connection = connections[router.db_for_read(model)]
    with connection.cursor() as cursor:
        cursor.execute(_NAMES.format(table=connection.ops.quote_name(model._meta.db_table)))
        wanted = fold_text(name)
        return [found for (found,) in cursor.fetchall() if fold_text(found) == wanted]
