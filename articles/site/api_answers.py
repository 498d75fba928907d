"""Asks the API for what a page shows, in this process and as an anonymous client.

So the site has the filters, the search, the order, the representations and above all the visibility of the API.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, resolve, reverse
from django.utils import translation
from django.utils.http import urlencode

from articles.api.http.problems import Errors

# What a request says of the server and the client's address; neither cookies nor tokens nor conditions.
_COPIED = ("HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


class RefusedQueryError(Exception):
    """The API refuses the parameters of a query; `errors` says which, and why."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(f"{error['parameter']}: {error['detail']}" for error in errors))
        self.errors = errors


class MergedRecordError(Exception):
    """The requested record was merged into the one of the id `target`."""

    def __init__(self, target: str) -> None:
        super().__init__(f"merged into {target}")
        self.target = target


def get_from_api(
    request: HttpRequest,
    name: str,
    query: Mapping[str, Any] | None = None,
    *,
    as_user: bool = False,
    **arguments: object,
) -> dict[str, Any]:
    """The data of a GET of the API's route `name`; it is shared and must not be changed.

    `as_user` asks as the user of the request, for the preview of a draft. Raises Http404 for what does not exist or is
    not visible, MergedRecordError for a record that was merged, and RefusedQueryError for invalid parameters.
    """
    path = "/" + reverse(name, kwargs=arguments).removeprefix(get_script_prefix())
    match = resolve(path)
    inner = _request_of(request, path, query or {})
    inner.resolver_match = match
    if as_user:
        inner.user = request.user
    # As in the API itself, whose representations are cached for all languages.
    with translation.override("en"):
        response = _unthrottled(match.func)(inner, **match.kwargs)
    if response.status_code == 400:
        raise RefusedQueryError(response.data["errors"])
    if response.status_code == 307:
        target = resolve("/" + response.url.partition(inner.get_host())[2].removeprefix(get_script_prefix()))
        raise MergedRecordError(target.kwargs.get("pk") or target.kwargs["parent"])
    if response.status_code != 200:
        raise Http404
    data: dict[str, Any] = response.data
    return data


def _request_of(request: HttpRequest, path: str, query: Mapping[str, Any]) -> WSGIRequest:
    copied = {
        name: value
        for name, value in request.META.items()
        if not name.startswith(("HTTP_", "CONTENT_")) or name in _COPIED
    }
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": urlencode(query)}
    return WSGIRequest({**copied, **asked, "wsgi.input": BytesIO()})


@lru_cache
def _unthrottled(view: Any) -> Callable[..., Any]:
    """The view without its own count of requests: the site counts each of its pages once."""
    options = {**view.initkwargs, "throttle_classes": []}
    made: Callable[..., Any] = view.cls.as_view(view.actions, **options)
    return made
