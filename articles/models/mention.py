"""Mentions: where an article names a place or an organization, and what is made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Article
from .fields import ReadableJSON
from .organization import Organization
from .place import Place

_PLACE_ONLY = Q(kind="place", organization__isnull=True, decided_organization__isnull=True)
_ORGANIZATION_ONLY = Q(kind="organization", place__isnull=True, decided_place__isnull=True)
_HAS_RECORD = Q(place__isnull=False) | Q(organization__isnull=False)
_HAS_DECIDED_RECORD = Q(decided_place__isnull=False) | Q(decided_organization__isnull=False)


class Mention(models.Model):
    """Evidence that an article names something: the machine's reading, and apart from it an editor's verdict.

    `start` and `end` count the code points of the article's part (headline, kicker, subtitle or body).
    """

    class Part(models.TextChoices):
        HEADLINE = "headline", _("headline")
        KICKER = "kicker", _("kicker")
        SUBTITLE = "subtitle", _("subtitle")
        BODY = "body", _("body")

    class Kind(models.TextChoices):
        PLACE = "place", _("place")
        ORGANIZATION = "organization", _("organization")

    class Status(models.TextChoices):
        LINKED = "linked", _("linked")
        AMBIGUOUS = "ambiguous", _("ambiguous")
        UNKNOWN = "unknown", _("unknown")

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("refuted")
        RELINKED = "relinked", _("linked to another record")
        ADDED = "added", _("added")

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="mentions"
    )
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.BODY)
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    surface = models.CharField(_("as printed"), max_length=200)

    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mentions",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mentions",
    )
    method = models.CharField(_("method"), max_length=60, blank=True)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    rule_version = models.CharField(_("rule version"), max_length=40, blank=True)
    score = models.FloatField(_("score"), default=0.0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    candidates = models.JSONField(_("candidates"), default=list, blank=True, encoder=ReadableJSON)

    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    decided_place = models.ForeignKey(
        Place,
        verbose_name=_("decided place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_mentions",
    )
    decided_organization = models.ForeignKey(
        Organization,
        verbose_name=_("decided organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_mentions",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decided_mentions",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["article", "part", "start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "part", "start", "end", "kind"],
                name="mention_once",
                violation_error_message=_("This span has a mention of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="mention_span",
                violation_error_message=_("A span ends behind its start."),
            ),
            models.CheckConstraint(
                condition=_PLACE_ONLY | _ORGANIZATION_ONLY,
                name="mention_record_of_its_kind",
                violation_error_message=_("A mention links to a record of its own kind."),
            ),
            models.CheckConstraint(
                condition=Q(status="linked") & _HAS_RECORD
                | Q(status__in=["ambiguous", "unknown"], place__isnull=True, organization__isnull=True),
                name="mention_linked_has_record",
                violation_error_message=_("A linked mention has a record, any other has none."),
            ),
            models.CheckConstraint(
                condition=Q(verdict="relinked") & _HAS_DECIDED_RECORD
                | Q(verdict="added")
                | Q(
                    verdict__in=["", "accepted", "rejected"],
                    decided_place__isnull=True,
                    decided_organization__isnull=True,
                ),
                name="mention_verdict_record",
                violation_error_message=_("Only a mention that is relinked or added has a decided record."),
            ),
            models.CheckConstraint(
                condition=Q(part__in=["headline", "kicker", "subtitle", "body"]), name="mention_part_known"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "verdict"], name="mention_to_decide"),
        ]

    def __str__(self) -> str:
        return self.surface
