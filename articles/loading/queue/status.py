"""Reads the queue: whether there is one, and what workers did with a load."""

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

# Seconds between queries.
_INTERVAL = 0.3

_COLUMNS = ("pk", "path", "sha256", "outcome", "reason", "detail", "count")

_HAS_JOBS = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = %s AND status IN ('todo', 'doing'))::int
"""
_FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status NOT IN ('todo', 'doing')"
# A worker that has been silent for longer does not work any more.
_WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"


def require_queue(feature: str) -> None:
    """`UsageError` if there is no queue, which `feature` needs."""
    if connection.vendor != "postgresql":
        raise UsageError(
            f"{feature} needs PostgreSQL: set DATABASE_URL=postgres://user:password@host:5432/name"
        )
    if not apps.is_installed("procrastinate.contrib.django"):
        raise UsageError(f"{feature} needs procrastinate: install what the extra `postgres` names")


def queue_name(load: Load) -> str:
    """The name of a load's own queue, by which its jobs are found; workers take jobs from all queues."""
    return f"load-{load.pk}"


def watch_results(load: Load) -> Iterator[FileResult]:
    """Give the result of each file of a load as workers record it; ends when no job is left.

    `load` is refreshed. It is not finished at the end if jobs failed.
    """
    last = 0
    while True:
        has_jobs = _number(_HAS_JOBS, queue_name(load)) > 0
        load.refresh_from_db()
        rows = load.files.filter(pk__gt=last).order_by("pk").annotate(count=Count("page__articles"))
        for row in rows.values(*_COLUMNS).iterator():
            last, rejected = row["pk"], Rejected(row["reason"], row["detail"]) if row["reason"] else None
            articles = Counter({row["outcome"]: row["count"]})
            yield FileResult(row["path"], row["sha256"], row["outcome"], articles, rejected=rejected)
        if load.finished_at or not has_jobs:
            return
        time.sleep(_INTERVAL)


def count_failed_jobs(load: Load) -> int:
    """The number of files that no worker could load; the reasons are in the workers' logs."""
    return _number(_FAILED, queue_name(load))


def has_workers() -> bool:
    """Whether a worker is running on any machine."""
    return _number(_WORKERS) > 0


def _number(select: str, *values: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(select, values)
        number: int = cursor.fetchone()[0]
    return number
