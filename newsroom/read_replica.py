"""Reads of anonymous clients from a replica of the database; all other requests use the primary.

The replica may be seconds behind. Clients that send neither a token nor a cookie have written nothing that they could
miss there.
"""

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from articles.api.http.response_cache import is_anonymous_read

from .middleware import GetResponse

_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)


def choose_database(get_response: GetResponse) -> GetResponse:
    """Middleware that decides whether the current request reads from the replica."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Not reset at the end: rows of a streamed response are read while it is sent. The next request sets it again.
        _reads_replica.set(is_anonymous_read(request))
        return get_response(request)

    return middleware


class ReplicaRouter:
    """Sends the reads of the current request to the replica if it may use it; writes go to the primary."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "replica" if _reads_replica.get() else "default"

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        return "default"

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, database: str, *_model: Any, **_hints: Any) -> bool:
        return database == "default"
