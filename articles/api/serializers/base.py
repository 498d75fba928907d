"""Base classes of read-only serializers: full, brief, or with the requested fields."""

import datetime as dt
from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.links import record_url


class ReadOnlySerializer(serializers.ModelSerializer[Any]):
    """A record of which all fields are read-only."""

    def get_extra_kwargs(self) -> dict[str, Any]:
        return {name: {"read_only": True} for name in self.Meta.fields}


class BriefSerializer(ReadOnlySerializer):
    """A record of a few columns, copied without DRF's fields, as lists have dozens of them."""

    @classmethod
    def of(cls, record: Model) -> dict[str, Any]:
        values = ((name, getattr(record, name)) for name in cls.Meta.fields)
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values}

    def to_representation(self, instance: Model) -> dict[str, Any]:
        return self.of(instance)


class SparseSerializer(ReadOnlySerializer):
    """A record of which the client may request only some fields; the id is always there."""

    url = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        wanted = self.context.get("fields")
        is_outermost = self.parent is None or self.parent.parent is None
        return {name: fields[name] for name in ("id", *wanted)} if wanted and is_outermost else fields

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, record: Model) -> str:
        """The address of the record in this API."""
        return record_url(record._meta.model_name or "", record.pk, self.context)
