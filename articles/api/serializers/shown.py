"""How records are shown: all columns, a few, or those that the client asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

Json = dict[str, Any]


class Shown(serializers.ModelSerializer[Any]):
    """A record as it is shown: all of its fields are there, whatever a form would let out."""

    def get_extra_kwargs(self) -> Json:
        return {name: {"read_only": True} for name in self.Meta.fields}


class Brief(Shown):
    """A record of a few columns, which lists show by the dozen: they are taken as they are."""

    @classmethod
    def of(cls, record: Model) -> Json:
        values = ((name, getattr(record, name)) for name in cls.Meta.fields)
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values}

    def to_representation(self, instance: Model) -> Json:
        return self.of(instance)


class Sparse(Shown):
    """A record of which the client may ask for some fields only; the id is always there."""

    url = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        wanted = self.context.get("fields")
        return {name: fields[name] for name in ("id", *wanted)} if wanted and self._is_outermost() else fields

    def _is_outermost(self) -> bool:
        return self.parent is None or self.parent.parent is None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, record: Model) -> str:
        """The address of the record in this API."""
        return address(record, self.context)


def address(record: Model, context: Mapping[str, Any]) -> str:
    # Not by DRF's reverse, which gives every address the ?format= of the request.
    path = reverse(f"{record._meta.model_name}-detail", args=[record.pk])
    request = context.get("request")
    return request.build_absolute_uri(path) if request else path
