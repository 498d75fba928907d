"""Compresses responses of the API that are the same for everybody."""

from typing import Any

from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware


class PublicGZip(GZipMiddleware):
    """Compresses what is public, where no proxy does it.

    The size of a compressed response may reveal what it contains to somebody who sees it and makes the client ask
    (BREACH). Nothing in a public response is secret; a response that is private, or that sets a cookie, is not
    compressed. It stands behind the cache of responses, which so caches each form.
    """

    max_random_bytes = (
        0  # these hide the size of what is secret; without them equal responses have equal bytes
    )

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        is_public = str(response.get("Cache-Control", "")).startswith("public")
        if not is_public or response.cookies:
            return response
        return super().process_response(request, response)
