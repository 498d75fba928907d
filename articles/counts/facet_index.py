"""The facet index: for each record, date and state the ids of its articles, as bitmaps in memory.

It is an inverted index as in a search engine, with records instead of words. Each server process reads it completely
for its first count, and afterwards reads again the articles that were written since (see `articles/models/last_change.py`).
Ids have 32 bits.
"""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.models import Aggregate, F, QuerySet, TextField
from pyroaring import BitMap

from articles.models import Article, Byline, LastChange, Place, PlaceAppearance
from articles.models.last_change import Mark

from .article_counts import Naming
from .co_occurrence import record_appearances

# After more changes than this number and this share of all articles, reading everything again is faster.
_MOST_CHANGES = 1_000
_MOST_CHANGED_SHARE = 1 / 5
_BATCH = 1_000  # articles that one query reads


class _Ids(Aggregate):
    """The ids of a group, joined by commas: half the time of one row for each."""

    output_field = TextField()
    template = "GROUP_CONCAT(%(expressions)s)"

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')")


def article_ids(articles: QuerySet[Article]) -> BitMap:
    """The ids of a queryset of articles."""
    return _bits(articles.order_by().aggregate(ids=_Ids("pk"))["ids"])


def _bits(ids: str | None) -> BitMap:
    return BitMap(map(int, ids.split(","))) if ids else BitMap()


class Spread(NamedTuple):
    """The numbers of articles, of values, of articles that have other values alone, and of articles without a value."""

    articles: int
    values: int
    other: int
    missing: int


class FacetIndex:
    """The article ids for each value of each facet.

    The facets are `status`, `publication`, `section` and `role` (of a credit); `day` and `month`, as 2024-07-30 and
    2024-07, or None without a date;
    `reporter`, `place` and `organization`, whose values are ids of named records; and each kind of place, for example
    `county`, whose values are ids of places, with the articles of all places within them.
    """

    def __init__(self) -> None:
        self._mark: Mark | None = None
        self._postings: defaultdict[str, defaultdict[Any, BitMap]] = _no_postings()
        self._ranked: dict[str, list[int]] = {}

    def refresh(self) -> None:
        """Read the articles that were written since the last refresh, or all; after an error the next refresh reads them."""
        changes = LastChange.objects
        written, mark = changes.since(self._mark) if self._mark else (None, changes.mark())
        # Each article has one status.
        size = sum(len(articles) for _status, articles in self.items("status"))
        if written is None or len(written) > max(_MOST_CHANGES, size * _MOST_CHANGED_SHARE):
            self._postings = _no_postings()
            self._add()
        elif written:
            self._remove(BitMap(written))
            for batch in _batches(sorted(written)):
                self._add(batch)
        if written != set():
            self._mark, self._ranked = mark, {}

    def _remove(self, articles: BitMap) -> None:
        for postings in self._postings.values():
            for ids in postings.values():
                if ids.intersect(articles):  # seldom, and faster than to subtract
                    ids -= articles  # noqa: PLW2901 - in place

    def _add(self, articles: Collection[int] | None = None) -> None:
        """Read the values of articles that are not indexed, by default of all."""
        for facet, rows in _ROWS.items():
            for value, ids in _grouped(rows(), articles):
                self._postings[facet][value] |= _bits(ids)
        self._add_dates(articles)
        self._add_within(articles)

    def _add_dates(self, articles: Collection[int] | None) -> None:
        for date, ids in _grouped(
            Article.objects.annotate(value=F("sort_date"), article_pk=F("pk")), articles
        ):
            day = None if date == dt.date.min else date.isoformat()
            articles_of_day = _bits(ids)
            self._postings["day"][day] |= articles_of_day
            self._postings["month"][day and day[: len("2024-07")]] |= articles_of_day

    def _add_within(self, articles: Collection[int] | None) -> None:
        within = _grouped(
            PlaceAppearance.objects.annotate(value=F("place"), article_pk=F("article")), articles
        )
        # A query of its own: a join would look up the kind for each article.
        places = Place.objects.all() if articles is None else Place.objects.filter(pk__in=dict(within))
        kinds = dict(places.values_list("pk", "kind"))
        for pk, ids in within:
            if pk in kinds:  # else the place was deleted meanwhile
                self._postings[kinds[pk]][pk] |= _bits(ids)

    # --- Queries ------------------------------------------------------------------------------------

    def having(self, facet: str, values: Iterable[Any]) -> BitMap:
        """The articles that have at least one of the values."""
        postings = self._postings[facet]
        return _union(postings[value] for value in values if value in postings)

    def within(self, places: Iterable[int]) -> BitMap:
        """The articles of the places and of all places within them."""
        ids = list(places)
        return _union(self.having(kind, ids) for kind in Place.Kind.values)

    def count_of(self, kind: str, record: int, among: BitMap) -> int:
        """The number of articles that the list below a record has: of a place with those of the places within it."""
        posted = (self._postings[facet].get(record) for facet in _FACETS_OF.get(kind, (kind,)))
        return sum(ids.intersection_cardinality(among) for ids in posted if ids)

    def most_named(self, kind: str) -> list[int]:
        """The ids of all records of a kind that articles have, those of most articles first."""
        if kind not in self._ranked:
            counts = [
                (len(ids), pk) for facet in _FACETS_OF.get(kind, (kind,)) for pk, ids in self.items(facet)
            ]
            self._ranked[kind] = [pk for _count, pk in sorted(counts, reverse=True)]
        return self._ranked[kind]

    def naming(self, articles: BitMap) -> Naming:
        """The number of articles, and the first and the last of their issue dates."""
        months = sorted(filter(None, self._postings["month"]))
        first, last = self._first_day(articles, months, 1), self._first_day(articles, months[::-1], -1)
        return Naming(len(articles), first, last)

    def _first_day(self, articles: BitMap, months: Iterable[str], step: int) -> dt.date | None:
        for month in months:
            if self._postings["month"][month].intersect(articles):
                days = (f"{month}-{number:02}" for number in range(1, 32)[::step])
                issued = (day for day in days if self.having("day", [day]).intersect(articles))
                return dt.date.fromisoformat(next(issued))
        return None

    def items(self, facet: str) -> Iterable[tuple[Any, BitMap]]:
        """Each value of a facet with its articles, which the caller must not change."""
        return self._postings[facet].items()

    def spread(self, facet: str, among: BitMap, shown: Collection[Any]) -> Spread:
        """How many values the articles `among` have, and how many of these articles have none of those that are `shown`."""
        counted = {
            value: ids for value, ids in self.items(facet) if value is not None and ids.intersect(among)
        }
        having_any = _union(counted.values()) & among
        having_shown = _union(counted[value] for value in shown if value in counted) & among
        return Spread(len(among), len(counted), len(having_any - having_shown), len(among - having_any))

    def most_common(self, facet: str, among: BitMap, size: int, exclude: Any = None) -> dict[Any, int]:
        """The `size` values that most of the articles `among` have, with counts; equal counts in order of the values."""
        found: list[tuple[int, Any]] = []
        least = 0
        # Values with fewer articles than the last one found are not counted.
        for value, ids in sorted(self.items(facet), key=lambda item: len(item[1]), reverse=True):
            if len(ids) < max(least, 1):
                break
            if value != exclude and (count := ids.intersection_cardinality(among)) >= max(least, 1):
                found.append((-count, value))
                if len(found) >= 2 * size:
                    found = sorted(found)[:size]
                    least = -found[-1][0]
        return {value: -count for count, value in sorted(found)[:size]}


