"""The trash in the admin: deleting moves there, and from there records are restored or deleted for good."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.api.http.conditional_requests import state_of
from articles.row_lock import lock_row

from .display import RecordViews

_REFUSALS = 5  # that are shown one by one


class TrashAdmin(RecordViews):
    """The trash of a model, by functions that raise `ValidationError` when they refuse."""

    is_trashed: Callable[[Any], bool]
    move_to_trash: Callable[[Any], None]
    restore_record: Callable[[Any], None]
    delete_record: Callable[[Any], None]
    trash_template: str  # that asks about one record
    trash_query: tuple[str, str]  # the parameter of the list, and its value, that show the trash
    # Why a record in the trash cannot be deleted for good; empty if it can be asked for.
    refusal_to_delete: Callable[[Any], str] = staticmethod(lambda _record: "")
    leaves_page = False  # after one is moved to the trash, for its list
    trash_actions: tuple[str, ...] = ("restore_selected",)  # which only a list of the trash has

    def trash_context(self, record: Any) -> dict[str, Any]:
        """What the template of the question shows of a record."""
        return {}

    def get_urls(self) -> list[URLPattern]:
        return [self.record_path("restore/", self.restore_view, "restore"), *super().get_urls()]

    # --- One record --------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask, then move to the trash; delete for good what is in the trash already."""
        record = self.get_record(request, object_id, "delete")
        if request.method == "POST":
            with transaction.atomic():
                return self._delete(request, lock_row(record))
        if self.is_trashed(record) and (refusal := self.refusal_to_delete(record)):
            messages.warning(request, refusal)
            return HttpResponseRedirect(self.record_url("change", record))
        title = _("Delete for good") if self.is_trashed(record) else _("Move to the trash")
        context = {
            "record": record,
            "form_state": state_of(record),
            **self.trash_context(record),
        }
        return self.render_page(
            request, self.trash_template, title, is_trashed=self.is_trashed(record), **context
        )

    def _delete(self, request: HttpRequest, record: Any) -> HttpResponse:
        state = state_of(record)
        if request.POST.get("form_state", state) != state:
            messages.warning(request, _("It was changed meanwhile: look at it again before you delete it."))
            return HttpResponseRedirect(request.get_full_path())
        page, is_trashed = self.record_url("change", record), self.is_trashed(record)
        done = _("“%(record)s” was deleted for good.") if is_trashed else _("“%(record)s” is in the trash.")
        done %= {"record": record}
        if self._do_with_ids(request, [record.pk], self.delete_record if is_trashed else self.move_to_trash):
            messages.success(request, done)
            if is_trashed or self.leaves_page:
                page = reverse(
                    f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist"
                )
        return HttpResponseRedirect(page)

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a record out of the trash, by POST."""
        record = self.get_record(request, object_id, "delete")
        if request.method != "POST":
            raise PermissionDenied
        if self._do_with_ids(request, [record.pk], self.restore_record):
            messages.success(request, _("“%(record)s” was restored.") % {"record": record})
        return HttpResponseRedirect(self.record_url("change", record))

    # --- Many records ------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """In the trash records are restored and exported; elsewhere they are trashed, never deleted for good."""
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" not in (self.actions or []):
            actions.pop("delete_selected", None)
        name, value = self.trash_query
        if value in request.GET.getlist(name):
            return {
                name: action
                for name, action in actions.items()
                if name in self.trash_actions or name.startswith("export")
            }
        return {name: action for name, action in actions.items() if name not in self.trash_actions}

    @admin.action(
        description=gettext_lazy("Move the chosen %(verbose_name_plural)s to the trash"),
        permissions=["delete"],
    )
    def trash_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do_with_rows(request, queryset, self.move_to_trash, _("In the trash now: %(count)s."))

    @admin.action(
        description=gettext_lazy("Restore the chosen %(verbose_name_plural)s"), permissions=["delete"]
    )
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do_with_rows(request, queryset, self.restore_record, _("Restored: %(count)s."))

    def do_with_rows(
        self, request: HttpRequest, queryset: QuerySet[Any], do: Callable[[Any], None], done: str
    ) -> None:
        """Do something with each record of a list, and say with how many."""
        ids = list(queryset.order_by().values_list("pk", flat=True))
        if count := self._do_with_ids(request, ids, do):
            messages.success(request, done % {"count": count})

    def _do_with_ids(self, request: HttpRequest, ids: Iterable[int], do: Callable[[Any], None]) -> int:
        """Do something with each record; say what was in the way. Returns with how many it was done."""
        done, refusals = 0, []
        with transaction.atomic():
            for record in self._lock(ids):
                try:
                    do(record)
                except ValidationError as error:
                    refusals += error.messages
                else:
                    done += 1
        for refusal in refusals[:_REFUSALS]:
            messages.error(request, refusal)
        if len(refusals) > _REFUSALS:
            more = len(refusals) - _REFUSALS
            messages.error(request, _("%(count)s more could not be done.") % {"count": more})
        return done

    def _lock(self, ids: Iterable[int]) -> QuerySet[Any]:
        """The records, locked by id so that two users who choose the same do not wait for each other."""
        rows: QuerySet[Any] = self.model._default_manager.select_for_update()
        return rows.filter(pk__in=list(ids)).order_by("pk")
