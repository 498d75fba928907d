"""Which articles were written lately: whoever keeps in memory what articles hold reads those anew, and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connections, models, transaction
from django.db.models import Max, Q
from django.db.models.functions import Least, Now
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

# Rows that stay. Whoever has missed more reads everything anew, which by then is quicker.
_KEPT = 100_000
_TOGETHER = 1_000  # rows that one statement writes
# Of a row that tells of no article, but until which transaction rows were pruned.
_NONE = 0


@deconstructible(path="articles.migrations._support.TransactionId")
class TransactionId(models.Func):
    """The number of the transaction at hand on PostgreSQL; 0 on SQLite, where one follows upon the other."""

    output_field = models.BigIntegerField()
    template = "0"
    on_postgresql = "pg_current_xact_id()::text::bigint"

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.on_postgresql)


class _OldestOpen(TransactionId):
    """The number of the oldest transaction that was not over when the statement began."""

    on_postgresql = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class Mark(NamedTuple):
    """Until where somebody has read the changes.

    `last` and `noted_at` name the newest row. On PostgreSQL transactions end in another order than they begin: rows of
    the `oldest` one that was open, and of all after it, are looked for again, but for those that were `read`.
    """

    last: int = 0
    noted_at: dt.datetime | None = None
    oldest: int = 0
    read: frozenset[int] = frozenset()


class ArticleChangeQuerySet(models.QuerySet["ArticleChange"]):
    def note(self, articles: Collection[int]) -> None:
        """Say that something was written about articles which is not in their own rows; triggers say the rest."""
        self.bulk_create([ArticleChange(article_id=pk) for pk in articles], batch_size=_TOGETHER)

    def note_all(self) -> None:
        """Say that something was written about any number of articles, so that all are read anew."""
        self.all().delete()
        self.create(article_id=_NONE, transaction=0)

    def mark(self) -> Mark:
        """The end of the changes. Take it before anything is read of articles, so that nothing is missed."""
        rows = self.annotate(oldest=_OldestOpen()).order_by("-pk")
        row = rows.values_list("pk", "noted_at", "oldest").first()
        return Mark(*row) if row else Mark()

    def since(self, mark: Mark) -> tuple[set[int] | None, Mark]:
        """The ids of the articles that were written since a mark, and the mark after that.

        None in the place of ids means that any may have been: rows were pruned, or a backup was restored.
        """
        if not self._reaches_back_to(mark):
            return None, self.mark()
        is_later = Q(transaction__gte=mark.oldest)
        if connections[self.db].vendor == "sqlite":
            is_later = Q(pk__gt=mark.last)
        rows = self.filter(is_later).annotate(oldest=_OldestOpen()).order_by("pk")
        found = list(rows.values_list("pk", "article_id", "noted_at", "oldest"))
        changed = {article for pk, article, *_rest in found if pk not in mark.read}
        if not changed:
            return changed, mark
        last, _article, noted_at, oldest = found[-1]
        return changed, Mark(last, noted_at, oldest, frozenset(pk for pk, *_rest in found))

    def prune(self) -> int:
        """Delete all but the newest rows, and say how many; none that a transaction still open may come before."""
        newest = self.aggregate(newest=Max("pk"))["newest"] or 0
        oldest_kept = newest > _KEPT and self.filter(pk__lte=newest - _KEPT).order_by("-pk").first()
        if not oldest_kept:
            return 0
        is_old = Q(transaction__lt=Least(oldest_kept.transaction, _OldestOpen()))
        if connections[self.db].vendor == "sqlite":
            is_old = Q(pk__lt=oldest_kept.pk)
        with transaction.atomic():
            count, _by_model = self.filter(is_old).delete()
            self.create(article_id=_NONE, transaction=oldest_kept.transaction)
        return count

    def _reaches_back_to(self, mark: Mark) -> bool:
        """Whether the rows since a mark are all there."""
        if not mark.last:
            return not self.exists()
        pruned = self.filter(article_id=_NONE).aggregate(until=Max("transaction"))["until"] or 0
        # The time as it is read: SQLite would compare it as a text, of fewer digits than it is asked with.
        noted_at = self.filter(pk=mark.last).values_list("noted_at", flat=True).first()
        return noted_at is not None and noted_at == mark.noted_at and pruned <= mark.oldest


class ArticleChange(models.Model):
    """That an article was written: made, changed or deleted, or that what it names is another by now."""

    article_id = models.PositiveBigIntegerField(_("article"))  # no key: it may be gone
    transaction = models.BigIntegerField(_("transaction"), db_default=TransactionId(), db_index=True)
    noted_at = models.DateTimeField(_("noted at"), db_default=Now())

    objects = ArticleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an article")
        verbose_name_plural = _("changes of articles")
        indexes = [
            models.Index(fields=["transaction"], condition=Q(article_id=_NONE), name="articlechange_pruned")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}"
