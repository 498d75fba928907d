"""Filters of the files of loads."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import LoadFile


class StillRejected(admin.SimpleListFilter):
    """The files that were rejected when they were last loaded: one that was loaded after all waits no longer."""

    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("rejected", _("rejected, and not loaded since"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LoadFile]) -> QuerySet[LoadFile]:
        if self.value() != "rejected":
            return queryset
        return queryset.filter(pk__in=LoadFile.objects.failed().order_by().values("pk"))
