"""Base class of all resources: parameters, orders, formats, locking, conditional responses."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, JSONField, ListField
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from articles.api.http import conditional_requests
from articles.api.http.body_parsers import BoundedJSONParser, MergePatchParser
from articles.api.http.problems import parameter_error, suggestion
from articles.api.openapi.document import OperationSchema
from articles.api.openapi.options_metadata import OptionsMetadata
from articles.api.query import pagination
from articles.api.query.filter_backend import FilterSet
from articles.api.query.filters import IdsFilter
from articles.api.query.parameters import check_parameters, join_repeated, parse_choices
from articles.api.representations import CsvRenderer, JsonLinesRenderer, NdjsonRenderer, csv_lines, json_lines
from articles.api.representations.base import LANGUAGE
from articles.models.fields import is_row_id
from articles.models.record import Record
from articles.row_lock import lock_row

from .merged_records import RecordMovedError, redirect_to_target, target_of_merge

_log = logging.getLogger(__name__)

Order = tuple[str, ...]
_Row = TypeVar("_Row")
Rows = list[Any]
Names = list[str]
# Rows that a streamed list reads at a time.
_CHUNK = 500
_READABLE_FORMATS = ("json", "csv", "jsonl")
_NESTED = (BaseSerializer, ListField, JSONField)


@dataclass(frozen=True, slots=True)
class Parent:
    """The record above a list, as in `/places/140830/articles/`: the filter that it sets, and how to find it.

    `merging` is its model if it can be merged into another record.
    """

    parameter: str
    find: Callable[[Request, str], Model | None]
    merging: type[Record] | None = None

    def target(self, request: Request, text: str) -> Model | None:
        """The record that the requested one is merged into, if the client may see that."""
        target = self.merging and target_of_merge(self.merging, text)
        return self.find(request, str(target.pk)) if target else None


class ThrottledView(APIView):
    """Counts a request before it is authenticated or refused: DRF counts last, so that guessing tokens would be free."""

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        finally:
            # With an invalid token the request counts as one of its address.
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Do nothing: the request was counted with its authentication."""


