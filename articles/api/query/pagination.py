"""Keyset pagination: a page begins after the last record of the one before, so that new records do not shift it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import Model, Q
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from articles.api.http.problems import parameter_error

from .parameters import parse_size

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
PARAMETERS = frozenset({"cursor", "page_size", "count"})
# Without a timestamp, so that the same page always has the same cursor and ETag.
_SIGNER = signing.Signer(salt="articles.api.cursor")


class KeysetPagination(BasePagination):
    """Pages by `cursor`, `page_size` and `count`; the order of the list must be strict."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The records of the requested page; a `ParameterError` if its parameters are invalid."""
        self._url = request.build_absolute_uri()
        self._ordering, order = view.ordering()
        size = parse_size("page_size", request.query_params.get("page_size", str(PAGE_SIZE)), MAX_PAGE_SIZE)
        self.count = queryset.count() if _is_counted(request) else None
        backwards, position = self._position(request.query_params.get("cursor"))
        if backwards:
            order = reversed_order(order)
        queryset = queryset.order_by(*order)
        if position is not None:
            queryset = queryset.filter(_after(order, position))
        rows: list[Any] = view.first(queryset, size + 1)
        has_more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        keys = [name.removeprefix("-") for name in order]
        has_next, has_previous = (True, has_more) if backwards else (has_more, position is not None)
        self.next = self._link(keys, rows[-1], backwards=False) if rows and has_next else None
        self.previous = self._link(keys, rows[0], backwards=True) if rows and has_previous else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self.next, "prev": self.previous, "first": remove_query_param(self._url, "cursor")}
        header = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items() if url)
        count = {} if self.count is None else {"count": self.count}
        body = {**count, "next": self.next, "previous": self.previous, "results": data}
        return Response(body, headers={"Link": header})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "How many there are in all, with `count=true`."},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def _position(self, cursor: str | None) -> tuple[bool, list[Any] | None]:
        if cursor is None:
            return False, None
        try:
            ordering, backwards, *position = _SIGNER.unsign_object(cursor)
        except signing.BadSignature as error:
            raise parameter_error("cursor", "Invalid cursor: follow the links next and previous.") from error
        if ordering != self._ordering:
            raise parameter_error("cursor", f"Invalid cursor: it belongs to a list ordered by {ordering}.")
        return bool(backwards), position

    def _link(self, keys: Sequence[str], row: Model, *, backwards: bool) -> str:
        values = [getattr(row, key) for key in keys]
        values = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
        cursor = _SIGNER.sign_object([self._ordering, int(backwards), *values])
        return replace_query_param(self._url, "cursor", cursor)


def _is_counted(request: Request) -> bool:
    asked = request.query_params.get("count", "false")
    if asked not in {"true", "false"}:
        raise parameter_error("count", "Give true or false.")
    return asked == "true"


def reversed_order(order: Sequence[str]) -> tuple[str, ...]:
    """The columns of an order with each direction reversed."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _after(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Condition for the records after a position, in an order by several columns."""
    after, equal = Q(), Q()
    for name, value in zip(order, position, strict=True):
        key = name.removeprefix("-")
        after |= equal & Q(**{f"{key}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{key: value})
    first, value = order[0].removeprefix("-"), position[0]
    # The same for the first column alone, which the database can begin to read an index with.
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": value}) & after
