"""Loads, and the outcome of each file in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import ReadableJSONField
from .history import History
from .page import Page

# The prefix of the path of a file that a browser sent; paths on the server begin with a slash.
SENT = "upload/"


class _LoadHistory(History):
    """Records who began a load, and who deleted or purged it, but not the counts that change meanwhile."""

    def before_save(self, instance: models.Model, raw: bool = False, **_kwargs: Any) -> None:
        """Do nothing: only new and deleted loads are recorded."""

    def post_save(self, instance: models.Model, created: bool, **kwargs: Any) -> None:
        if created:
            super().post_save(instance, created, **kwargs)


class Load(models.Model):
    """One run of the loader; a run in which all files are unchanged has no row."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(
        _("finished"),
        null=True,
        blank=True,
        help_text=_("Empty while it runs, and for ever if it was killed."),
    )
    paths = ReadableJSONField(_("paths"), default=list)
    options = ReadableJSONField(_("options"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="loads",
    )
    tally = models.JSONField(_("tally"), default=dict)
    expected = models.PositiveIntegerField(
        _("expected files"),
        null=True,
        blank=True,
        help_text=_("How many files workers will have loaded or rejected at the end; empty for other loads."),
    )

    history = _LoadHistory(excluded_fields=["finished_at", "tally", "expected"])

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} · {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


def load_options(
    publication: str | None, issue_date: dt.date | None, home: str | None, status: str
) -> dict[str, str]:
    """`Load.options` of a load with these values; empty values are left out."""
    values = {"publication": publication, "issue_date": issue_date, "home": home, "status": status}
    return {name: str(value) for name, value in values.items() if value}


class _LoadFileQuerySet(models.QuerySet["LoadFile"]):
    def last_of(self, paths: Iterable[str]) -> dict[str, LoadFile]:
        """By path the last row, with its page but without the page's text."""
        rows = self.filter(path__in=paths).select_related("page").defer("page__text").order_by("pk")
        return {row.path: row for row in rows}

    def versions(self) -> Self:
        """The rows with the current version of each file: by path, the last row that has a page.

        A file that was rejected since then still has that version. Filter by nothing but paths before.
        """
        last = self.exclude(page=None).order_by().values("path").annotate(last=models.Max("pk"))
        return type(self)(self.model).filter(pk__in=last.values("last"))

    def on_server(self) -> Self:
        """The files that the server can read again, without those that a browser sent."""
        return self.exclude(path__startswith=SENT)

    def failed(self) -> Self:
        """The last row of each file that was rejected in its last load, by path."""
        last = self.values("path").annotate(last=models.Max("pk")).values("last")
        return self.filter(pk__in=last, outcome=LoadFile.Outcome.REJECTED).order_by("path")


class LoadFile(models.Model):
    """The outcome of one file in one load."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        REJECTED = "rejected", _("rejected")

    load = models.ForeignKey(Load, verbose_name=_("load"), on_delete=models.CASCADE, related_name="files")
    path = models.TextField(_("path"))
    sha256 = models.CharField(
        _("SHA-256 of the file"), max_length=64, blank=True, help_text=_("Empty if the file was not read.")
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.TextField(_("detail"), blank=True)

    objects = _LoadFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a load")
        verbose_name_plural = _("files of loads")
        ordering = ["pk"]
        indexes = [models.Index(fields=["path"], name="loadfile_path")]
        constraints = [
            models.UniqueConstraint(fields=["load", "path"], name="loadfile_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="rejected") ^ models.Q(reason=""),
                name="loadfile_reason_if_rejected",
                violation_error_message=_("A rejected file has a reason, any other has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.path
