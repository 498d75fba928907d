"""What editors decided of a page: where an article begins or does not, and which regions are adverts, notices or text."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.reading.layout.block_parts import spans_without
from articles.reading.layout.decided_regions import DecidedRegion, RegionKind

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


class _RegionQuerySet(models.QuerySet["Region"]):
    def of(self, page: Page) -> list[DecidedRegion]:
        """The decided regions of a page, in its order."""
        return [region.decided for region in self.filter(page=page).order_by("start")]

    def say(self, page: Page, start: int, end: int, kind: RegionKind, anchor: int | None = None) -> None:
        """Store the decision on a region of a page, in place of what was decided there before."""
        self.forget(page, start, end)
        self.create(page=page, start=start, end=end, kind=kind, anchor=anchor)

    def forget(self, page: Page, start: int, end: int) -> None:
        """Take back what was decided on a region; what was decided beside it stays."""
        for region in self.filter(page=page, start__lt=end, end__gt=start):
            region.delete()
            for first, last in spans_without([(region.start, region.end)], [(start, end)]):
                self.create(page=page, start=first, end=last, kind=region.kind, anchor=region.anchor)

    def divide(self, page: Page, offset: int) -> None:
        """Divide the region that goes on at an offset into two, about which editors may decide apart."""
        for region in self.filter(page=page, start__lt=offset, end__gt=offset):
            self.say(page, offset, region.end, region.decided.kind, region.anchor)


class Region(models.Model):
    """A decided region of a page: an advert, a notice or what an editor removed, or text of an article.

    `start` and `end` count characters of the page's text. Text belongs to the article that has the character at `anchor`.
    Loads read the page accordingly, so that the decision survives every later load.
    """

    class Kind(models.TextChoices):
        ADVERT = "advert", _("advert")
        NOTICE = "notice", _("notice")
        REMOVED = "removed", _("removed by an editor")
        TEXT = "text", _("text of an article")

    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="regions")
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    anchor = models.PositiveIntegerField(_("anchor"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = _RegionQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("region of a page")
        verbose_name_plural = _("regions of pages")
        ordering = ["page", "start"]
        constraints = [
            models.UniqueConstraint(fields=["page", "start"], name="region_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="region_not_empty"),
            models.CheckConstraint(
                condition=Q(kind="text", anchor__isnull=False)
                | Q(kind__in=["advert", "notice", "removed"], anchor__isnull=True),
                name="region_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}:{self.start}-{self.end}"

    @property
    def decided(self) -> DecidedRegion:
        kind: Any = self.kind
        return DecidedRegion(self.start, self.end, kind, self.anchor)
