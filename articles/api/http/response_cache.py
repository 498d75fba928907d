"""Cache of whole responses to anonymous clients, valid until anything is written to the database.

A response that is for everybody is `public`, and varies by its address, the Accept header and who asks. Clients that
send neither a token nor a cookie all get the same one, without a look at the session or a call of the view. The
throttle counts such requests like any other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils.http import parse_http_date

from . import query_cache
from .conditional_requests import apply_conditions
from .throttles import is_allowed

_OVERHEAD = 2_000  # bytes of memory that a response takes besides its content


@dataclass(frozen=True, slots=True)
class _CachedResponse:
    """Content and headers of a response, without what other middleware adds."""

    content: bytes
    headers: dict[str, str]

    def to(self, request: HttpRequest) -> HttpResponse:
        """The response to a request; 304 if the client has this content already, 412 if it requires another."""
        response = HttpResponse(self.content, headers=self.headers)
        last_modified = self.headers.get("Last-Modified")
        timestamp = parse_http_date(last_modified) if last_modified else None
        return apply_conditions(request, response, self.headers["ETag"], timestamp)


class ResponseCache:
    """Middleware that answers anonymous reads of the API and of the reading site from the cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cache = query_cache.current_query_cache() if is_anonymous_read(request) else None
        if cache is None:
            return self._get_response(request)
        key = (
            request.scheme,
            request.get_host(),
            get_script_prefix(),
            request.path_info,
            request.META.get("QUERY_STRING", ""),
            request.headers.get("Accept"),
            "gzip" in request.headers.get("Accept-Encoding", ""),
        )
        cached = cache.get(key)
        if isinstance(cached, _CachedResponse) and is_allowed(request):
            return cached.to(request)
        response = self._get_response(request)
        if not cached and _is_for_everybody(response):
            content = response.content
            cache.put(key, _CachedResponse(content, dict(response.items())), len(content) + _OVERHEAD)
        return response


def is_anonymous_read(request: HttpRequest) -> bool:
    """Whether a request reads the API or the reading site and sends neither a token nor a cookie."""
    is_personal = "HTTP_AUTHORIZATION" in request.META or request.META.get("HTTP_COOKIE")
    is_public = request.path_info.startswith(settings.NEWSROOM_API_ROOT) or is_site_request(request)
    return request.method == "GET" and not is_personal and is_public


def is_site_request(request: HttpRequest) -> bool:
    """Whether a request is for the reading site: all that is neither the API nor the desk."""
    others = (settings.NEWSROOM_API_PATH, *settings.NEWSROOM_ADMIN_PATHS)
    return settings.NEWSROOM_SITE and not request.path_info.startswith(others)


def _is_for_everybody(response: HttpResponse) -> bool:
    is_whole = response.status_code == 200 and not response.streaming and not response.cookies
    is_public = str(response.get("Cache-Control", "")).startswith("public")
    return is_whole and is_public and "ETag" in response
