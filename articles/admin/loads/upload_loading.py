"""Uploads become loads, a few files a request: whoever goes on, be it twice or two at once, loads every page once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils import timezone

from articles.loading.load_ledger import AlreadyRecorded, SharedLoadLedger
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import Loader
from articles.loading.sources.files import PageSource, ReceivedFile
from articles.loading.sources.source_listing import list_rejected_sources
from articles.models import Load, LoadFile, Upload, UploadedFile
from articles.models.load import SENT
from articles.reading.values import Rejected

# Seconds of work before a request answers: with a bar that moves, and without.
STEP, PATIENCE = 1.0, 10.0


class LoadProgress(NamedTuple):
    done: int
    total: int

    @property
    def is_over(self) -> bool:
        return self.done >= self.total


def progress(upload: Upload) -> LoadProgress:
    """How many files of an upload its load has told of."""
    done = upload.load.files.count() if upload.load else 0
    return LoadProgress(done, done + upload.waiting().count())


def sent_file(file: UploadedFile) -> ReceivedFile:
    refused = Rejected(file.reason, file.detail) if file.reason else None
    return ReceivedFile(f"{SENT}{file.name}", bytes(file.data), refused)


def load_some(upload: Upload, load: Load, seconds: float) -> LoadProgress:
    """Load files of an upload that wait, for some seconds; with the last of them, the load has come to its end."""

    def settle(row: LoadFile) -> None:
        files = upload.files.filter(name=row.path.removeprefix(SENT))
        # What was read and rejected can be tried again; what was refused on the way, or empty, has no bytes for that.
        if row.outcome == LoadFile.Outcome.REJECTED:
            files = files.filter(data=b"")
        files.delete()

    ledger = SharedLoadLedger(load, settle)
    _load(_waiting(upload), Loader(LoadTerms.from_options(upload.load_options()), ledger), seconds)
    now = progress(upload)
    if now.is_over:
        ledger.close()
    return now


def retry_on_server(failed: Iterable[LoadFile], before: Load, by: Any) -> Load:
    """Try the files of the server again that a load rejected, as it had loaded them, for some seconds."""
    paths = [row.path for row in failed]
    load = Load.objects.create(started_at=timezone.now(), paths=paths, options=before.options, by=by)
    ledger = SharedLoadLedger(load)
    terms = LoadTerms.from_options(before.options)
    _load(iter(list_rejected_sources(paths)), Loader(terms, ledger), PATIENCE)
    ledger.close()
    return load


def retryable(load: Load) -> tuple[list[LoadFile], Upload | None]:
    """What of a load can be tried again: rows of files on the server, and an upload that kept rejected bytes."""
    rejected = load.files.filter(outcome=LoadFile.Outcome.REJECTED)
    again = LoadFile.objects.filter(path__in=rejected.values("path")).on_server()
    rows = list(again.failed().filter(load=load))
    upload = load.uploads.exclude(files=None).first() if load.finished_at else None
    return rows, upload


def _waiting(upload: Upload) -> Iterator[ReceivedFile]:
    """The files one by one, so that no request has the bytes of all."""
    for pk in list(upload.waiting().values_list("pk", flat=True)):
        if file := UploadedFile.objects.filter(pk=pk).first():
            yield sent_file(file)


def _load(files: Iterator[PageSource], loader: Loader, seconds: float) -> None:
    until = time.monotonic() + seconds
    for file in files:
        try:
            list(loader.load([file]))
        except AlreadyRecorded:
            # Another request was faster; what it told stands.
            continue
        if time.monotonic() > until:
            return
