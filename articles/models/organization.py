"""Organizations that pages mention."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .fields import NOT_IN_HISTORY, name_indexes
from .history import History
from .place import Place
from .record import Record, RecordQuerySet, merged_index


class Organization(Record):
    """An organization that pages mention; two of one name differ by their seats."""

    class Kind(models.TextChoices):
        PARTY = "party", _("party body")
        GOVERNMENT = "government", _("government body")
        COURT = "court", _("court or procuratorate")
        POLICE = "police", _("police")
        MILITARY = "military", _("armed forces")
        SCHOOL = "school", _("school or university")
        HOSPITAL = "hospital", _("hospital or clinic")
        RESEARCH = "research", _("research institute")
        CULTURE = "culture", _("cultural institution")
        COMPANY = "company", _("company")
        ASSOCIATION = "association", _("association")
        MEDIA = "media", _("media")
        OTHER = "other", _("other body")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    seat = models.ForeignKey(
        Place,
        verbose_name=_("seat"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organizations",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    naming: Any  # set by `counts.article_counts`

    objects = RecordQuerySet.as_manager()
    history = History(excluded_fields=NOT_IN_HISTORY)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "pk"]
        # For a search of a name among all; the unique indexes below hold those with a seat, or those without.
        indexes = [
            *name_indexes("organization"),
            models.Index(fields=["name", "id"], name="organization_by_name"),
            merged_index("organization_merged"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "seat"],
                condition=Q(seat__isnull=False),
                name="organization_at_seat",
                violation_error_message=_("There is an organization of this name at this seat."),
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(seat__isnull=True),
                name="organization_without_seat",
                violation_error_message=_("There is an organization of this name without a seat."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "party", "government", "court", "police", "military", "school", "hospital",
                        "research", "culture", "company", "association", "media", "other",
                    ]
                ),
                name="organization_kind_known",
            ),
        ]  # fmt: skip
