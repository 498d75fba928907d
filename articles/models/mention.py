"""Mentions: the places in articles that name a place or an organization, with the link to its record."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from articles.reading.values import PARTS

from .article import HIDDEN, Article
from .fields import ReadableJSONField
from .history import History
from .organization import Organization
from .place import Place, PlaceQuerySet
from .record import RecordQuerySet
from .resolution import Verdict, few_ids_or_query, resolves_to_trashed, ways_to_resolve

_PLACE_ONLY = Q(kind="place", organization__isnull=True, decided_organization__isnull=True)
_ORGANIZATION_ONLY = Q(kind="organization", place__isnull=True, decided_place__isnull=True)
_HAS_RECORD = Q(place__isnull=False) | Q(organization__isnull=False)
_HAS_DECIDED_RECORD = Q(decided_place__isnull=False) | Q(decided_organization__isnull=False)
_RECORDS = ("place", "organization", "decided_place", "decided_organization")
_SEATS = ("organization__seat", "decided_organization__seat")


class MentionQuerySet(models.QuerySet["Mention"]):
    """Mentions by their records; a mention of a merged record counts as one of the record that it is merged into."""

    def locked(self) -> Self:
        """Lock the articles of these mentions, as those do who write the articles, and then the mentions."""
        articles = Article.objects.select_for_update().filter(pk__in=self.order_by().values("article"))
        list(articles.order_by("pk").values_list("pk"))
        return self.select_for_update(of=("self",))

    def published(self) -> Self:
        """The mentions in public articles."""
        return self.exclude(article__status__in=HIDDEN)

    def unrejected(self) -> Self:
        """The mentions without those that an editor rejected."""
        return self.exclude(verdict=Mention.Verdict.REJECTED)

    def with_records(self) -> Self:
        """Select the related rows that `record` and `place_of_article` read."""
        merged = (f"{record}__merged_into" for record in (*_RECORDS, *_SEATS))
        return self.select_related(*_RECORDS, *_SEATS, *merged)

    def in_order(self) -> Self:
        """Order by article, part and offset."""
        parts = [When(part=part, then=Value(order)) for order, part in enumerate(PARTS)]
        return self.order_by("article", Case(*parts), "start", "pk")

    def doubtful(self) -> Self:
        """The mentions in doubt: ambiguous or unknown and undecided, or of a record in the trash."""
        undecided = Q(verdict="", status__in=[Mention.Status.AMBIGUOUS, Mention.Status.UNKNOWN])
        return self.filter(undecided | resolves_to_trashed())

    def with_status(self, status: str) -> Self:
        """The mentions whose `Mention.outcome` is this status."""
        if status == Mention.Verdict.REJECTED:
            return self.filter(verdict=status)
        linked = Q(status=Mention.Status.LINKED) | _HAS_DECIDED_RECORD
        if status == Mention.Status.LINKED:
            return self.unrejected().filter(linked).exclude(resolves_to_trashed())
        waiting = Q(status=status) & ~_HAS_DECIDED_RECORD
        return self.unrejected().filter(
            waiting | resolves_to_trashed() if status == Mention.Status.UNKNOWN else waiting
        )

    def of_organizations(self, organizations: RecordQuerySet) -> Self:
        """The mentions that resolve to one of these organizations, or to one that is merged into it."""
        group = Organization.objects.group_of(organizations).filter(trashed_at=None)
        return self._any_of(ways_to_resolve("organization", few_ids_or_query(group), "in"))

    def of_places(self, places: PlaceQuerySet) -> Self:
        """The mentions by which an article belongs to one of these places: of the place, or of an organization seated there."""
        group = few_ids_or_query(Place.objects.group_of(places).filter(trashed_at=None))
        seated = Organization.objects.surviving().filter(seat__in=group)
        bodies = few_ids_or_query(Organization.objects.group_of(seated))
        return self._any_of(
            (*ways_to_resolve("place", group, "in"), *ways_to_resolve("organization", bodies, "in"))
        )

    def _any_of(self, ways: Iterable[Q]) -> Self:
        """The mentions that meet one of these conditions.

        A union finds their ids by an index for each condition. With "or" the database would read each of these mentions
        and its article, even for a page of twenty.
        """
        first, *others = (Mention.objects.filter(way).order_by().values("pk") for way in ways)
        return self.filter(pk__in=first.union(*others, all=True))


class Mention(models.Model):
    """A span of an article that names something: what the loader extracted, and apart from it an editor's verdict.

    `start` and `end` count the code points of the article's part (headline, kicker, subtitle or body). A mention with a
    `ruling` was decided by an answer for many; a decision on the mention itself takes it off.
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

    Verdict = Verdict

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
        db_index=False,  # see below
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mentions",
        db_index=False,
    )
    method = models.CharField(_("method"), max_length=60, blank=True)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    rule_version = models.CharField(_("rule version"), max_length=40, blank=True)
    score = models.FloatField(_("score"), default=0.0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    candidates = ReadableJSONField(_("candidates"), default=list, blank=True)

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
    ruling = models.ForeignKey(
        "articles.NameRuling",
        verbose_name=_("decided for many"),
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = MentionQuerySet.as_manager()
    history = History()

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
            models.CheckConstraint(condition=Q(part__in=list(PARTS)), name="mention_part_known"),
        ]
        indexes = [
            models.Index(fields=["status", "verdict"], name="mention_to_decide"),
            models.Index(fields=["surface", "id"], name="mention_surface"),
            # With all columns of the condition that a mention resolves to the record, so that no row is read.
            models.Index(
                fields=["place", "verdict", "decided_place", "id"],
                condition=Q(place__isnull=False),
                name="mention_place",
            ),
            models.Index(
                fields=["organization", "verdict", "decided_organization", "id"],
                condition=Q(organization__isnull=False),
                name="mention_organization",
            ),
            # Without the many undecided mentions, for which SQLite would not use these indexes.
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
            models.Index(fields=["ruling"], condition=Q(ruling__isnull=False), name="mention_ruling"),
        ]

    def __str__(self) -> str:
        return self.surface

    @property
    def is_doubtful(self) -> bool:
        """Whether the mention is in doubt, as in `MentionQuerySet.doubtful`."""
        undecided = not self.verdict and self.status != self.Status.LINKED
        return undecided or (self._named is not None and self.record is None)

    @property
    def outcome(self) -> str:
        """The status with the verdict applied: rejected or linked, or unknown while the record is in the trash."""
        if self.verdict == self.Verdict.REJECTED:
            return self.Verdict.REJECTED
        if self.record:
            return self.Status.LINKED
        return self.Status.UNKNOWN if self._named else self.status

    @property
    def record(self) -> Place | Organization | None:
        """The record that the mention resolves to (see `resolves_to`); None while that is in the trash."""
        return self._named.untrashed_survivor if self._named else None

    @property
    def _named(self) -> Place | Organization | None:
        if self.verdict == self.Verdict.REJECTED:
            return None
        return self.decided_place or self.decided_organization or self.place or self.organization

    @property
    def place_of_article(self) -> Place | None:
        """The place that the article belongs to by this mention: the place itself, or the seat of the organization."""
        record = self.record
        place = record.seat if isinstance(record, Organization) else record
        return place.untrashed_survivor if place else None
