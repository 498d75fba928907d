"""Redirects a client that asks for a record which was merged into another one."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from articles.models import Place
from articles.models.fields import is_row_id


class RecordMovedError(Exception):
    """The requested record was merged into another one, the `target`."""

    def __init__(self, target: Model) -> None:
        super().__init__(f"merged into {target.pk}")
        self.target = target


class _TemporaryRedirect(HttpResponseRedirect):
    """307: the same request at another address; temporary, as a merge can be undone."""

    status_code = 307


def target_of_merge(model: Any, id_or_code: str) -> Any:
    """The record that the merged record of an id, or of a place's official code, is merged into; None if there is none."""
    rows = model._default_manager.exclude(merged_into=None).select_related("merged_into")
    if model is Place:
        merged = rows.by_id_or_code(id_or_code)
    else:
        merged = rows.filter(pk=id_or_code).first() if is_row_id(id_or_code) else None
    return merged and merged.merged_into


def redirect_to_target(request: HttpRequest, target: Model, argument: str) -> HttpResponseRedirect:
    """The redirect to the same address of the target, with the same query; `argument` is that of the route with the id."""
    route: Any = request.resolver_match
    path = reverse(route.view_name, kwargs={**route.kwargs, argument: target.pk})
    query = request.META.get("QUERY_STRING", "")
    return _TemporaryRedirect(request.build_absolute_uri(f"{path}?{query}" if query else path))
