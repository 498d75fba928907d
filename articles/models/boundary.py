"""Boundaries that editors decided: where an article of a page begins, or does not."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .history import History
from .page import Page


class _BoundaryQuerySet(models.QuerySet["Boundary"]):
    def of(self, page: Page) -> dict[int, bool]:
        """By offset in the page whether an article begins there."""
        return dict(self.filter(page=page).values_list("offset", "begins"))

    def say(self, page: Page, offset: int, *, begins: bool, by: Any) -> None:
        """Store the decision on an offset of a page."""
        self.update_or_create(
            page=page, offset=offset, defaults={"begins": begins, "by": by, "at": timezone.now()}
        )


class Boundary(models.Model):
    """A decided offset of a page: an article begins there (`begins`), or the text there belongs to the article before.

    Loads read the page accordingly, so that a split or a join survives every later load.
    """

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="boundaries"
    )
    offset = models.PositiveIntegerField(_("offset"), help_text=_("In characters of the page's text."))
    begins = models.BooleanField(_("an article begins here"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = _BoundaryQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("boundary of an article")
        verbose_name_plural = _("boundaries of articles")
        ordering = ["page", "offset"]
        constraints = [models.UniqueConstraint(fields=["page", "offset"], name="boundary_once")]

    def __str__(self) -> str:
        return f"{self.page_id}:{self.offset}"
