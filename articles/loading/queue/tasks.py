"""Queues the files of a load as jobs, one a file, and does such a job on any machine.

A job may run twice, if its worker died or seemed dead after the page was written. The ledger of the load records each
file once, in the transaction that writes its page.
"""

import logging
import os
from collections.abc import Collection
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.types import JSONDict

from articles.loading.load_ledger import AlreadyRecorded, LoadLedger, SharedLoadLedger
from articles.loading.load_reports import LoadTally
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import Loader
from articles.loading.sources.files import NumberedPage, PageSource
from articles.loading.sources.object_storage import StorageUnavailable, StoredObject
from articles.loading.sources.source_listing import (
    OriginOfPage,
    fetch_sources,
    origin_from_json,
    origin_of,
    origin_to_json,
)
from articles.loading.sources.zip_archives import ZipEntry
from articles.models import Load

from .status import queue_name

# Jobs that one statement queues.
_BATCH = 1_000
# The longest pause before a failed job is tried again, in seconds.
_LONGEST_PAUSE = 60
# Locked, full, away, or read-only: PostgreSQL calls the last internal.
_REFUSED = (OperationalError, InterfaceError, InternalError)

_log = logging.getLogger(__name__)


class SourceUnreachable(Exception):
    """This machine cannot reach a page: its folder is not mounted here, or the storage does not answer."""


class _RetryStrategy(BaseRetryStrategy):
    """Requeues a job if the database refused it, or if this machine cannot reach its file."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, SourceUnreachable):
            return RetryDecision()
        if isinstance(exception, _REFUSED):
            seconds = min(2**job.attempts, _LONGEST_PAUSE)
            reason = " ".join(str(exception).split())
            _log.warning("requeued for %s seconds: %s: %s", seconds, job.task_kwargs.get("file"), reason)
            return RetryDecision(retry_in={"seconds": seconds})
        return None


@app.task(name="load_page", retry=_RetryStrategy())
def _load_page(  # noqa: PLR0913 - the columns of a job, by name
    *,
    load: int,
    file: str,
    folder: str | None,
    terms: dict[str, Any],
    entry: str | None = None,
    number: int | None = None,
) -> None:
    """Load one file of a load, unless the load has recorded it, is finished or is deleted.

    `SourceUnreachable` if this machine does not have the folder of the file.
    """
    row = Load.objects.filter(pk=load, finished_at=None).first()
    if row is None:
        return
    origin = origin_from_json(file, folder, entry, number)
    _check_folder(origin)
    try:
        list(Loader(LoadTerms.from_json(terms), SharedLoadLedger(row)).load([origin]))
    except AlreadyRecorded:
        return
    except StorageUnavailable as error:
        raise SourceUnreachable(str(error)) from error


def _check_folder(page: OriginOfPage) -> None:
    """`SourceUnreachable` if the folder of a local file is missing; a storage says so when it is read."""
    origin = origin_of(page)
    file = origin.archive if isinstance(origin, ZipEntry) else origin
    if isinstance(file, StoredObject):
        return
    folder = file.folder or file.path.parent
    if not os.path.isdir(folder):  # noqa: PTH112 - is False for a folder without permission too
        raise SourceUnreachable(
            f"{folder} cannot be read on this machine: mount it, or let this user read it"
        )


def enqueue(files: Collection[OriginOfPage], terms: LoadTerms, load: Load, tally: LoadTally) -> int:
    """Queue the pages that are still to be loaded as one load, and return their number; 0 writes nothing.

    The pages that end as at their last load are added to `tally`. A load is queued in one transaction.
    """
    ledger = LoadLedger(load)
    jobs: list[OriginOfPage] = []
    origins = iter(files)
    source: PageSource | None = None
    for page, result in Loader(terms, ledger).find_known(fetch_sources(files, terms.max_bytes)):
        # The pages of a file come one after the other.
        if page.source is not source:
            source, origin = page.source, next(origins)
        if result is not None:
            tally.add(result)
        elif page.number is None or isinstance(origin, NumberedPage):
            jobs.append(origin)
        else:
            jobs.append(NumberedPage(origin, page.number))
    if not jobs:
        return 0
    with transaction.atomic():
        ledger.hand_over(tally.files.total() + len(jobs), tally.counts())
        job = _load_page.configure(queue=queue_name(load))
        shared: JSONDict = {"load": load.pk, "terms": terms.to_json()}
        for start in range(0, len(jobs), _BATCH):
            batch = jobs[start : start + _BATCH]
            job.batch_defer(*({**shared, **origin_to_json(origin)} for origin in batch))
    return len(jobs)
