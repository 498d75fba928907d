"""Articles narrowed to what a query finds, and ranked by where it stands in them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from articles.models import Article

from .index_maintenance import search_backend
from .query_parser import Query

_CONFIRMED = "search_confirmed"
_SPARE = 2  # times as many candidates as are wanted, since some are no hits

_Articles = TypeVar("_Articles", bound=QuerySet[Article])


def filter_matching(queryset: _Articles, query: Query) -> _Articles:
    """The articles of a queryset that a query finds; no join, so that no row comes twice.

    Usable before or after any other filter.
    """
    return queryset.filter(_Hit(query))


def filter_and_rank(queryset: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """As `filter_matching`, with an integer `search_rank` to order and filter by.

    0: every wanted term stands in the headline; 1: some stands in headline, kicker or subtitle; 2: the body only.
    """
    found: QuerySet[Any] = filter_matching(queryset, query).annotate(search_rank=_Rank(query))
    return found


def first_page(queryset: QuerySet[Any], query: Query, size: int) -> list[Any]:
    """The first rows of a queryset that is in its order and was narrowed by `filter_matching` or `filter_and_rank`.

    Where the index lists some articles too many, it is not all of them that are looked at, but those of this page.
    """
    confirmation = search_backend(connections[queryset.db]).match_condition("", query)
    if confirmation is None:
        return list(queryset[:size])
    most = size * _SPARE
    candidates = list(queryset.annotate(**{_CONFIRMED: _Confirmed(query)})[:most])
    confirmed = [row for row in candidates if getattr(row, _CONFIRMED)]
    if len(confirmed) >= size or len(candidates) < most:
        return confirmed[:size]
    return list(queryset[:size])


class _Answer(Func):
    """What the index says of the article of a row."""

    def __init__(self, query: Query) -> None:
        super().__init__(F("pk"))
        self.query = query


class _Hit(_Answer):
    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        confirmed = compiler.query.annotations.get(_CONFIRMED)
        index = search_backend(connection)
        is_confirmed = isinstance(confirmed, _Confirmed) and confirmed.query == self.query
        sql, params = index.candidate_ids(self.query) if is_confirmed else index.matching_ids(self.query)
        return f"{column} IN ({sql})", params


class _Confirmed(_Answer):
    """Whether a candidate is a hit; the hits of a query that asks it are candidates."""

    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        return search_backend(connection).match_condition(column, self.query)


class _Rank(_Answer):
    output_field = IntegerField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        return search_backend(connection).rank_expression(column, self.query)
