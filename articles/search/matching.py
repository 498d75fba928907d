"""Filters querysets of articles by a search query, and ranks them by the part that matches."""

from typing import Any, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from articles.models import Article

from .index_maintenance import search_backend
from .query_parser import Query

_CONFIRMED = "search_confirmed"
_CANDIDATES_PER_ROW = 2  # candidates read for each row of a page, because some do not match

_Articles = TypeVar("_Articles", bound=QuerySet[Article])


def filter_matching(queryset: _Articles, query: Query) -> _Articles:
    """The articles of a queryset that match a query; without a join, so that it combines with any other filter."""
    return queryset.filter(_Matches(query))


def filter_and_rank(queryset: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """As `filter_matching`, with an integer `search_rank` to order and filter by.

    0: the headline has all wanted terms; 1: headline, kicker or subtitle have one of them; 2: only the body.
    """
    found: QuerySet[Any] = filter_matching(queryset, query).annotate(search_rank=_Rank(query))
    return found


def first_page(queryset: QuerySet[Any], query: Query, size: int) -> list[Any]:
    """The first `size` rows of an ordered queryset that `filter_matching` or `filter_and_rank` returned.

    If the index gives candidates that may not match, only those of this page are checked.
    """
    confirmation = search_backend(connections[queryset.db]).match_condition("", query)
    if confirmation is None:
        return list(queryset[:size])
    most = size * _CANDIDATES_PER_ROW
    candidates = list(queryset.annotate(**{_CONFIRMED: _Confirmed(query)})[:most])
    confirmed = [row for row in candidates if getattr(row, _CONFIRMED)]
    if len(confirmed) >= size or len(candidates) < most:
        return confirmed[:size]
    return list(queryset[:size])


class _QueryExpression(Func):
    """An expression of a search query and the article of a row."""

    def __init__(self, query: Query) -> None:
        super().__init__(F("pk"))
        self.query = query


class _Matches(_QueryExpression):
    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        confirmed = compiler.query.annotations.get(_CONFIRMED)
        index = search_backend(connection)
        is_confirmed = isinstance(confirmed, _Confirmed) and confirmed.query == self.query
        sql, params = index.candidate_ids(self.query) if is_confirmed else index.matching_ids(self.query)
        return f"{column} IN ({sql})", params


class _Confirmed(_QueryExpression):
    """Whether a candidate matches; a queryset that is annotated with it is filtered by candidates only."""

    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        return search_backend(connection).match_condition(column, self.query)


class _Rank(_QueryExpression):
    output_field = IntegerField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        return search_backend(connection).rank_expression(column, self.query)
