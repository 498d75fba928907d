"""Error responses as Problem Details (RFC 9457): what is wrong, where, and a suggestion if there is one."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
Errors = list[dict[str, str]]


class _ProblemRenderer(JSONRenderer):
    """Renders errors, whatever format the client requested."""

    media_type = MEDIA_TYPE
    format = "problem"


class ParameterError(exceptions.APIException):
    """A 400 that names the invalid parameters of the query."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "parameter"

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(f"{error['parameter']}: {error['detail']}" for error in errors))
        self.errors = errors


class UnknownFields(exceptions.APIException):
    """A 400 that names the unknown fields of a body."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, names: Iterable[str], known: Collection[str]) -> None:
        self.errors = [
            {"pointer": f"/{name}", "code": "unknown", "detail": "Unknown field.", **suggestion(name, known)}
            for name in names
        ]
        super().__init__("The body has unknown fields.")


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than an article can be."


class Conflict(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT


class Gone(exceptions.APIException):
    status_code = HTTPStatus.GONE
    default_detail = "This token is of an archive before a backup was restored: begin again without it."


class PreconditionFailed(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = (
        "The record was changed since you read it: get it again, and send its new ETag in If-Match."
    )


class PreconditionRequired(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = (
        "Send the ETag of the record that you read in If-Match, so that you do not overwrite a later change."
    )


def parameter_error(name: str, detail: str, code: str = "invalid", **more: str) -> ParameterError:
    """A `ParameterError` about one parameter."""
    return ParameterError([{"parameter": name, "code": code, "detail": detail, **more}])


def suggestion(name: str, known: Collection[str]) -> dict[str, str]:
    """The known name that is closest to a misspelt one, as a part of an error.

    >>> suggestion("publicaton", ["publication", "place"])
    {'suggestion': 'publication'}
    """
    close = get_close_matches(name.lower(), sorted(known), n=1)
    return {"suggestion": close[0]} if close else {}


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception of a view; None for a server error, which Django logs."""
    match error:
        case Http404():
            error = exceptions.NotFound()
        case PermissionDenied():
            error = exceptions.PermissionDenied()
        case ModelError():
            messages = error.message_dict if hasattr(error, "error_dict") else error.messages
            error = exceptions.ValidationError(messages)
        case RequestDataTooBig():
            error = TooLarge()
    if not isinstance(error, exceptions.APIException):
        return None
    # Whatever format the client requested, even an unknown one.
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = _ProblemRenderer(), MEDIA_TYPE
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    errors = getattr(error, "errors", None)
    if errors is None and isinstance(error, exceptions.ValidationError):
        errors = list(_pointed(error.detail))
    detail = (
        "The body cannot be used." if isinstance(error, exceptions.ValidationError) else str(error.detail)
    )
    return Response(
        _problem_body(error.status_code, detail, errors), status=error.status_code, headers=headers
    )


def _problem_body(status: int, detail: str, errors: Errors | None = None) -> dict[str, Any]:
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return {**problem, "errors": errors} if errors else problem


def problem_response(status: int, detail: str, **more: str) -> JsonResponse:
    """The response to an error outside the views: an unknown address, or a server error."""
    return JsonResponse({**_problem_body(status, detail), **more}, status=status, content_type=MEDIA_TYPE)


@csrf_exempt
def no_such_address(request: HttpRequest, **_kwargs: object) -> JsonResponse:
    """Answer 404 to any method, and name the address if only the slash at its end is missing."""
    detail, corrected = "There is nothing at this address.", f"{request.path_info}/"
    if not request.path_info.endswith("/") and _is_address(corrected):
        detail = f"There is nothing at this address, but at {request.build_absolute_uri(f'{request.path}/')}"
    return problem_response(HTTPStatus.NOT_FOUND, detail)


def _is_address(path: str) -> bool:
    try:
        return resolve(path).func is not no_such_address
    except Resolver404:
        return False


def _pointed(detail: Any, pointer: str = "") -> Iterable[dict[str, str]]:
    """The messages of nested errors, each with a JSON pointer to its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            is_whole = name in (NON_FIELD_ERRORS, "non_field_errors")
            yield from _pointed(inner, pointer if is_whole else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            is_nested = isinstance(inner, dict | list)
            yield from _pointed(inner, f"{pointer}/{number}" if is_nested else pointer)
    else:
        code = str(getattr(detail, "code", "invalid"))
        yield {"pointer": pointer, "code": code, "detail": str(detail)}
