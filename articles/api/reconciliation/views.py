"""The addresses of the reconciliation service: queries, suggestions, previews, data extension."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.http import conditional_requests
from articles.api.links import record_url
from articles.api.resources.base import ThrottledView
from articles.models.merge import kind_of

from .candidates import CellQuery, QueryFormError, reconcile, suggested
from .entities import TYPES, count_public_articles, description, find_entities, type_of
from .properties import PROPERTIES, REFINING

_MOST_QUERIES = 50  # in a batch
_MOST_ENTITIES = 500  # whose properties are asked for at once
_PREVIEW_WIDTH, _PREVIEW_HEIGHT = 400, 160
# A preview is shown inside a page of OpenRefine, from any address.
_PREVIEW_POLICY = "default-src 'none'; frame-ancestors *"


class _ServiceView(ThrottledView):
    """A view of the service: for everybody and any origin."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    parser_classes = [FormParser, MultiPartParser]
    schema = None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        conditional_requests.set_cache_headers(request, response)
        if response.status_code == 200 and request.method == "GET" and isinstance(response, Response):
            response.add_post_render_callback(
                lambda done: conditional_requests.answer_conditionally(request, done, None)
            )
        return response


class _Service(_ServiceView):
    """The manifest; with `queries` the candidates of a batch, with `extend` the properties of entities."""

    def get(self, request: Request) -> Response:
        return self._answer(request, request.query_params)

    def post(self, request: Request) -> Response:
        return self._answer(request, request.data)

    def _answer(self, request: Request, parameters: Any) -> Response:
        if (queries := parameters.get("queries")) is not None:
            return Response(_candidates(_parse_object("queries", queries)))
        if (extend := parameters.get("extend")) is not None:
            return Response(_extension(_parse_object("extend", extend)))
        return Response(_manifest(request))


def _parse_object(name: str, text: Any) -> dict[str, Any]:
    """The JSON object in a parameter; a 400 if it is none, or has text that a database cannot store."""
    try:
        value = json.loads(str(text), parse_constant=_refuse)
        written = json.dumps(value, ensure_ascii=False)
        written.encode()
    except (RecursionError, ValueError) as error:
        raise ParseError(f"`{name}` is not JSON: {error}") from error
    if not isinstance(value, dict) or "\\u0000" in written:
        raise ParseError(f"`{name}` must be a JSON object, without NUL characters.")
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON.")


