"""Loads uploads a few files at a time; concurrent or repeated requests load every file once."""

import datetime as dt
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils import timezone

from articles.models import Load, LoadFile, Upload, UploadedFile
from articles.models.load import SENT
from articles.reading.formats.bounded_reading import is_pdf, list_pages
from articles.reading.formats.page_json import page_from_json
from articles.reading.values import Rejected

from .load_ledger import AlreadyRecorded, SharedLoadLedger
from .load_terms import LoadTerms
from .loader import Loader
from .sources.files import PageSource, ReceivedFile, page_name, split_page_name
from .sources.source_listing import list_rejected_sources
from .sources.zip_archives import UnpackBudget

_Decided = dict[str, Any] | None

# Each page is read while the sender waits.
_MOST_PAGES_SENT = 40


class LoadProgress(NamedTuple):
    """How many of an upload's files its load has recorded."""

    done: int
    total: int

    @property
    def is_over(self) -> bool:
        return self.done >= self.total


def load_progress(upload: Upload) -> LoadProgress:
    done = upload.load.files.count() if upload.load else 0
    return LoadProgress(done, done + upload.waiting().count())


def uploaded_source(file: UploadedFile) -> ReceivedFile:
    """An uploaded file as a source of the loader."""
    rejected = Rejected(file.reason, file.detail) if file.reason else None
    if rejected is None and split_page_name(file.name)[1] is not None:
        # It was read when it was sent, so that each page of a file is decided and loaded like any other.
        return ReceivedFile(f"{SENT}{file.name}", page=page_from_json(json.loads(bytes(file.data))))
    return ReceivedFile(f"{SENT}{file.name}", bytes(file.data), rejected)


def received_pages(sent: ReceivedFile, room: UnpackBudget) -> Iterator[ReceivedFile]:
    """The pages of a file that was sent: itself, or each page of a PDF as it is read now."""
    if sent.refused or not is_pdf(sent.data):
        yield sent
        return
    try:
        pages = list_pages(sent.data, _MOST_PAGES_SENT)
    except Rejected as rejected:
        yield ReceivedFile(sent.name, refused=rejected)
        return
    for page in pages:
        if page.number > 1:
            room.take_file()
        name = page_name(sent.name, page.number)
        try:
            yield ReceivedFile(name, page=page.read())
        except Rejected as rejected:
            yield ReceivedFile(name, refused=rejected)


def load_some(upload: Upload, load: Load, seconds: float) -> LoadProgress:
    """Load waiting files of an upload for some seconds; with its last file, the load is finished."""

    def delete_file(row: LoadFile) -> None:
        files = upload.files.filter(name=row.path.removeprefix(SENT))
        # Rejected files can be tried again, unless they have no bytes: refused on upload, or empty.
        if row.outcome == LoadFile.Outcome.REJECTED:
            files = files.filter(data=b"")
        files.delete()

    ledger = SharedLoadLedger(load, delete_file)
    _load(_waiting_files(upload), LoadTerms.from_options(upload.load_options()), ledger, seconds)
    now = load_progress(upload)
    if now.is_over:
        ledger.close()
    return now


def retry_on_server(rejected: Iterable[LoadFile], before: Load, by: Any, seconds: float) -> Load:
    """Load rejected files of the server again for some seconds, in a new load with the options of the one `before`."""
    paths = [row.path for row in rejected]
    load = Load.objects.create(started_at=timezone.now(), paths=paths, options=before.options, by=by)
    ledger = SharedLoadLedger(load)
    files = ((source, None) for source in list_rejected_sources(paths))
    _load(files, LoadTerms.from_options(before.options), ledger, seconds)
    ledger.close()
    return load


def retryable(load: Load) -> tuple[list[LoadFile], Upload | None]:
    """What of a load can be tried again: its rejected files on the server, and its upload with stored rejected files."""
    rejected = load.files.filter(outcome=LoadFile.Outcome.REJECTED)
    again = LoadFile.objects.filter(path__in=rejected.values("path")).on_server()
    rows = list(again.failed().filter(load=load))
    return rows, load.uploads.exclude(files=None).first() if load.finished_at else None


def terms_of(upload: Upload, file: UploadedFile) -> LoadTerms:
    """The terms by which a file of an upload is loaded."""
    return LoadTerms.from_options(upload.load_options()).for_file(file.decided)


def decide_of_file(file: UploadedFile, decided: Mapping[str, Any]) -> None:
    """Store what an editor decided of the page of a file before it is loaded, besides what was decided before."""
    stored = {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in decided.items()
    }
    file.decided = {**(file.decided or {}), **stored}
    file.save(update_fields=["decided"])


def decide_of_all(upload: Upload, decided: Mapping[str, Any]) -> None:
    """Store the same for all waiting files of an upload; what is empty is left as it is."""
    given = {name: value for name, value in decided.items() if value}
    for file in upload.waiting().filter(reason="").defer("data"):
        decide_of_file(file, given)


def _waiting_files(upload: Upload) -> Iterator[tuple[PageSource, _Decided]]:
    """The waiting files one by one, so that no request holds the bytes of all, with what was decided of each."""
    for pk in list(upload.waiting().values_list("pk", flat=True)):
        if file := UploadedFile.objects.filter(pk=pk).first():
            yield uploaded_source(file), file.decided


def _load(
    files: Iterable[tuple[PageSource, _Decided]], terms: LoadTerms, ledger: SharedLoadLedger, seconds: float
) -> None:
    until = time.monotonic() + seconds
    for source, decided in files:
        try:
            list(Loader(terms.for_file(decided), ledger).load([source]))
        except AlreadyRecorded:
            continue  # another request was faster
        if time.monotonic() > until:
            return
