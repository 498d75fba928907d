"""Errors as Problem Details (RFC 9457): every one says what is wrong, where, and where it can, what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
Errors = list[dict[str, str]]


class ProblemRenderer(JSONRenderer):
    """Writes errors, whatever form the client asked for its answers."""

    media_type = MEDIA_TYPE
    format = "problem"


class ParameterError(exceptions.APIException):
    """A 400 that names the parameters of the query that cannot be used."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "parameter"

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(f"{error['parameter']}: {error['detail']}" for error in errors))
        self.errors = errors


class UnknownFields(exceptions.APIException):
    """A 400 that names what a body holds and no resource has."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, names: Iterable[str], known: Collection[str]) -> None:
        self.errors = [
            {"pointer": f"/{name}", "code": "unknown", "detail": "Unknown field.", **suggestion(name, known)}
            for name in names
        ]
        super().__init__("The body has fields that nobody knows.")


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than an article can be."


class Conflict(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT


class PreconditionFailed(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = (
        "The record was changed since you read it: get it again, and send its new ETag in If-Match."
    )


class PreconditionRequired(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = (
        "Send the ETag of the record that you read in If-Match, so that nobody's change is overwritten."
    )


def parameter_error(name: str, detail: str, code: str = "invalid", **more: str) -> ParameterError:
    """The error of one parameter."""
    return ParameterError([{"parameter": name, "code": code, "detail": detail, **more}])


def suggestion(name: str, known: Collection[str]) -> dict[str, str]:
    """What was probably meant by a misspelt name.

    >>> suggestion("publicaton", ["publication", "place"])
    {'suggestion': 'publication'}
    """
    close = get_close_matches(name.lower(), sorted(known), n=1)
    return {"suggestion": close[0]} if close else {}


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error that a view raised; None for one that is our own fault, which Django logs."""
    match error:
        case Http404():
            error = exceptions.NotFound()
        case PermissionDenied():
            error = exceptions.PermissionDenied()
        case ModelError():
            error = exceptions.ValidationError(_messages(error))
        case RequestDataTooBig():
            error = TooLarge()
    if not isinstance(error, exceptions.APIException):
        return None
    # Whatever form the client asked for its answers, and if it could be had.
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), MEDIA_TYPE
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
        problem_body(error.status_code, detail, errors), status=error.status_code, headers=headers
    )


def problem_body(status: int, detail: str, errors: Errors | None = None) -> dict[str, Any]:
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return {**problem, "errors": errors} if errors else problem


def problem_response(status: int, detail: str, **more: str) -> JsonResponse:
    """The answer to an error outside the views: an address that is none, or a fault of ours."""
    return JsonResponse({**problem_body(status, detail), **more}, status=status, content_type=MEDIA_TYPE)


def no_such_address(_request: HttpRequest, **_kwargs: object) -> JsonResponse:
    return problem_response(HTTPStatus.NOT_FOUND, "There is nothing at this address.")


def _messages(error: ModelError) -> dict[str, list[str]] | list[str]:
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def _pointed(detail: Any, pointer: str = "") -> Iterable[dict[str, str]]:
    """The messages of nested errors, each with the JSON pointer to what it is about."""
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
