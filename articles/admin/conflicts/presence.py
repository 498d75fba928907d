"""Shows on the page of a record who else has it open, and updates this while the page is open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern

from articles.admin.display import RecordViews
from articles.models import Presence
from articles.models.fields import is_id


class PresenceAdmin(RecordViews):
    """Shows on the change page who else is editing the record, and shows this user to the others."""

    @property
    def media(self) -> Media:
        return super().media + Media(js=["articles/presence.js"])

    def get_urls(self) -> list[URLPattern]:
        return [self.record_path("presence/", self.presence_view, "presence"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        record = options.get("obj")
        if record is not None and options.get("change"):
            context["presence"] = Presence.objects.others(record, request.user)
            context["presence_url"] = self.record_url("presence", record)
        return super().render_change_form(request, context, *args, **options)

    def presence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Store that the user has the page open, or with `left` that it was closed; shows who else has it open."""
        if request.method != "POST" or not is_id(object_id):
            raise Http404
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        record = self.model(pk=int(object_id))
        if "left" in request.POST:
            Presence.objects.leave(record, request.user)
            return HttpResponse(status=204)
        Presence.objects.see(record, request.user)
        others = Presence.objects.others(record, request.user)
        return render(request, "admin/conflicts/others.html", {"presence": others})