def _candidates(queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > _MOST_QUERIES:
        raise ParseError(f"Send at most {_MOST_QUERIES} queries at once.")
    try:
        parsed = {name: CellQuery.of(query) for name, query in queries.items()}
    except QueryFormError as error:
        raise ParseError(str(error)) from error
    return {name: {"result": reconcile(query)} for name, query in parsed.items()}


def _extension(wanted: dict[str, Any]) -> dict[str, Any]:
    """The values of some properties of some entities; an entity that is not there has none."""
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise ParseError("`ids` is a list of ids of entities.")
    if len(ids) > _MOST_ENTITIES:
        raise ParseError(f"Ask for at most {_MOST_ENTITIES} entities at once.")
    if not isinstance(properties, list) or not all(
        isinstance(one, dict) and one.get("id") in PROPERTIES for one in properties
    ):
        raise ParseError(f"`properties` is a list of objects with an `id` of {', '.join(PROPERTIES)}.")
    asked = {one["id"]: PROPERTIES[one["id"]] for one in properties}
    records = find_entities(ids)
    counts = count_public_articles(records.values())
    rows: dict[str, Any] = {}
    for entity in ids:
        rows[entity] = {pid: [] for pid in asked}
        if record := records.get(entity):
            naming = counts[f"{kind_of(record)}-{record.pk}"]
            has = {pid: one for pid, one in asked.items() if kind_of(record) in one.types}
            rows[entity] |= {pid: one.values(record, naming) for pid, one in has.items()}
    return {"meta": [_meta(pid) for pid in asked], "rows": rows}


def _meta(pid: str) -> dict[str, Any]:
    one = PROPERTIES[pid]
    place = {"type": {"id": "place", "name": TYPES["place"]}} if one.is_of_entities else {}
    return {"id": pid, "name": one.name, **place}


def _manifest(request: Request) -> dict[str, Any]:
    root = request.build_absolute_uri(reverse("reconcile"))
    service = root.rstrip("/")
    types = [{"id": kind, "name": name} for kind, name in TYPES.items()]
    suggest: dict[str, Any] = {
        name: {"service_url": service, "service_path": f"/suggest/{name}/"}
        for name in ("entity", "property", "type")
    }
    suggest["entity"] |= {"flyout_service_url": service, "flyout_service_path": "/flyout/?id=${id}"}
    return {
        "versions": ["0.2"],
        "name": "Newsroom",
        "identifierSpace": f"{root}entities/",
        "schemaSpace": f"{root}properties/",
        "documentation": request.build_absolute_uri(reverse("docs")),
        "defaultTypes": types,
        "view": {"url": f"{root}entities/{{{{id}}}}/"},
        "preview": {
            "url": f"{root}preview/?id={{{{id}}}}", "width": _PREVIEW_WIDTH, "height": _PREVIEW_HEIGHT,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties/"},
            "property_settings": [],
        },
        "batchSize": _MOST_QUERIES,
    }  # fmt: skip


def _properties_of(kind: str, ids: Any) -> list[dict[str, str]]:
    """Some properties that a type has, or any type if none is given."""
    return [
        {"id": pid, "name": PROPERTIES[pid].name} for pid in ids if not kind or kind in PROPERTIES[pid].types
    ]


class _PropertyProposals(_ServiceView):
    """The properties that a client may add to a table of entities of a type."""

    def get(self, request: Request) -> Response:
        kind = request.query_params.get("type", "")
        limit = request.query_params.get("limit", "")
        found = _properties_of(kind, PROPERTIES)
        most = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 4 else len(found)
        return Response({"properties": found[:most], **({"type": kind} if kind else {})})


def _suggest_entities(prefix: str) -> list[dict[str, Any]]:
    return suggested(prefix) if "\0" not in prefix else []


def _suggest_properties(prefix: str) -> list[dict[str, Any]]:
    return [one for one in _properties_of("", REFINING) if _begins(one, prefix)]


def _suggest_types(prefix: str) -> list[dict[str, Any]]:
    types = ({"id": kind, "name": name} for kind, name in TYPES.items())
    return [one for one in types if _begins(one, prefix)]


def _begins(one: dict[str, str], prefix: str) -> bool:
    wanted = prefix.strip().lower()
    return one["id"].startswith(wanted) or one["name"].lower().startswith(wanted)


class _Suggestions(_ServiceView):
    """Completes what a user types: entities, properties or types."""

    find: ClassVar[dict[str, Callable[[str], list[dict[str, Any]]]]] = {
        "entity": _suggest_entities,
        "property": _suggest_properties,
        "type": _suggest_types,
    }

    def get(self, request: Request, what: str) -> Response:
        return Response({"result": self.find[what](request.query_params.get("prefix", ""))})


def _entity(request: Request) -> Any:
    """The record that the parameter `id` names; a 404 if none is public."""
    wanted = request.query_params.get("id", "")
    record = find_entities([wanted]).get(wanted)
    if record is None:
        raise Http404
    return record


def _preview_html(request: Request, template: str) -> str:
    record = _entity(request)
    (naming,) = count_public_articles([record]).values()
    context = {
        "record": record,
        "type": type_of(record)["name"],
        "description": description(record),
        "other_names": record.other_names(),
        "naming": naming,
        "url": record_url(kind_of(record), record.pk, {"request": request}),
    }
    return render_to_string(template, context)


class _Preview(_ServiceView):
    """A small page about an entity, which OpenRefine shows in a frame."""

    renderer_classes = [StaticHTMLRenderer]

    def get(self, request: Request) -> Response:
        return Response(_preview_html(request, "articles/reconciliation_preview.html"))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let other pages show the response in a frame; the response cache would not keep that it may."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-cache"
        response["Content-Security-Policy"] = _PREVIEW_POLICY
        response.xframe_options_exempt = True
        return response


class _Flyout(_ServiceView):
    """The same as a fragment of HTML in JSON, for the suggestions of entities."""

    def get(self, request: Request) -> Response:
        html = _preview_html(request, "articles/reconciliation_flyout.html")
        return Response({"id": request.query_params["id"], "html": html})


class _EntityPage(_ServiceView):
    """Leads from the id of an entity to its record."""

    def get(self, request: Request, entity: str) -> HttpResponse:
        record = find_entities([entity]).get(entity)
        if record is None:
            raise Http404
        return HttpResponseRedirect(record_url(kind_of(record), record.pk, {"request": request}))


_ROOT = "reconcile/"
service_urls = [
    path(_ROOT, _Service.as_view(), name="reconcile"),
    path(f"{_ROOT}entities/<str:entity>/", _EntityPage.as_view()),
    path(f"{_ROOT}preview/", _Preview.as_view()),
    path(f"{_ROOT}flyout/", _Flyout.as_view()),
    path(f"{_ROOT}properties/", _PropertyProposals.as_view()),
    *(path(f"{_ROOT}suggest/{what}/", _Suggestions.as_view(), {"what": what}) for what in _Suggestions.find),
]
