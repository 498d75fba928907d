"""The parameters of a query: every one is known, given once, and not empty, or the answer names it."""

from __future__ import annotations

from collections.abc import Collection

from rest_framework.request import Request

from articles.api.http.problems import Errors, ParameterError, parameter_error, suggestion
from articles.models.fields import is_id
from articles.search import Query, QueryError, parse_query

# Names and keys are shorter; a URL that is longer than some 8,000 characters is refused by web servers anyway.
MAX_IDS = 100


def check_parameters(request: Request, known: Collection[str]) -> None:
    """`ParameterError` that names each parameter that is unknown, repeated, empty or no text."""
    errors: Errors = []
    for name, values in request.query_params.lists():
        if name not in known:
            error = {"code": "unknown", "detail": "Unknown parameter.", **suggestion(name, known)}
        elif len(values) > 1:
            error = {"code": "repeated", "detail": "Given more than once."}
        elif not values[0].strip():
            error = {"code": "empty", "detail": "Empty: give it a value, or leave it out."}
        elif "\x00" in values[0]:
            error = {"code": "invalid", "detail": "A NUL character is no text."}
        else:
            continue
        errors.append({"parameter": name, **error})
    if errors:
        raise ParameterError(errors)


def parse_ids(name: str, value: str) -> list[int]:
    """The ids of a list with commas: `3,17`.

    `ParameterError` if one is no id, or there are more than MAX_IDS.
    """
    parts = value.split(",")
    if len(parts) > MAX_IDS:
        raise parameter_error(name, f"Give at most {MAX_IDS} ids.")
    for part in parts:
        if not (is_id(part) and int(part)):
            raise parameter_error(
                name, f"{part[:40]!r} is no id: give whole numbers, several with commas between."
            )
    return [int(part) for part in parts]


def parse_choices(name: str, value: str, known: Collection[str]) -> list[str]:
    """The names of a list with commas, each one of those that are known."""
    parts = list(dict.fromkeys(value.split(",")))
    for part in parts:
        if part not in known:
            choices = ", ".join(known)
            raise parameter_error(name, f"{part[:40]!r} is none of {choices}.", **suggestion(part, known))
    return parts


def parse_search(name: str, value: str) -> Query:
    """A full-text search; `ParameterError` says why it cannot be understood."""
    try:
        return parse_query(value)
    except QueryError as error:
        raise parameter_error(name, str(error)) from error
