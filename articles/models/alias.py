"""What names mean: aliases of reporters, places and organizations, and answers for all mentions of a name in doubt."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import NOT_IN_HISTORY, Named, ReadableJSONField, name_indexes
from .history import History
from .mention import Mention, MentionQuerySet
from .organization import Organization
from .place import Place
from .reporter import Reporter
from .resolution import Verdict


class Alias(Named):
    """Another name of one record, by which the loader finds it: a pen name, a former name, a short form."""

    reporter = models.ForeignKey(
        Reporter,
        verbose_name=_("reporter"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="aliases",
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="aliases",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="aliases",
    )

    history = History(excluded_fields=NOT_IN_HISTORY)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name", "pk"]
        indexes = name_indexes("alias")
        constraints = [
            models.CheckConstraint(
                condition=Q(reporter__isnull=False, place__isnull=True, organization__isnull=True)
                | Q(reporter__isnull=True, place__isnull=False, organization__isnull=True)
                | Q(reporter__isnull=True, place__isnull=True, organization__isnull=False),
                name="alias_of_one_record",
                violation_error_message=_("An alias belongs to one reporter, place or organization."),
            ),
            models.UniqueConstraint(
                fields=["key", "reporter"], condition=Q(reporter__isnull=False), name="alias_reporter"
            ),
            models.UniqueConstraint(
                fields=["key", "place"], condition=Q(place__isnull=False), name="alias_place"
            ),
            models.UniqueConstraint(
                fields=["key", "organization"],
                condition=Q(organization__isnull=False),
                name="alias_organization",
            ),
        ]


class RulingScope(models.TextChoices):
    """Where a ruling holds."""

    EVERYWHERE = "everywhere", _("everywhere")
    PAPER = "paper", _("in one paper")
    HOME = "home", _("in the papers of one place")
    ARTICLES = "articles", _("in chosen articles")


class _NameRulingQuerySet(models.QuerySet["NameRuling"]):
    def in_force(self) -> Self:
        """The rulings by which loads decide names."""
        return self.filter(is_in_use=True, undone_at=None)


class NameRuling(models.Model):
    """The answer of an editor for all mentions of a name in a scope, with those that it decided (`Mention.ruling`).

    `scope_value` is the paper, or the code of the place where papers are at home. `mentions` are the ids of the mentions
    that were decided when the ruling was made; one that is in use decides others when pages are read.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Mention.Kind)
    name = models.CharField(_("name"), max_length=200)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    place = models.ForeignKey(
        Place, verbose_name=_("place"), null=True, on_delete=models.CASCADE, related_name="rulings"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        on_delete=models.CASCADE,
        related_name="rulings",
    )
    scope = models.CharField(_("scope"), max_length=10, choices=RulingScope, default=RulingScope.EVERYWHERE)
    scope_value = models.CharField(_("paper or home"), max_length=200, blank=True)
    also_linked = models.BooleanField(_("also where it is linked"), default=False)
    is_in_use = models.BooleanField(_("used by loads"), default=True)
    mentions = ReadableJSONField(_("decided mentions"), default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = _NameRulingQuerySet.as_manager()
    history = History(excluded_fields=["mentions"])

    class Meta:
        verbose_name = _("ruling on a name")
        verbose_name_plural = _("rulings on names")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "kind", "scope", "scope_value"],
                condition=Q(is_in_use=True, undone_at=None),
                name="nameruling_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict="relinked", kind="place", place__isnull=False, organization__isnull=True)
                | Q(verdict="relinked", kind="organization", organization__isnull=False, place__isnull=True)
                | Q(verdict__in=["accepted", "rejected"], place__isnull=True, organization__isnull=True),
                name="nameruling_record",
            ),
            models.CheckConstraint(
                condition=Q(scope__in=["paper", "home"], scope_value__gt="")
                | Q(scope="everywhere", scope_value="")
                | Q(scope="articles", scope_value="", is_in_use=False),
                name="nameruling_scope",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record(self) -> Place | Organization | None:
        """The record that the name means, or that this is merged into; None while that is in the trash."""
        named = self.place or self.organization
        return named.untrashed_survivor if named else None

    def decided(self) -> MentionQuerySet:
        """The mentions that are as this ruling decided them."""
        return Mention.objects.filter(ruling=self.pk)

    def verdict_columns(self) -> dict[str, Any]:
        """The columns of a mention by which it is decided so."""
        return {
            "verdict": self.verdict,
            "decided_place_id": self.place_id,
            "decided_organization_id": self.organization_id,
            "decided_by_id": self.by_id,
            "ruling_id": self.pk,
        }
