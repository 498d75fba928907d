"""A copy of the database that follows it: the API's readers are answered from there, and whoever writes is not.

What was written a moment ago may not have arrived there. So only clients that show neither a token nor a cookie read
it: they have written nothing that they would miss.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from articles.api.http.response_cache import is_anybodys

from .requests import GetResponse

_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)


def choose_database(get_response: GetResponse) -> GetResponse:
    """Say for the request at hand which database its reads may go to."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Not taken back at the end: rows of a long answer are read while it is sent. The next request says it anew.
        _reads_replica.set(is_anybodys(request))
        return get_response(request)

    return middleware


class ReplicaRouter:
    """Sends reads of the request at hand to the replica, if they may go there; it is never written."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "replica" if _reads_replica.get() else "default"

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        return "default"

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        return True  # the two are one

    def allow_migrate(self, database: str, *_model: Any, **_hints: Any) -> bool:
        return database == "default"
