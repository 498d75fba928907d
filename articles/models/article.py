"""An article, in two layers: what the machine read from a page, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import ReadableJSON, sort_date
from .history import History
from .moving import Edit
from .page import Page

_PARTS = frozenset({"headline", "kicker", "subtitle", "body"})  # that mentions stand in
_AWAY = 1_000_000_000  # characters, beyond the end of any text
# What only the newsroom sees. Where articles are joined, what is published is what is none of these: an index finds the
# published ones, and SQLite would begin there, with nearly all that there are.
HIDDEN = ("draft", "in_review", "withdrawn", "trashed")
LONG_HEADLINE = 200  # characters; a longer one is flagged, for it is likely to be a paragraph


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> ArticleQuerySet:
        """What everybody may see."""
        return self.filter(status=Article.Status.PUBLISHED)

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

    # What may become of an article by a person's word.
    NEXT = {
        Status.DRAFT: frozenset({Status.IN_REVIEW, Status.PUBLISHED}),
        Status.IN_REVIEW: frozenset({Status.DRAFT, Status.PUBLISHED}),
        Status.PUBLISHED: frozenset({Status.WITHDRAWN}),
        Status.WITHDRAWN: frozenset({Status.DRAFT, Status.PUBLISHED}),
        Status.TRASHED: frozenset(),
    }
    # Whoever sets one of these, or sets back from it, decides what everybody sees.
    PUBLIC = frozenset({Status.PUBLISHED, Status.WITHDRAWN})

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
    sort_date = sort_date()
    section = models.CharField(_("section"), max_length=100, blank=True)
    kicker = models.TextField(_("kicker"), blank=True)
    headline = models.TextField(_("headline"), blank=True)
    subtitle = models.TextField(_("subtitle"), blank=True)
    dateline = models.TextField(_("dateline"), blank=True)
    agency = models.CharField(_("agency"), max_length=100, blank=True)
    blocks = models.JSONField(_("blocks"), default=list, blank=True, encoder=ReadableJSON)
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
    found = models.JSONField(_("found by the loader"), default=dict, editable=False, encoder=ReadableJSON)
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
            models.Index(fields=["status", "-sort_date", "-id"], name="article_status_newest"),
            models.Index(fields=["publication", "-sort_date", "-id"], name="article_publication"),
            models.Index(fields=["updated_at", "id"], name="article_updated"),
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

    def next_statuses(self, *, may_publish: bool) -> set[str]:
        """What the article may become by the word of somebody who may publish, or may not; what it is included."""
        following = self.NEXT[self.Status(self.status)]
        is_public = bool(self.PUBLIC & {self.status})
        if not may_publish:
            following = frozenset() if is_public else following - self.PUBLIC
        return {self.status, *following}

    def clean(self) -> None:
        """Refuse an article without a word in it."""
        if not (self.headline.strip() or self.body.strip()):
            raise ValidationError({"headline": _("An article has a headline or a body.")})

    def correct(self, **decided: Any) -> bool:
        """Set what a person decided, so that no later load undoes it; False if it already stood so.

        Mentions move with their text; one whose own words were changed is gone with them. `TypeError` names a
        column that is not for people to set, `ValidationError` what the database or an editor could not take.
        """
        if unknown := decided.keys() - self.CORRECTABLE:
            raise TypeError(f"an article has no correctable {', '.join(sorted(unknown))}")
        changed = {name: value for name, value in decided.items() if getattr(self, name) != value}
        before = {name: getattr(self, name) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self._check(changed)
            with transaction.atomic():
                self._keep(changed)
                self._move_mentions(before)
        return bool(changed)

    def keep_bylines(self) -> None:
        """Record that a person decided the bylines, so that no later load replaces them."""
        self._keep({"bylines": None})

    def _check(self, changed: Iterable[str]) -> None:
        """`full_clean` of the columns that were changed: the loader may have left others as they are printed."""
        unchanged = {field.name for field in self._meta.fields} - set(changed)
        try:
            self.full_clean(exclude=unchanged, validate_unique=False, validate_constraints=False)
        except ValidationError:
            self.refresh_from_db()
            raise

    def _keep(self, decided: dict[str, Any]) -> None:
        """Write what a person decided as one version more, upon the row as it stands by now."""
        with transaction.atomic():
            stored = Article.objects.select_for_update().only("corrected", "version").get(pk=self.pk)
            self.corrected = sorted({*stored.corrected, *decided})
            self.version = stored.version + 1
            columns = decided.keys() - {"bylines"}
            self.save(update_fields=[*columns, "corrected", "version", "updated_at"])

    def _move_mentions(self, before: dict[str, Any]) -> None:
        """Keep mentions at their words in parts that were edited."""
        for part in before.keys() & _PARTS:
            edit = Edit(before[part], getattr(self, part))
            mentions = list(self.mentions.filter(part=part))
            # Out of the way first: one may come to lie where another is.
            self.mentions.filter(part=part).update(start=F("start") + _AWAY, end=F("end") + _AWAY)
            for mention in mentions:
                if span := edit.moved(mention.start, mention.end):
                    self.mentions.filter(pk=mention.pk).update(start=span[0], end=span[1])
                else:
                    mention.delete()
