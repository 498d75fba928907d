"""Aliases: other names of reporters, places and organizations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .fields import NOT_IN_HISTORY, Named, name_indexes
from .history import History
from .organization import Organization
from .place import Place
from .reporter import Reporter


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
