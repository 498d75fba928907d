"""Errors outside the views: for the API in its own format, for people as a page."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from articles.api.http import problems
from articles.database_busy import RETRY_AFTER_SECONDS, is_busy

from .requests import request_id_of

_API = "/api/"
_log = logging.getLogger(__name__)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(_API):
        return problems.not_found(request)
    return defaults.page_not_found(request, exception)


def internal_server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, without a word on where; Django has logged it."""
    error = sys.exc_info()[1]
    if is_busy(error):  # outside the views, as when a session is written
        return database_busy_response(request, error)
    if request.path.startswith(_API):
        detail = "Something went wrong here; it has been logged. Quote the request_id to whoever runs this."
        return problems.answer(HTTPStatus.INTERNAL_SERVER_ERROR, detail, request_id=request_id_of(request))
    return defaults.server_error(request)


def database_busy_response(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The database can be asked again in some seconds; the page asks nothing of it."""
    _log.warning("the database is busy: %s", " ".join(str(error).split()))
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if request.path.startswith(_API):
        answer: HttpResponse = problems.answer(
            status, "The database is busy: nothing was changed; try again in a few seconds."
        )
    else:
        answer = HttpResponse(render_to_string("503.html"), status=status)
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
