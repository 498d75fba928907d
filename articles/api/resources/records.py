"""Reporters, places and organizations: read by everybody, merged and told apart by the newsroom."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect
from drf_spectacular.utils import extend_schema
from pyroaring import BitMap
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles.api import serializers
from articles.api.http.conditional_requests import require_match
from articles.api.http.problems import Conflict
from articles.api.links import record_url
from articles.api.query import filter_sets
from articles.api.serializers import request_bodies
from articles.counts.facet_index import FacetIndex, current_facet_index
from articles.editing.merging import distinguish, forget_distinction, merge, undo_merge
from articles.models import (
    Alias,
    Merge,
    Organization,
    Place,
    Reporter,
)
from articles.models.fields import is_id
from articles.models.merge import kind_of
from articles.models.place import PlaceQuerySet
from articles.models.record import Record, RecordQuerySet

from . import visibility
from .base import Resource
from .history import HistoryMixin

_PREFETCHED = ("aliases", "merged__aliases")


class MovedTemporarily(HttpResponseRedirect):
    """Another record stands for the one that was asked for, as long as nobody undoes the merge."""

    status_code = 307


class RecordResource(HistoryMixin, Resource, ABC):
    """Records that go by a name. An id that was merged into another leads to that one."""

    orders = {"name": ("name", "pk"), "id": ("pk",), "updated_at": ("updated_at", "pk")}
    default_order = "name"
    model: Any  # the class of the records
    rights = {
        "merge": "articles.add_merge",
        "unmerge": "articles.change_merge",
        "distinct": "articles.add_distinction",
        "indistinct": "articles.delete_distinction",
        "history": "articles.view_article",
    }

    @abstractmethod
    def seen(self) -> Any:
        """The records that the client may see."""

    def count(self, postings: FacetIndex, seen: BitMap, record: Any) -> None:
        """Set the `naming` of a record, by the articles that the client is shown."""
        record.naming = postings.naming(seen & postings.having(kind_of(record), [record.pk]))

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.seen().prefetch_related(*_PREFETCHED)
        return found

    def prepare(self, rows: list[Any]) -> None:
        with current_facet_index() as postings:
            seen = postings.having("status", visibility.listed_statuses(self.request))
            for record in rows:
                self.count(postings, seen, record)

    def find(self, pk: str) -> Any:
        """The record of an id, or None."""
        return self.get_queryset().filter(pk=pk).first() if is_id(pk) else None

    def get_object(self) -> Any:
        record = self.find(self.kwargs["pk"])
        if record is None:
            raise Http404
        self.prepare([record])
        return record

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().retrieve(request, *args, **kwargs)
        except Http404:
            moved = self.moved(self.kwargs["pk"])
            if moved is None:
                raise
            return MovedTemporarily(record_url(kind_of(moved), moved.pk, {"request": request}))

    def moved(self, pk: str) -> Record | None:
        """The record that stands for a merged one, if the client may see it."""
        merged = self.model._default_manager.exclude(merged_into=None).filter(pk=pk) if is_id(pk) else None
        target = merged.values_list("merged_into", flat=True).first() if merged is not None else None
        return self.find(str(target)) if target else None

    # --- Writing -----------------------------------------------------------------------------------

    @extend_schema(request=request_bodies.RecordWriteSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Let this record stand for another one everywhere; `unmerge` takes it back. Needs If-Match."""
        with transaction.atomic():
            record, other = self.pair(request)
            with request_bodies.validation_errors_as_conflicts():
                merge(other, record, request.user)
        return self.shown(record)

    @extend_schema(request=request_bodies.RecordWriteSerializer)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, pk: str) -> Response:
        """Let a record that was merged into this one stand for itself again. Needs If-Match."""
        with transaction.atomic():
            record, other = self.pair(request)
            made = Merge.objects.filter(kind=kind_of(record), source=other.pk, undone_at=None).first()
            if made is None or other.merged_into_id != record.pk:
                raise Conflict(f"{other} is not merged into {record}.")
            undo_merge(made)
        return self.shown(record)

    @extend_schema(request=request_bodies.RecordWriteSerializer)
    @action(detail=True, methods=["post"])
    def distinct(self, request: Request, pk: str) -> Response:
        """Remember that another record is not the same as this one. Needs If-Match."""
        with transaction.atomic():
            record, other = self.pair(request)
            with request_bodies.validation_errors_as_conflicts():
                distinguish(record, other, request.user)
        return self.shown(record)

    @extend_schema(request=request_bodies.RecordWriteSerializer)
    @action(detail=True, methods=["post"])
    def indistinct(self, request: Request, pk: str) -> Response:
        """Take back that another record is not the same as this one. Needs If-Match."""
        with transaction.atomic():
            record, other = self.pair(request)
            if not forget_distinction(record, other):
                raise Conflict(f"Nobody said that {other} and {record} are not the same.")
        return self.shown(record)

    def pair(self, request: Request) -> tuple[Any, Any]:
        """The record of the address, as the client has seen it, and the one that the body names."""
        values = request_bodies.validated_values(request, request_bodies.RecordWriteSerializer)
        record = self.find(self.kwargs["pk"])
        if record is None:
            raise Http404
        locked = self.model._default_manager.select_for_update().get(pk=record.pk)
        require_match(request, locked)
        other = self.model._default_manager.filter(pk=values["record"]).first()
        if other is None:
            raise Conflict(f"There is no {kind_of(locked)} {values['record']}.")
        return locked, other

    def shown(self, record: Record) -> Response:
        self.record = self.find(str(record.pk))
        self.prepare([self.record])
        return Response(self.get_serializer_class()(self.record, context=self.get_serializer_context()).data)


