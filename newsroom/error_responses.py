"""Responses to errors outside the views: problem JSON for the API, a page for people."""

import logging
import sys
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from articles.api.http import problems
from articles.database_busy import RETRY_AFTER_SECONDS, is_busy, release_cursors

_log = logging.getLogger(__name__)


def is_api_request(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.NEWSROOM_API_PATH)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api_request(request):
        return problems.no_such_address(request)
    return defaults.page_not_found(request, exception)


def internal_server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without details of the error, which Django has logged."""
    error = sys.exc_info()[1]
    if is_busy(error):  # outside the views, for example when the session is saved
        return database_busy_response(request, error)
    if is_api_request(request):
        detail = "Internal error; it has been logged. Quote the request_id when you report it."
        request_id = str(getattr(request, "request_id", ""))
        return problems.problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, detail, request_id=request_id)
    return defaults.server_error(request)


def database_busy_response(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Answer 503 with Retry-After; the page needs no query."""
    _log.warning("the database is busy: %s", " ".join(str(error).split()))
    release_cursors(error)
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if is_api_request(request):
        response: HttpResponse = problems.problem_response(
            status, "The database is busy: nothing was changed; try again in a few seconds."
        )
    else:
        response = HttpResponse(render_to_string("503.html"), status=status)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
