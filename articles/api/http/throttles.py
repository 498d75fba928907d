"""How often a client may ask: by what kind of client it is, and writes apart from reads."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from articles.api.resources import visibility

from .client_addresses import client_address


class ClientThrottle(SimpleRateThrottle):
    """Counts a user's requests, with however many tokens, or those of an address; rates are in NEWSROOM_RATES."""

    def __init__(self) -> None:
        # The rate follows from the client, which is known only when there is a request.
        pass

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = client_kind(request)
        self.rate = settings.NEWSROOM_RATES[self.scope]
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str:
        user = request.user
        if user and user.is_authenticated:
            return f"throttle-{self.scope}-user-{user.pk}"
        # A header may hold anything, at any length; not every cache takes that for a key.
        return f"throttle-{self.scope}-{sha256(client_address(request).encode()).hexdigest()}"

    def wait(self) -> float:
        """Seconds until a request is allowed; DRF knows none, and sends no Retry-After, once a rate was lowered."""
        # The newest come first: the one that must be forgotten before another is allowed.
        last: Any = self.history[self.num_requests - 1] if self.num_requests else self.now
        return float(last + self.duration - self.now)


def client_kind(request: Request) -> str:
    """The kind of client, as NEWSROOM_RATES names it."""
    if not (request.user and request.user.is_authenticated):
        return "anonymous"
    if request.method not in SAFE_METHODS:
        return "writes"
    return "editorial" if visibility.sees_all(request) else "reader"


def is_allowed(request: HttpRequest) -> bool:
    """Whether one more request of a client that does not say who it is would be allowed; it counts if it is."""
    return ClientThrottle().allow_request(Request(request), None)
