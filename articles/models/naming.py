"""How many articles name a record, since when and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Count, Max, Min, Q, QuerySet, Value


class Naming(NamedTuple):
    """The articles that name a record, and the issue dates of the first and the last of them.

    The dates are None where no article names it, and where none of those that do has an issue date.
    """

    article_count: int = 0
    first_named: dt.date | None = None
    last_named: dt.date | None = None


_IS_DATED = Q(sort_date__gt=dt.date.min)
# By the columns that the index of what is published has; of articles themselves, which are counted once.
_COUNTED = {
    "article_count": Count("pk"),
    "first_named": Min("sort_date", filter=_IS_DATED),
    "last_named": Max("sort_date", filter=_IS_DATED),
}


_ANYBODY = -1  # the id of no record


def count_in(
    records: Sequence[Any], articles: QuerySet[Any], rows_of: Callable[[Any], QuerySet[Any]]
) -> None:
    """Set the `naming` of each record, of the articles that count, in one query.

    The articles of each record are asked for by their ids: to join all rows with their articles would read these.
    """
    if not records:
        return
    # Made once and said of each, as to make it takes longer than to ask it.
    anybody = type(records[0])(pk=_ANYBODY)
    counted = articles.filter(pk__in=rows_of(anybody).values("article")).order_by()
    query = counted.values(record=Value(_ANYBODY)).annotate(**_COUNTED).values_list("record", *_COUNTED)
    select, values = query.query.sql_with_params()
    asked = [record.pk if value == _ANYBODY else value for record in records for value in values]
    with connections[query.db].cursor() as cursor:
        cursor.execute(" UNION ALL ".join([select] * len(records)), asked)
        namings = {pk: Naming(count, _date(first), _date(last)) for pk, count, first, last in cursor}
    for record in records:
        record.naming = namings[record.pk]


def _date(value: dt.date | str | None) -> dt.date | None:
    """A date as a database gives it that is asked without Django's fields."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
