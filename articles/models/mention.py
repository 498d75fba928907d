"""Mentions: where an article names a place or an organization, and what is made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .article import Article
from .fields import ReadableJSON
from .naming import Naming
from .organization import Organization
from .place import Place

_PLACE_ONLY = Q(kind="place", organization__isnull=True, decided_organization__isnull=True)
_ORGANIZATION_ONLY = Q(kind="organization", place__isnull=True, decided_place__isnull=True)
_HAS_RECORD = Q(place__isnull=False) | Q(organization__isnull=False)
_HAS_DECIDED_RECORD = Q(decided_place__isnull=False) | Q(decided_organization__isnull=False)
_NAMING = {
    "article_count": Count("article", distinct=True),
    "first_named": Min("article__issue_date"),
    "last_named": Max("article__issue_date"),
}


def stands_for(kind: str, record: object, lookup: str = "exact") -> Q:
    """Whether a mention stands for a record: by the editor's word where there is one, else by the machine's link.

    `Mention.record` says the same of one mention.
    """
    decided = Q(**{f"decided_{kind}__{lookup}": record})
    linked = Q(**{f"{kind}__{lookup}": record})
    undecided = Q(verdict__in=["", Mention.Verdict.ACCEPTED])
    added = Q(**{"verdict": Mention.Verdict.ADDED, f"decided_{kind}": None})
    return decided | linked & (undecided | added)


class MentionQuerySet(models.QuerySet["Mention"]):
    """Mentions by what they stand for, and what they count up to.

    An article belongs to the places that it names and to the seats of the organizations that it names.
    """

    def published(self) -> MentionQuerySet:
        """The mentions that everybody may see."""
        return self.filter(article__status=Article.Status.PUBLISHED)

    def standing(self) -> MentionQuerySet:
        """The mentions that no editor refuted."""
        return self.exclude(verdict=Mention.Verdict.REJECTED)

    def with_records(self) -> MentionQuerySet:
        """The mentions with all that `record` and `place_of_article` read, in one query."""
        return self.select_related(
            "place", "organization__seat", "decided_place", "decided_organization__seat"
        )

    def in_order(self) -> MentionQuerySet:
        """By article as it reads: its headline, kicker, subtitle, body."""
        parts = [When(part=part, then=Value(order)) for order, part in enumerate(Mention.Part.values)]
        return self.order_by("article", Case(*parts), "start", "pk")

    def of_organizations(
        self, organizations: QuerySet[Organization] | Iterable[Organization]
    ) -> MentionQuerySet:
        return self.filter(stands_for("organization", organizations, "in"))

    def of_places(self, places: QuerySet[Place] | Iterable[Place]) -> MentionQuerySet:
        """The mentions by which an article belongs to one of these places."""
        seated = Organization.objects.filter(seat__in=places)
        return self.filter(stands_for("place", places, "in") | stands_for("organization", seated, "in"))

    def naming(self) -> Naming:
        """What all these mentions together come to."""
        return Naming(**self.aggregate(**_NAMING))

    def count_places(self, places: Collection[Place]) -> None:
        """Set the `naming` of each place, without what lies below it, in one query."""
        seat = When(decided_organization__isnull=False, then=F("decided_organization__seat"))
        place = Case(seat, default=Coalesce("decided_place", "place", "organization__seat"))
        self.of_places(places)._count(places, place)

    def count_organizations(self, organizations: Collection[Organization]) -> None:
        """Set the `naming` of each organization, in one query."""
        organization = Coalesce("decided_organization", "organization")
        self.of_organizations(organizations)._count(organizations, organization)

    def _count(self, records: Collection[Place | Organization], record: Case | Coalesce) -> None:
        rows = self.order_by().values(named=record).annotate(**_NAMING).values_list("named", *_NAMING)
        namings = {pk: Naming(*counts) for pk, *counts in rows}
        for one in records:
            one.naming = namings.get(one.pk, Naming())


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
        db_index=False,
        on_delete=models.PROTECT,
        related_name="decided_mentions",
    )
    decided_organization = models.ForeignKey(
        Organization,
        verbose_name=_("decided organization"),
        null=True,
        blank=True,
        db_index=False,
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

    objects = MentionQuerySet.as_manager()

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
            # Without the many that nobody decided, for which SQLite would take these indexes for worthless.
            models.Index(
                fields=["decided_place"],
                condition=Q(decided_place__isnull=False),
                name="mention_decided_place",
            ),
            models.Index(
                fields=["decided_organization"],
                condition=Q(decided_organization__isnull=False),
                name="mention_decided_org",
            ),
        ]

    def __str__(self) -> str:
        return self.surface

    @property
    def record(self) -> Place | Organization | None:
        """What the mention stands for, as `stands_for` has it."""
        if self.verdict == self.Verdict.REJECTED:
            return None
        return self.decided_place or self.decided_organization or self.place or self.organization

    @property
    def place_of_article(self) -> Place | None:
        """The place that the mention gives to its article: the one named, or the seat of the organization named."""
        record = self.record
        return record.seat if isinstance(record, Organization) else record
