"""Page files that were sent by a browser, kept until they are loaded."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article
from .load import Load


class Upload(models.Model):
    """Some page files, and what whoever sent them says of them; `load` is the load that they became, if any."""

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

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class UploadedFile(models.Model):
    """One page file as it was sent; its bytes are let go once its page keeps them."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.TextField(_("file"))
    data = models.BinaryField()
    is_loaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["upload", "name"], name="uploaded_file_once")]

    def __str__(self) -> str:
        return self.name
