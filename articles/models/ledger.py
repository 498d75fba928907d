"""How the rows of a load are written: with the pages that they tell of, and not at all without news."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from .load import Load, LoadFile

# Rows of unchanged files that are kept in memory before they are written together.
_WAITING = 500

Tally = dict[str, dict[str, int]]


class Ledger:
    """The rows of one load. They wait for its first news, so that a load without news writes none."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.has_news = False
        self._waiting: list[LoadFile] = []

    @contextmanager
    def news(self, row: LoadFile) -> Iterator[None]:
        """One transaction for what is done inside and for its row: all of it is written, or nothing."""
        with transaction.atomic():
            if not self.has_news:
                # Anew each time: the id of a transaction that was undone may be another load's by now.
                self.load.pk = None
                self.load.save(force_insert=True)
            yield
            self._write([*self._waiting, row])
        self.has_news = True
        self._waiting.clear()

    def note(self, row: LoadFile, *, is_news: bool) -> None:
        """Put down what became of a file with which nothing had to be done."""
        if is_news:
            with self.news(row):
                pass
            return
        self._waiting.append(row)
        if self.has_news and len(self._waiting) >= _WAITING:
            self._write(self._waiting)
            self._waiting.clear()

    def close(self, tally: Tally) -> None:
        """Say in the load, if it had news, that it came to its end, and with what."""
        if not self.has_news:
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
