"""Changes of articles: caches in memory read the articles again that were written since, and no others."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connections, models, transaction
from django.db.models import Max, Q
from django.db.models.functions import Least, Now
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

# Rows that are not pruned. A cache that missed more reads everything again, which is quicker then.
_MOST_ROWS = 100_000
_TOGETHER = 1_000  # rows that one statement writes
# The article id of a row that says until which transaction rows were pruned.
_NONE = 0


@deconstructible(path="articles.migrations._support.TransactionId")
class _TransactionId(models.Func):
    """The id of the current transaction on PostgreSQL; 0 on SQLite, where transactions do not overlap."""

    output_field = models.BigIntegerField()
    template = "0"
    on_postgresql = "pg_current_xact_id()::text::bigint"

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.on_postgresql)


class _OldestOpen(_TransactionId):
    """The id of the oldest transaction that was open when the statement began."""

    on_postgresql = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class Mark(NamedTuple):
    """The point up to which a cache has read the changes.

    `last` and `noted_at` identify the newest row. On PostgreSQL transactions end in another order than they begin: rows
    of the `oldest` open transaction and of later ones are read again, without those in `read`.
    """

    last: int = 0
    noted_at: dt.datetime | None = None
    oldest: int = 0
    read: frozenset[int] = frozenset()


class _ArticleChangeQuerySet(models.QuerySet["ArticleChange"]):
    def note(self, articles: Collection[int]) -> None:
        """Record changes of articles outside their own rows; triggers record changes of the rows."""
        self.bulk_create([ArticleChange(article_id=pk) for pk in articles], batch_size=_TOGETHER)

    def note_all(self) -> None:
        """Record that any article may have changed, so that all are read again."""
        self.all().delete()
        self.create(article_id=_NONE, transaction=0)

    def mark(self) -> Mark:
        """The end of the changes. Take it before you read articles, so that no change is missed."""
        rows = self.annotate(oldest=_OldestOpen()).order_by("-pk")
        row = rows.values_list("pk", "noted_at", "oldest").first()
        return Mark(*row) if row else Mark()

    def since(self, mark: Mark) -> tuple[set[int] | None, Mark]:
        """The ids of the articles that were written since a mark, and the next mark.

        None instead of ids if any article may have been: rows were pruned, or a backup was restored.
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
        """Delete old rows and return how many; rows stay if a transaction that began before them is still open."""
        newest = self.aggregate(newest=Max("pk"))["newest"] or 0
        oldest_left = newest > _MOST_ROWS and self.filter(pk__lte=newest - _MOST_ROWS).order_by("-pk").first()
        if not oldest_left:
            return 0
        is_old = Q(transaction__lt=Least(oldest_left.transaction, _OldestOpen()))
        if connections[self.db].vendor == "sqlite":
            is_old = Q(pk__lt=oldest_left.pk)
        with transaction.atomic():
            count, _by_model = self.filter(is_old).delete()
            self.create(article_id=_NONE, transaction=oldest_left.transaction)
        return count

    def _reaches_back_to(self, mark: Mark) -> bool:
        """Whether no row since a mark was pruned."""
        if not mark.last:
            return not self.exists()
        pruned = self.filter(article_id=_NONE).aggregate(until=Max("transaction"))["until"] or 0
        # Compared in Python: SQLite would compare it as a text with fewer digits.
        noted_at = self.filter(pk=mark.last).values_list("noted_at", flat=True).first()
        return noted_at is not None and noted_at == mark.noted_at and pruned <= mark.oldest


class ArticleChange(models.Model):
    """A change of an article: it was created, changed or deleted, or a record that it names was."""

    article_id = models.PositiveBigIntegerField(_("article"))  # no foreign key: the article may be deleted
    transaction = models.BigIntegerField(_("transaction"), db_default=_TransactionId(), db_index=True)
    noted_at = models.DateTimeField(_("noted at"), db_default=Now())

    objects = _ArticleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an article")
        verbose_name_plural = _("changes of articles")
        indexes = [
            models.Index(fields=["transaction"], condition=Q(article_id=_NONE), name="articlechange_pruned")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}"
