"""Articles, in two layers: what the loader extracted from a page, and what editors decided."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.record_lock import share_records

from .fields import ReadableJSONField, sort_date
from .history import History
from .page import Page

# The statuses of articles that only the newsroom sees. Queries that join articles exclude these: for
# `status = 'published'` SQLite would begin with the index of the status, which holds nearly all articles.
HIDDEN = ("draft", "in_review", "withdrawn", "trashed")
LONG_HEADLINE = 200  # characters; a longer headline is flagged, because it is probably a paragraph


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """The articles that everybody may see."""
        return self.filter(status=Article.Status.PUBLISHED)

    def untrashed(self) -> Self:
        """The articles not in the trash, as a list of statuses, for which an index can be used."""
        return self.filter(
            status__in=[status for status in Article.Status if status != Article.Status.TRASHED]
        )

    def untouched(self) -> Self:
        """The articles in which no editor decided anything, so that a load may withdraw them.

        A ruling on a name decides in many articles, and no editor looked at each.
        """
        mentions: Any = self.model._meta.get_field("mentions").related_model
        decided = mentions.objects.filter(article=OuterRef("pk"), verdict__gt="", ruling=None)
        return self.filter(~Exists(decided), version=1)

    def select_for_update(self, *args: Any, **options: Any) -> Self:
        """Lock the articles as they are read, after the lock of all records: lock nothing before these two."""
        share_records(router.db_for_write(Article))
        return super().select_for_update(*args, **options)


class Article(models.Model):
    """An article as it is shown; `extracted` is what the loader extracted, `corrected` lists the columns that editors decided.

    A load writes `extracted` and the columns that `corrected` does not list. An article that an editor wrote has
    no page and an empty `extracted`. `start` and `end` count the code points of the page's text.
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
    extracted = ReadableJSONField(_("extracted by the loader"), default=dict, editable=False)
    corrected = models.JSONField(_("decided by editors"), default=list, editable=False)
    flags = models.JSONField(_("flags"), default=list, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()
    history = History(excluded_fields=["extracted", "sort_date"])

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
            # With `updated_at`, as caches knew by it what is outdated until they had `LastChange`.
            models.Index(fields=["status", "-sort_date", "-id", "updated_at"], name="article_listed"),
            # The same for given ids: a search looks up thousands, and shows the newest of the best.
            models.Index(fields=["status", "id", "-sort_date", "updated_at"], name="article_found"),
            models.Index(fields=["publication", "-sort_date", "-id"], name="article_publication"),
            # Without it SQLite would scan all published articles in the order of the list.
            models.Index(fields=["page", "status", "-sort_date", "-id"], name="article_of_page"),
            models.Index(fields=["status", "publication"], name="article_publications"),
            # The queue of articles to review, in its order, and its length.
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
        """Reject an article without headline and body."""
        if not (self.headline.strip() or self.body.strip()):
            raise ValidationError({"headline": _("An article has a headline or a body.")})

    @property
    def is_withdrawn_by_load(self) -> bool:
        """Whether the article is withdrawn because its page does not have it any more, and not by an editor."""
        return self.status == self.Status.WITHDRAWN and "status" not in self.corrected
