"""Fields that accept only values of their own JSON type; DRF's accept 1 as text and "yes" as true."""

import re
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# Tabs and ends of lines are text; the others are invisible, and XML cannot hold them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class StrictCharField(serializers.CharField):
    """A text, without control characters besides tabs and ends of lines."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if found := _CONTROL.search(data):
            raise serializers.ValidationError(f"Control characters are not allowed: U+{ord(found[0]):04X}.")
        return super().to_internal_value(data)


_NAME = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 100, "pattern": _NAME})
class RecordNameField(StrictCharField):
    """The name of a record, which must not be blank."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, **options)


class StrictIntegerField(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        # JSON has one number type: 7.0 is as whole as 7.
        is_whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if isinstance(data, bool) or not is_whole:
            self.fail("invalid")
        return super().to_internal_value(int(data))


class _StrictBooleanField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


OF_MODELS = {
    models.CharField: StrictCharField,
    models.TextField: StrictCharField,
    models.BooleanField: _StrictBooleanField,
}
