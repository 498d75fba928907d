"""Middleware: request id and access log, security headers, limits of requests, language, busy database."""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote
from uuid import uuid4

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from articles.api.http.client_addresses import client_address
from articles.api.http.response_cache import is_site_request
from articles.database_busy import is_busy

from .error_responses import database_busy_response, is_api_request
from .log_formatters import current_request

GetResponse = Callable[[HttpRequest], HttpResponse]

_access_log = logging.getLogger("newsroom.access")

_REQUEST_ID_HEADER = "X-Request-ID"
# The ids that proxies send: UUID, ULID, hexadecimal. Other text could be an attack on the reader of the log.
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
# Django's debug pages of these errors have inline styles, which the policy would block.
_DEBUG_PAGES = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)


def request_id_and_log(get_response: GetResponse) -> GetResponse:
    """Give each request an id (the proxy's, if it sent one) and write a line to the access log."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        sent = request.headers.get(_REQUEST_ID_HEADER, "")
        request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current_request.set(request)
        try:
            response = get_response(request)
            response.headers[_REQUEST_ID_HEADER] = request_id
            fields = {
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                "address": client_address(request),
            }
            _access_log.info("%s %s %s", request.method, request.path, response.status_code, extra=fields)
        finally:
            current_request.reset(token)
        return response

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Add Content-Security-Policy and Permissions-Policy to every response."""
    # Built once: the policy is the same for all responses; django-csp's middleware builds it for each.
    policies = {"Content-Security-Policy": build_policy(), "Permissions-Policy": settings.PERMISSIONS_POLICY}

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in _DEBUG_PAGES):
            for name, policy in policies.items():
                response.headers.setdefault(name, policy)
        return response

    return middleware


def limit_body_size(get_response: GetResponse) -> GetResponse:
    """Answer 413 to a form larger than the limit, before the body is read; the API's parsers have limits of their own.

    Django's CSRF check reads the whole body and stores its files, even from a client that is not signed in.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = _content_length(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or is_api_request(request):
            return get_response(request)
        limit = _body_limit(request)
        if length <= limit:
            return get_response(request)
        message = _(
            "The request is too large, and nothing was changed: send at most %(megabytes)s MB at once."
        )
        return HttpResponse(
            message % {"megabytes": limit // 1024**2},
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            content_type="text/plain; charset=utf-8",
        )

    return middleware


def _body_limit(request: HttpRequest) -> int:
    """The largest body in bytes. Uploads may exceed their limit up to four times, so that the form can say so."""
    # Imported late: this module is imported before the admin is ready.
    from articles.admin.loads.upload_forms import MOST_BYTES  # noqa: PLC0415

    is_upload = request.path == reverse("admin:articles_load_upload")
    return 4 * MOST_BYTES if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _content_length(request: HttpRequest) -> int:
    """The Content-Length in bytes; 0 if it is not a number, as Django then reads no body."""
    text = str(request.META.get("CONTENT_LENGTH") or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def reject_nul(get_response: GetResponse) -> GetResponse:
    """Answer 400 to a NUL character in a header, a path or the query of a page: PostgreSQL cannot store it.

    The API reports a NUL in a parameter itself, and forms report it for their fields.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query = "" if is_api_request(request) else unquote(request.META.get("QUERY_STRING", ""))
        headers = (str(value) for name, value in request.META.items() if name.startswith("HTTP_"))
        if any("\0" in text for text in (request.path, query, *headers)):
            return HttpResponse(
                "The request contains a NUL character: send it without.\n",
                status=HTTPStatus.BAD_REQUEST,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return middleware


def chosen_language(get_response: GetResponse) -> GetResponse:
    """Use the language of an address of the reading site, else the one that the user of the desk chose.

    That is in the cookie of `set_language`; without one it is `LANGUAGE_CODE`.

    Django's LocaleMiddleware would also use Accept-Language, which is often en-US in a Chinese newsroom.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(_language_of(request)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ("Cookie",))
        return response

    return middleware


def _language_of(request: HttpRequest) -> str:
    if is_api_request(request):
        return "en"  # read by programmers; the same response for all clients can be cached
    if is_site_request(request):
        return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class DatabaseBusyMiddleware:
    """Answers 503 with Retry-After when a view fails because the database is busy."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return database_busy_response(request, error) if is_busy(error) else None
