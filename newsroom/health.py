"""Health checks for operators: `/healthz` (the process runs) and `/readyz` (it can serve requests)."""

import logging
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from articles import search
from articles.counts import change_triggers

from .middleware import GetResponse

_log = logging.getLogger(__name__)


def health_checks(get_response: GetResponse) -> GetResponse:
    """Middleware that answers `/healthz` and `/readyz` before any other.

    Probes use the server's IP address and plain HTTP, so they must pass neither the host check nor the HTTPS redirect.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        check = _RESPONSES.get(request.path_info)
        if check is None:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
        response = check()
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def _alive() -> HttpResponse:
    """Say that the process runs, without a query: a restart would not bring back the database."""
    return JsonResponse({"status": "ok"})


def _ready() -> HttpResponse:
    """Say whether the database answers, is migrated and has its triggers and search index; 503 if not."""
    checks: dict[str, str] = {}
    for name, check in _CHECKS.items():
        try:
            checks[name] = check() or "ok"
        except Error:
            # The driver's message may contain the database password: only the log gets it.
            _log.exception("not ready: %s", name)
            checks[name] = "the database does not answer"
    is_ready = set(checks.values()) == {"ok"}
    body = {"status": "ok" if is_ready else "not ready", "checks": checks}
    return JsonResponse(body, status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    if "django_migrations" not in connection.introspection.table_names():
        return "no migration is applied: run manage.py migrate"
    missing = _known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    return f"{len(missing)} not applied: run manage.py migrate" if missing else ""


@cache
def _known_migrations() -> set[tuple[str, str]]:
    """The migrations of this release, read once."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key for key in loader.disk_migrations if key[0] in loader.migrated_apps}


def _search() -> str:
    missing = search.missing_pieces(connection)
    return f"missing: {', '.join(missing)}; run manage.py rebuildindex" if missing else ""


def _changes() -> str:
    missing = change_triggers.missing_change_triggers(connection)
    return f"missing: {', '.join(missing)}; run manage.py migrate" if missing else ""


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "search": _search,
    "changes": _changes,
}
_RESPONSES: dict[str, Callable[[], HttpResponse]] = {"/healthz": _alive, "/readyz": _ready}
