"""An article, in two layers: what the machine read from a page, and what people decided."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .fields import ReadableJSON
from .page import Page

LONG_HEADLINE = 200  # characters; a longer one is flagged, for it is likely to be a paragraph


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> ArticleQuerySet:
        """What everybody may see."""
        return self.filter(status=Article.Status.PUBLISHED)

    def untouched(self) -> ArticleQuerySet:
        """Articles in which no person decided anything, so that the loader may take them away."""
        return self.filter(version=1).exclude(mentions__verdict__gt="")


class Article(models.Model):
    """What is shown of an article; `found` is the machine's layer, `corrected` names what people decided.

    A load writes `found` and the columns that `corrected` does not name. An article that a person wrote has
    no page and an empty `found`. `start` and `end` count the code points of the page's text.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    CORRECTABLE = frozenset(
        {
            "kicker", "headline", "subtitle", "dateline", "agency", "section", "publication", "issue_date",
            "body", "status", "reviewed",
        }
    )  # fmt: skip

    page = models.ForeignKey(
        Page, verbose_name=_("page"), null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position on the page"), null=True, blank=True)

    publication = models.CharField(_("publication"), max_length=200, blank=True)
    issue_date = models.DateField(_("issue date"), null=True, blank=True)
    section = models.CharField(_("section"), max_length=100, blank=True)
    kicker = models.TextField(_("kicker"), blank=True)
    headline = models.TextField(_("headline"), blank=True)
    subtitle = models.TextField(_("subtitle"), blank=True)
    dateline = models.TextField(_("dateline"), blank=True)
    agency = models.CharField(_("agency"), max_length=100, blank=True)
    blocks = models.JSONField(_("blocks"), default=list, blank=True, encoder=ReadableJSON)
    body = models.TextField(_("body"), blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    reviewed = models.BooleanField(_("reviewed"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    found = models.JSONField(_("found by the loader"), default=dict, editable=False, encoder=ReadableJSON)
    corrected = models.JSONField(_("decided by editors"), default=list, editable=False)
    flags = models.JSONField(_("flags"), default=list, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-issue_date", "-pk"]
        indexes = [
            models.Index(fields=["-issue_date", "-id"], name="article_newest"),
            models.Index(fields=["status", "-issue_date", "-id"], name="article_status_newest"),
            models.Index(fields=["publication", "-issue_date"], name="article_publication"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "start"],
                condition=Q(page__isnull=False),
                name="article_page_start",
                violation_error_message=_("An article of this page begins there already."),
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=True, start__isnull=True, end__isnull=True)
                | Q(page__isnull=False, start__isnull=False, end__gt=models.F("start")),
                name="article_span_on_page",
                violation_error_message=_("An article has both a page and a span on it, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "published", "withdrawn"]),
                name="article_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.body[:30] or f"#{self.pk}"

    def correct(self, **decided: Any) -> bool:
        """Set what a person decided, so that no later load undoes it; False if it already stood so.

        `TypeError` names a column that is not for people to set.
        """
        if unknown := decided.keys() - self.CORRECTABLE:
            raise TypeError(f"an article has no correctable {', '.join(sorted(unknown))}")
        changed = {name: value for name, value in decided.items() if getattr(self, name) != value}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self._keep(changed)
        return bool(changed)

    def keep_bylines(self) -> None:
        """Record that a person decided the bylines, so that no later load replaces them."""
        self._keep({"bylines": None})

    def _keep(self, decided: dict[str, Any]) -> None:
        """Write what a person decided as one version more, upon the row as it stands by now."""
        with transaction.atomic():
            stored = Article.objects.select_for_update().only("corrected", "version").get(pk=self.pk)
            self.corrected = sorted({*stored.corrected, *decided})
            self.version = stored.version + 1
            columns = decided.keys() - {"bylines"}
            self.save(update_fields=[*columns, "corrected", "version", "updated_at"])
