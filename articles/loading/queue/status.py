"""The queue as commands see it: whether there is one, and what workers make of a load."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Count

from articles.loading.loader import FileResult
from articles.loading.sources.files import UsageError
from articles.models import Load
from articles.reading.values import Rejected

# Seconds between looks at what the workers did.
_LOOK = 0.3

_SHOWN = ("pk", "path", "sha256", "outcome", "reason", "detail", "count")

_IS_LEFT = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = %s AND status IN ('todo', 'doing'))::int
"""
_FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status NOT IN ('todo', 'doing')"
# A worker that has been silent for longer is at work no more.
_AT_WORK = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"


def require_queue(asked: str) -> None:
    """`UsageError` if there is no queue: `asked` is what needs one."""
    if connection.vendor != "postgresql":
        raise UsageError(
            f"{asked} needs PostgreSQL: set DATABASE_URL=postgres://user:password@host:5432/name"
        )
    if not apps.is_installed("procrastinate.contrib.django"):
        raise UsageError(f"{asked} needs procrastinate: install what the extra `postgres` names")


def queue_name(load: Load) -> str:
    """The name of a load's own queue, by which its jobs are found; workers take from all."""
    return f"load-{load.pk}"


def watch_results(load: Load) -> Iterator[FileResult]:
    """What becomes of each file of a load, as workers tell of it; ends with the last file, or when no job is left.

    `load` is as in the database at the end: it has not come to its end if jobs failed.
    """
    last = 0
    while True:
        is_left = _number(_IS_LEFT, queue_name(load)) > 0
        load.refresh_from_db()
        rows = load.files.filter(pk__gt=last).order_by("pk").annotate(count=Count("page__articles"))
        for row in rows.values(*_SHOWN).iterator():
            last, rejected = row["pk"], Rejected(row["reason"], row["detail"]) if row["reason"] else None
            articles = Counter({row["outcome"]: row["count"]})
            yield FileResult(row["path"], row["sha256"], row["outcome"], articles, rejected=rejected)
        if load.finished_at or not is_left:
            return
        time.sleep(_LOOK)


def count_failed_jobs(load: Load) -> int:
    """How many pages of a load no worker could load, for a reason that is in the worker's log."""
    return _number(_FAILED, queue_name(load))


def has_workers() -> bool:
    return _number(_AT_WORK) > 0


def _number(select: str, *values: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(select, values)
        number: int = cursor.fetchone()[0]
    return number
