"""Writes the rows of a load: which files it had, and what became of each."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from articles.models.load import Load, LoadFile

# Rows of unchanged files that wait in memory to be written together.
_WAITING = 500

TallyCounts = dict[str, dict[str, int]]
"""How many files, articles or mentions had which outcome."""


class LoadLedger:
    """The rows of a load in one process. They wait for its first change, so that a load without changes writes none."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.is_written = False
        self._waiting: list[LoadFile] = []

    @contextmanager
    def record(self, row: LoadFile) -> Iterator[Counter[str]]:
        """Write the block's changes and the file's row in one transaction.

        The block counts the articles by outcome in the counter that it is given.
        """
        with transaction.atomic():
            if not self.is_written:
                # A load that was rolled back before has an id that may be another load's now.
                self.load.pk = None
                self.load.save(force_insert=True)
            yield Counter()
            self._write([*self._waiting, row])
        self.is_written = True
        self._waiting.clear()

    def defer(self, row: LoadFile) -> None:
        """Record a file that ended as at its last load; its row waits for the next change."""
        self._waiting.append(row)
        if self.is_written and len(self._waiting) >= _WAITING:
            self._write(self._waiting)
            self._waiting.clear()

    def hand_over(self, expected: int, tally: TallyCounts) -> None:
        """Write the load and its rows; workers then finish it, at the row of the last of its `expected` files."""
        with transaction.atomic():
            self.load.expected, self.load.tally = expected, tally
            self.load.save(force_insert=True)
            self._write(self._waiting)
        self.is_written = True
        self._waiting.clear()

    def close(self, tally: TallyCounts) -> None:
        """Finish the load, if it wrote anything."""
        if not self.is_written:
            return
        with transaction.atomic():
            self._write(self._waiting)
            self.load.finished_at, self.load.tally = timezone.now(), tally
            self.load.save(update_fields=["finished_at", "tally"])
        self._waiting.clear()

    def _write(self, rows: list[LoadFile]) -> None:
        for row in rows:
            row.load = self.load
        LoadFile.objects.bulk_create(rows)


class AlreadyRecorded(Exception):
    """Another request or worker has recorded this file in the same load, or the load is finished."""


class SharedLoadLedger:
    """The rows of a load that several processes write, maybe at once; the load counts with each row.

    `on_recorded` is called with each row in its transaction. A load that expects a number of files is finished with the
    last of them.
    """

    def __init__(self, load: Load, on_recorded: Callable[[LoadFile], None] = lambda _row: None) -> None:
        self.load = load
        self._on_recorded = on_recorded

    @contextmanager
    def record(self, row: LoadFile) -> Iterator[Counter[str]]:
        """Write the block's changes, the file's row and the tally in one transaction.

        The block counts the articles by outcome in the counter that it is given. All is rolled back by
        `AlreadyRecorded` if the load has a row of the file.
        """
        with transaction.atomic():
            articles = Counter[str]()
            yield articles
            # Locked last, so that other processes wait for the time of a row and not of a page.
            load = Load.objects.select_for_update().get(pk=self.load.pk)
            is_over = load.expected is not None and load.finished_at is not None
            if is_over or load.files.filter(path=row.path).exists():
                raise AlreadyRecorded
            row.load = load
            row.save(force_insert=True)
            self._on_recorded(row)
            _count(load, row, articles)

    def close(self) -> None:
        """Finish the load, unless another process has."""
        Load.objects.filter(pk=self.load.pk, finished_at=None).update(finished_at=timezone.now())


def _count(load: Load, row: LoadFile, articles: Counter[str]) -> None:
    """Add a file and its articles to the tally of a load that is locked."""
    for things, counts in (("files", {str(row.outcome): 1}), ("articles", articles)):
        load.tally[things] = Counter(load.tally.get(things, {})) + Counter(counts)
    if load.expected is not None and sum(load.tally["files"].values()) >= load.expected:
        load.finished_at = timezone.now()
    load.save(update_fields=["tally", "finished_at"])
