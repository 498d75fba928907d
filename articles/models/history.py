"""The history of what people change: who, when, and what it was then; what the loader writes has the ledger instead.

A record that people changed keeps what the loader made of it too: before their first change, and after each load.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

LOADER = "loader"
"""The reason of a row of history that holds what a load made of a record."""

FOUND = "found"
"""The reason of a row of history that holds a record that no load made, as it was before its first change."""

_by_machine: ContextVar[bool] = ContextVar("by_machine", default=False)


@contextmanager
def by_machine() -> Iterator[None]:
    """Mark all writes inside as those of the loader: records that no person changed get no history.

    The loader itself refreshes what is derived from its writes.
    """
    token = _by_machine.set(True)
    try:
        yield
    finally:
        _by_machine.reset(token)


def is_by_machine() -> bool:
    return _by_machine.get()


class Way(models.TextChoices):
    """The channel of a change."""

    ADMIN = "admin", _("the admin")
    API = "api", _("the API")
    COMMAND = "command", _("the command line")
    LOADER = "loader", _("the loader")


class Signed(models.Model):
    """A row of history with the name of the user, which outlives the user, and the channel of the change."""

    history_username = models.CharField(_("user"), max_length=150, blank=True, editable=False)
    history_way = models.CharField(_("way"), max_length=10, choices=Way, blank=True, editable=False)

    class Meta:
        abstract = True


_HISTORIES: dict[type[models.Model], History] = {}


def history_of(model: type[models.Model]) -> History:
    """The history of a model; `KeyError` if it has none."""
    return _HISTORIES[model]


class _Manager(HistoryManager):  # type: ignore[misc] # simple-history has no types
    """A manager whose class is created once; simple-history creates one at every access, so at every save."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):  # type: ignore[misc] # simple-history has no types
    """Records every save and delete by a person, and what loads made of records that people change."""

    def __init__(self, *, signed: type[Signed] = Signed, as_found: str = LOADER, **options: Any) -> None:
        super().__init__(bases=[signed], history_manager=_Manager, **options)
        self.as_found = as_found

    def finalize(self, sender: Any, **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            _HISTORIES[sender] = self
            pre_save.connect(self.before_save, sender=sender, weak=False)

    def before_save(self, instance: models.Model, raw: bool = False, **_kwargs: Any) -> None:
        """Record what a load made of a record before a person changes it for the first time."""
        if not (raw or is_by_machine() or instance._state.adding):
            self.record_original_once(instance)

    def record_original_once(self, instance: models.Model) -> None:
        """Record the stored record as it is before its first change, if it has no history."""
        if self.has_history(instance):
            return
        if stored := type(instance)._base_manager.filter(pk=instance.pk).first():
            self._record_without_user(stored, "+", self.as_found)

    def record_originals(self, instances: Sequence[models.Model]) -> None:
        """Record stored records as they are before a person changes them for the first time, those without history."""
        rows = getattr(self.cls, self.manager_name).filter(id__in=[one.pk for one in instances])
        known = set(rows.values_list("id", flat=True))
        for instance in instances:
            if instance.pk not in known:
                self._record_without_user(copy(instance), "+", self.as_found)

    def note(self, instance: models.Model, what: str) -> None:
        """Record an action that did not change the record."""
        noted: Any = copy(instance)
        noted._change_reason = what
        self.create_historical_record(noted, "~")

    def post_save(self, instance: models.Model, created: bool, **kwargs: Any) -> None:
        if not is_by_machine():
            super().post_save(instance, created, **kwargs)
        elif not created and self.has_history(instance):
            self._record_without_user(copy(instance), "~", LOADER)

    def post_delete(self, instance: models.Model, **kwargs: Any) -> None:
        if not is_by_machine():
            super().post_delete(instance, **kwargs)

    def record_deletion_by_load(self, instance: models.Model) -> None:
        """Record that a load deletes a record on which a person decided."""
        gone: Any = copy(instance)
        gone._history_user, gone._change_reason = None, LOADER
        self.create_historical_record(gone, "-")

    def has_history(self, instance: models.Model) -> bool:
        return bool(getattr(instance, self.manager_name).exists())

    def _record_without_user(self, stored: Any, kind: str, reason: str) -> None:
        """Add a row without a user to the history of a record."""
        stored._history_user, stored._change_reason = None, reason
        if moment := getattr(stored, "updated_at", None):
            stored._history_date = moment
        self.create_historical_record(stored, kind)


@receiver(pre_create_historical_record)
def _sign(history_instance: Any, history_user: Any, history_change_reason: Any, **_kwargs: Any) -> None:
    history_instance.history_username = history_user.get_username() if history_user else ""
    if history_change_reason not in {LOADER, FOUND}:
        history_instance.history_way = _way()
    elif history_change_reason == LOADER:
        history_instance.history_way = Way.LOADER
    if getattr(history_user, "is_leaving", False):
        # Users who delete their own account cannot be referred to any more, only named.
        history_instance.history_user = None


def _way() -> str:
    """The channel of the current change."""
    request = getattr(HistoricalRecords.context, "request", None)
    if request is None:
        return Way.COMMAND
    return Way.API if request.path_info.startswith(settings.NEWSROOM_API_PATH) else Way.ADMIN


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def _note_leaving(instance: Any, **_kwargs: Any) -> None:
    request = getattr(HistoricalRecords.context, "request", None)
    if request is not None and getattr(request.user, "pk", None) == instance.pk:
        request.user.is_leaving = True
