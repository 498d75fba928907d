"""Places: the official divisions of China down to villages, and all other places that pages name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import connections, models, router, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .fields import NOT_IN_HISTORY, is_row_id, name_indexes
from .history import History
from .record import Record, RecordQuerySet, merged_index

_CODE_DIGITS = 12  # of a village
_DIGITS_OF_CODES = (6, 9, _CODE_DIGITS)  # of a county, a township, a village
_CODES = [range(10 ** (digits - 1), 10**digits) for digits in _DIGITS_OF_CODES]
_IDS_AHEAD = 1_000  # ids that other processes may take before the next place is stored
_IDS_LOCK = 724_551_098  # an advisory lock, as in articles/record_lock.py
_LAST_ID = {
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = 'articles_place'",
    "postgresql": "SELECT last_value FROM articles_place_id_seq",
}
_MOVE_IDS = {
    "sqlite": "UPDATE sqlite_sequence SET seq = %s WHERE name = 'articles_place'",
    "postgresql": "SELECT setval('articles_place_id_seq', %s)",
}
# Lookups of the ancestors, level by level; a gate in a village has five: village, township, county, city, province.
ABOVE = tuple("__".join(["parent"] * level) for level in range(1, 6))


def _short_code(code: str) -> str:
    """A code as it is stored: without the zeros that fill it up to the digits of a township or village.

    >>> [_short_code(code) for code in ("140830000000", "140830105000", "140830", "140800")]
    ['140830', '140830105', '140830', '140800']
    """
    while len(code) > _DIGITS_OF_CODES[0] and len(code) in _DIGITS_OF_CODES and code.endswith("000"):
        code = code.removesuffix("000")
    return code


def full_code(code: str) -> str:
    """A code as it is stored, from one that may also be a province or city in short: 14 is 140000, and 1408 is 140800."""
    return code.ljust(_DIGITS_OF_CODES[0], "0") if len(code) in {2, 4} else _short_code(code)


def _any_of_codes() -> Q:
    """Condition of rows whose id has as many digits as codes have."""
    of_codes = Q()
    for numbers in _CODES:
        of_codes |= Q(id__range=(numbers[0], numbers[-1]))
    return of_codes


class PlaceQuerySet(RecordQuerySet):
    def by_id_or_code(self, id_or_code: str) -> Place | None:
        """The place with this official code if it has as many digits as codes have, else with this id."""
        if not is_row_id(id_or_code):
            return None
        is_code = len(id_or_code) in _DIGITS_OF_CODES
        return self.filter(Q(code=_short_code(id_or_code)) if is_code else Q(pk=id_or_code)).first()

    def by_ids_or_codes(self, asked: Collection[int]) -> Self:
        """The surviving places with these official codes or ids; numbers with as many digits as codes have are codes."""
        codes = {_short_code(str(number)) for number in asked if len(str(number)) in _DIGITS_OF_CODES}
        ids = [number for number in asked if len(str(number)) not in _DIGITS_OF_CODES]
        # With the condition of the index of codes, without which SQLite would not use it.
        coded = self.exclude(code="").filter(code__in=codes).order_by() if codes else self.none()
        return self.survivors_of([*ids, *coded.values_list("pk", flat=True)])

    def bulk_create(self, objs: Iterable[Place], *args: Any, **options: Any) -> list[Place]:
        """Store places, whose ids are no codes."""
        rows = list(objs)
        with transaction.atomic(using=router.db_for_write(self.model)):
            _skip_codes(len(rows))
            return super().bulk_create(rows, *args, **options)

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
    history = History(excluded_fields=NOT_IN_HISTORY)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["path", "name"]
        indexes = [
            # With the default operator class PostgreSQL would not use the index for LIKE 'path%'.
            models.Index(fields=["path"], name="place_path", opclasses=["varchar_pattern_ops"]),
            *name_indexes("place"),
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
            models.CheckConstraint(
                condition=~_any_of_codes(),
                name="place_id_is_no_code",
                violation_error_message=_(
                    "The id of a place cannot be a number with as many digits as codes have."
                ),
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
            if is_new:
                _skip_codes(1)
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


def _skip_codes(count: int) -> None:
    """Let the ids of places go on behind the codes if `count` new places might reach these.

    Ids and codes stand in the same addresses, as in `places/140830/`; so no id is a code.
    """
    connection = connections[router.db_for_write(Place)]
    with connection.cursor() as cursor:
        if _codes_ahead(cursor, count) is None:
            return
        if connection.vendor == "postgresql":
            # Another process may have moved them, and taken an id since.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IDS_LOCK])
        if codes := _codes_ahead(cursor, count):
            cursor.execute(_MOVE_IDS[connection.vendor], [codes[-1]])


def _codes_ahead(cursor: Any, count: int) -> range | None:
    """The codes of a length that the ids of the next places would reach."""
    cursor.execute(_LAST_ID[cursor.db.vendor])
    (last,) = cursor.fetchone() or (0,)
    ahead = range(last + 1, last + count + _IDS_AHEAD)
    return next((codes for codes in _CODES if ahead[0] <= codes[-1] and codes[0] <= ahead[-1]), None)


def _path(above: str, code: str) -> str:
    return ".".join(part for part in (above, code) if part)
