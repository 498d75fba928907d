"""Pages of lists by keyset: a page begins behind the last record of the one before, whatever arrived meanwhile."""

from __future__ import annotations

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

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
PARAMETERS = frozenset({"cursor", "page_size", "count"})
# Without the time, which would make another answer of the same list with every second.
_SIGNER = signing.Signer(salt="articles.api.cursor")


class KeysetPagination(BasePagination):
    """`cursor`, `page_size` and `count` of a list that the view has put in an order without equals."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The records of the page that was asked for; `ParameterError` if it makes no sense."""
        self._url = request.build_absolute_uri()
        self._ordering, order = view.ordering()
        size = page_size(request)
        self.count = queryset.count() if is_counted(request) else None
        backwards, position = self._position(request.query_params.get("cursor"))
        if backwards:
            order = reversed_order(order)
        queryset = queryset.order_by(*order)
        if position is not None:
            queryset = queryset.filter(_behind(order, position))
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
            raise parameter_error(
                "cursor", "This is no cursor of ours: follow the links next and previous."
            ) from error
        if ordering != self._ordering:
            raise parameter_error("cursor", f"This cursor is of a list ordered by {ordering}.")
        return bool(backwards), position

    def _link(self, keys: Sequence[str], row: Model, *, backwards: bool) -> str:
        values = [_plain(getattr(row, key)) for key in keys]
        cursor = _SIGNER.sign_object([self._ordering, int(backwards), *values])
        return replace_query_param(self._url, "cursor", cursor)


def page_size(request: Request) -> int:
    """How many records a page has: as many as were asked for, and no more than MAX_PAGE_SIZE."""
    asked = request.query_params.get("page_size", str(PAGE_SIZE))
    if not (asked.isascii() and asked.isdecimal() and asked.strip("0")):
        raise parameter_error("page_size", f"Give a number from 1 to {MAX_PAGE_SIZE}.")
    return min(int(asked[:20]), MAX_PAGE_SIZE)


def is_counted(request: Request) -> bool:
    asked = request.query_params.get("count", "false")
    if asked not in {"true", "false"}:
        raise parameter_error("count", "Give true or false.")
    return asked == "true"


def reversed_order(order: Sequence[str]) -> tuple[str, ...]:
    """An order from its other end."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _behind(order: Sequence[str], position: Sequence[Any]) -> Q:
    """The records behind a position, in an order by several columns."""
    behind, equal = Q(), Q()
    for name, value in zip(order, position, strict=True):
        key = name.removeprefix("-")
        behind |= equal & Q(**{f"{key}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{key: value})
    first, value = order[0].removeprefix("-"), position[0]
    # Says the same again of the first column alone, so that the database begins to read an index there.
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": value}) & behind


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