class Resource(ThrottledView, GenericViewSet[Any]):
    """A resource of the API. With a `parent`, its list is filtered by that record."""

    lookup_value_regex = "[^/]+"
    metadata_class = OptionsMetadata
    # Orders by name, each strict; a minus before the name reverses it.
    orders: ClassVar[dict[str, Order]] = {"id": ("pk",)}
    default_order = "id"
    filterset_class: type[FilterSet] | None = None
    # The permission that an action needs.
    rights: ClassVar[dict[str, str]] = {}
    # Another permission for an action, on records of the user's own.
    own_rights: ClassVar[dict[str, str]] = {}
    parent: Parent | None = None
    _parent_record: Model | None = None
    # The parameters of an action besides filters, pages and order.
    own_parameters: ClassVar[dict[str, tuple[OpenApiParameter, ...]]] = {}
    # Fields of lists that are shown only if the client asks for them.
    extra_fields: ClassVar[tuple[str, ...]] = ()
    # The actions that take the filters.
    filtered: ClassVar[frozenset[str]] = frozenset({"list"})
    # The columns of the list as CSV; None for the fields with single values.
    columns: ClassVar[list[str] | None] = None
    schema = OperationSchema()
    # The formats of a response besides JSON, by action.
    formats: ClassVar[dict[str, tuple[type[BaseRenderer], ...]]] = {
        "list": (CsvRenderer, JsonLinesRenderer, NdjsonRenderer)
    }

    # --- Parameters --------------------------------------------------------------------------------

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not self.action:
            # Before its format and parameters are checked: there are none for this method.
            self.perform_authentication(request)
            self.http_method_not_allowed(request, *args, **kwargs)
        super().initial(request, *args, **kwargs)
        join_repeated(request, self.list_parameters())
        check_parameters(request, self.known_parameters())
        self.check_filter_permissions(request)

    def known_parameters(self) -> set[str]:
        """The names of the parameters that the current action takes."""
        known = {"format", *(option.name for option in self.own_parameters.get(self.action or "", ()))}
        if self.request.method not in {"GET", "HEAD"}:
            return known
        if self.action in {"list", "retrieve"}:
            known.add("fields")
        if self.action == "list":
            known |= pagination.PARAMETERS | {"ordering"}
        if self.action in self.filtered:
            known |= self.filter_parameters()
        if self.parent:
            known.discard(self.parent.parameter)
        return known

    def list_parameters(self) -> set[str]:
        """The parameters that take several values."""
        filters = self.filterset_class.base_filters if self.filterset_class else {}
        own = self.own_parameters.get(self.action or "", ())
        several = {option.name for option in own if isinstance(option.type, dict) and "items" in option.type}
        return {"fields", *several, *(name for name, one in filters.items() if isinstance(one, IdsFilter))}

    def filter_parameters(self) -> set[str]:
        return self.filterset_class.parameters() if self.filterset_class else set()

    def check_filter_permissions(self, request: Request) -> None:
        """Raise a 401 or 403 that names a filter which needs a permission that the user lacks."""
        rights = self.filterset_class.rights if self.filterset_class and self.action in self.filtered else {}
        for name in rights.keys() & request.query_params.keys():
            if not request.user.has_perm(rights[name]):
                self.permission_denied(request, message=f"The parameter {name} is for the newsroom.")

    def filter_data(self) -> Any:
        """The parameters for the filters, including that of the parent."""
        data = self.request.query_params.copy()
        if self.parent:
            data[self.parent.parameter] = str(self.parent_record().pk)
        return data

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the filters if the action takes them; single records are looked up without."""
        return super().filter_queryset(queryset) if self.action in self.filtered else queryset

    def parent_record(self) -> Model:
        """The record above the list; a 404 if there is none that the client may see, a redirect if it was merged."""
        if self._parent_record is None and self.parent:
            asked = self.kwargs["parent"]
            self._parent_record = self.parent.find(self.request, asked)
            if self._parent_record is None and (target := self.parent.target(self.request, asked)):
                raise RecordMovedError(target)
        if self._parent_record is None:
            raise Http404
        return self._parent_record

    def handle_exception(self, exc: Exception) -> Any:
        """The response to an error; reads of a merged record are redirected."""
        if not isinstance(exc, RecordMovedError):
            return super().handle_exception(exc)
        if self.request.method not in {"GET", "HEAD"}:
            return super().handle_exception(Http404())
        argument = "parent" if self.parent else "pk"
        return redirect_to_target(self.request._request, exc.target, argument)

    # --- Order -------------------------------------------------------------------------------------

    def order_names(self) -> Names:
        return [name for order in self.orders for name in (order, f"-{order}")]

    def ordering(self) -> tuple[str, Order]:
        """The name of the requested order, and its columns."""
        name = self.request.query_params.get("ordering", self.default_order)
        if name not in self.order_names():
            known = self.order_names()
            choices = ", ".join(known)
            raise parameter_error(
                "ordering", f"{name[:40]!r} is not one of {choices}.", **suggestion(name, known)
            )
        columns = self.orders[name.removeprefix("-")]
        turn = pagination.reversed_order if name.startswith("-") else tuple
        return name, turn(columns)

    # --- Fields ------------------------------------------------------------------------------------

    def wanted_fields(self) -> Names | None:
        """The requested fields; None for all."""
        value = self.request.query_params.get("fields") if self.request else None
        if value is None:
            return None
        renderer = self.request.accepted_renderer
        if renderer.format not in _READABLE_FORMATS:
            raise parameter_error("fields", f"Only for the formats {', '.join(_READABLE_FORMATS)}.")
        derived = self.columns or () if isinstance(renderer, CsvRenderer) else ()
        extra = self.extra_fields if self.action == "list" else ()
        return parse_choices("fields", value, list(dict.fromkeys((*self.field_names(), *extra, *derived))))

    def field_names(self) -> Names:
        serializer: Any = self.get_serializer_class()
        return list(serializer().get_fields())

    def represented_fields(self) -> Names | None:
        """The fields that representations need; None for all, as the columns of a table may be derived from any."""
        is_table = self.request and isinstance(self.request.accepted_renderer, CsvRenderer)
        return None if is_table else self.wanted_fields()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "fields": self.represented_fields()}

    # --- Writing -----------------------------------------------------------------------------------

    def lock(self, record: Any) -> Any:
        """The row of a record, locked for a write; 412 or 428 if it changed since the client read it."""
        return self.check_for_write(lock_row(record))

    def check_for_write(self, locked: _Row | None) -> _Row:
        if locked is None:
            raise Http404
        conditional_requests.require_match(self.request, locked)
        return locked

    def respond_with(self, record: Any, serializer: type[BaseSerializer[Any]], status: int = 200) -> Response:
        """The answer to a write: the record as it is now, with its ETag."""
        self.record = record
        data = serializer(record, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"Location": data["url"]} if status == 201 else None)

    # --- Answers -----------------------------------------------------------------------------------

    def get_parsers(self) -> Rows:
        request = getattr(self, "request", None)
        is_patch = request is not None and request.method == "PATCH"
        return [BoundedJSONParser(), MergePatchParser()] if is_patch else [BoundedJSONParser()]

    def get_renderers(self) -> Rows:
        return [JSONRenderer(), *(form() for form in self.formats.get(self.action or "", ()))]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response | StreamingHttpResponse:
        queryset = self.filter_queryset(self.get_queryset())
        if isinstance(request.accepted_renderer, CsvRenderer | JsonLinesRenderer):
            return self.stream(queryset)
        return self.page_of(queryset)

    def get_object(self) -> Any:
        """The visible record of the id in the address."""
        record = find_by_id(self.get_queryset(), self.kwargs["pk"])
        if record is None:
            raise Http404
        return record

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.record = self.get_object()
        return Response(self.get_serializer(self.record).data)

    def page_of(self, queryset: QuerySet[Any]) -> Response:
        return self.get_paginated_response(self.serialize(self.paginate_queryset(queryset) or []))

    def first(self, queryset: QuerySet[Any], size: int) -> Rows:
        """The first rows of an ordered queryset."""
        return [*queryset[:size]]

    def prepare(self, rows: Rows) -> None:
        """Look up for all rows at once what their serializer needs."""

    def stream(self, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        """The whole list as lines that are read and sent in chunks.

        The first chunk is read before the response begins, so that what fails at once is an error and not half a list.
        """
        if misplaced := pagination.PARAMETERS & self.request.query_params.keys():
            raise parameter_error(min(misplaced), "Not for this format, which has the whole list.")
        rows = self.rows(queryset.order_by(*self.ordering()[1]))
        renderer = self.request.accepted_renderer
        is_csv = isinstance(renderer, CsvRenderer)
        self.wanted_fields()
        lines = csv_lines(rows, self.csv_columns()) if is_csv else json_lines(rows)
        begin = list(islice(lines, 2))  # the header of a table, and a row
        response = StreamingHttpResponse(
            self.logged(chain(begin, lines)), content_type=f"{renderer.media_type}; charset=utf-8"
        )
        name = f"{self.basename}.{renderer.format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def logged(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines of a stream. A failure is logged, and ends the connection before the end of the response."""
        try:
            yield from lines
        except Exception:
            _log.exception("a list broke off in the middle: %s", self.request.get_full_path())
            raise

    def rows(self, queryset: QuerySet[Any]) -> Iterator[dict[str, Any]]:
        chunk: Rows = []
        for record in queryset.iterator(chunk_size=_CHUNK):
            chunk.append(record)
            if len(chunk) == _CHUNK:
                yield from self.serialize(chunk)
                chunk = []
        yield from self.serialize(chunk)

    def represented(self, chunk: Rows) -> Rows:
        """The representations of some rows; outside of lists too."""
        return self.serialize(chunk)

    def serialize(self, chunk: Rows) -> Rows:
        self.prepare(chunk)
        found: Rows = self.get_serializer(chunk, many=True).data
        return found

    def csv_columns(self) -> Names:
        """The columns of the list as CSV: the requested ones, else its own, else the fields with single values."""
        serializer: Any = self.get_serializer_class()
        fields = serializer().get_fields()
        single = [name for name, field in fields.items() if not isinstance(field, _NESTED)]
        return self.wanted_fields() or self.columns or single

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        conditional_requests.set_cache_headers(request, response)
        if response.status_code < 300 and request.method != "OPTIONS":
            response["Content-Language"] = LANGUAGE
        if response.status_code >= 300 or response.streaming:
            return response
        if not isinstance(response, Response):
            return self._condition(request, response)
        response.add_post_render_callback(partial(self._condition, request))
        return response

    def _condition(self, request: Request, response: HttpResponse) -> HttpResponse:
        return conditional_requests.answer_conditionally(request, response, getattr(self, "record", None))


def find_by_id(rows: QuerySet[Any], text: str) -> Any:
    """The row of an id that came as text; None if there is none."""
    return rows.filter(pk=text).first() if is_row_id(text) else None
