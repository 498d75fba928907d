"""The texts and headers of the OpenAPI document that follow from what an operation is: summaries, tags, headers."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiParameter

# The tags of operations, by the first part of their paths.
TAGS = [
    {"name": "changes", "description": "What changed, for clients that keep a copy of the archive."},
    {
        "name": "suggest",
        "description": "Records by the beginning of a name, for a box in which somebody types.",
    },
    {"name": "articles", "description": "Articles, their counts, and the writes of the newsroom."},
    {"name": "reporters", "description": "The people whom articles credit."},
    {"name": "places", "description": "The places that articles name, and what they are within."},
    {"name": "organizations", "description": "The organizations that articles name."},
    {"name": "mentions", "description": "Where articles name places and organizations."},
    {"name": "pages", "description": "Printed pages."},
    {"name": "publications", "description": "The papers, their issues, and the days without one."},
    {"name": "loads", "description": "Runs of the loader, for the newsroom."},
]
_HEADERS = {
    "ETag": "Identifies this response; send it in If-None-Match with the next read, in If-Match with a write.",
    "Link": "The pages `next`, `prev` and `first` (RFC 8288).",
    "Last-Modified": "When what is shown of the article changed last.",
    "Location": "The address of the record.",
    "RateLimit": "How many requests are left, and after how many seconds one more is (draft-ietf-httpapi-ratelimit-headers-10).",
    "RateLimit-Policy": "How many requests (`q`) a client of this kind may send in how many seconds (`w`).",
    "Retry-After": "Seconds after which the request may be sent again.",
    "WWW-Authenticate": "The challenge (RFC 6750); `invalid_token` if the request has a token.",
}
_SINGULAR = {
    "articles": "article",
    "reporters": "reporter",
    "places": "place",
    "organizations": "organization",
    "mentions": "mention",
    "pages": "page",
    "loads": "load",
    "children": "place",
    "files": "file",
    "aliases": "alias",
}
# Of parameters that are columns of their own, and say by their name what they are.
_PARAMETERS = {
    "id": "The id of the record.",
    "pk": "The id.",
    "part": "The part of the article.",
    "publication": "The name of the paper, in Simplified or Traditional characters.",
    "issue_date": "The day of the issue, as in 2024-07-30.",
    "format": "The format of the response, whatever the Accept header says. The schema here is that of `json`.",
}


def summary(action: str, tokens: list[str], description: str) -> str:
    """The summary of an operation: `List the articles of a place`, or the first sentence of its description."""
    *above, last = tokens
    if action == "list":
        of = f" of {_with_article(_SINGULAR[above[-1]])}" if above else ""
        name = "places within" if last == "children" else last
        return f"List the {name}{of}" if above else f"List {name}"
    if action == "retrieve":
        return f"Get {_with_article(_SINGULAR[last])}"
    first: str = description.partition("\n")[0].partition(". ")[0]
    return first.rstrip(".")


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def describe_parameters(parameters: Iterable[dict[str, Any]], texts: Mapping[str, str]) -> None:
    """Describe parameters by the texts of the filters and of this module, and write arrays with commas between."""
    known = {**_PARAMETERS, **texts}
    for parameter in parameters:
        if not parameter.get("description"):
            parameter["description"] = known.get(parameter["name"], "")
        if parameter["schema"].get("type") == "array":
            parameter |= {"style": "form", "explode": False}


def describe_headers(responses: dict[str, Any], *, is_list: bool, is_article: bool, is_read: bool) -> None:
    """Name the headers of each response."""
    for status, response in responses.items():
        names = list(
            _headers(HTTPStatus(int(status)), is_list=is_list, is_article=is_article, is_read=is_read)
        )
        if names:
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _headers(status: HTTPStatus, *, is_list: bool, is_article: bool, is_read: bool) -> Iterator[str]:
    if status != HTTPStatus.SERVICE_UNAVAILABLE:
        yield from ("RateLimit", "RateLimit-Policy")
    match status:
        case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.NO_CONTENT | HTTPStatus.NOT_MODIFIED:
            yield "ETag"
            if is_list and is_read and status == HTTPStatus.OK:
                yield "Link"
            if is_article:
                yield "Last-Modified"
            if status == HTTPStatus.CREATED:
                yield "Location"
        case HTTPStatus.TEMPORARY_REDIRECT:
            yield "Location"
        case HTTPStatus.UNAUTHORIZED:
            yield "WWW-Authenticate"
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            yield "Retry-After"


def header_components() -> dict[str, Any]:
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()}


def comma_separated(name: str, known: Iterable[str], description: str) -> OpenApiParameter:
    """A parameter that is a list of known names with commas between."""
    items = {"type": "string", "enum": list(known)}
    return OpenApiParameter(name, {"type": "array", "items": items, "minItems": 1}, description=description)
