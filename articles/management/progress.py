"""Shows on stderr how far a command is: a bar on a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from articles.maintenance.checks.check import Advance
from articles.maintenance.verification import StartProgress

# Seconds between two lines in a log.
_INTERVAL = 30.0


@contextmanager
def show_progress(command: str, *, is_shown: bool = True) -> Iterator[StartProgress]:
    """Show the tasks that are begun within the context, of which one is at work at a time."""
    if not is_shown:
        yield lambda _name, _total: lambda _count=1: None
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield lambda name, total: _bar(bars, name, total)
    else:
        yield _LogLines(command, sys.stderr.write, time.monotonic).start


def _bars() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(
        *columns, TextColumn("left:"), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    )


def _bar(bars: Progress, name: str, total: int) -> Advance:
    task = bars.add_task(name, total=total)
    return lambda count=1: bars.advance(task, count)


class _LogLines:
    """Writes a line after each interval of `_INTERVAL` seconds in which a task began or went on."""

    def __init__(self, command: str, write: Callable[[str], object], clock: Callable[[], float]) -> None:
        self._command = command
        self._write = write
        self._clock = clock
        self._last = clock()

    def start(self, name: str, total: int) -> Advance:
        begun, done = self._clock(), 0
        self._write_now_and_then(lambda _now: f"{name} ...")

        def advance(count: int = 1) -> None:
            nonlocal done
            done += count
            self._write_now_and_then(
                lambda now: f"{done:,} of {total:,} {name}, {_time_left(now - begun, done, total)}"
            )

        return advance

    def _write_now_and_then(self, text: Callable[[float], str]) -> None:
        now = self._clock()
        if now - self._last >= _INTERVAL:
            self._last = now
            self._write(f"{self._command}: {text(now)}\n")


def _time_left(elapsed: float, done: int, total: int) -> str:
    """How long the rest takes, if it takes as long as what is done.

    >>> _time_left(60, 100, 400), _time_left(60, 100, 100)
    ('about 3 minutes left', 'less than a minute left')
    """
    minutes = round(elapsed / max(done, 1) * max(total - done, 0) / 60)
    if minutes < 1:
        return "less than a minute left"
    return f"about {minutes:,} minute{'' if minutes == 1 else 's'} left"
