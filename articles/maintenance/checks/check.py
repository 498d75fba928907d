"""What a check of stored data is, and the faults that it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django.db import transaction

from articles.loading.sources.files import escape_name
from articles.models import Article


class Fault(NamedTuple):
    """One fault: the row or file, what is wrong with it, and what a person can do."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


class Advance(Protocol):
    """Reports that a check has done `count` more steps."""

    def __call__(self, count: int = 1, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Check:
    """One check of `total()` steps; `rebuild` is there if the data can be derived again."""

    name: str
    find: Callable[[Advance], Iterator[Fault]]
    total: Callable[[], int] = lambda: 1
    rebuild: Callable[[], Any] | None = None


def find_in_batches(
    ids: list[int], key: str, size: int, find: Callable[[list[int]], Iterator[Fault]], advance: Advance
) -> Iterator[Fault]:
    """Run `find` on batches of ids; `key` is the column of articles that holds these ids.

    A batch with faults is searched again with its articles locked: a load or an editor may have written between queries.
    """
    for start in range(0, len(ids), size):
        batch = ids[start : start + size]
        faults = list(find(batch))
        if faults:
            with transaction.atomic():
                list(Article.objects.select_for_update().filter(**{f"{key}__in": batch}).values_list("pk"))
                faults = list(find(batch))
        yield from faults
        advance(len(batch))


RESTORE = "restore a backup from before"
REPAIR = "run manage.py verify --repair"


def excerpt(text: object, length: int = 24) -> str:
    r"""The first characters of stored text on one line, with characters that are not printable escaped.

    >>> excerpt("周明\nfault", 8)
    '周明\\nfau…'
    """
    printable = escape_name(str(text))
    return printable if len(printable) <= length else f"{printable[: length - 1]}…"
