"""The last change of what is shown of each article: by it caches, ETags and `updated_since` know what is outdated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple, Self

from django.db import connections, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Article


class _ServerNumber(models.Func):
    """A number from the server's transactions: PostgreSQL's own; 0 on SQLite, where transactions do not overlap."""

    output_field = models.BigIntegerField()
    template = "0"
    on_postgresql = ""

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.on_postgresql)


class _OldestOpen(_ServerNumber):
    """The oldest transaction that was open when the statement began."""

    on_postgresql = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class _NextBegun(_ServerNumber):
    """The first transaction that had not ended, nor any after it, when the statement began."""

    on_postgresql = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class _Own(_ServerNumber):
    """The transaction at hand; 0 if it has not written."""

    on_postgresql = "coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0)"


class Mark(NamedTuple):
    """The point up to which a cache has read the changes.

    On PostgreSQL transactions end in another order than they begin: changes by the `oldest` open transaction and by
    later ones are read again, without those in `read`. On SQLite `oldest` is the number of the next change.

    After a backup was restored, rows are gone: it has another time in the row `ALL`, if it was restored by the command,
    or else it lacks the `newest` change, unless the article has changed again.
    """

    oldest: int
    all_changed: dt.datetime | None = None
    newest: tuple[int, dt.datetime] | None = None
    read: frozenset[tuple[int, dt.datetime]] = frozenset()


class _LastChangeQuerySet(models.QuerySet["LastChange"]):
    def stamps(self, articles: Collection[int]) -> dict[int, str]:
        """For each article, by its id, what identifies the version of it that is shown now."""
        rows = self.filter(pk__in=articles).values_list("pk", "transaction", "changed_at")
        return {pk: _stamp(transaction, changed_at) for pk, transaction, changed_at in rows}

    def behind(self, state: FeedState) -> Self:
        """The changes behind those that the feed has, in order, with the oldest transaction that is open."""
        later = Q(transaction__gt=state.transaction) | Q(transaction=state.transaction) & (
            Q(changed_at__gt=state.changed_at) | Q(changed_at=state.changed_at, pk__gt=state.article)
        )
        rows = self.filter(Q(transaction__gte=state.transaction) & later).exclude(pk=ALL)
        return rows.annotate(oldest_open=_OldestOpen()).order_by("transaction", "changed_at", "pk")

    def mark(self) -> Mark:
        """The end of the changes. Take it before you read articles, so that no change is missed."""
        of_all = models.Subquery(self.filter(pk=ALL).values("changed_at"))
        rows = self.annotate(oldest_open=_OldestOpen(), of_all=of_all)
        columns = ("pk", "changed_at", "transaction", "oldest_open", "of_all")
        found = rows.order_by("-transaction", "-changed_at", "-pk").values_list(*columns).first()
        if found is None:
            return Mark(oldest=0)
        pk, changed_at, transaction, oldest_open, all_changed = found
        return Mark(self._next(transaction, oldest_open), all_changed, (pk, changed_at))

    def since(self, mark: Mark) -> tuple[set[int] | None, Mark]:
        """The ids of the articles that changed since a mark, and the next mark.

        None instead of ids if any article may have, because a backup was restored.
        """
        if self._has_lost(mark):
            return None, self.mark()
        rows = self.filter(transaction__gte=mark.oldest).exclude(pk=ALL).annotate(oldest_open=_OldestOpen())
        found = list(
            rows.order_by("transaction", "changed_at", "pk").values_list(
                "pk", "changed_at", "transaction", "oldest_open"
            )
        )
        changed = {pk for pk, changed_at, *_rest in found if (pk, changed_at) not in mark.read}
        if not changed:
            return changed, mark
        pk, changed_at, transaction, oldest_open = found[-1]
        read = frozenset((pk, changed_at) for pk, changed_at, *_rest in found)
        return changed, Mark(self._next(transaction, oldest_open), mark.all_changed, (pk, changed_at), read)

    def _has_lost(self, mark: Mark) -> bool:
        """Whether rows are gone since a mark, or all articles were noted as changed."""
        pk, time = mark.newest or (ALL, None)
        rows = self.filter(pk__in={ALL, pk}).values_list("pk", "changed_at", "transaction")
        found = {pk: (changed_at, transaction) for pk, changed_at, transaction in rows}
        if found.get(ALL, (None,))[0] != mark.all_changed:
            return True
        if time is None:
            return False
        # An article that changed again has a later number too, unless the numbers of an emptied database began again.
        changed_at, transaction = found.get(pk, (None, 0))
        is_same = changed_at == time
        return not (is_same or (changed_at is not None and changed_at > time and transaction >= mark.oldest))

    def _next(self, transaction: int, oldest_open: int) -> int:
        return transaction + 1 if connections[self.db].vendor == "sqlite" else oldest_open


ALL = 0
"""The id of no article: the row that says when all articles were noted as changed."""


class LastChange(models.Model):
    """When, and by which transaction, what is shown of an article changed last; triggers of the database write it.

    An article shows its own columns, its credits, mentions and appearances, its page, and the records that these name.
    The row of a deleted article stays, with the time of its deletion.

    `transaction` is PostgreSQL's number of the transaction, and on SQLite the number of the change. All transactions
    before `horizon` had ended at the time of the change.
    """

    article = models.OneToOneField(
        Article,
        verbose_name=_("article"),
        primary_key=True,
        # The article may be deleted.
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="last_change",
    )
    changed_at = models.DateTimeField(_("changed at"))
    transaction = models.BigIntegerField(_("transaction"))
    horizon = models.BigIntegerField(_("horizon"))

    objects = _LastChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("last change of an article")
        verbose_name_plural = _("last changes of articles")
        indexes = [
            models.Index(fields=["transaction", "changed_at", "article"], name="lastchange_feed"),
            models.Index(fields=["changed_at"], name="lastchange_time"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}"

    @property
    def stamp(self) -> str:
        """Identifies the version of the article that is shown; another one after every change."""
        return _stamp(self.transaction, self.changed_at)


def _stamp(transaction: int, changed_at: dt.datetime) -> str:
    return f"{transaction:x}-{int(changed_at.timestamp() * 1_000_000):x}"


FEED_COLUMNS = {"changed_in": F("last_change__transaction"), "changed_at": F("last_change__changed_at")}
"""Annotations of articles by which, and by their id, they stand in the order of the feed: as their changes were begun."""


def is_settled(using: str) -> Q:
    """Condition of articles that none will come before in the order of the feed: all earlier transactions have ended.

    The changes of the transaction at hand count as settled, and so do those of another server, from a restored backup.
    """
    if connections[using].vendor == "sqlite":
        return Q()
    ended = Q(last_change__transaction__lt=_first_open(using))
    return ended | Q(last_change__transaction__gte=_NextBegun()) | Q(last_change__transaction=_Own())


# Of this database: the snapshot knows those of the whole server, where another database may have one open for hours.
_OPEN = """
SELECT pg_is_in_recovery(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
       ARRAY(
           SELECT transactionid::text::bigint FROM pg_locks JOIN pg_stat_activity USING (pid)
           WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted AND pid <> pg_backend_pid()
           AND datid = (SELECT oid FROM pg_database WHERE datname = current_database())
       )
"""
_CYCLE = 2**32  # locks have the last 32 bits of a transaction's number


def _first_open(using: str) -> int:
    """The first transaction of this database that may be open, in a statement that begins later."""
    with connections[using].cursor() as cursor:
        cursor.execute(_OPEN)
        is_replica, oldest_open, next_begun, locked = cursor.fetchone()
    if is_replica:
        return int(oldest_open)  # a replica knows the primary's transactions, but not their locks
    half = _CYCLE // 2
    behind = ((next_begun - short + half) % _CYCLE - half for short in locked)
    first: int = min([next_begun, *(next_begun - distance for distance in behind)])
    return first


def has_changed_since(time: dt.datetime, using: str) -> Q:
    """Condition of articles that changed since a time, or were committed since and may have changed before it.

    At that time no transaction was open that is before the `horizon` of the last change until then.
    """
    later, changes = Q(last_change__changed_at__gte=time), LastChange.objects.using(using)
    if connections[using].vendor == "sqlite":
        # Where the feed begins, for which the database would else read all articles.
        first = changes.filter(changed_at__gte=time).order_by("changed_at", "transaction")
        number = first.values_list("transaction", flat=True).first() or 0
        return later & Q(last_change__transaction__gte=number)
    before = changes.filter(changed_at__lte=time).order_by("-changed_at")
    horizon = before.values_list("horizon", flat=True).first() or 0
    return later | Q(last_change__transaction__gte=horizon) & ~Q(last_change__transaction=_Own())


class FeedEntry(models.Model):
    """What the public feed of changes says of a record: one row for each that was public once (`api/resources/change_feed.py`).

    `number` is the place of its last public change in the feed, `first` that at which it became public. Of an article,
    `names` has the ids of the records that it showed then, by kind. `stamp` identifies what was public then.
    """

    kind = models.CharField(_("kind"), max_length=12)
    record = models.BigIntegerField(_("record"))
    number = models.BigIntegerField(_("number"))
    first = models.BigIntegerField(_("first number"))
    is_public = models.BooleanField(_("public"))
    merged_into = models.BigIntegerField(_("merged into"), null=True)
    noted_at = models.DateTimeField(_("noted at"))
    stamp = models.CharField(_("stamp"), max_length=64)
    names = models.JSONField(_("names"), default=dict)
    updated_at = models.DateTimeField(_("updated at"), null=True)

    class Meta:
        verbose_name = _("change of the feed")
        verbose_name_plural = _("changes of the feed")
        constraints = [
            models.UniqueConstraint(fields=["kind", "record"], name="feedentry_once"),
            models.UniqueConstraint(fields=["number"], name="feedentry_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class FeedState(models.Model):
    """How far the changes of articles are noted in the feed: one row, with the last of them and the last number."""

    transaction = models.BigIntegerField(_("transaction"), default=-1)
    changed_at = models.DateTimeField(_("changed at"), default=dt.datetime(1, 1, 2, tzinfo=dt.UTC))
    article = models.BigIntegerField(_("article"), default=0)
    number = models.BigIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("state of the feed")
        verbose_name_plural = _("states of the feed")

    def __str__(self) -> str:
        return f"{self.number}"
