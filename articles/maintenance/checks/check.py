"""What a check of the stored data finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from articles.loading.sources.files import escape_name


class Fault(NamedTuple):
    """One thing that is not as it should be: where, what, and what a person can do about it."""

    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.cure}"


class Advance(Protocol):
    """Is told how many things more have been looked at."""

    def __call__(self, count: int = 1, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to verify; what can be derived anew has a `mend`."""

    name: str
    find: Callable[[Advance], Iterator[Fault]]
    total: Callable[[], int] = lambda: 1
    mend: Callable[[], Any] | None = None


RESTORE = "restore a backup from before"
REPAIR = "run manage.py verify --repair"


def excerpt(text: object, length: int = 24) -> str:
    r"""A piece of stored text for a line of output, where it must not forge another line.

    >>> excerpt("周明\nfault", 8)
    '周明\\nfau…'
    """
    printable = escape_name(str(text))
    return printable if len(printable) <= length else f"{printable[: length - 1]}…"
