"""The audit: every row of every history in the order of time, with what changed in it, and who signed in."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from simple_history.models import registered_models

from articles.models.history import FOUND, LOADER, Way

AuditEntry = dict[str, Any]

AUDIT_COLUMNS = ["time", "user", "way", "model", "id", "action", "changes", "detail"]
_ACTIONS = {"+": "created", "~": "changed", "-": "deleted"}
_BY_NOBODY = {LOADER: "as loaded", FOUND: "as found"}
# What every change changes, and tells nothing.
_SILENT = frozenset({"updated_at", "version"})
# Rows that are looked up together with those before them.
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which part of the audit is asked for; the rows of a user are those of the name, also of one who is gone."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    user: str | None = None

    def of(self, rows: Any, time: str, user: str) -> Any:
        """The wanted ones of some rows, by the names of their columns, in the order of time."""
        if self.since:
            rows = rows.filter(**{f"{time}__gte": self.since})
        if self.until:
            rows = rows.filter(**{f"{time}__lt": self.until})
        if self.user is not None:
            rows = rows.filter(**{user: self.user})
        return rows.order_by(time, "pk")


def audit_entries(wanted: AuditFilter) -> Iterator[AuditEntry]:
    """The audit as it is asked for, the oldest first, of however many rows in the same memory."""
    streams = [_of_model(model, wanted) for model in _models()]
    streams += [_sign_ins(wanted), _sign_outs(wanted), _refusals(wanted)]
    return heapq.merge(*streams, key=lambda entry: entry["time"])


def _models() -> list[type[models.Model]]:
    """All models that keep a history, in one order."""
    return sorted(registered_models.values(), key=lambda model: model._meta.label)


def _of_model(model: Any, wanted: AuditFilter) -> Iterator[AuditEntry]:
    history = model.history.model
    pk = model._meta.pk.attname
    earlier = history.objects.filter(
        Q(history_date__lt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id")),
        **{pk: OuterRef(pk)},
    ).order_by("-history_date", "-history_id")
    rows = wanted.of(history.objects.all(), "history_date", "history_username")
    rows = rows.annotate(before=Subquery(earlier.values("history_id")[:1]))
    for chunk in _chunks(rows):
        before = history.objects.in_bulk([row.before for row in chunk if row.before])
        for row in chunk:
            entry = _entry(model, row, before.get(row.before))
            # Somebody pressed Save and changed nothing.
            if entry["action"] != "changed" or entry["changes"] or entry["detail"]:
                yield entry


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    waiting = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk


def _entry(model: Any, row: Any, before: Any) -> AuditEntry:
    reason = row.history_change_reason or ""
    return {
        "time": row.history_date,
        "user": row.history_username or None,
        "way": row.history_way or None,
        "model": model._meta.model_name,
        "id": getattr(row, model._meta.pk.attname),
        "action": _BY_NOBODY.get(reason) or _ACTIONS[row.history_type],
        "changes": list(_changes(row, before)) if row.history_type == "~" and before else [],
        "detail": "" if reason in _BY_NOBODY else reason,
    }


def _changes(row: Any, before: Any) -> Iterator[dict[str, Any]]:
    """The fields that a row has otherwise than the one before it, those of ours among them: rights, a password."""
    bookkeeping = {"id", *_SILENT}
    for field in row._meta.concrete_fields:
        if field.name.startswith("history_") or field.name in bookkeeping:
            continue
        old, new = getattr(before, field.attname), getattr(row, field.attname)
        if old != new:
            yield {"field": field.name, "before": old, "after": new}


def _sign_ins(wanted: AuditFilter) -> Iterator[AuditEntry]:
    rows = wanted.of(AccessLog.objects.all(), "attempt_time", "username")
    return (_sign_in(row, row.attempt_time, "signed in") for row in rows.iterator())


def _sign_outs(wanted: AuditFilter) -> Iterator[AuditEntry]:
    rows = wanted.of(AccessLog.objects.exclude(logout_time=None), "logout_time", "username")
    return (_sign_in(row, row.logout_time, "signed out") for row in rows.iterator())


def _refusals(wanted: AuditFilter) -> Iterator[AuditEntry]:
    """Attempts that failed; the name is what was typed, be there such a user or not."""
    rows = wanted.of(AccessFailureLog.objects.all(), "attempt_time", "username")
    return (
        _sign_in(row, row.attempt_time, "locked out" if row.locked_out else "not signed in")
        for row in rows.iterator()
    )


def _sign_in(row: Any, time: dt.datetime, action: str) -> AuditEntry:
    address = f"from {row.ip_address}" if row.ip_address else ""
    entry: AuditEntry = {
        "time": time,
        "user": row.username,
        "way": Way.ADMIN.value,
        "model": "session",
        "id": None,
    }
    return entry | {"action": action, "changes": [], "detail": address}
