"""Completes the OpenAPI document of drf-spectacular with the parameters, formats and errors of all operations."""

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser

from articles.api.http import problems
from articles.api.query import pagination

from .descriptions import (
    TAGS,
    comma_separated,
    describe_headers,
    describe_parameters,
    header_components,
    summary,
)

_ID = {"type": "integer", "minimum": 1, "maximum": 10**15}
_ID_OR_CODE = {"type": "string", "pattern": "^[1-9][0-9]{0,14}$"}
_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
_NO_CONTROLS = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
_WRITES = ("POST", "PATCH", "DELETE")
# Error statuses by the kind of operation.
_ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_ON_WRITES = (
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
_ON_MATCHES = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)

_PROBLEM = {
    "type": "object",
    "description": "Problem Details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "The id of a server error in the log."},
        "errors": {
            "type": "array",
            "description": "What is wrong with each parameter of the query, or field of the body.",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "parameter": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "suggestion": {"type": "string", "description": "What was probably meant."},
                },
            },
        },
    },
}


class OperationSchema(AutoSchema):
    """Adds the parameters, formats and errors that follow from what an operation does."""

    view: Any  # a Resource

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            for status in self._errors():
                reference = {"$ref": "#/components/schemas/Problem"}
                operation["responses"][str(int(status))] = {
                    "description": status.phrase,
                    "content": {problems.MEDIA_TYPE: {"schema": reference}},
                }
            describe_parameters(operation.get("parameters", ()), self._filter_texts())
            for parameter in operation.get("parameters", ()):
                _forbid_blank(parameter)
            if self.method == "POST" and "requestBody" in operation:
                operation["requestBody"]["required"] = True  # an empty body is an error
            if self.method == "GET":
                operation["responses"]["304"] = {"description": "Not changed since the client's ETag."}
                if self._is_of_merged_records():
                    operation["responses"]["307"] = {
                        "description": "The record was merged: the same of its target."
                    }
            describe_headers(
                operation["responses"],
                is_list=self.view.action == "list",
                is_article=self._tokenize_path() == ["articles"] and self.path.endswith("/{id}/"),
                is_read=self.method == "GET",
            )
        return operation

    def get_operation_id(self) -> str:
        """A name for generated clients: `places_articles_list`, `articles_publish`."""
        words = [word.replace("-", "_") for word in self._tokenize_path()]
        action = getattr(self.view, "action", None) or self.method.lower()
        return "_".join(words if words[-1:] == [action] else [*words, action])

    def get_summary(self) -> str:
        return summary(self.view.action, self._tokenize_path(), self.get_description())

    def get_override_parameters(self) -> list[Any]:
        view = self.view
        parameters = list(self._path_parameters())
        if self._needs_match():
            parameters.append(
                OpenApiParameter(
                    "If-Match", str, OpenApiParameter.HEADER, required=True,
                    description="The ETag of the record as it was read; `*` for any state.",
                )
            )  # fmt: skip
        if self.method == "GET":
            parameters += self._query_parameters()
        if view.parent:
            parameters.append(OpenApiParameter(view.parent.parameter, str, exclude=True))
        return parameters

    def get_auth(self) -> list[Any]:
        """Authentication is required for actions that need a permission, else optional."""
        auth = super().get_auth()
        return auth if self.view.rights.get(self.view.action) else [*auth, {}]

    def get_filter_backends(self) -> list[Any]:
        return list(self.view.filter_backends) if self.view.action in self.view.filtered else []

    def map_parsers(self) -> list[Any]:
        """JSON alone, not the media types for the same JSON: generated clients would have a function for each."""
        return [JSONParser.media_type]

    def map_renderers(self, attribute: str) -> list[Any]:
        """The names of all formats, but JSON as the only media type: the other formats have schemas of their own."""
        if attribute == "media_type":
            return [JSONParser.media_type]
        return list(dict.fromkeys(getattr(renderer, attribute) for renderer in self.view.get_renderers()))

    def _path_parameters(self) -> Iterator[OpenApiParameter]:
        view = self.view
        is_place = getattr(getattr(view, "model", None), "__name__", "") == "Place"
        if "{id}" in self.path or "{pk}" in self.path:
            name = "id" if "{id}" in self.path else "pk"
            schema = _ID_OR_CODE if is_place and not self.path.endswith("aliases/{pk}/") else _ID
            text = "Official code, of 6, 9 or 12 digits, or id." if schema == _ID_OR_CODE else ""
            yield OpenApiParameter(name, schema, OpenApiParameter.PATH, required=True, description=text)
        if view.parent:
            is_below_place = self.path.startswith(f"{settings.NEWSROOM_API_ROOT}places/")
            yield OpenApiParameter(
                "parent", _ID_OR_CODE if is_below_place else _ID, OpenApiParameter.PATH, required=True,
                description="Official code or id of the place." if is_below_place else "Id of the record above the list.",
            )  # fmt: skip

    def _query_parameters(self) -> Iterator[OpenApiParameter]:
        view, action = self.view, self.view.action
        if action in {"list", "retrieve"}:
            fields = list(view.get_serializer_class()().get_fields())
            text = "Only these fields, and the id; the response has no others. As CSV also each column of the table."
            if action == "list" and view.extra_fields:
                fields += view.extra_fields
                text += f" {', '.join(view.extra_fields)} are there only if they are named here."
            yield comma_separated("fields", fields, text)
        if action == "list":
            size = {"type": "integer", "minimum": 1, "default": pagination.PAGE_SIZE}
            yield OpenApiParameter(
                "page_size",
                size,
                description=f"Records a page; more than {pagination.MAX_PAGE_SIZE} are cut to that.",
            )
            yield OpenApiParameter(
                "cursor", {"type": "string", "minLength": 1}, description="From `next` or `previous`."
            )
            yield OpenApiParameter("count", bool, description="Count them all; takes time on long lists.")
            orders = [*view.orders] + [f"-{name}" for name in view.orders]
            known = [name for name in orders if name != "-relevance"]
            yield OpenApiParameter(
                "ordering",
                str,
                enum=known,
                description=f"A minus reverses the order. Default: {view.default_order}.",
            )
        yield from view.own_parameters.get(action, ())

    def _is_of_merged_records(self) -> bool:
        """Whether the address contains the id of a record that can be merged into another one."""
        view = self.view
        model = view.parent.merging if view.parent else getattr(view, "model", None)
        return model is not None and "{" in self.path

    def _filter_texts(self) -> dict[str, str]:
        """The description of each filter, by its parameters."""
        filterset = self.view.filterset_class
        if filterset is None or self.view.action not in self.view.filtered:
            return {}
        return {
            parameter: str(one.extra.get("help_text", ""))
            for name, one in filterset.base_filters.items()
            for parameter in filterset.parameters_of(name)
        }

    def _needs_match(self) -> bool:
        view = self.view
        return self.method in _WRITES and not (view.action == "create" and not view.parent)

    def _errors(self) -> list[HTTPStatus]:
        errors = list(_ALWAYS)
        filters = self.view.filterset_class if self.view.action in self.view.filtered else None
        if self.view.rights.get(self.view.action) or (filters and filters.rights):
            errors.append(HTTPStatus.FORBIDDEN)
        if "{" in self.path:
            errors.append(HTTPStatus.NOT_FOUND)
        if self.view.action == "feed":
            errors.append(HTTPStatus.GONE)
        if self.method in _WRITES:
            errors += _ON_WRITES
        if self._needs_match():
            errors += _ON_MATCHES
        if self.method == "GET":
            errors.append(HTTPStatus.PRECONDITION_FAILED)
        return errors


