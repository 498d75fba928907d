"""Addresses of records in the API."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse


def record_url(kind: str, pk: object, context: Mapping[str, Any]) -> str:
    """The address of a record in the API; a path only if the context has no request.

    `kind` is the name of its model, as `article`. DRF's own `reverse` is no use: it repeats the `?format=` of the
    request in every address that it makes.
    """
    path = reverse(f"{kind}-detail", args=[pk])
    request = context.get("request")
    return request.build_absolute_uri(path) if request else path
