"""How the rows of a load are written: with the pages that they tell of, and not at all without news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from articles.models.change import ArticleChange
from articles.models.load import Load, LoadFile

# Rows of unchanged files that are kept in memory before they are written together.
_WAITING = 500

TallyCounts = dict[str, dict[str, int]]


class LoadLedger:
    """The rows of one load. They wait for its first news, so that a load without news writes none."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.has_news = False
        self._waiting: list[LoadFile] = []

    @contextmanager
    def news(self, row: LoadFile) -> Iterator[Counter[str]]:
        """One transaction for what is done inside and for its row: all of it is written, or nothing.

        What is done inside counts its articles, by outcome, in what it is given.
        """
        with transaction.atomic():
            if not self.has_news:
                # Anew each time: the id of a transaction that was undone may be another load's by now.
                self.load.pk = None
                self.load.save(force_insert=True)
            yield Counter()
            self._write([*self._waiting, row])
        self.has_news = True
        self._waiting.clear()

    def note(self, row: LoadFile, *, is_news: bool, unchanged: int = 0) -> None:
        """Put down what became of a file with which nothing had to be done, and how many articles it has."""
        del unchanged  # whoever writes a whole load in one go counts the articles too
        if is_news:
            with self.news(row):
                pass
            return
        self._waiting.append(row)
        if self.has_news and len(self._waiting) >= _WAITING:
            self._write(self._waiting)
            self._waiting.clear()

    def hand_over(self, expected: int, tally: TallyCounts) -> None:
        """Write the load with what was noted so far, for others to go on with it until it has told of `expected` files."""
        with transaction.atomic():
            self.load.expected, self.load.tally = expected, tally
            self.load.save(force_insert=True)
            self._write(self._waiting)
        self.has_news = True
        self._waiting.clear()

    def close(self, tally: TallyCounts) -> None:
        """Say in the load, if it had news, that it came to its end, and with what."""
        if not self.has_news:
            return
        with transaction.atomic():
            self._write(self._waiting)
            self.load.finished_at, self.load.tally = timezone.now(), tally
            self.load.save(update_fields=["finished_at", "tally"])
        self._waiting.clear()
        ArticleChange.objects.prune()

    def _write(self, rows: list[LoadFile]) -> None:
        for row in rows:
            row.load = self.load
        LoadFile.objects.bulk_create(rows)


class AlreadyRecorded(Exception):
    """Another request, or another worker, has told of this file in the same load; or the load has come to its end."""


class SharedLoadLedger:
    """The ledger of a load that is written by several, maybe at once; the load counts with each row.

    `settled` is called with each row in its transaction, for what shall hold from then on. A load that expects a number
    of files has come to its end with the last of them.
    """

    def __init__(self, load: Load, settled: Callable[[LoadFile], None] = lambda _row: None) -> None:
        self.load = load
        self._settled = settled

    @contextmanager
    def news(self, row: LoadFile) -> Iterator[Counter[str]]:
        """One transaction for what is done inside, its row and the tally; `AlreadyRecorded` if the load wants no such row."""
        with transaction.atomic():
            articles = Counter[str]()
            yield articles
            # Locked last, so that whoever else works on the load waits for a row and not for a page.
            load = Load.objects.select_for_update().get(pk=self.load.pk)
            is_over = load.expected is not None and load.finished_at is not None
            if is_over or load.files.filter(path=row.path).exists():
                raise AlreadyRecorded
            row.load = load
            row.save(force_insert=True)
            self._settled(row)
            _count(load, row, articles)

    def note(self, row: LoadFile, *, is_news: bool, unchanged: int = 0) -> None:
        """Put down what became of a file; whoever pressed a button wants to see it, be it news or not."""
        del is_news
        with self.news(row) as articles:
            articles["unchanged"] += unchanged

    def close(self) -> None:
        """Say that the load came to its end; it did for whoever says so first."""
        Load.objects.filter(pk=self.load.pk, finished_at=None).update(finished_at=timezone.now())


def _count(load: Load, row: LoadFile, articles: Counter[str]) -> None:
    """Add a file and its articles to the tally of a load; whoever does so has locked it."""
    for things, counts in (("files", {str(row.outcome): 1}), ("articles", articles)):
        load.tally[things] = Counter(load.tally.get(things, {})) + Counter(counts)
    if load.expected is not None and sum(load.tally["files"].values()) >= load.expected:
        load.finished_at = timezone.now()
        transaction.on_commit(ArticleChange.objects.prune)
    load.save(update_fields=["tally", "finished_at"])
