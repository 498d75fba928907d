"""Articles narrowed to what a query finds, and ranked by where it stands in them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from articles.models import Article

from .index import backend
from .query import Query

_Articles = TypeVar("_Articles", bound=QuerySet[Article])


def matching(queryset: _Articles, query: Query) -> _Articles:
    """The articles of a queryset that a query finds; no join, so that no row comes twice.

    Usable before or after any other filter.
    """
    return queryset.filter(_Hit(query))


def ranked(queryset: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """As `matching`, with an integer `search_rank` to order and filter by.

    0: every wanted term stands in the headline; 1: some stands in headline, kicker or subtitle; 2: the body only.
    """
    found: QuerySet[Any] = matching(queryset, query).annotate(search_rank=_Rank(query))
    return found


class _Answer(Func):
    """What the index says of the article of a row."""

    def __init__(self, query: Query) -> None:
        super().__init__(F("pk"))
        self._query = query


class _Hit(_Answer):
    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        sql, params = backend(connection).hits(self._query)
        return f"{column} IN ({sql})", params


class _Rank(_Answer):
    output_field = IntegerField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        column, _params = compiler.compile(self.source_expressions[0])
        return backend(connection).rank(column, self._query)