class ReporterResource(RecordResource):
    """The people whom articles credit."""

    queryset = Reporter.objects.none()
    model = Reporter
    serializer_class = serializers.ReporterSerializer
    filterset_class = filter_sets.ReporterFilterSet

    def seen(self) -> RecordQuerySet:
        return visibility.reporters(self.request)


class PlaceResource(RecordResource):
    """The places that articles name; what these lie in answers by its id or code."""

    queryset = Place.objects.none()
    model = Place
    filterset_class = filter_sets.PlaceFilterSet
    orders = {"code": ("code", "pk"), **RecordResource.orders}
    default_order = "code"

    def seen(self) -> PlaceQuerySet:
        listed = self.action == "list" and "parent" not in self.request.query_params and not self.parent
        seen = visibility.places if listed else visibility.places_and_above
        return seen(self.request).with_ancestors()

    def count(self, postings: FacetIndex, seen: BitMap, record: Place) -> None:
        super().count(postings, seen, record)
        record.naming_within = postings.naming(seen & postings.within([record.pk]))

    def find(self, pk: str) -> Place | None:
        places: PlaceQuerySet = self.get_queryset()  # type: ignore[assignment] # it keeps the class
        return places.by_id_or_code(pk)

    def get_serializer_class(self) -> type[BaseSerializer[Place]]:
        return serializers.PlaceListSerializer if self.action == "list" else serializers.PlaceSerializer


class OrganizationResource(RecordResource):
    """The bodies that articles name."""

    queryset = Organization.objects.none()
    model = Organization
    serializer_class = serializers.OrganizationSerializer
    columns = [
        "id", "url", "name", "kind", "seat_code", "seat_name", "article_count", "first_named", "last_named", "updated_at",
    ]  # fmt: skip
    filterset_class = filter_sets.OrganizationFilterSet

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("seat__merged_into")

    def seen(self) -> RecordQuerySet:
        return visibility.organizations(self.request)


class AliasResource(Resource):
    """The other names of a record, by which the loader finds it too."""

    queryset = Alias.objects.none()
    serializer_class = serializers.AliasSerializer
    formats = {}
    orders = {"name": ("name", "pk")}
    default_order = "name"
    rights = {"create": "articles.add_alias", "destroy": "articles.delete_alias"}

    def get_queryset(self) -> QuerySet[Alias]:
        record = self.parent_record()
        return Alias.objects.filter(**{f"{kind_of(record)}": record})  # type: ignore[arg-type]

    def filter_data(self) -> Any:
        return self.request.query_params

    @extend_schema(request=request_bodies.AliasWriteSerializer, responses={201: serializers.AliasSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the record another name. Needs If-Match of the record."""
        values = request_bodies.validated_values(
            request, request_bodies.AliasWriteSerializer, shown=serializers.AliasSerializer
        )
        with transaction.atomic():
            record = self.locked()
            alias = Alias(**{kind_of(record): record}, **values)
            with request_bodies.validation_errors_as_conflicts():
                alias.full_clean()
            alias.save()
            record.mark()
        return Response(serializers.AliasSerializer(alias).data, status=201)

    def destroy(self, request: Request, pk: str, *args: Any, **kwargs: Any) -> Response:
        """Take a name from the record. Needs If-Match of the record."""
        with transaction.atomic():
            record = self.locked()
            alias = self.get_queryset().filter(pk=pk).first() if is_id(pk) else None
            if alias is None:
                raise Http404
            alias.delete()
            record.mark()
        return Response(status=204)

    def locked(self) -> Record:
        record: Any = self.parent_record()
        locked: Record = type(record)._default_manager.select_for_update().get(pk=record.pk)
        require_match(self.request, locked)
        return locked


def find_reporter(request: Request, pk: str) -> Reporter | None:
    """The reporter that a list stands below."""
    return visibility.reporters(request).filter(pk=pk).first() if is_id(pk) else None


def find_place(request: Request, pk: str) -> Place | None:
    return visibility.places_and_above(request).by_id_or_code(pk)


def find_organization(request: Request, pk: str) -> Organization | None:
    return visibility.organizations(request).filter(pk=pk).first() if is_id(pk) else None
