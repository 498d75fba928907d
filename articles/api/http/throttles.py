"""Limits the requests of a client by its kind (NEWSROOM_RATES); writes are counted apart from reads."""

from collections.abc import Callable
from hashlib import sha256
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from articles.api.resources import visibility

from .client_addresses import client_address


class ClientThrottle(SimpleRateThrottle):
    """Counts the requests of a user (over all tokens), or of an address if anonymous."""

    def __init__(self) -> None:
        # The rate depends on the client, which is known only when there is a request.
        pass

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = _client_kind(request)
        self.rate = settings.NEWSROOM_RATES[self.scope]
        self.num_requests, self.duration = self.parse_rate(self.rate)
        is_allowed = super().allow_request(request, view)
        request._request.throttle = self  # type: ignore[attr-defined] # for `rate_limit_headers`
        return is_allowed

    def get_cache_key(self, request: Request, view: Any) -> str:
        user = request.user
        if user and user.is_authenticated:
            return f"throttle-{self.scope}-user-{user.pk}"
        # A forwarded address can be any text of any length, which not every cache takes as a key.
        return f"throttle-{self.scope}-{sha256(client_address(request).encode()).hexdigest()}"

    def wait(self) -> float:
        """Seconds until a request is allowed. DRF's own finds none after a rate was lowered, and sends no Retry-After."""
        # The newest come first: this one must expire before another is allowed.
        last: Any = self.history[self.num_requests - 1] if self.num_requests else self.now
        return float(last + self.duration - self.now)

    def headers(self) -> dict[str, str]:
        """The policy, and what is left of it (RateLimit header fields for HTTP, draft 10 of the IETF).

        A time begins with each request, so that `t` are the seconds until one more request is allowed again.
        """
        allowed = self.num_requests or 0
        left = max(allowed - len(self.history), 0)
        until_next = ceil(self.history[-1] + self.duration - self.now) if self.history else 0
        return {
            "RateLimit-Policy": f'"{self.scope}";q={allowed};w={self.duration}',
            "RateLimit": f'"{self.scope}";r={left};t={max(until_next, 0)}',
        }


def rate_limit_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware that gives each counted response the limit of its client; outside of the cache of responses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(throttle := getattr(request, "throttle", None), ClientThrottle):
            for name, value in throttle.headers().items():
                response[name] = value
        return response

    return middleware


def _client_kind(request: Request) -> str:
    """The kind of a client, a key of NEWSROOM_RATES."""
    if not (request.user and request.user.is_authenticated):
        return "anonymous"
    if request.method not in SAFE_METHODS:
        return "writes"
    return "editorial" if visibility.sees_all(request) else "reader"


def is_allowed(request: HttpRequest) -> bool:
    """Whether one more request of an anonymous client is allowed; counts it if so."""
    return ClientThrottle().allow_request(Request(request), None)
