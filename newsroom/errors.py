"""Errors outside the views: for the API in its own format, for people as a page."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from articles.api import problems

_API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(_API):
        return problems.not_found(request)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, without a word on where; Django has logged it."""
    if request.path.startswith(_API):
        return problems.answer(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; it has been logged."
        )
    return defaults.server_error(request)
