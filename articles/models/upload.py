"""Uploads: page files that a browser sent, stored until they are loaded."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article
from .fields import ReadableJSONField
from .load import SENT, Load, load_options

# Days after which the next upload deletes those that were not loaded, and rejected files.
UPLOAD_DAYS = 14


class _UploadQuerySet(models.QuerySet["Upload"]):
    def outdated(self) -> Self:
        """Uploads older than `UPLOAD_DAYS`."""
        return self.filter(at__lt=timezone.now() - dt.timedelta(days=UPLOAD_DAYS))


class Upload(models.Model):
    """Uploaded page files with the options that the sender gave; `load` is the load that was begun for them, if any."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    publication = models.CharField(_("publication"), max_length=200, blank=True)
    issue_date: models.DateField[dt.date | None, dt.date | None] = models.DateField(
        _("issue date"), null=True, blank=True
    )
    home_code = models.CharField(_("home"), max_length=12, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Article.Status)
    load = models.ForeignKey(
        Load, verbose_name=_("load"), null=True, on_delete=models.SET_NULL, related_name="uploads"
    )

    objects = _UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    def begin(self, by: Any, *, again_after: Load | None = None) -> Load:
        """Begin a load of this upload, or return the load that was begun already.

        To retry, pass as `again_after` the load that failed, so that of two requests to retry one begins a load.
        """
        with transaction.atomic():
            upload = Upload.objects.select_for_update().get(pk=self.pk)
            if upload.load == again_after or upload.load is None:
                upload.load = Load.objects.create(
                    started_at=timezone.now(), paths=[SENT], options=self.load_options(), by=by
                )
                upload.save(update_fields=["load"])
        self.load = upload.load
        return upload.load

    def waiting(self) -> models.QuerySet[UploadedFile]:
        """The files that have no outcome in the load yet; all files if there is no load."""
        if self.load is None:
            return self.files.all()
        finished = self.load.files.filter(path=models.OuterRef("path"))
        return self.files.annotate(path=_ledger_path()).filter(~models.Exists(finished))

    def load_options(self) -> dict[str, str]:
        return load_options(self.publication, self.issue_date, self.home_code, self.status)


class UploadedFile(models.Model):
    """One page file as it was sent, or why it was rejected unread; deleted once its page is stored."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.TextField(_("file"))
    data = models.BinaryField()
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    # By column what the sender decided of this page in the preview; the date in ISO form.
    decided = ReadableJSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["upload", "name"], name="uploaded_file_once")]

    def __str__(self) -> str:
        return self.name


def _ledger_path() -> models.expressions.Combinable:
    """The path of an uploaded file in the ledger."""
    return models.functions.Concat(models.Value(SENT), "name", output_field=models.TextField())
