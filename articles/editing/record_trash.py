"""Moves records to the trash and back; mentions and bylines do not resolve to a record in the trash."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.counts.appearances import refresh_appearances
from articles.models.mention import Mention, MentionQuerySet
from articles.models.merge import Distinction, kind_of
from articles.models.organization import Organization
from articles.models.place import Place
from articles.models.reporter import Byline, Reporter
from articles.models.resolution import resolves_to
from articles.row_lock import lock_row

# By class the names of the relations to the records within a record.
_BELOW = {Place: ("children", "organizations"), Organization: ("children",), Reporter: ()}
# By class the names of the relations to the records that a record is within.
_ABOVE = {Place: ("parent",), Organization: ("seat", "parent"), Reporter: ()}


@dataclass(frozen=True, slots=True)
class Uses:
    """How many articles, mentions, bylines and aliases a record has, and how many records are within it."""

    articles: int = 0
    mentions: int = 0
    bylines: int = 0
    aliases: int = 0
    children: int = 0
    bodies: int = 0


def count_uses(record: Any) -> Uses:
    """Count the uses of a record, also of one in the trash."""
    if isinstance(record, Reporter):
        credits = Byline.objects.filter(reporter__in=record.group())
        counts = credits.aggregate(articles=Count("article", distinct=True), bylines=Count("pk"))
    else:
        counts = mentions_of(record).aggregate(articles=Count("article", distinct=True), mentions=Count("pk"))
    for name, below in (("children", "children"), ("bodies", "organizations")):
        if below in _BELOW[type(record)]:
            counts[name] = getattr(record, below).filter(trashed_at=None).count()
    return Uses(**counts, aliases=record.aliases.count())


def mentions_of(record: Place | Organization) -> MentionQuerySet:
    """The mentions of a record and of those merged into it, also while it is in the trash."""
    group = record.group().values("pk")
    found: MentionQuerySet = Mention.objects.filter(resolves_to(kind_of(record), group, "in"))
    return found


def trash_record(record: Any) -> None:
    """Move a record to the trash; `ValidationError` says why that is impossible."""
    with transaction.atomic():
        locked = lock_row(record)
        if not locked.trashed_at:
            _check_trash(locked)
            _set(locked, timezone.now())
        record.refresh_from_db()


def restore_record(record: Any) -> None:
    """Take a record out of the trash; `ValidationError` says why that is impossible."""
    with transaction.atomic():
        locked = lock_row(record)
        if locked.trashed_at:
            for above in filter(None, (getattr(locked, name) for name in _ABOVE[type(locked)])):
                if above.trashed_at:
                    raise ValidationError(
                        _("%(record)s is within %(above)s, which is in the trash: restore that first.")
                        % {"record": locked, "above": above}
                    )
            _set(locked, None)
        record.refresh_from_db()


def delete_record_for_good(record: Any) -> None:
    """Delete a record in the trash that is not used; a used one stays, because a load would create it again."""
    with transaction.atomic():
        locked = lock_row(record)
        if not locked.trashed_at:
            raise ValidationError(_("Only what is in the trash is deleted for good."))
        decided = Distinction.objects.filter(kind=kind_of(locked))
        for distinction in decided.filter(Q(first=locked.pk) | Q(second=locked.pk)):
            distinction.delete()
        try:
            locked.delete()
        except ProtectedError as error:
            raise ValidationError(
                _("%(record)s is still used: it stays in the trash, where mentions do not resolve to it.")
                % {"record": locked}
            ) from error


def _check_trash(record: Any) -> None:
    """Raise a `ValidationError` if a record that is not in the trash would point to this one."""
    if record.merged_into_id:
        raise ValidationError(
            _("%(record)s is merged into another record: undo that first.") % {"record": record}
        )
    if (merged := record.merged.first()) is not None:
        raise ValidationError(
            _("%(merged)s is merged into %(record)s: undo that first.") % {"record": record, "merged": merged}
        )
    for below in _BELOW[type(record)]:
        inside = getattr(record, below).filter(trashed_at=None)
        if count := inside.count():
            raise ValidationError(
                ngettext(
                    "%(first)s is within %(record)s: move it first, or trash it.",
                    "%(first)s and others, %(count)s in all, are within %(record)s: move them first, or trash them.",
                    count,
                )
                % {"first": inside.first(), "record": record, "count": count}
            )


def _set(record: Any, trashed_at: Any) -> None:
    """Set `trashed_at` of a record, and refresh the articles that it or records within it appear in."""
    record.trashed_at = trashed_at
    record.save(update_fields=["trashed_at", "updated_at"])
    if not isinstance(record, Reporter):
        refresh_appearances(_articles_of(record))


def _articles_of(record: Place | Organization) -> set[int]:
    """The ids of the articles that name a place or an organization, or records within it.

    Found by mentions, not by appearances: a record in the trash has no appearances.
    """
    if isinstance(record, Organization):
        return _naming("organization", [record.pk])
    places = _with_below(record)
    bodies = Organization.objects.filter(seat__in=places)
    group = Organization.objects.filter(Q(pk__in=bodies) | Q(merged_into__in=bodies))
    return _naming("place", places) | _naming("organization", list(group.values_list("pk", flat=True)))


def _naming(kind: str, ids: Collection[int]) -> set[int]:
    found = Mention.objects.filter(resolves_to(kind, ids, "in"))
    return set(found.values_list("article", flat=True).distinct().order_by())


def _with_below(place: Place) -> list[int]:
    """The ids of a place and of all places within it, also of those that were added while it was in the trash."""
    found, new = {place.pk}, {place.pk}
    while new:
        inside = Place.objects.filter(Q(parent__in=new) | Q(merged_into__in=new))
        new = set(inside.values_list("pk", flat=True)) - found
        found |= new
    return sorted(found)
