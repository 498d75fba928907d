"""The pages of a record's history: its events, how any two versions differ, and restoring a version."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _

from articles.admin.display import RecordViews
from articles.editing.reverting import revert
from articles.models import Article
from articles.models.fields import is_id
from articles.row_lock import lock_row

from .history_timeline import HistoryPage, author_name, get_history_page
from .version_diff import compare_versions


class HistoryPages(RecordViews):
    """Shows the versions of a record in place of Django's log, compares them and restores them.

    Its style sheet is also that of conflicts and of who else has a record open.
    """

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["articles/history.css"]})

    def get_urls(self) -> list[URLPattern]:
        return [self.record_path("history/<int:version>/", self.revert_view, "revert"), *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The events, the newest first; above them how a version differs from the one before, or any two do."""
        record = self.get_record(request, object_id, "view_or_change")
        shown = get_history_page(record, _parse_time(request.GET.get("before", "")))
        older, newer = self._chosen_versions(request, record, shown)
        return self._render(
            request,
            "history",
            _("History: %s") % record,
            record,
            timeline=shown,
            newest=None
            if "before" in request.GET
            else next((event.version for event in shown.events if event.version), None),
            older=older,
            newer=newer,
            older_by=author_name(older) if older else "",
            newer_by=author_name(newer) if newer else "",
            differences=compare_versions(self.model, older, newer) if older and newer else [],
            may_revert=self.has_change_permission(request, record),
            **(extra_context or {}),
        )

    def revert_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Show what restoring a version changes, and by POST restore it."""
        with transaction.atomic():
            record = self.get_record(request, object_id, "change")
            wanted = record.history.filter(history_id=version).exclude(history_type="-").first()
            if wanted is None:
                raise Http404
            if request.method == "POST":
                return self._revert(request, record, wanted)
        return self._render(
            request,
            "revert",
            _("Restore a version"),
            record,
            version=wanted,
            by=author_name(wanted),
            differences=compare_versions(self.model, record, wanted),
            form_state=_newest_id(record),
        )

    def _revert(self, request: HttpRequest, record: Any, version: Any) -> HttpResponse:
        """Restore a version, unless the record was changed since the question was asked."""
        record = lock_row(record)
        if request.POST.get("form_state") != str(_newest_id(record)):
            messages.warning(request, _("It was changed meanwhile: look at what restoring would change now."))
            return HttpResponseRedirect(request.path)
        try:
            with transaction.atomic():
                may_publish = request.user.has_perm("articles.publish_article")
                notes = revert(record, version, may_publish=may_publish)
        except ValidationError as error:
            messages.error(request, _("Not restored: %s") % " ".join(error.messages))
        else:
            at = date_format(localtime(version.history_date), "DATETIME_FORMAT")
            messages.success(request, " ".join([_("Restored as of %s.") % at, *notes]))
        return HttpResponseRedirect(self.record_url("history", record))

    def _chosen_versions(self, request: HttpRequest, record: Any, shown: HistoryPage) -> tuple[Any, Any]:
        """The versions to compare, the older first: those of the request, else the newest of the page."""
        ids = [request.GET.get(name, "") for name in ("older", "newer")]
        if all(map(is_id, ids)):
            rows = record.history.filter(history_id__in=ids).select_related("history_user")
            found = list(rows.order_by("history_date", "history_id"))
            if len(found) == len(ids):
                return found[0], found[1]
        newest = next((event for event in shown.events if event.before), None)
        return (newest.before, newest.version) if newest else (None, None)

    def _render(
        self, request: HttpRequest, name: str, title: str, record: Any, **context: Any
    ) -> HttpResponse:
        return self.render_page(
            request,
            f"admin/history/{name}.html",
            title,
            object=record,
            is_article=isinstance(record, Article),
            change_url=self.record_url("change", record),
            history_url=self.record_url("history", record),
            **context,
        )


def _newest_id(record: Any) -> int:
    """The id of the last row of a record's history; 0 without a history."""
    return record.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def _parse_time(text: str) -> dt.datetime | None:
    """A time with its zone; None for any other text."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return None if moment is None or is_naive(moment) else moment
