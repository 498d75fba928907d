"""The trash of records: what lies in it stands for nothing, and comes back as it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.counts.appearances import refresh_appearances, touch_articles
from articles.models.mention import Mention, MentionQuerySet
from articles.models.merge import Distinction, kind_of
from articles.models.organization import Organization
from articles.models.place import Place
from articles.models.record import Record
from articles.models.reporter import Byline, Reporter
from articles.models.resolution import resolves_to

# What lies in a record, by its class: the reverse names, as places have children and bodies seated there.
_BELOW = {Place: ("children", "organizations"), Organization: ("children",), Reporter: ()}
# What a record lies in itself.
_ABOVE = {Place: ("parent",), Organization: ("seat", "parent"), Reporter: ()}


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a record is used: how many articles, names in them, credits, other names, and records that lie in it."""

    articles: int = 0
    mentions: int = 0
    bylines: int = 0
    aliases: int = 0
    children: int = 0
    bodies: int = 0


def uses(record: Any) -> Uses:
    """Where a record is used, in the trash or out of it."""
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
    """The mentions that name a record, or what is merged into it; they do so while it is in the trash."""
    group = record.group().values("pk")
    found: MentionQuerySet = Mention.objects.filter(resolves_to(kind_of(record), group, "in"))
    return found


def trash(record: Any) -> None:
    """Put a record into the trash; `ValidationError` says what is in the way."""
    with transaction.atomic():
        locked = _locked(record)
        if not locked.trashed_at:
            _check_trash(locked)
            _set(locked, timezone.now())
    record.refresh_from_db()


def restore(record: Any) -> None:
    """Take a record out of the trash, as it was; `ValidationError` says what is in the way."""
    with transaction.atomic():
        locked = _locked(record)
        if locked.trashed_at:
            for above in filter(None, (getattr(locked, name) for name in _ABOVE[type(locked)])):
                if above.trashed_at:
                    raise ValidationError(
                        _("%(record)s lies in %(above)s, which is in the trash: restore that first.")
                        % {"record": locked, "above": above}
                    )
            _set(locked, None)
    record.refresh_from_db()


def delete_for_good(record: Any) -> None:
    """Delete a record in the trash that nothing names; the others stay there, for a load would bring them back."""
    with transaction.atomic():
        locked = _locked(record)
        if not locked.trashed_at:
            raise ValidationError(_("Only what is in the trash is deleted for good."))
        decided = Distinction.objects.filter(kind=kind_of(locked))
        for distinction in decided.filter(Q(first=locked.pk) | Q(second=locked.pk)):
            distinction.delete()
        try:
            locked.delete()
        except ProtectedError as error:
            raise ValidationError(
                _("%(record)s is still used: it stays in the trash, where it stands for nothing.")
                % {"record": locked}
            ) from error


def _locked(record: Any) -> Any:
    return type(record)._default_manager.select_for_update().get(pk=record.pk)


def _check_trash(record: Any) -> None:
    """Refuse what would leave something behind that points into the trash."""
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
                    "%(first)s lies in %(record)s: move it first, or trash it.",
                    "%(first)s and others, %(count)s in all, lie in %(record)s: move them first, or trash them.",
                    count,
                )
                % {"first": inside.first(), "record": record, "count": count}
            )


def _set(record: Any, trashed_at: Any) -> None:
    """Write whether a record is in the trash, and what follows in the articles that name it or what lies in it."""
    record.trashed_at = trashed_at
    record.save(update_fields=["trashed_at", "updated_at"])
    articles = _articles_of(record)
    if not isinstance(record, Reporter):
        refresh_appearances(articles)
    touch_articles(articles)


def _articles_of(record: Record) -> set[int]:
    """The articles that read otherwise with a record than without it.

    Asked of mentions, not of what appears where: while the record is in the trash, nothing does for its sake.
    """
    if isinstance(record, Reporter):
        return set(Byline.objects.filter(reporter=record.pk).values_list("article", flat=True))
    if isinstance(record, Organization):
        return _naming("organization", [record.pk])
    places = _with_below(record)
    bodies = Organization.objects.filter(seat__in=places)
    group = Organization.objects.filter(Q(pk__in=bodies) | Q(merged_into__in=bodies))
    return _naming("place", places) | _naming("organization", list(group.values_list("pk", flat=True)))


def _naming(kind: str, ids: Collection[int]) -> set[int]:
    found = Mention.objects.filter(resolves_to(kind, ids, "in"))
    return set(found.values_list("article", flat=True).distinct().order_by())


def _with_below(place: Record) -> list[int]:
    """A place and all that lies in it: the loader may have put more into it while it was in the trash."""
    found, new = {place.pk}, {place.pk}
    while new:
        inside = Place.objects.filter(Q(parent__in=new) | Q(merged_into__in=new))
        new = set(inside.values_list("pk", flat=True)) - found
        found |= new
    return sorted(found)
