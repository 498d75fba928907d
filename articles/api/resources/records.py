"""Reporters, places and organizations, with their aliases, merges and distinctions."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from pyroaring import BitMap
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from articles.api import serializers
from articles.api.http.problems import Conflict
from articles.api.query import filter_sets
from articles.api.representations import CsvRenderer, JsonLinesRenderer, NdjsonRenderer, RecordJsonLdRenderer
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
from articles.models.merge import kind_of
from articles.models.place import PlaceQuerySet
from articles.models.record import RecordQuerySet

from . import visibility
from .base import Resource, find_by_id
from .history import HistoryMixin
from .merged_records import RecordMovedError, target_of_merge


def _pair_action(method: Any) -> Any:
    """Route a POST below a record whose body names another record of the same kind."""
    return extend_schema(request=request_bodies.RecordWriteSerializer)(
        action(detail=True, methods=["post"])(method)
    )


class RecordResource(HistoryMixin, Resource, ABC):
    """Records that go by a name. An id that was merged into another leads to that one."""

    orders = {"name": ("name", "pk"), "id": ("pk",), "updated_at": ("updated_at", "pk")}
    default_order = "name"
    formats = {
        "list": (RecordJsonLdRenderer, CsvRenderer, JsonLinesRenderer, NdjsonRenderer),
        "retrieve": (RecordJsonLdRenderer,),
    }
    model: Any  # the class of the records
    rights = {
        "merge": "articles.add_merge",
        "unmerge": "articles.change_merge",
        "distinct": "articles.add_distinction",
        "indistinct": "articles.delete_distinction",
        "history": "articles.view_article",
    }

    @abstractmethod
    def visible(self) -> Any:
        """The records that the client may see."""

    def set_counts(self, index: FacetIndex, articles: BitMap, record: Any) -> None:
        """Set the `naming` of a record: how many of these articles name it, and when."""
        record.naming = index.naming(articles & index.having(kind_of(record), [record.pk]))

    def get_queryset(self) -> QuerySet[Any]:
        records: QuerySet[Any] = self.visible().prefetch_related("aliases", "merged__aliases")
        return records

    def prepare(self, rows: list[Any]) -> None:
        with current_facet_index() as index:
            articles = index.having("status", visibility.listed_statuses(self.request))
            for record in rows:
                self.set_counts(index, articles, record)

    def find(self, pk: str) -> Any:
        """The visible record of an id, or None."""
        return find_by_id(self.get_queryset(), pk)

    def get_object(self) -> Any:
        record = self.find(self.kwargs["pk"])
        if record is None:
            target = target_of_merge(self.model, self.kwargs["pk"])
            if target is None or self.find(str(target.pk)) is None:
                raise Http404
            raise RecordMovedError(target)
        self.prepare([record])
        return record

    # --- Writing -----------------------------------------------------------------------------------

    @_pair_action
    def merge(self, request: Request, pk: str) -> Response:
        """Merge another record into this one, which replaces it everywhere; `unmerge` takes it back. Needs If-Match."""
        return self.change_pair(lambda record, other: merge(other, record, request.user))

    @_pair_action
    def unmerge(self, request: Request, pk: str) -> Response:
        """Take back the merge of a record that was merged into this one. Needs If-Match."""
        return self.change_pair(_unmerge)

    @_pair_action
    def distinct(self, request: Request, pk: str) -> Response:
        """Remember that another record is not the same as this one. Needs If-Match."""
        return self.change_pair(lambda record, other: distinguish(record, other, request.user))

    @_pair_action
    def indistinct(self, request: Request, pk: str) -> Response:
        """Take back that another record is not the same as this one. Needs If-Match."""
        return self.change_pair(_forget_distinction)

    def change_pair(self, change: Callable[[Any, Any], object]) -> Response:
        """Call `change` with the record of the address, locked, and the one that the body names."""
        values = request_bodies.validated_values(self.request, request_bodies.RecordWriteSerializer)
        with transaction.atomic():
            record = self.find(self.kwargs["pk"])
            if record is None:
                raise Http404
            record = self.lock(record)
            other = self.model._default_manager.filter(pk=values["record"]).first()
            if other is None:
                raise Conflict(f"There is no {kind_of(record)} {values['record']}.")
            with request_bodies.validation_errors_as_conflicts():
                change(record, other)
        if (changed := self.find(str(record.pk))) is None:
            raise Http404
        self.prepare([changed])
        return self.respond_with(changed, self.get_serializer_class())


def _unmerge(record: Any, other: Any) -> None:
    made = Merge.objects.filter(kind=kind_of(record), source=other.pk, undone_at=None).first()
    if made is None or other.merged_into_id != record.pk:
        raise Conflict(f"{other} is not merged into {record}.")
    undo_merge(made)


def _forget_distinction(record: Any, other: Any) -> None:
    if not forget_distinction(record, other):
        raise Conflict(f"{other} and {record} are not marked as different.")


class ReporterResource(RecordResource):
    """The people whom articles credit."""

    queryset = Reporter.objects.none()
    model = Reporter
    serializer_class = serializers.ReporterSerializer
    filterset_class = filter_sets.ReporterFilterSet

    def visible(self) -> RecordQuerySet:
        return visibility.reporters(self.request)


class PlaceResource(RecordResource):
    """The places that articles name; those above them are found by their id or code."""

    queryset = Place.objects.none()
    model = Place
    columns = [
        "id", "url", "name", "full_name", "kind", "code", "article_count", "first_named", "last_named", "updated_at",
    ]  # fmt: skip
    filterset_class = filter_sets.PlaceFilterSet
    orders = {"code": ("code", "pk"), **RecordResource.orders}
    default_order = "code"

    def visible(self) -> PlaceQuerySet:
        listed = self.action == "list" and "parent" not in self.request.query_params and not self.parent
        places = visibility.places if listed else visibility.places_and_above
        return places(self.request).with_ancestors()

    def set_counts(self, index: FacetIndex, articles: BitMap, record: Place) -> None:
        super().set_counts(index, articles, record)
        record.naming_within = index.naming(articles & index.within([record.pk]))

    def find(self, pk: str) -> Place | None:
        places: PlaceQuerySet = self.get_queryset()  # type: ignore[assignment] # it keeps the class
        return places.by_id_or_code(pk)

    def get_serializer_class(self) -> type[BaseSerializer[Place]]:
        return serializers.PlaceListSerializer if self.action == "list" else serializers.PlaceSerializer


class OrganizationResource(RecordResource):
    """The organizations that articles name."""

    queryset = Organization.objects.none()
    model = Organization
    serializer_class = serializers.OrganizationSerializer
    columns = [
        "id", "url", "name", "kind", "seat_code", "seat_name", "article_count", "first_named", "last_named", "updated_at",
    ]  # fmt: skip
    filterset_class = filter_sets.OrganizationFilterSet

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("seat__merged_into")

    def visible(self) -> RecordQuerySet:
        return visibility.organizations(self.request)


class AliasResource(Resource):
    """The other names of a record, by which the loader finds it too."""

    queryset = Alias.objects.none()
    serializer_class = serializers.AliasSerializer
    orders = {"name": ("name", "pk")}
    default_order = "name"
    rights = {"create": "articles.add_alias", "destroy": "articles.delete_alias"}

    def get_queryset(self) -> QuerySet[Alias]:
        record = self.parent_record()
        return Alias.objects.filter(**{kind_of(record): record})  # type: ignore[arg-type]

    def filter_data(self) -> Any:
        return self.request.query_params

    @extend_schema(request=request_bodies.AliasWriteSerializer, responses={201: serializers.AliasSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the record another name. Needs If-Match of the record."""
        values = request_bodies.validated_values(
            request, request_bodies.AliasWriteSerializer, shown=serializers.AliasSerializer
        )
        with transaction.atomic():
            record: Any = self.lock(self.parent_record())
            alias = Alias(**{kind_of(record): record}, **values)
            with request_bodies.validation_errors_as_conflicts():
                alias.full_clean()
            alias.save()
            record.mark()
        self.mark_response(record.pk)
        location = request.build_absolute_uri(f"{request.path}{alias.pk}/")
        return Response(serializers.AliasSerializer(alias).data, 201, headers={"Location": location})

    def mark_response(self, pk: object) -> None:
        """Give the response the ETag of the record: the next change of its names is by this one."""
        self.record = type(self.parent_record())._default_manager.get(pk=pk)

    def destroy(self, request: Request, pk: str, *args: Any, **kwargs: Any) -> Response:
        """Take a name from the record. Needs If-Match of the record."""
        with transaction.atomic():
            record: Any = self.lock(self.parent_record())
            alias = find_by_id(self.get_queryset(), pk)
            if alias is None:
                raise Http404
            alias.delete()
            record.mark()
        self.mark_response(record.pk)
        return Response(status=204)
