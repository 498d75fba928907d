"""An article, in two layers: what the machine read from a page, and what people decided."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .composition import Composition, Recomposition, realigned, texts_of
from .fields import ReadableJSON, sort_date
from .history import History
from .page import Page

_PARTS = ("headline", "kicker", "subtitle", "body")  # that mentions stand in
_AWAY = 1_000_000_000  # characters, beyond the end of any text
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
            "blocks", "body", "status", "reviewed",
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

        The body of a printed article and its blocks follow from each other. Mentions move with their text; one whose
        own words were changed is gone with them. `TypeError` names a column that is not for people to set,
        `ValidationError` what the database or an editor could not take.
        """
        if unknown := decided.keys() - self.CORRECTABLE:
            raise TypeError(f"an article has no correctable {', '.join(sorted(unknown))}")
        decided = self._with_what_follows(decided)
        changed = {name: value for name, value in decided.items() if getattr(self, name) != value}
        before = self.composition()
        if changed:
            self._check(changed)
            with transaction.atomic():
                for name, value in changed.items():
                    setattr(self, name, value)
                self._keep(changed)
                if changed.keys() & {*_PARTS, "blocks"}:
                    self._move_mentions(before)
        return bool(changed)

    def keep_bylines(self) -> None:
        """Record that a person decided the bylines, so that no later load replaces them."""
        self._keep({"bylines": None})

    def trash(self) -> None:
        """Put the article into the trash, from where it can be restored; no load brings it back."""
        if self.status != self.Status.TRASHED:
            self._keep({"status": self.Status.TRASHED, "trashed_from": self.status})

    def restore(self) -> None:
        """Take the article out of the trash, as it was."""
        if self.status == self.Status.TRASHED:
            self._keep({"status": self.trashed_from, "trashed_from": ""})

    def composition(self) -> Composition:
        return Composition(self.blocks, {part: getattr(self, part) for part in _PARTS})

    def _with_what_follows(self, decided: dict[str, Any]) -> dict[str, Any]:
        """The texts that follow from decided blocks, or the blocks from a decided body."""
        if "blocks" in decided:
            before, after = texts_of(self.blocks), texts_of(decided["blocks"])
            follows = {part: text for part, text in after.items() if text != before[part] or part == "body"}
            return follows | decided
        if self.blocks and decided.get("body", self.body) != self.body:
            blocks = realigned(self.blocks, decided["body"])
            return {**decided, "blocks": blocks, "body": texts_of(blocks)["body"]}
        return decided

    def _check(self, changed: dict[str, Any]) -> None:
        """`full_clean` of the columns that are changed: the loader may have left others as they are printed."""
        changing = copy(self)
        for name, value in changed.items():
            setattr(changing, name, value)
        unchanged = {field.name for field in self._meta.fields} - changed.keys()
        changing.full_clean(exclude=unchanged, validate_unique=False, validate_constraints=False)
        if changed.get("reviewed"):
            self.check_reviewed()

    def check_reviewed(self) -> None:
        """Refuse to call an article reviewed while names in it are in doubt: `ValidationError` tells how many."""
        if count := self.mentions.doubtful().count():
            raise ValidationError(
                {
                    "reviewed": ngettext_lazy(
                        "A name in this article is still in doubt: decide it first.",
                        "%(count)s names in this article are still in doubt: decide them first.",
                        count,
                    )
                    % {"count": count}
                }
            )

    def _keep(self, decided: dict[str, Any]) -> None:
        """Write what a person decided as one version more, upon the row as it stands by now."""
        with transaction.atomic():
            stored = Article.objects.select_for_update().only("corrected", "version").get(pk=self.pk)
            self.corrected = sorted({*stored.corrected, *decided} - {"trashed_from"})
            self.version = stored.version + 1
            columns = decided.keys() - {"bylines"}
            for name in columns:
                setattr(self, name, decided[name])
            self.save(update_fields=[*columns, "corrected", "version", "updated_at"])

    def _move_mentions(self, before: Composition) -> None:
        """Keep mentions at their words in texts that were edited."""
        recomposed = Recomposition(before, self.composition())
        rows = list(self.mentions.all())
        # Out of the way first: one may come to lie where another is.
        self.mentions.update(start=F("start") + _AWAY, end=F("end") + _AWAY)
        for row in rows:
            if span := recomposed.moved((row.part, row.start, row.end)):
                self.mentions.filter(pk=row.pk).update(part=span[0], start=span[1], end=span[2])
            else:
                row.delete()
        texts_changed.send(Article, articles=[self.pk])


texts_changed = Signal()
"""Sent with the ids of `articles` in which mentions stand elsewhere than before."""
