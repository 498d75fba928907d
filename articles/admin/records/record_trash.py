"""The trash of records: deleting shows where a record is used, and keeps it until it can be deleted for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.article.mention_admin import newest_mentions
from articles.admin.display import ModelAdmin
from articles.admin.lists.record_filters import TRASH
from articles.editing.record_trash import delete_for_good, mentions_of, restore, trash, uses
from articles.models import Reporter

_REFUSALS = 5  # that are told one by one


class RecordTrash(ModelAdmin):
    """What is deleted goes to the trash, from where it is restored; for good goes only what nothing names."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [path("<path:object_id>/restore/", view, name=name), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is in the trash is restored before anything is changed in it."""
        return super().has_change_permission(request, obj) and not (obj and obj.trashed_at)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show where a record is used, and move it to the trash; out of there, delete it for good."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_delete_permission(request, record):
            raise PermissionDenied
        if request.method == "POST":
            return self._delete(request, record)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delete for good") if record.trashed_at else _("Move to the trash"),
            "opts": self.opts,
            "media": self.media,
            "record": record,
            "uses": uses(record),
            "mentions": None if isinstance(record, Reporter) else newest_mentions(mentions_of(record)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/records/delete.html", context)

    def _delete(self, request: HttpRequest, record: Any) -> HttpResponse:
        was_trashed, pk, name = record.trashed_at, record.pk, str(record)
        try:
            (delete_for_good if was_trashed else trash)(record)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(self._page(pk))
        if was_trashed:
            messages.success(request, _("“%(record)s” was deleted for good.") % {"record": name})
            return HttpResponseRedirect(self._list())
        messages.success(request, _("“%(record)s” is in the trash.") % {"record": name})
        return HttpResponseRedirect(self._page(pk))

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a record out of the trash, by POST."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if request.method != "POST" or not self.has_delete_permission(request, record):
            raise PermissionDenied
        if self._each(request, [record], restore):
            messages.success(request, _("“%(record)s” was restored.") % {"record": record})
        return HttpResponseRedirect(self._page(record.pk))

    # --- Many at once ------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """In the trash records are restored, elsewhere they are trashed; nothing deletes many at once."""
        actions: dict[str, Any] = super().get_actions(request)
        left_out = {
            "delete_selected",
            "trash_selected" if request.GET.get("state") == TRASH else "restore_selected",
        }
        return {name: action for name, action in actions.items() if name not in left_out}

    @admin.action(description=gettext_lazy("Move the chosen to the trash"), permissions=["delete"])
    def trash_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        if count := self._each(request, queryset, trash):
            told = ngettext("%(count)s record is in the trash.", "%(count)s records are in the trash.", count)
            messages.success(request, told % {"count": count})

    @admin.action(description=gettext_lazy("Restore the chosen"), permissions=["delete"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        if count := self._each(request, queryset, restore):
            told = ngettext("%(count)s record was restored.", "%(count)s records were restored.", count)
            messages.success(request, told % {"count": count})

    actions = [trash_selected, restore_selected]

    def _each(self, request: HttpRequest, records: Iterable[Any], do: Callable[[Any], None]) -> int:
        """Do something with each record, and say what was in the way of those that it could not be done with."""
        done, refusals = 0, []
        for record in records:
            try:
                do(record)
            except ValidationError as error:
                refusals += error.messages
            else:
                done += 1
        for refusal in refusals[:_REFUSALS]:
            messages.error(request, refusal)
        if more := len(refusals) - _REFUSALS if len(refusals) > _REFUSALS else 0:
            messages.error(request, _("%(count)s more could not be done.") % {"count": more})
        return done

    def _page(self, pk: int) -> str:
        return reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk]
        )

    def _list(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")
