"""Reporters, and the bylines that credit them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.reading.name_keys import name_key

from .article import HIDDEN, Article
from .fields import NOT_IN_HISTORY, name_indexes
from .history import History, is_by_machine
from .record import Record, RecordQuerySet, merged_index


class _ReporterQuerySet(RecordQuerySet):
    def named(self, names: Iterable[str]) -> dict[str, Reporter]:
        """By the key of each name the reporter whom a byline with that name credits; created if there is none.

        That is the reporter of this name without disambiguation, else the only one with the name as an alias.
        """
        wanted = {name_key(name): name for name in names}
        known = self._known(wanted)
        # Always in the same order, so that two loaders that create the same reporters do not deadlock.
        missing = sorted(wanted.keys() - known.keys())
        if missing:
            self._make([wanted[key] for key in missing])
            known |= self._known(missing)
        return known

    def _make(self, names: Collection[str]) -> None:
        """Create reporters unless another transaction did; with history, unless the loader creates them."""
        if is_by_machine():
            self.bulk_create([Reporter(name=name) for name in names], ignore_conflicts=True)
        else:
            for name in names:
                self.get_or_create(key=name_key(name), disambiguation="", defaults={"name": name})

    def _known(self, keys: Collection[str]) -> dict[str, Reporter]:
        by_name = {reporter.key: reporter for reporter in self.filter(key__in=keys, disambiguation="")}
        others = set(keys) - by_name.keys()
        return by_name | self._known_by_alias(others) if others else by_name

    def _known_by_alias(self, keys: Collection[str]) -> dict[str, Reporter]:
        aliases = self.filter(aliases__key__in=keys).values_list("aliases__key", "pk")
        counts = Counter(key for key, _ in aliases)
        reporters = self.in_bulk([pk for key, pk in aliases if counts[key] == 1])
        return {key: reporters[pk] for key, pk in aliases if pk in reporters and counts[key] == 1}


class Reporter(Record):
    """A person whom articles credit; `disambiguation` distinguishes two of one name (MusicBrainz' term)."""

    disambiguation = models.CharField(
        _("disambiguation"),
        max_length=100,
        blank=True,
        help_text=_("Tells two people of one name apart, for example “photographer, Yuncheng”."),
    )

    naming: Any  # set by `counts.article_counts`

    objects = _ReporterQuerySet.as_manager()
    history = History(excluded_fields=NOT_IN_HISTORY)

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        ordering = ["name", "disambiguation"]
        indexes = [
            models.Index(fields=["name", "id"], name="reporter_by_name"),
            *name_indexes("reporter"),
            merged_index("reporter_merged"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "disambiguation"],
                name="reporter_once",
                violation_error_message=_(
                    "There is a reporter of this name: tell them apart by a disambiguation."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.disambiguation}）" if self.disambiguation else self.name


class _BylineQuerySet(models.QuerySet["Byline"]):
    def published(self) -> Self:
        """The bylines of public articles."""
        return self.exclude(article__status__in=HIDDEN)

    def of(self, reporter: Reporter) -> Self:
        """The bylines of a reporter, and of those merged into this one."""
        return self.filter(reporter__in=reporter.group().values("pk"))


class Byline(models.Model):
    """One credit of a reporter in an article; `start` and `end` count the code points of the page's text."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("reporter")
        CORRESPONDENT = "correspondent", _("correspondent")
        PHOTOGRAPHER = "photographer", _("photographer")
        INTERN = "intern", _("intern")

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="bylines"
    )
    reporter = models.ForeignKey(
        Reporter, verbose_name=_("reporter"), on_delete=models.PROTECT, related_name="bylines"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.REPORTER)
    surface = models.CharField(_("name as printed"), max_length=200, blank=True)
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)

    objects = _BylineQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["article", "order"]
        # To look up whether an article credits a reporter, without reading all articles of the reporter.
        indexes = [models.Index(fields=["reporter", "article"], name="byline_of_article")]
        constraints = [
            models.UniqueConstraint(fields=["article", "order"], name="byline_order"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=models.F("start")),
                name="byline_span",
                violation_error_message=_("A span ends behind its start."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["reporter", "correspondent", "photographer", "intern"]),
                name="byline_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reporter} {self.get_role_display()}"
