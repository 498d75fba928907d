"""What editors decided of two records: that they are one, which can be undone, or that they are not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .appearance import TOGETHER, refresh
from .article import Article
from .history import History
from .organization import Organization
from .place import Place
from .record import Record
from .reporter import Byline, Reporter

MODELS: dict[str, Any] = {"reporter": Reporter, "place": Place, "organization": Organization}


class Kind(models.TextChoices):
    REPORTER = "reporter", _("reporter")
    PLACE = "place", _("place")
    ORGANIZATION = "organization", _("organization")


class Merge(models.Model):
    """That one record is another; nothing is moved, so that undoing it leaves all as it was.

    `source` and `target` are ids of records of the `kind`. The target may have been merged further since.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    source = models.BigIntegerField(_("merged record"))
    target = models.BigIntegerField(_("into"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="merges",
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source"], condition=Q(undone_at=None), name="merge_once"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.source} → {self.target}"

    def undo(self, by: Any) -> None:
        """Take the merge back: the record stands for itself again, and so do those that came with it."""
        model = MODELS[self.kind]
        with transaction.atomic():
            source = model._default_manager.select_for_update().get(pk=self.source)
            survivor = source.merged_into
            if self.undone_at or survivor is None:
                raise ValidationError(_("This merge is undone already."))
            self.undone_at = timezone.now()
            self.save(update_fields=["undone_at"])
            articles = _articles_of(survivor)
            self._resolve(model, survivor)
            source.refresh_from_db()
            _derive(articles, source)
            _touch(_articles_of(source))
            source.mark()
            survivor.mark()

    def _resolve(self, model: Any, survivor: Record) -> None:
        """Say anew of what was merged into the survivor which merges lead where."""
        into = dict(Merge.objects.filter(kind=self.kind, undone_at=None).values_list("source", "target"))
        for record in model._default_manager.filter(merged_into=survivor):
            target = record.pk
            while target in into:
                target = into[target]
            if target != survivor.pk:
                model._default_manager.filter(pk=record.pk).update(
                    merged_into=None if target == record.pk else target
                )


class Distinction(models.Model):
    """That two records are not the same, by their ids, the smaller first."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    first = models.BigIntegerField(_("first record"))
    second = models.BigIntegerField(_("second record"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    history = History()

    class Meta:
        verbose_name = _("distinction")
        verbose_name_plural = _("distinctions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="distinction_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinction_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first} ≠ {self.second}"


def merge(source: Record, target: Record, by: Any) -> Merge:
    """Let the target stand for the source everywhere; `ValidationError` says why that cannot be."""
    model: Any = type(source)
    if type(target) is not model or source.pk == target.pk:
        raise ValidationError(_("Two different records of one kind can be merged."))
    with transaction.atomic():
        source, target = _locked(source, target)
        check_merge(source, target)
        made = Merge.objects.create(kind=kind_of(source), source=source.pk, target=target.pk, by=by)
        articles = _articles_of(source)
        source.group().update(merged_into=target.pk)
        _derive(articles, source)
        _touch(articles)
        source.mark()
        target.mark()
    return made


def distinguish(one: Record, other: Record, by: Any) -> Distinction:
    """Remember that two records are not the same, so that nobody merges them by mistake."""
    if type(one) is not type(other) or one.pk == other.pk:
        raise ValidationError(_("Two different records of one kind can be told apart."))
    with transaction.atomic():
        one, other = _locked(one, other)
        if one.survivor == other.survivor:
            raise ValidationError(_("These records are merged: undo that first."))
        first, second = sorted([one.pk, other.pk])
        found, _made = Distinction.objects.get_or_create(
            kind=kind_of(one), first=first, second=second, defaults={"by": by}
        )
        one.mark()
        other.mark()
    return found


def forget_distinction(one: Record, other: Record) -> bool:
    """Take back that two records are not the same; False if nobody said so."""
    first, second = sorted([one.pk, other.pk])
    with transaction.atomic():
        found = Distinction.objects.filter(kind=kind_of(one), first=first, second=second).first()
        if found:
            found.delete()
            one.mark()
        other.mark()
    return found is not None


def kind_of(record: Record) -> str:
    return record._meta.model_name or ""


def _locked(one: Record, other: Record) -> tuple[Record, Record]:
    """Both rows as they stand by now, locked in one order: of two merges of the same records one comes second."""
    rows = type(one)._default_manager.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    locked = {row.pk: row for row in rows}
    return locked[one.pk], locked[other.pk]


def check_merge(source: Any, target: Any) -> None:
    """Refuse, by a `ValidationError` that says why, what cannot be merged."""
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
            _("%(target)s lies in %(source)s: merge it the other way round.")
            % {"source": source, "target": target}
        )


def _articles_of(record: Record) -> list[int]:
    """The ids of the articles in which a record appears, or what lies in it."""
    if isinstance(record, Reporter):
        bylines = Byline.objects.filter(reporter__in=record.group())
        return list(bylines.values_list("article", flat=True).distinct())
    return list(record.appearances.values_list("article", flat=True))  # type: ignore[attr-defined] # both have them


def _derive(articles: list[int], source: Record) -> None:
    if not isinstance(source, Reporter):
        refresh(articles)


def _touch(articles: list[int]) -> None:
    for start in range(0, len(articles), TOGETHER):
        Article.objects.filter(pk__in=articles[start : start + TOGETHER]).touch()
