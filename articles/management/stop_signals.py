"""Stops a command at SIGINT or SIGTERM, between two results."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """SIGINT or SIGTERM; not an `Exception`, so that it is not taken for the fault of a page."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class StopSignals:
    """A context in which SIGINT and SIGTERM raise `Stopped`, so that the current page is rolled back."""

    def __init__(self) -> None:
        self._received = 0
        self._is_deferred = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Raise `Stopped` only after the block, as half a line of output would not be JSON."""
        self._is_deferred = True
        yield
        self._is_deferred = False
        if self._received:
            raise Stopped(self._received)

    def _receive(self, number: int, _frame: object) -> None:
        self._received = number
        if not self._is_deferred:
            raise Stopped(number)
