"""Requests to an archive, with retries, and lists as iterators."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Self

import httpx

_AGAIN = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_LONGEST_PAUSE = 60.0  # seconds


class ArchiveError(Exception):
    """The archive refused a request: its `status`, and the `problem` that it described (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail', '')}")
        self.status = status
        self.problem = problem


class Archive:
    """An archive at an address, as `https://news.example`; with a token, as its user.

    A read that the archive is too busy for, or that does not reach it, is sent again up to `attempts` times: after the
    seconds that the archive names, else after 1, 2, 4 ... seconds.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        attempts: int = 6,
        client: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root = f"{url.rstrip('/')}/api/v1/"
        self._client = client or httpx.Client(timeout=60)
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"
        self._attempts = attempts
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """The JSON at a path as `places/140830`, or at an address that the archive gave. Raises an ArchiveError."""
        url = path if path.startswith(("http://", "https://")) else f"{self._root}{path.strip('/')}/"
        response = self._send(url, parameters)
        if response.is_success:
            found: dict[str, Any] = response.json()
            return found
        is_json = "json" in response.headers.get("Content-Type", "")
        raise ArchiveError(response.status_code, response.json() if is_json else {})

    def pages(self, path: str, **parameters: Any) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list, until its end."""
        page = self.get(path, **parameters)
        while True:
            yield page["results"]
            if not page.get("next"):
                return
            page = self.get(page["next"])

    def rows(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """The records of a list, over all its pages."""
        for page in self.pages(path, **parameters):
            yield from page

    def _send(self, url: str, parameters: dict[str, Any]) -> httpx.Response:
        for attempt in range(1, self._attempts + 1):
            pause = min(2.0 ** (attempt - 1), _LONGEST_PAUSE)
            try:
                response = self._client.get(url, params=parameters or None, follow_redirects=True)
            except httpx.TransportError:
                if attempt == self._attempts:
                    raise
            else:
                if response.status_code not in _AGAIN or attempt == self._attempts:
                    return response
                named = response.headers.get("Retry-After", "")
                pause = float(named) if named.isdecimal() else pause
            self._sleep(pause)
        raise ValueError("attempts must be at least 1")
