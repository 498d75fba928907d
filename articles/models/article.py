"""An article, in two layers: what the machine read from a page, and what people decided."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import ReadableJSONField, sort_date
from .history import History
from .page import Page

# What only the newsroom sees. Where articles are joined, what is published is what is none of these: an index finds the
# published ones, and SQLite would begin there, with nearly all that there are.
HIDDEN = ("draft", "in_review", "withdrawn", "trashed")
LONG_HEADLINE = 200  # characters; a longer one is flagged, for it is likely to be a paragraph


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> ArticleQuerySet:
        """What everybody may see."""
        return self.filter(status=Article.Status.PUBLISHED)

    def untrashed(self) -> ArticleQuerySet:
        """All but what is in the trash; said of what they are, which indexes that begin with the status can tell."""
        return self.filter(
            status__in=[status for status in Article.Status if status != Article.Status.TRASHED]
        )

    def untouched(self) -> ArticleQuerySet:
        """Articles in which no person decided anything, so that the loader may take them away."""
        return self.filter(version=1).exclude(mentions__verdict__gt="")

    def touch(self) -> int:
        """Say that what these articles show is other than it was: a record that they name was renamed or merged."""
        return self.update(updated_at=timezone.now())


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
        TRASHED = "trashed", _("in the trash")

    page = models.ForeignKey(
        Page, verbose_name=_("page"), null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position on the page"), null=True, blank=True)

    publication = models.CharField(_("publication"), max_length=200, blank=True)
    issue_date = models.DateField(_("issue date"), null=True, blank=True)
    sort_date = sort_date()
    section = models.CharField(_("section"), max_length=100, blank=True)
    kicker = models.TextField(_("kicker"), blank=True)
    headline = models.TextField(_("headline"), blank=True)
    subtitle = models.TextField(_("subtitle"), blank=True)
    dateline = models.TextField(_("dateline"), blank=True)
    agency = models.CharField(_("agency"), max_length=100, blank=True)
    blocks = ReadableJSONField(_("blocks"), default=list, blank=True)
    body = models.TextField(_("body"), blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    trashed_from = models.CharField(
        _("status before the trash"), max_length=10, choices=Status, blank=True, editable=False
    )
    reviewed = models.BooleanField(_("reviewed"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="written_articles",
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    found = ReadableJSONField(_("found by the loader"), default=dict, editable=False)
    corrected = models.JSONField(_("decided by editors"), default=list, editable=False)
    flags = models.JSONField(_("flags"), default=list, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()
    history = History(excluded_fields=["found", "sort_date"])

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-sort_date", "-pk"]
        permissions = [
            ("publish_article", _("Can publish and withdraw articles")),
            ("change_own_article", _("Can change the drafts that he or she wrote")),
        ]
        indexes = [
            models.Index(fields=["-sort_date", "-id"], name="article_newest"),
            # With what tells whether an article reads as before, so that lists read no rows, which are long.
            models.Index(fields=["status", "-sort_date", "-id", "updated_at"], name="article_listed"),
            # The same for articles whose ids are at hand: a search looks up thousands, and shows the newest of the best.
            models.Index(fields=["status", "id", "-sort_date", "updated_at"], name="article_found"),
            models.Index(fields=["publication", "-sort_date", "-id"], name="article_publication"),
            # Without it SQLite would go through all that is published, in the order of the list.
            models.Index(fields=["page", "status", "-sort_date", "-id"], name="article_of_page"),
            models.Index(fields=["status", "publication"], name="article_publications"),
            models.Index(fields=["updated_at", "id"], name="article_updated"),
            # The queue of what is to be reviewed, in its order; and how much that is.
            models.Index(
                fields=["sort_date", "page", "-position", "-id", "status"],
                condition=Q(reviewed=False),
                name="article_to_review",
            ),
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
                condition=Q(status__in=["draft", "in_review", "published", "withdrawn", "trashed"]),
                name="article_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="trashed") ^ Q(trashed_from=""),
                name="article_trashed_from",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.body[:30] or f"#{self.pk}"

    def clean(self) -> None:
        """Refuse an article without a word in it."""
        if not (self.headline.strip() or self.body.strip()):
            raise ValidationError({"headline": _("An article has a headline or a body.")})
