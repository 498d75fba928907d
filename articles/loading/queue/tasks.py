"""What workers on any number of machines do: a job is one page file, and is told of in the load that queued it.

A job may run twice, if its worker died or was taken for dead after the page was written: the ledger of the load tells
of each file once, in the transaction that writes its page.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.types import JSONDict

from articles.loading.imprint import Imprint, StatedImprint
from articles.loading.load_ledger import AlreadyRecorded, LoadLedger, SharedLoadLedger
from articles.loading.load_reports import LoadTally
from articles.loading.loader import Loader, LoadTerms
from articles.loading.sources.files import LocalFile
from articles.loading.sources.object_storage import StorageUnavailable, StoredObject
from articles.loading.sources.source_listing import Origin, fetch_sources, origin_from_json, origin_to_json
from articles.loading.sources.zip_archives import ZipEntry
from articles.models import Load

from .status import queue_name

# Jobs that one statement queues.
_BATCH = 1_000
# Seconds before what failed for now is tried again, at most.
_LONGEST_WAIT = 60
# In each other's way, full, away, or read-only: PostgreSQL calls the last internal.
_REFUSED = (OperationalError, InterfaceError, InternalError)

_log = logging.getLogger(__name__)


class SourceUnreachable(Exception):
    """This machine does not see where a page is: the folder is not mounted here, or the storage does not answer."""


class _Again(BaseRetryStrategy):
    """Put a page back that failed for no fault of its own: the database refused, or this machine does not see it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, SourceUnreachable):
            return RetryDecision()
        if isinstance(exception, _REFUSED):
            seconds = min(2**job.attempts, _LONGEST_WAIT)
            reason = " ".join(str(exception).split())
            _log.warning("put back for %s seconds: %s: %s", seconds, job.task_kwargs.get("file"), reason)
            return RetryDecision(retry_in={"seconds": seconds})
        return None


@app.task(name="load_page", retry=_Again())
def load_page(
    *, load: int, file: str, folder: str | None, terms: dict[str, Any], entry: str | None = None
) -> None:
    """Load one file of a load, unless the load has told of it, or is gone. `SourceUnreachable` if its folder is not there."""
    found = Load.objects.filter(pk=load, finished_at=None).first()
    if found is None:
        return
    origin = origin_from_json(file, folder, entry)
    _check_seen(origin.archive if isinstance(origin, ZipEntry) else origin)
    try:
        list(Loader(_terms(terms), SharedLoadLedger(found)).load([origin]))
    except AlreadyRecorded:
        return
    except StorageUnavailable as error:
        raise SourceUnreachable(str(error)) from error


def _check_seen(origin: LocalFile | StoredObject) -> None:
    """`SourceUnreachable` for a file of a folder that is not there; of a storage it shows when it is asked."""
    if isinstance(origin, StoredObject):
        return
    folder = origin.folder or origin.path.parent
    if not os.path.isdir(folder):  # noqa: PTH112 - is False where it is closed too
        raise SourceUnreachable(
            f"{folder} is not to be seen from this machine: mount it, or let this user read it"
        )


def enqueue(files: Collection[Origin], terms: LoadTerms, load: Load, tally: LoadTally) -> int:
    """Queue the files that are still to be loaded, as one load, and say how many they are; none writes nothing.

    `tally` counts those that stand as they were. All of it is one transaction: a load is queued whole, or not at all.
    """
    ledger = LoadLedger(load)
    jobs: list[Origin] = []
    looked_at = Loader(terms, ledger).sift(fetch_sources(files, terms.max_bytes))
    for file, standing in zip(files, looked_at, strict=True):
        if standing is None:
            jobs.append(file)
        else:
            tally.add(standing)
    if not jobs:
        return 0
    with transaction.atomic():
        ledger.hand_over(tally.files.total() + len(jobs), tally.counts())
        job, waiting = load_page.configure(queue=queue_name(load)), _arguments(jobs, terms, load)
        while batch := list(islice(waiting, _BATCH)):
            job.batch_defer(*batch)
    return len(jobs)


def _arguments(origins: Iterable[Origin], terms: LoadTerms, load: Load) -> Iterator[JSONDict]:
    shared: JSONDict = {"load": load.pk, "terms": _told(terms)}
    return ({**shared, **origin_to_json(origin)} for origin in origins)


def _told(terms: LoadTerms) -> dict[str, Any]:
    """The terms as JSON; they come with the jobs, so that a load goes by the settings of whoever queued it."""
    told = asdict(terms)
    for part in ("stated", "otherwise"):
        date = told[part]["issue_date"]
        told[part]["issue_date"] = date and date.isoformat()
    return told


def _terms(told: dict[str, Any]) -> LoadTerms:
    parts = {part: dict(told[part]) for part in ("stated", "otherwise")}
    for part in parts.values():
        date = part["issue_date"]
        part["issue_date"] = date and dt.date.fromisoformat(date)
    return LoadTerms(
        StatedImprint(**parts["stated"]), Imprint(**parts["otherwise"]), told["status"], told["max_bytes"]
    )
