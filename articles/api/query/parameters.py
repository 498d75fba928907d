"""Checks and parses query parameters: known, given once, not empty; lists of ids and of names; searches."""

from collections.abc import Collection
from urllib.parse import unquote, unquote_to_bytes

from rest_framework.request import Request

from articles.api.http.problems import Errors, ParameterError, parameter_error, suggestion
from articles.models.fields import is_row_id
from articles.search import Query, QueryError, parse_query

MOST_IDS = 100


def join_repeated(request: Request, names: Collection[str]) -> None:
    """Read `id=3&id=17` as `id=3,17`, as some generated clients send a list."""
    lists = {name: request.query_params.getlist(name) for name in names}
    if repeated := {name: ",".join(values) for name, values in lists.items() if len(values) > 1}:
        data = request.query_params.copy()
        for name, value in repeated.items():
            data[name] = value
        request._request.GET = data  # type: ignore[assignment] # Django's is immutable, and nothing changes this one


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Raise a `ParameterError` that names each parameter that is unknown, repeated, empty or not text."""
    errors = _undecodable(request)
    for name, values in request.query_params.lists():
        if name not in known:
            error = {"code": "unknown", "detail": "Unknown parameter.", **suggestion(name, known)}
        elif len(values) > 1:
            error = {"code": "repeated", "detail": "Given more than once."}
        elif not values[0].strip():
            error = {"code": "empty", "detail": "Empty: give it a value, or leave it out."}
        elif "\x00" in values[0]:
            error = {"code": "invalid", "detail": "A NUL character is not allowed."}
        else:
            continue
        errors.append({"parameter": name, **error})
    if errors:
        raise ParameterError(errors)


def _undecodable(request: Request) -> Errors:
    """An error for each parameter whose bytes are not UTF-8: Django would replace them, and search for something else."""
    errors: Errors = []
    for pair in request.META.get("QUERY_STRING", "").encode("latin-1", "replace").split(b"&"):
        try:
            unquote_to_bytes(pair).decode()
        except UnicodeDecodeError:
            name = unquote(pair.partition(b"=")[0].decode("latin-1"))
            errors.append({"parameter": name, "code": "invalid", "detail": "Not UTF-8."})
    return errors


def parse_ids(name: str, value: str) -> list[int]:
    """The ids of a list with commas: `3,17`.

    Raises a `ParameterError` if one is not an id, or there are more than MOST_IDS.
    """
    parts = value.split(",")
    if len(parts) > MOST_IDS:
        raise parameter_error(name, f"Give at most {MOST_IDS} ids.")
    for part in parts:
        if not is_row_id(part):
            raise parameter_error(
                name, f"{part[:40]!r} is not an id: give whole numbers, several with commas between."
            )
    return [int(part) for part in parts]


def parse_size(name: str, value: str, most: int) -> int:
    """A positive number, at most `most`; a `ParameterError` for any other text."""
    if not (value.isascii() and value.isdecimal() and value.strip("0")):
        raise parameter_error(name, f"Give a number from 1 to {most}.")
    return min(int(value[:20]), most)


def parse_choices(name: str, value: str, known: Collection[str]) -> list[str]:
    """The names of a list with commas, each once; a `ParameterError` if one is unknown."""
    parts = list(dict.fromkeys(value.split(",")))
    for part in parts:
        if part not in known:
            choices = ", ".join(known)
            raise parameter_error(name, f"{part[:40]!r} is not one of {choices}.", **suggestion(part, known))
    return parts


def parse_search(name: str, value: str) -> Query:
    """The query of a full-text search; a `ParameterError` if its syntax is wrong."""
    try:
        return parse_query(value)
    except QueryError as error:
        raise parameter_error(name, str(error)) from error
