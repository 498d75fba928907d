"""Lets pages of other origins read the API in a browser (CORS).

What an anonymous client may read is the same for everybody, so that every origin may read it. Cookies are never taken
from another origin. A page of an origin that the newsroom lists (NEWSROOM_CORS_ORIGINS) may send a token too, and write.

django-cors-headers has one policy for all origins, and makes each response depend on the Origin header, for which a
shared cache would store it once for each page that reads it.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_MAX_AGE = "86400"  # seconds for which a browser does not ask again
_READ_METHODS = "GET, HEAD, OPTIONS"
_ASKED_BY_POST = "reconcile/"  # a batch of questions may be too long for an address
_READ_HEADERS = "Accept, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Range"
_EXPOSED = "Content-Disposition, Content-Range, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"

_GetResponse = Callable[[HttpRequest], HttpResponse]


def cross_origin_reads(get_response: _GetResponse) -> _GetResponse:
    """Add the headers of CORS to all responses of the API, and answer the preflight requests of browsers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.NEWSROOM_API_PATH):
            return get_response(request)
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = _preflight(request) if is_preflight else get_response(request)
        # The same for all: a browser sends no token that it did not ask for before.
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response["Access-Control-Expose-Headers"] = _EXPOSED
        return response

    return middleware


def _preflight(request: HttpRequest) -> HttpResponse:
    """Which methods and headers a page of the origin may send."""
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response["Content-Type"]
    origin = request.headers.get("Origin", "")
    is_listed = origin in settings.NEWSROOM_CORS_ORIGINS
    if is_listed:
        response["Access-Control-Allow-Origin"] = origin
    methods, headers = _READ_METHODS, _READ_HEADERS
    if is_listed:
        methods, headers = f"{methods}, POST, PATCH, DELETE", f"{headers}, Authorization, Content-Type"
    elif request.path_info.startswith(f"{settings.NEWSROOM_API_ROOT}{_ASKED_BY_POST}"):
        methods, headers = f"{methods}, POST", f"{headers}, Content-Type"
    response["Access-Control-Allow-Methods"] = methods
    response["Access-Control-Allow-Headers"] = headers
    response["Access-Control-Max-Age"] = _MAX_AGE
    response["Vary"] = "Origin"
    return response
