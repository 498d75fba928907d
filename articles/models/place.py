"""Places: the official divisions of China down to villages, and all other places that pages name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .fields import is_row_id
from .history import History
from .record import Record, RecordQuerySet, merged_index

_CODE_DIGITS = 12  # of a village; no id has as many
# Lookups of the ancestors, level by level; a gate in a village has five: village, township, county, city, province.
ABOVE = tuple("__".join(["parent"] * level) for level in range(1, 6))


class PlaceQuerySet(RecordQuerySet):
    def by_id_or_code(self, id_or_code: str) -> Place | None:
        """The place with this official code, else with this id: `140830` is 芮城县, even if another place has that id."""
        if not is_row_id(id_or_code) or len(id_or_code) > _CODE_DIGITS:
            return None
        found = self.filter(Q(code=id_or_code) | Q(pk=id_or_code))
        return max(found, key=lambda place: place.code == id_or_code, default=None)

    def by_ids_or_codes(self, asked: Collection[int]) -> Self:
        """The surviving places with these official codes, or with these ids where no place has such a code."""
        # With the condition of the index of codes, without which SQLite would not use it.
        coded = self.exclude(code="").filter(code__in=map(str, asked)).order_by()
        codes = {int(code): pk for pk, code in coded.values_list("pk", "code")}
        return self.survivors_of([codes.get(number, number) for number in asked])

    def with_ancestors(self) -> Self:
        """Select the related rows that `ancestors` and `full_name` read."""
        return self.select_related(ABOVE[-1])


class Place(Record):
    """A place that pages mention, or an ancestor of one.

    `path` holds the codes from the province down, as in `140000.140800.140830`; a place without a code has
    the path of its nearest ancestor that has one.
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("city")
        COUNTY = "county", _("county")
        TOWNSHIP = "township", _("township")
        VILLAGE = "village", _("village")
        OTHER = "other", _("other place")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    code = models.CharField(_("official code"), max_length=_CODE_DIGITS, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("is within"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(_("codes from the province down"), max_length=60, blank=True, editable=False)
    naming: Any  # set by `counts.article_counts`
    naming_within: Any  # likewise, with the places within it

    objects = PlaceQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["path", "name"]
        indexes = [
            # With the default operator class PostgreSQL would not use the index for LIKE 'path%'.
            models.Index(fields=["path"], name="place_path", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["key"], name="place_key"),
            # The unique index holds only places with a code: SQLite does not use it to find one code.
            models.Index(fields=["code", "id"], name="place_by_code"),
            merged_index("place_merged"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="place_code",
                violation_error_message=_("Another place has this code."),
            ),
            models.UniqueConstraint(
                fields=["key", "parent"],
                condition=Q(code="", parent__isnull=False),
                name="place_without_code",
                violation_error_message=_("There is a place of this name there already."),
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(code="", parent__isnull=True),
                name="place_without_code_or_parent",
                violation_error_message=_("There is a place of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["province", "city", "county", "township", "village", "other"]),
                name="place_kind_known",
            ),
        ]

    @property
    def full_name(self) -> str:
        """The names of the ancestors and of the place: 山西省运城市芮城县大王镇金盆村."""
        return "".join(place.name for place in (*self.ancestors(), self))

    def ancestors(self) -> list[Place]:
        """The places that this one is within, the largest first; each is the survivor, and those in the trash are left out."""
        return [place for place in self._above() if not place.trashed_at]

    def _above(self) -> list[Place]:
        found: list[Place] = []
        place = self.parent
        while place is not None and (place := place.survivor) not in found:
            found.insert(0, place)
            place = place.parent
        return found

    def clean(self) -> None:
        super().clean()
        if self.parent is not None and self in (self.parent, *self.parent._above()):
            raise ValidationError({"parent": _("A place cannot be within itself.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the place, and the paths of the places within it."""
        above = self.parent.path if self.parent else ""
        before, self.path = self.path, _path(above, self.code)
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before != self.path and not is_new:
                self._move_below()

    def _move_below(self) -> None:
        """Update the paths of the places within this one, level by level."""
        paths = {self.pk: self.path}
        while paths:
            below = Place.objects.filter(parent__in=paths).exclude(pk=self.pk)
            moved = []
            for place in below.only("code", "path", "parent"):
                path = _path(paths[place.parent_id or 0], place.code)
                if place.path != path:
                    place.path = path
                    moved.append(place)
            Place.objects.bulk_update(moved, ["path"], batch_size=500)
            paths = {place.pk: place.path for place in moved}


def _path(above: str, code: str) -> str:
    return ".".join(part for part in (above, code) if part)
