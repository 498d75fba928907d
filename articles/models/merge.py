"""Decisions on two records: that they are the same (a merge, which can be undone), or that they are not."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .history import History
from .organization import Organization
from .place import Place
from .record import Record
from .reporter import Reporter

MODELS: dict[str, Any] = {"reporter": Reporter, "place": Place, "organization": Organization}


class Kind(models.TextChoices):
    REPORTER = "reporter", _("reporter")
    PLACE = "place", _("place")
    ORGANIZATION = "organization", _("organization")


class Merge(models.Model):
    """The decision that one record is another. Rows that point to the source stay, so that a merge can be undone.

    `source` and `target` are ids of records of the `kind`. The target may have been merged into another since.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    source = models.BigIntegerField(_("merged record"))
    target = models.BigIntegerField(_("into"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="merges",
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source"], condition=Q(undone_at=None), name="merge_once"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.source} → {self.target}"


class Distinction(models.Model):
    """The decision that two records are not the same, by their ids, the smaller first."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    first = models.BigIntegerField(_("first record"))
    second = models.BigIntegerField(_("second record"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    history = History()

    class Meta:
        verbose_name = _("distinction")
        verbose_name_plural = _("distinctions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="distinction_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinction_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first} ≠ {self.second}"


def kind_of(record: Record) -> str:
    return record._meta.model_name or ""