def _no_postings() -> defaultdict[str, defaultdict[Any, BitMap]]:
    return defaultdict(lambda: defaultdict(BitMap))


# A place has its articles in the facet of its kind of division.
_FACETS_OF = {"place": tuple(Place.Kind.values)}
# For each facet a queryset of `value` and `article_pk`.
_ROWS: dict[str, Callable[[], QuerySet[Any]]] = {
    "status": lambda: Article.objects.annotate(value=F("status"), article_pk=F("pk")),
    "publication": lambda: Article.objects.exclude(publication="").annotate(
        value=F("publication"), article_pk=F("pk")
    ),
    "section": lambda: Article.objects.exclude(section="").annotate(value=F("section"), article_pk=F("pk")),
    "role": lambda: Byline.objects.filter(reporter__trashed_at=None).annotate(
        value=F("role"), article_pk=F("article")
    ),
    "reporter": lambda: record_appearances("reporter").annotate(value=F("record"), article_pk=F("article")),
    "organization": lambda: record_appearances("organization").annotate(
        value=F("record"), article_pk=F("article")
    ),
    "place": lambda: (
        record_appearances("place")
        .filter(position__isnull=False)
        .annotate(value=F("record"), article_pk=F("article"))
    ),
}


def _grouped(rows: QuerySet[Any], articles: Collection[int] | None) -> list[tuple[Any, str]]:
    """Each value with the ids of its articles, joined by commas."""
    chosen = rows if articles is None else rows.filter(article_pk__in=articles)
    return list(chosen.values_list("value").annotate(ids=_Ids("article_pk")).order_by())


def _union(sets: Iterable[BitMap]) -> BitMap:
    return BitMap.union(BitMap(), *sets)


def _batches(articles: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(articles), _BATCH):
        yield articles[start : start + _BATCH]


_lock = threading.Lock()
_cached: dict[str, FacetIndex] = {}  # by the alias of the database that is read, which may be a replica


@contextmanager
def current_facet_index() -> Iterator[FacetIndex]:
    """The index of what is in the database now, locked against a refresh by other threads."""
    alias = router.db_for_read(Article)
    if connections[alias].in_atomic_block:
        own = (
            FacetIndex()
        )  # the transaction may be rolled back, so the shared index must not hold its changes
        own.refresh()
        yield own
        return
    with _lock:
        index = _cached.setdefault(alias, FacetIndex())
        index.refresh()
        yield index
