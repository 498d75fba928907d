"""Who else has the page of a record open: said on the page, and kept up to date while it is looked at."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from articles.admin.display import ModelAdmin
from articles.models import Presence
from articles.models.fields import is_id


class PresenceAdmin(ModelAdmin):
    """Tells on the change page who else is editing the record, and tells others of this user."""

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["articles/history.css"]}, js=["articles/presence.js"])

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_presence"
        view = self.admin_site.admin_view(self.presence_view)
        return [path("<path:object_id>/presence/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        record = options.get("obj")
        if record is not None and options.get("change"):
            name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_presence"
            context["presence"] = Presence.objects.others(record, request.user)
            context["presence_url"] = reverse(name, args=[record.pk])
        return super().render_change_form(request, context, *args, **options)

    def presence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A sign of life of whoever has the page open; answers who else is there. `left` says good-bye."""
        pk = unquote(object_id)
        if request.method != "POST" or not is_id(pk):
            raise Http404
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        record = self.model(pk=int(pk))
        if "left" in request.POST:
            Presence.objects.leave(record, request.user)
            return HttpResponse(status=204)
        Presence.objects.see(record, request.user)
        others = Presence.objects.others(record, request.user)
        return render(request, "admin/conflicts/others.html", {"presence": others})
