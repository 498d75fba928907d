"""Counts the articles that name a record, with the first and the last of their issue dates."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Count, Max, Min, Q, QuerySet, Value


class Naming(NamedTuple):
    """The articles that name a record, and the issue dates of the first and the last of them.

    The dates are None if no article that names the record has an issue date.
    """

    article_count: int = 0
    first_named: dt.date | None = None
    last_named: dt.date | None = None


_IS_DATED = Q(sort_date__gt=dt.date.min)
# Only columns that the index of published articles holds, so that no row is read.
_COUNTED = {
    "article_count": Count("pk"),
    "first_named": Min("sort_date", filter=_IS_DATED),
    "last_named": Max("sort_date", filter=_IS_DATED),
}


_PLACEHOLDER = -1  # the id of no record


def count_naming_articles(
    records: Sequence[Any], articles: QuerySet[Any], rows_of: Callable[[Any], QuerySet[Any]]
) -> None:
    """Set `naming` on each record, counting only these `articles`, in one query.

    `rows_of` gives the rows that link a record to its articles. The query is a union of one subselect a record: a join
    of all rows with their articles would read the articles.
    """
    if not records:
        return
    # Compiled once and used for each record: compiling takes longer than the query.
    placeholder = type(records[0])(pk=_PLACEHOLDER)
    counted = articles.filter(pk__in=rows_of(placeholder).values("article")).order_by()
    query = counted.values(record=Value(_PLACEHOLDER)).annotate(**_COUNTED).values_list("record", *_COUNTED)
    select, values = query.query.sql_with_params()
    asked = [record.pk if value == _PLACEHOLDER else value for record in records for value in values]
    with connections[query.db].cursor() as cursor:
        cursor.execute(" UNION ALL ".join([select] * len(records)), asked)
        namings = {pk: Naming(count, _date(first), _date(last)) for pk, count, first, last in cursor}
    for record in records:
        record.naming = namings[record.pk]


def _date(value: dt.date | str | None) -> dt.date | None:
    """A date from a raw query; SQLite returns it as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
