"""The history of what people change: who, when, and what it was then; what the loader writes has the ledger instead.

A record that people changed keeps what the loader made of it too: before their first change, and after each load.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any

from django.db import models
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

LOADER = "loader"
"""Why a row of history is there that no person's change left: it is how the loader left the record."""

_by_machine: ContextVar[bool] = ContextVar("by_machine", default=False)


@contextmanager
def by_machine() -> Iterator[None]:
    """Whatever is written inside is the loader's: of what no person changed there is no history.

    Its bulk writes see to what follows from them.
    """
    token = _by_machine.set(True)
    try:
        yield
    finally:
        _by_machine.reset(token)


def is_by_machine() -> bool:
    return _by_machine.get()


class Signed(models.Model):
    """A row of history that keeps the user's name, which outlives the user."""

    history_username = models.CharField(_("user"), max_length=150, blank=True, editable=False)

    class Meta:
        abstract = True


class History(HistoricalRecords):  # type: ignore[misc] # simple-history has no types
    """A row for every save and delete by a person, and how the loader left what people change."""

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=[Signed], **options)

    def finalize(self, sender: Any, **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            pre_save.connect(self.before_save, sender=sender, weak=False)

    def before_save(self, instance: models.Model, raw: bool = False, **_kwargs: Any) -> None:
        """Keep what the loader had made of a record that a person changes for the first time."""
        if raw or is_by_machine() or instance._state.adding or self._is_kept(instance):
            return
        if stored := type(instance)._base_manager.filter(pk=instance.pk).first():
            self._keep_as_loaded(stored, "+")

    def post_save(self, instance: models.Model, created: bool, **kwargs: Any) -> None:
        if not is_by_machine():
            super().post_save(instance, created, **kwargs)
        elif not created and self._is_kept(instance):
            self._keep_as_loaded(copy(instance), "~")

    def post_delete(self, instance: models.Model, **kwargs: Any) -> None:
        if not is_by_machine():
            super().post_delete(instance, **kwargs)

    def _is_kept(self, instance: models.Model) -> bool:
        return bool(getattr(instance, self.manager_name).exists())

    def _keep_as_loaded(self, stored: Any, kind: str) -> None:
        """Put a row of nobody's into the history of a record."""
        stored._history_user, stored._change_reason = None, LOADER
        if moment := getattr(stored, "updated_at", None):
            stored._history_date = moment
        self.create_historical_record(stored, kind)


@receiver(pre_create_historical_record)
def _sign(history_instance: Any, history_user: Any, **_kwargs: Any) -> None:
    history_instance.history_username = history_user.get_username() if history_user else ""
