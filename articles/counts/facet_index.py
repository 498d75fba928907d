"""Which articles each record is named in, held in memory as sets of bits, for whatever is counted of many articles.

It is the inverted index of a search engine, of records in the place of words. Each process of a server reads all of it
when it is first asked to count, and from then on those articles anew that were written since, whoever wrote them (see
`articles/models/change.py`). The sets are of 32 bits: more articles than those can count are of no newspaper.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, router
from django.db.models import Aggregate, F, QuerySet, TextField
from pyroaring import BitMap

from articles.models import Article, ArticleChange, Place, PlaceAppearance
from articles.models.change import Mark
from articles.models.naming import Naming

from .co_occurrence import record_appearances

# Of more articles than these, and than one of so many, everything is read anew, which is quicker.
_FEW = 1_000
_OF = 5
_TOGETHER = 1_000  # articles that one query reads


class _Ids(Aggregate):
    """The numbers of a group with commas between, which are read in half the time that a row of each takes."""

    output_field = TextField()
    template = "GROUP_CONCAT(%(expressions)s)"

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')")


def article_ids(articles: QuerySet[Article]) -> BitMap:
    """The ids of articles."""
    return _bits(articles.order_by().aggregate(ids=_Ids("pk"))["ids"])


def _bits(ids: str | None) -> BitMap:
    return BitMap(map(int, ids.split(","))) if ids else BitMap()


class FacetIndex:
    """By kind and value the ids of the articles that have it.

    The kinds are `status`, `publication`; `day` and `month`, as 2024-07-30 and 2024-07, or None without a date;
    `reporter`, `place` and `organization`, with the ids of the records that articles name as values; and each kind of
    places, as `county`, with the ids of places, to which whatever lies in them belongs.
    """

    def __init__(self) -> None:
        self._mark: Mark | None = None
        self._sets: defaultdict[str, defaultdict[Any, BitMap]] = _no_sets()

    def refresh(self) -> None:
        """Read what was written since the last time, or everything; what could not be read is read the next time."""
        changes = ArticleChange.objects
        written, mark = changes.since(self._mark) if self._mark else (None, changes.mark())
        if written is None or len(written) > max(_FEW, self._size() // _OF):
            self._sets = _no_sets()
            self._add()
        elif written:
            self._forget(BitMap(written))
            for some in _slices(sorted(written)):
                self._add(some)
        if written != set():
            self._mark = mark

    def _size(self) -> int:
        """How many articles are held: each has one status."""
        return sum(len(posted) for _status, posted in self.items("status"))

    def _forget(self, articles: BitMap) -> None:
        for of_kind in self._sets.values():
            for posted in of_kind.values():
                if posted.intersect(articles):  # of few, and to ask is quicker than to subtract
                    posted -= articles  # noqa: PLW2901 - in place

    def _add(self, articles: Collection[int] | None = None) -> None:
        """Read what some articles have, all by default, of which nothing is held."""
        for kind, rows in _ROWS.items():
            for value, ids in _grouped(rows(), articles):
                self._sets[kind][value] |= _bits(ids)
        self._add_dates(articles)
        self._add_within(articles)

    def _add_dates(self, articles: Collection[int] | None) -> None:
        for date, ids in _grouped(Article.objects.annotate(value=F("sort_date"), posted=F("pk")), articles):
            day = None if date == dt.date.min else date.isoformat()
            posted = _bits(ids)
            self._sets["day"][day] |= posted
            self._sets["month"][day and day[: len("2024-07")]] |= posted

    def _add_within(self, articles: Collection[int] | None) -> None:
        within = _grouped(PlaceAppearance.objects.annotate(value=F("place"), posted=F("article")), articles)
        # Their kinds by themselves: in one query with the articles they would be looked up for each of those.
        places = Place.objects.all() if articles is None else Place.objects.filter(pk__in=dict(within))
        kinds = dict(places.values_list("pk", "kind"))
        for pk, ids in within:
            if pk in kinds:  # else it was deleted meanwhile
                self._sets[kinds[pk]][pk] |= _bits(ids)

    # --- Asking ------------------------------------------------------------------------------------

    def having(self, kind: str, values: Iterable[Any]) -> BitMap:
        """The articles that have one of these values."""
        of_kind = self._sets[kind]
        return _union(of_kind[value] for value in values if value in of_kind)

    def within(self, places: Iterable[int]) -> BitMap:
        """The articles that belong to one of these places, or to what lies in it."""
        asked = list(places)
        return _union(self.having(kind, asked) for kind in Place.Kind.values)

    def naming(self, articles: BitMap) -> Naming:
        """How many articles these are, and the days on which the first and the last of them were issued."""
        months = sorted(filter(None, self._sets["month"]))
        first, last = self._first_day(articles, months, 1), self._first_day(articles, months[::-1], -1)
        return Naming(len(articles), first, last)

    def _first_day(self, articles: BitMap, months: Iterable[str], step: int) -> dt.date | None:
        for month in months:
            if self._sets["month"][month].intersect(articles):
                days = (f"{month}-{number:02}" for number in range(1, 32)[::step])
                issued = (day for day in days if self.having("day", [day]).intersect(articles))
                return dt.date.fromisoformat(next(issued))
        return None

    def items(self, kind: str) -> Iterable[tuple[Any, BitMap]]:
        """Each value of a kind with the articles that have it, which are not for the caller to change."""
        return self._sets[kind].items()

    def commonest(self, kind: str, among: BitMap, size: int, but: Any = None) -> dict[Any, int]:
        """How many of the articles have the values that most of them have, but for one; of equals the lowest first."""
        found: list[tuple[int, Any]] = []
        least = 0
        # Those that are had by few articles at all are not looked at, once there are enough with more.
        for value, posted in sorted(self.items(kind), key=lambda item: len(item[1]), reverse=True):
            if len(posted) < max(least, 1):
                break
            if value != but and (count := posted.intersection_cardinality(among)) >= max(least, 1):
                found.append((-count, value))
                if len(found) >= 2 * size:
                    found = sorted(found)[:size]
                    least = -found[-1][0]
        return {value: -count for count, value in sorted(found)[:size]}


def _no_sets() -> defaultdict[str, defaultdict[Any, BitMap]]:
    return defaultdict(lambda: defaultdict(BitMap))


# By kind the rows of an article's values; `posted` is the article's id.
_ROWS: dict[str, Callable[[], QuerySet[Any]]] = {
    "status": lambda: Article.objects.annotate(value=F("status"), posted=F("pk")),
    "publication": lambda: Article.objects.exclude(publication="").annotate(
        value=F("publication"), posted=F("pk")
    ),
    "reporter": lambda: record_appearances("reporter").annotate(value=F("record"), posted=F("article")),
    "organization": lambda: record_appearances("organization").annotate(
        value=F("record"), posted=F("article")
    ),
    "place": lambda: (
        record_appearances("place")
        .filter(position__isnull=False)
        .annotate(value=F("record"), posted=F("article"))
    ),
}


def _grouped(rows: QuerySet[Any], articles: Collection[int] | None) -> list[tuple[Any, str]]:
    """Each value with the ids of its articles."""
    some = rows if articles is None else rows.filter(posted__in=articles)
    return list(some.values_list("value").annotate(ids=_Ids("posted")).order_by())


def _union(sets: Iterable[BitMap]) -> BitMap:
    return BitMap.union(BitMap(), *sets)


def _slices(articles: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(articles), _TOGETHER):
        yield articles[start : start + _TOGETHER]


_lock = threading.Lock()
_held: dict[str, FacetIndex] = {}  # by the name of the database that is read, which may be a replica


@contextmanager
def current_facet_index() -> Iterator[FacetIndex]:
    """The postings of what is in the database now, which nobody else refreshes meanwhile."""
    alias = router.db_for_read(Article)
    if connections[alias].in_atomic_block:
        own = FacetIndex()  # what a transaction has written may be undone
        own.refresh()
        yield own
        return
    with _lock:
        held = _held.setdefault(alias, FacetIndex())
        held.refresh()
        yield held