def _forbid_controls(schema: dict[str, Any]) -> None:
    """Describe the texts of a body as without control characters."""
    for described in schema["properties"].values():
        if described.get("type") == "string" and not described.keys() & {"enum", "format", "pattern"}:
            described["pattern"] = _NO_CONTROLS


def _forbid_blank(parameter: dict[str, Any]) -> None:
    """Describe a free text of the query as not blank and without NUL."""
    schema = parameter["schema"]
    if (
        parameter["in"] == "query"
        and schema.get("type") == "string"
        and not schema.keys() & {"enum", "pattern", "format"}
    ):
        schema["pattern"] = _TEXT
        schema["minLength"] = 1


def complete_document(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add the schema of errors and the examples; forbid unknown fields in bodies (a hook of drf-spectacular)."""
    schemas = result["components"].setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    result["components"]["headers"] = header_components()
    result["tags"] = TAGS
    for name, schema in schemas.items():
        # Brief records too, so that a place does not match the schema of an organization.
        if name.endswith(("Write", "Move", "Brief")):
            schema["additionalProperties"] = False
        if name.endswith(("Write", "Move")):
            _forbid_controls(schema)
    for operations in result["paths"].values():
        for operation in operations.values():
            _add_example(operation)
    return result


@cache
def _examples() -> dict[str, Any]:
    """Responses about the seeds, by operation; made by scripts/build_api_examples.py."""
    examples: dict[str, Any] = json.loads(
        Path(__file__).with_name("examples.json").read_text(encoding="utf-8")
    )
    return examples


def _add_example(operation: dict[str, Any]) -> None:
    if example := _examples().get(operation["operationId"]):
        answer = operation["responses"]["200"]["content"]["application/json"]
        answer["examples"] = {"Seeds": {"summary": "From the seeds", "value": example}}
