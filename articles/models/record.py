"""What reporters, places and organizations have in common: each is a record that another can be merged into."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.reading.name_keys import name_key

from .fields import Named


class RecordQuerySet(models.QuerySet[Any]):
    def surviving(self) -> Self:
        """The records that stand for something: merged into no other, and not in the trash."""
        return self.filter(merged_into=None, trashed_at=None)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def called(self, name: str) -> Self:
        """Records of a name, of an alias, or of a name that was merged into them, however it is spelt."""
        key = name_key(name)
        named = self.model._default_manager.filter(
            Q(aliases__key=key) | Q(merged__key=key) | Q(merged__aliases__key=key)
        )
        return self.filter(Q(key=key) | Q(pk__in=named))

    def survivors_of(self, ids: Collection[int]) -> Self:
        """The records that stand for those of these ids."""
        return self.surviving().filter(Q(pk__in=ids) | Q(merged__in=ids)).distinct()

    def group_of(self, records: Self) -> Self:
        """Records with those that are merged into them."""
        found = records.values("pk")
        return self.filter(Q(pk__in=found) | Q(merged_into__in=found))


def merged_index(name: str) -> models.Index:
    """The index of what is merged: with the rest in it, SQLite would begin there to look for what is not."""
    return models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name=name)


class Record(Named):
    """A record that goes by a name; once it is merged into another, that one stands for it everywhere.

    What points to a merged record is left as it is, so that the merge can be undone to the letter. `merged_into`
    is always a record that is merged into none itself. One in the trash stands for nothing; it is merged into none,
    and none is merged into it.
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
        """Refuse what another record has; if that is in the trash, where nobody sees it, say so."""
        try:
            super().clean()
        except ValidationError as error:
            others = type(self)._default_manager.filter(key=self.key, trashed_at__isnull=False)
            if (trashed := others.exclude(pk=self.pk).first()) is None:
                raise
            told = _("%(record)s is in the trash: restore it first.") % {"record": trashed}
            raise ValidationError({"name": told}) from error

    @property
    def survivor(self) -> Self:
        """The record that stands for this one: itself, unless it is merged."""
        return cast("Self", self.merged_into or self)

    @property
    def standing(self) -> Self | None:
        """The record that stands for this one, or None while that is in the trash."""
        survivor = self.survivor
        return None if survivor.trashed_at else survivor

    def mark(self) -> None:
        """Say that something about the record is other than it was: its aliases, or what is merged into it."""
        self.updated_at = timezone.now()
        type(self)._default_manager.filter(pk=self.pk).update(updated_at=self.updated_at)

    def group(self) -> QuerySet[Self]:
        """The record with those merged into it."""
        return type(self)._default_manager.filter(Q(pk=self.pk) | Q(merged_into=self.pk))

    def other_names(self: Any) -> list[str]:
        """Its aliases, the names of what was merged into it, and their aliases, each once.

        Costs no query where `aliases` and `merged__aliases` are prefetched.
        """
        merged = list(self.merged.all())
        names = [alias.name for alias in self.aliases.all()]
        for record in merged:
            names += [record.name, *(alias.name for alias in record.aliases.all())]
        return [name for name in dict.fromkeys(names) if name != self.name]
