"""The base of reporters, places and organizations: records with a name that can be merged and trashed."""

from collections.abc import Collection
from typing import Any, Self, cast

from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.reading.name_keys import name_key
from articles.record_lock import lock_records

from .fields import Named


class RecordQuerySet(models.QuerySet[Any]):
    def select_for_update(self, *args: Any, **options: Any) -> Self:
        """Lock the records as they are read, after the lock of all records: lock nothing before these two."""
        lock_records(router.db_for_write(self.model))
        return super().select_for_update(*args, **options)

    def surviving(self) -> Self:
        """The records that are neither merged into another nor in the trash."""
        return self.filter(merged_into=None, trashed_at=None)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def called(self, name: str) -> Self:
        """Records with this name or alias, or with a merged record of this name or alias; spelling variants count as equal."""
        key = name_key(name)
        named = self.model._default_manager.filter(
            Q(aliases__key=key) | Q(merged__key=key) | Q(merged__aliases__key=key)
        )
        return self.filter(Q(key=key) | Q(pk__in=named))

    def survivors_of(self, ids: Collection[int]) -> Self:
        """The records that those of these ids are, or are merged into."""
        return self.surviving().filter(Q(pk__in=ids) | Q(merged__in=ids)).distinct()

    def group_of(self, records: Self) -> Self:
        """These records with those that are merged into them."""
        found = records.values("pk")
        return self.filter(Q(pk__in=found) | Q(merged_into__in=found))


def merged_index(name: str) -> models.Index:
    """An index of the merged records only; with all records in it, SQLite would use it to find those not merged."""
    return models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name=name)


class Record(Named):
    """A record with a name; once it is merged into another, its mentions and bylines resolve to that one.

    Rows that point to a merged record stay as they are, so that the merge can be undone. `merged_into` is always a
    record that is not merged itself. Mentions of a record in the trash resolve to nothing; it is not merged, and no
    record is merged into it.
    """

    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
        db_index=False,  # by `merged_index`
    )
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Reject a name that another record has; the message says if that record is in the trash."""
        try:
            super().clean()
        except ValidationError as error:
            others = type(self)._default_manager.filter(key=self.key, trashed_at__isnull=False)
            if (trashed := others.exclude(pk=self.pk).first()) is None:
                raise
            message = _("%(record)s is in the trash: restore it first.") % {"record": trashed}
            raise ValidationError({"name": message}) from error

    @property
    def survivor(self) -> Self:
        """The record that this one is merged into, or itself."""
        return cast("Self", self.merged_into or self)

    @property
    def untrashed_survivor(self) -> Self | None:
        """The survivor, or None while it is in the trash."""
        survivor = self.survivor
        return None if survivor.trashed_at else survivor

    def mark(self) -> None:
        """Set `updated_at`, because an editor decided whether the record is another one."""
        type(self)._default_manager.filter(pk=self.pk).update(updated_at=timezone.now())

    def group(self) -> QuerySet[Self]:
        """The record with those merged into it."""
        return type(self)._default_manager.filter(Q(pk=self.pk) | Q(merged_into=self.pk))

    def other_names(self: Any) -> list[str]:
        """The aliases, the names of merged records and their aliases, each once.

        Costs no query where `aliases` and `merged__aliases` are prefetched.
        """
        merged = list(self.merged.all())
        names = [alias.name for alias in self.aliases.all()]
        for record in merged:
            names += [record.name, *(alias.name for alias in record.aliases.all())]
        return [name for name in dict.fromkeys(names) if name != self.name]
