"""Notes what changed in public, in an order that clients can follow: articles, pages, reporters, places, organizations.

The feed is written when it is read: what was committed since the last time gets the next numbers, under a lock. So no
number comes before one that a client has got already, however long a transaction took. What was never public has no
entry, and what stopped being public has one last number: changes after that are not noted.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.models import (
    Article,
    Byline,
    FeedEntry,
    FeedState,
    LastChange,
    Organization,
    OrganizationAppearance,
    Place,
    PlaceAppearance,
    Reporter,
)

from . import visibility

_CHUNK = 2_000  # articles that are noted at once, so that the first request of a large archive does not take minutes
_BATCH = 1_000  # ids in one statement
_PAUSE = 0.05  # seconds before it is tried again
_LOCK = 724_551_099  # an advisory lock, as in articles/record_lock.py
_ANYBODY: Any = SimpleNamespace(user=None)
_RECORDS: dict[str, Any] = {"reporter": Reporter, "place": Place, "organization": Organization}
_VISIBLE: dict[str, Any] = {
    "page": visibility.pages,
    "reporter": visibility.reporters,
    "place": visibility.places_and_above,
    "organization": visibility.organizations,
}
# The rows that link articles to what they name, with the ids of both; a merged reporter's credits are the target's too.
_LINKS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("reporter", Byline, ("reporter", "reporter__merged_into")),
    ("place", PlaceAppearance, ("place",)),
    ("organization", OrganizationAppearance, ("organization",)),
)

# The columns of a page that tell where and when it was printed.
_IMPRINT = ("page__publication", "page__issue_date", "page__page_number", "page__page_name")

_Names = dict[str, list[Any]]


def note_changes() -> bool:
    """Note what was committed since the last time; return whether there is more, or another process is noting it."""
    using = router.db_for_write(FeedEntry)
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":
            with connections[using].cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                if not cursor.fetchone()[0]:
                    return True
        return _Notes(using).take()


def note_all_changes() -> None:
    """Note all that is committed; this waits while another process is noting it."""
    while note_changes():
        time.sleep(_PAUSE)


class _Notes:
    """The entries that are written in one transaction."""

    def __init__(self, using: str) -> None:
        self._using = using
        self._state = FeedState.objects.using(using).first() or FeedState()
        self._before = (self._state.transaction, self._state.changed_at, self._state.article)
        self._at = timezone.now()
        self._entries: list[FeedEntry] = []

    def take(self) -> bool:
        affected = self._note_articles()
        affected["place"] |= self._changed_rows("place")
        affected["place"] |= self._within(affected["place"])
        affected["organization"] |= self._changed_rows("organization") | self._seated(affected["place"])
        affected["reporter"] |= self._changed_rows("reporter")
        for kind, ids in affected.items():
            for batch in _batches(ids):
                self._note_records(kind, batch)
        self._save()
        return self._is_full

    def _save(self) -> None:
        """Write the entries, and how far they are; nothing if nothing changed, as each write empties caches."""
        state = self._state
        if self._entries or (state.transaction, state.changed_at, state.article) != self._before:
            state.save(using=self._using)
        FeedEntry.objects.using(self._using).bulk_create(
            self._entries,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["kind", "record"],
            update_fields=[
                *("number", "first", "is_public", "merged_into", "noted_at", "stamp", "names", "updated_at")
            ],
        )

    # --- Articles ----------------------------------------------------------------------------------

    def _note_articles(self) -> defaultdict[str, set[int]]:
        """Note the articles that changed; return the records whose visibility or counts may have changed by them."""
        columns = ("pk", "changed_at", "transaction", "oldest_open")
        rows = list(LastChange.objects.using(self._using).behind(self._state).values_list(*columns)[:_CHUNK])
        self._is_full = len(rows) == _CHUNK
        stamps = {pk: f"{number:x}-{at.isoformat()}" for pk, at, number, _oldest in rows}
        known = {entry.record: entry for batch in _batches(stamps) for entry in self._known("article", batch)}
        new = [pk for pk, stamp in stamps.items() if pk not in known or known[pk].stamp != stamp]
        shown = {pk: names for batch in _batches(new) for pk, names in self._shown(batch).items()}
        affected: defaultdict[str, set[int]] = defaultdict(set)
        for pk in new:
            entry, names = known.get(pk), shown.get(pk, {})
            before = entry.names if entry else {}
            changed = {name for name in names.keys() | before.keys() if names.get(name) != before.get(name)}
            # Records that its articles name do not depend on what else is printed on the page.
            for kind in ["page"] if changed == {"imprint"} else _VISIBLE if changed else ():
                affected[kind].update(names.get(kind, ()), before.get(kind, ()))
            self._add("article", pk, entry, is_public=pk in shown, stamp=stamps[pk], names=names)
        if rows:
            self._advance(*rows[-1])
        return affected

    def _advance(self, article: int, at: dt.datetime, number: int, oldest_open: int) -> None:
        """Go on behind this change, or on PostgreSQL with the oldest transaction that was open, as it may still write."""
        state = self._state
        if connections[self._using].vendor == "postgresql" and oldest_open <= number:
            state.transaction, state.changed_at, state.article = oldest_open - 1, at, 0
        else:
            state.transaction, state.changed_at, state.article = number, at, article

    def _shown(self, ids: list[int]) -> dict[int, _Names]:
        """What each article that is public shows and is counted by: its date, its page, and the records of it by kind."""
        articles = Article.objects.using(self._using).published().filter(pk__in=ids)
        found: dict[int, dict[str, set[Any]]] = {
            pk: defaultdict(
                set, {"date": {date and date.isoformat()}, "page": {page} - {None}, "imprint": {str(imprint)}}
            )
            for pk, date, page, *imprint in articles.values_list("pk", "issue_date", "page", *_IMPRINT)
        }
        for kind, model, columns in _LINKS:
            rows = model.objects.using(self._using).filter(article__in=found)
            for article, *records in rows.values_list("article", *columns):
                found[article][kind].update(record for record in records if record)
            if kind == "place":  # of the places only those that the text names are counted
                for article, place in rows.filter(position__isnull=False).values_list("article", "place"):
                    found[article]["named"].add(place)
        return {
            pk: {name: sorted(values, key=str) for name, values in names.items()}
            for pk, names in found.items()
        }

    # --- Records -----------------------------------------------------------------------------------

    def _changed_rows(self, kind: str) -> set[int]:
        """The records of the feed whose own row, names or merges changed since."""
        entries = FeedEntry.objects.filter(
            kind=kind, record=OuterRef("pk"), is_public=True, updated_at__lt=OuterRef("updated_at")
        )
        rows = _RECORDS[kind].objects.using(self._using).filter(Exists(entries))
        return set(rows.order_by().values_list("pk", flat=True))

    def _within(self, places: Iterable[int]) -> set[int]:
        """The places within some, which show their names."""
        found: set[int] = set()
        level = set(places)
        while level:
            below = (
                pk
                for batch in _batches(level)
                for pk in Place.objects.using(self._using)
                .filter(parent__in=batch)
                .order_by()
                .values_list("pk", flat=True)
            )
            level = set(below) - found
            found |= level
        return found

    def _seated(self, places: Iterable[int]) -> set[int]:
        """The organizations that show one of these places as their seat."""
        rows = Organization.objects.using(self._using)
        return {
            pk
            for batch in _batches(places)
            for pk in rows.filter(seat__in=batch).order_by().values_list("pk", flat=True)
        }

    def _note_records(self, kind: str, ids: list[int]) -> None:
        known = {entry.record: entry for entry in self._known(kind, ids)}
        rows = self._rows(kind, ids)
        public = self._public(kind, ids)
        targets = self._public(kind, {target for target, _at in rows.values() if target})
        for pk in ids:
            target, updated_at = rows.get(pk, (None, None))
            merged_into = target if target in targets else None
            self._add(
                kind, pk, known.get(pk),
                is_public=pk in public, merged_into=merged_into, updated_at=self._noted_time(updated_at),
            )  # fmt: skip

    def _rows(self, kind: str, ids: list[int]) -> dict[int, tuple[int | None, dt.datetime | None]]:
        """The target of the merge and the time of the last change of each record."""
        if kind == "page":
            return {}
        rows = _RECORDS[kind].objects.using(self._using).filter(pk__in=ids)
        return {pk: (target, at) for pk, target, at in rows.values_list("pk", "merged_into", "updated_at")}

    def _public(self, kind: str, ids: Iterable[int]) -> set[int]:
        visible: QuerySet[Any] = _VISIBLE[kind](_ANYBODY).using(self._using)
        return set(visible.filter(pk__in=ids).order_by().values_list("pk", flat=True))

    def _noted_time(self, at: dt.datetime | None) -> dt.datetime | None:
        """The time of a change that is noted. SQLite compares text, in which .000000 may be left out."""
        is_text = connections[self._using].vendor == "sqlite"
        return at + dt.timedelta(microseconds=1) if at and is_text else at

    # --- Entries -----------------------------------------------------------------------------------

    def _known(self, kind: str, ids: Iterable[int]) -> QuerySet[FeedEntry]:
        return FeedEntry.objects.using(self._using).filter(kind=kind, record__in=ids)

    def _add(self, kind: str, pk: int, known: FeedEntry | None, *, is_public: bool, **values: Any) -> None:
        """Give a record the next number, if it is public or has been until now."""
        was_public = known is not None and known.is_public
        if not (is_public or was_public):
            return
        self._state.number += 1
        number = self._state.number
        first = known.first if known and was_public else number
        self._entries.append(
            FeedEntry(
                kind=kind,
                record=pk,
                number=number,
                first=first,
                is_public=is_public,
                noted_at=self._at,
                **values,
            )
        )


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
