"""Merges two records into one, undoes that, and records that two records are not the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.counts.appearances import refresh_appearances
from articles.models.merge import MODELS, Distinction, Merge, kind_of
from articles.models.place import Place
from articles.models.record import Record
from articles.models.reporter import Reporter
from articles.row_lock import lock_row, lock_rows


def merge(source: Record, target: Record, by: Any) -> Merge:
    """Merge one record into another of its kind; `ValidationError` says why that is impossible."""
    model: Any = type(source)
    if type(target) is not model or source.pk == target.pk:
        raise ValidationError(_("Two different records of one kind can be merged."))
    with transaction.atomic():
        source, target = lock_rows([source, target])
        check_merge(source, target)
        made = Merge.objects.create(kind=kind_of(source), source=source.pk, target=target.pk, by=by)
        articles = _articles_of(source)
        source.group().update(merged_into=target.pk)
        refresh_appearances(articles)
    return made


def undo_merge(merge: Merge) -> None:
    """Undo a merge: its record is a record of its own again, with those that were merged into it before.

    `ValidationError` if the merge is undone already.
    """
    model = MODELS[merge.kind]
    with transaction.atomic():
        source = lock_row(model(pk=merge.source))
        merge.refresh_from_db()
        survivor = source.merged_into
        if merge.undone_at or survivor is None:
            raise ValidationError(_("This merge is undone already."))
        merge.undone_at = timezone.now()
        merge.save(update_fields=["undone_at"])
        articles = _articles_of(survivor)
        _follow_remaining_merges(merge.kind, survivor)
        refresh_appearances(articles)


def check_merge(source: Any, target: Any) -> None:
    """Raise a `ValidationError` that says why a record cannot be merged into another, if it cannot."""
    for record in (source, target):
        if record.merged_into_id:
            raise ValidationError(_("%(record)s is merged into another record already.") % {"record": record})
        if record.trashed_at:
            raise ValidationError(_("%(record)s is in the trash: restore it first.") % {"record": record})
    first, second = sorted([source.pk, target.pk])
    if Distinction.objects.filter(kind=kind_of(source), first=first, second=second).exists():
        raise ValidationError(
            _("An editor decided that %(source)s and %(target)s are not the same: take that back first.")
            % {"source": source, "target": target}
        )
    if isinstance(source, Place) and isinstance(target, Place) and source in target.ancestors():
        raise ValidationError(
            _("%(target)s is within %(source)s: merge it the other way round.")
            % {"source": source, "target": target}
        )


def distinguish(one: Record, other: Record, by: Any) -> Distinction:
    """Record that two records are not the same, so that they are not merged by mistake."""
    if type(one) is not type(other) or one.pk == other.pk:
        raise ValidationError(_("Only two different records of one kind can be marked as different."))
    with transaction.atomic():
        one, other = lock_rows([one, other])
        if one.survivor == other.survivor:
            raise ValidationError(_("These records are merged: undo that first."))
        first, second = sorted([one.pk, other.pk])
        distinction, _made = Distinction.objects.get_or_create(
            kind=kind_of(one), first=first, second=second, defaults={"by": by}
        )
        one.mark()
        other.mark()
    return distinction


def forget_distinction(one: Record, other: Record) -> bool:
    """Delete the distinction of two records; return False if there is none."""
    first, second = sorted([one.pk, other.pk])
    with transaction.atomic():
        lock_rows([one, other])
        distinction = Distinction.objects.filter(kind=kind_of(one), first=first, second=second).first()
        if distinction:
            distinction.delete()
            one.mark()
        other.mark()
    return distinction is not None


def _follow_remaining_merges(kind: str, survivor: Record) -> None:
    """Set again what each record that was merged into the survivor is merged into, by the merges that remain."""
    model = MODELS[kind]
    into = dict(Merge.objects.filter(kind=kind, undone_at=None).values_list("source", "target"))
    for record in model._default_manager.filter(merged_into=survivor):
        target = record.pk
        while target in into:
            target = into[target]
        if target != survivor.pk:
            model._default_manager.filter(pk=record.pk).update(
                merged_into=None if target == record.pk else target
            )


def _articles_of(record: Record) -> list[int]:
    """The ids of the articles in which a place or an organization, or one within it, appears."""
    if isinstance(record, Reporter):
        return []  # credits are no appearances
    return list(record.appearances.values_list("article", flat=True))  # type: ignore[attr-defined] # both have them
