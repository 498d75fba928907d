"""Helpers of the pages on which editors decide about two records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from articles.models.merge import MODELS
from articles.models.place import ABOVE

# The relations that the pages about two records show.
RELATED: dict[str, tuple[str, ...]] = {
    "reporter": (),
    "place": (ABOVE[-1],),
    "organization": (f"seat__{ABOVE[-1]}",),
}


def get_record(request: HttpRequest, kind: str, pk: int, right: str = "add_merge") -> Any:
    """A record of a kind, if there is one (else 404) and the user may see it and has the right (else 403)."""
    if kind not in MODELS:
        raise Http404
    if not may_view(request, kind):
        raise PermissionDenied
    if right:
        require_permission(request, right)
    records = MODELS[kind].objects.select_related("merged_into", *RELATED[kind])
    try:
        found = records.filter(pk=pk).first()
    except OverflowError:
        found = None
    if found is None:
        raise Http404
    return found


def require_permission(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(f"articles.{right}"):
        raise PermissionDenied


def may_view(request: HttpRequest, kind: str) -> bool:
    return admin.site.get_model_admin(MODELS[kind]).has_view_permission(request)


def count_appearances(kind: str, records: list[Any]) -> None:
    admin.site.get_model_admin(MODELS[kind]).count(records)  # type: ignore[attr-defined] # a RecordAdmin


def render_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/records/{name}.html", context)


def record_page_url(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_change", args=[record.pk])


def redirect_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Redirect to the page that the form was sent from, if it is ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if is_ours else otherwise)
