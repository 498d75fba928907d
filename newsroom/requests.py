"""What is done with every request: it gets an id that its log lines and its answer bear, and a line in the log."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote
from uuid import uuid4

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.api.http.client_addresses import address_of

from .log_formatters import current_request

GetResponse = Callable[[HttpRequest], HttpResponse]

_access = logging.getLogger("newsroom.access")

REQUEST_ID_HEADER = "X-Request-ID"
_SHOWN_IN_DEBUG = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)
# What proxies make: UUIDs, ULIDs, hexadecimal; anything else might be meant for whoever reads the log.
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def request_id_and_log(get_response: GetResponse) -> GetResponse:
    """Give each request its id (of the proxy, if that sent one), and tell in the log what became of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        sent = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = sent if _SANE.fullmatch(sent) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current_request.set(request)
        try:
            response = get_response(request)
            response.headers[REQUEST_ID_HEADER] = request_id
            _tell(request, response, time.perf_counter() - started)
        finally:
            current_request.reset(token)
        return response

    return middleware


def request_id_of(request: HttpRequest) -> str:
    """The id of a request; empty for one that came past the middleware, as some tests' do."""
    return str(getattr(request, "request_id", ""))


def _tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    told = {
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
        "address": address_of(request),
    }
    _access.info("%s %s %s", request.method, request.path, response.status_code, extra=told)


def limit_body_size(get_response: GetResponse) -> GetResponse:
    """Refuse a body that no form of ours has, before anything reads it; the API's parsers know their own bounds.

    Whoever asks for a form's token reads the whole body, files too, and keeps it on the disk, be it from anybody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = _length_of(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or request.path.startswith("/api/"):
            return get_response(request)
        most = _most(request)
        if length <= most:
            return get_response(request)
        told = _(
            "What was sent is too large, and nothing was changed: send at most %(megabytes)s MB at once."
        )
        return HttpResponse(
            told % {"megabytes": most // 1024**2},
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            content_type="text/plain; charset=utf-8",
        )

    return middleware


def _most(request: HttpRequest) -> int:
    """The bytes that a form may have; an upload's shows itself again where it is a little more than it takes."""
    # Imported when called: the admin is read after the settings that name this module.
    from articles.admin.loads.upload_forms import MOST_BYTES  # noqa: PLC0415

    is_upload = request.path == reverse("admin:articles_load_upload")
    return 4 * MOST_BYTES if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length_of(request: HttpRequest) -> int:
    """The bytes of the body; without a number of them Django reads none."""
    told = str(request.META.get("CONTENT_LENGTH") or "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 20 else 0


def reject_nul(get_response: GetResponse) -> GetResponse:
    """Refuse what no browser sends and PostgreSQL cannot keep: a NUL in a header, or in the address of a page.

    The API has words of its own for a parameter with a NUL, and forms for a field.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        address = "" if request.path.startswith("/api/") else unquote(request.META.get("QUERY_STRING", ""))
        headers = (str(value) for name, value in request.META.items() if name.startswith("HTTP_"))
        if any("\0" in text for text in (request.path, address, *headers)):
            return HttpResponse(
                "The request has a NUL in it: send it without.\n",
                status=HTTPStatus.BAD_REQUEST,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Say of every answer which scripts run in it: our own; and that no page of ours uses a camera and the like."""
    # Made once: it is the same for all answers, and django-csp's own middleware makes it for each.
    policies = {"Content-Security-Policy": build_policy(), "Permissions-Policy": settings.PERMISSIONS_POLICY}

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # What Django shows of a fault on a laptop has its styles in the page.
        if not (settings.DEBUG and response.status_code in _SHOWN_IN_DEBUG):
            for name, policy in policies.items():
                response.headers.setdefault(name, policy)
        return response

    return middleware
