"""The history of a record: what happened, how any two versions differ, and the way back to each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _

from articles.admin.display import ModelAdmin
from articles.models import Article

from .history_timeline import HistoryPage, author_name, get_history_page
from .reverting import revert
from .version_fields import compare_versions

# An id of history has fewer; what a database cannot keep is not asked for.
_DIGITS = 18


class HistoryPages(ModelAdmin):
    """Shows the versions of a record in place of Django's log, compares them and restores them."""

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["articles/history.css"]})

    def get_urls(self) -> list[URLPattern]:
        info = self.opts.app_label, self.opts.model_name
        view = self.admin_site.admin_view(self.revert_view)
        return [
            path("<path:object_id>/history/<int:version>/", view, name="{}_{}_revert".format(*info)),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened, the newest first, above it how a version differs from the one before, or any two do."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        shown = get_history_page(record, _moment(request.GET.get("before", "")))
        older, newer = self._two(request, record, shown)
        context = {
            **self._context(request, record, _("History: %s") % record),
            "timeline": shown,
            "newest": None if "before" in request.GET else next(iter(shown.versions), None),
            "older": older,
            "newer": newer,
            "older_by": author_name(older) if older else "",
            "newer_by": author_name(newer) if newer else "",
            "differences": compare_versions(self.model, older, newer) if older and newer else [],
            "may_revert": self.has_change_permission(request, record),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history/history.html", context)

    def revert_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Ask whether a record shall be again what it was, with what that changes, and do it."""
        with transaction.atomic():
            record = self.get_object(request, unquote(object_id))
            if record is None:
                raise Http404
            if not self.has_change_permission(request, record):
                raise PermissionDenied
            wanted = record.history.filter(history_id=version).exclude(history_type="-").first()
            if wanted is None:
                raise Http404
            if request.method == "POST":
                return self._revert(request, record, wanted)
        context = {
            **self._context(request, record, _("Restore a version")),
            "version": wanted,
            "by": author_name(wanted),
            "differences": compare_versions(self.model, record, wanted),
            "seen": _newest(record),
        }
        return TemplateResponse(request, "admin/history/revert.html", context)

    def _revert(self, request: HttpRequest, record: Any, version: Any) -> HttpResponse:
        """Restore a version of what is locked, unless it changed since the question was asked."""
        record = self.model._base_manager.select_for_update().get(pk=record.pk)
        if request.POST.get("seen") != str(_newest(record)):
            messages.warning(request, _("It was changed meanwhile: look at what restoring would change now."))
            return HttpResponseRedirect(request.path)
        try:
            with transaction.atomic():
                may_publish = request.user.has_perm("articles.publish_article")
                left = revert(record, version, may_publish=may_publish)
        except ValidationError as error:
            messages.error(request, _("Not restored: %s") % " ".join(error.messages))
        else:
            at = date_format(localtime(version.history_date), "DATETIME_FORMAT")
            messages.success(request, " ".join([_("Restored as of %s.") % at, *left]))
        return HttpResponseRedirect(self._url("history", record))

    def _two(self, request: HttpRequest, record: Any, shown: HistoryPage) -> tuple[Any, Any]:
        """The versions to compare, the older first: those that are asked for, else the newest of the page."""
        ids = [request.GET.get(name, "") for name in ("older", "newer")]
        if all(text.isascii() and text.isdecimal() and len(text) <= _DIGITS for text in ids):
            rows = record.history.filter(history_id__in=ids).select_related("history_user")
            found = list(rows.order_by("history_date", "history_id"))
            if len(found) == len(ids):
                return found[0], found[1]
        newest = next((event for event in shown.events if event.before), None)
        return (newest.before, newest.version) if newest else (None, None)

    def _context(self, request: HttpRequest, record: Any, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "object": record,
            "opts": self.opts,
            "media": self.media,
            "is_article": isinstance(record, Article),
            "change_url": self._url("change", record),
            "history_url": self._url("history", record),
        }

    def _url(self, view: str, record: Any) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name, args=[record.pk])


def _newest(record: Any) -> int:
    """The id of the last row of a record's history; 0 if nobody changed it."""
    return record.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def _moment(text: str) -> dt.datetime | None:
    """The time at which the page before ended; None for what is no time."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return None if moment is None or is_naive(moment) else moment
