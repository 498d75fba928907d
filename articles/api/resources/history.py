"""The history of a record, for the newsroom: who changed which field when, and its earlier value."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

# Changes in a response, the newest first.
_SHOWN = 100
# The types of values that JSON has; others are given as text.
_JSON = (str, int, float, bool, list, dict, type(None))
_TYPES = {"+": "created", "~": "changed", "-": "deleted"}


@extend_schema_field({"description": "A value of any type."})
class _ValueField(serializers.JSONField):
    """A value of any type; null is one of them."""


class FieldChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    before = _ValueField()
    after = _ValueField()


class ChangeSerializer(serializers.Serializer[Any]):
    """One change; `user` is null if it was made on the command line or by the loader."""

    at = serializers.DateTimeField()
    user = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(choices=sorted(_TYPES.values()))
    changes = FieldChangeSerializer(many=True)


class HistoryMixin:
    """Adds the action `history` to a resource whose model has one."""

    @extend_schema(responses=ChangeSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self: Any, request: Request, pk: str) -> Response:
        """What people and the loader changed, the newest first, 100 at most."""
        record = self.get_object()
        rows = list(record.history.order_by("-history_date", "-history_id")[: _SHOWN + 1])
        return Response(ChangeSerializer(list(_changes(rows))[:_SHOWN], many=True).data)


def _changes(rows: list[Any]) -> Iterator[dict[str, Any]]:
    for newer, older in zip_longest(rows, rows[1:]):
        yield {
            "at": newer.history_date,
            "user": newer.history_username or None,
            "type": _TYPES[newer.history_type],
            "changes": list(_fields(newer, older)) if older else [],
        }


def _fields(newer: Any, older: Any) -> Iterator[dict[str, Any]]:
    for change in newer.diff_against(older, foreign_keys_are_objs=False).changes:
        if change.field not in {"updated_at", "version"}:
            both = (change.old, change.new)
            before, after = (value if isinstance(value, _JSON) else str(value) for value in both)
            yield {"field": change.field, "before": before, "after": after}
