"""The history of what people change: who, when, and what it was then; what the loader writes has the ledger instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

_by_machine: ContextVar[bool] = ContextVar("by_machine", default=False)


@contextmanager
def by_machine() -> Iterator[None]:
    """Whatever is written inside is the loader's: it enters no history, and its bulk writes see to what follows."""
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
    """A row for every save and delete by a person; nothing of what the loader writes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=[Signed], **options)

    def post_save(self, instance: models.Model, created: bool, **kwargs: Any) -> None:
        if not is_by_machine():
            super().post_save(instance, created, **kwargs)

    def post_delete(self, instance: models.Model, **kwargs: Any) -> None:
        if not is_by_machine():
            super().post_delete(instance, **kwargs)


@receiver(pre_create_historical_record)
def _sign(history_instance: Any, history_user: Any, **_kwargs: Any) -> None:
    history_instance.history_username = history_user.get_username() if history_user else ""
