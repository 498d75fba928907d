"""The audit log: all rows of all histories in order of time, with the changed fields, and all logins."""

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.db.models import OuterRef, Q, QuerySet, Subquery
from simple_history.models import registered_models

from articles.models.history import FOUND, LOADER, Way

AuditEntry = dict[str, Any]

AUDIT_COLUMNS = ["time", "user", "way", "model", "id", "action", "changes", "detail"]
_ACTIONS = {"+": "created", "~": "changed", "-": "deleted"}
_WITHOUT_USER = {LOADER: "as loaded", FOUND: "as found"}
# Every change changes these fields.
_BOOKKEEPING = frozenset({"updated_at", "version"})
_CHUNK = 200  # rows whose previous versions are read in one query


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Selects entries by time and user name; deleted users have entries too."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    user: str | None = None

    def apply(self, rows: Any, time: str, user: str) -> Any:
        """Filter rows by the names of their time and user columns, and sort them by time."""
        if self.since:
            rows = rows.filter(**{f"{time}__gte": self.since})
        if self.until:
            rows = rows.filter(**{f"{time}__lt": self.until})
        if self.user is not None:
            rows = rows.filter(**{user: self.user})
        return rows.order_by(time, "pk")


def audit_entries(audit_filter: AuditFilter) -> Iterator[AuditEntry]:
    """The selected entries, the oldest first; memory does not grow with their number."""
    models_in_order = sorted(registered_models.values(), key=lambda model: model._meta.label)
    streams = [_of_model(model, audit_filter) for model in models_in_order]
    streams += [_sign_ins(audit_filter), _sign_outs(audit_filter), _refusals(audit_filter)]
    return heapq.merge(*streams, key=lambda entry: entry["time"])


def _of_model(model: Any, audit_filter: AuditFilter) -> Iterator[AuditEntry]:
    history = model.history.model
    pk = model._meta.pk.attname
    earlier = history.objects.filter(
        Q(history_date__lt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id")),
        **{pk: OuterRef(pk)},
    ).order_by("-history_date", "-history_id")
    rows = audit_filter.apply(history.objects.all(), "history_date", "history_username")
    rows = rows.annotate(before=Subquery(earlier.values("history_id")[:1]))
    for chunk in _chunks(rows):
        before = history.objects.in_bulk([row.before for row in chunk if row.before])
        for row in chunk:
            entry = _entry(model, row, before.get(row.before))
            # A save without changes is left out.
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
        "action": _WITHOUT_USER.get(reason) or _ACTIONS[row.history_type],
        "changes": list(_changes(row, before)) if row.history_type == "~" and before else [],
        "detail": "" if reason in _WITHOUT_USER else reason,
    }


def _changes(row: Any, before: Any) -> Iterator[dict[str, Any]]:
    """The fields that differ from the previous row, among them those that only the history has: rights, password."""
    bookkeeping = {"id", *_BOOKKEEPING}
    for field in row._meta.concrete_fields:
        if field.name.startswith("history_") or field.name in bookkeeping:
            continue
        old, new = getattr(before, field.attname), getattr(row, field.attname)
        if old != new:
            yield {"field": field.name, "before": old, "after": new}


def _sign_ins(audit_filter: AuditFilter) -> Iterator[AuditEntry]:
    rows = audit_filter.apply(AccessLog.objects.all(), "attempt_time", "username")
    return (_sign_in(row, row.attempt_time, "signed in") for row in rows.iterator())


def _sign_outs(audit_filter: AuditFilter) -> Iterator[AuditEntry]:
    rows = audit_filter.apply(AccessLog.objects.exclude(logout_time=None), "logout_time", "username")
    return (_sign_in(row, row.logout_time, "signed out") for row in rows.iterator())


def _refusals(audit_filter: AuditFilter) -> Iterator[AuditEntry]:
    """Failed logins; the user is the name that was typed, whether it exists or not."""
    rows = audit_filter.apply(AccessFailureLog.objects.all(), "attempt_time", "username")
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
