"""What the page of a record shows below its form: where it is named, with whom, and what editors decided of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.admin.article.mention_admin import newest_mentions
from articles.admin.dashboard.coverage import ArticlesOverTime, article_list_url, articles_over_time
from articles.admin.display import record_link
from articles.counts.co_occurrence import most_common_records, record_appearances
from articles.duplicates import suggestions as duplicates
from articles.duplicates.suggestions import Suggestion
from articles.editing.record_trash import mentions_of
from articles.models import (
    Article,
    Byline,
    Distinction,
    Mention,
    Merge,
    OrganizationAppearance,
    PlaceAppearance,
    Reporter,
)
from articles.models.merge import MODELS, kind_of

_COMPANY = 12  # of a kind that are shown
_NEWEST = 20  # credits
_LOOKED_AT = 1_000  # articles, in which company is looked for: of half an archive it would take long
_FEW = 5  # mentions, beside those of another record
_APPEARANCES: dict[str, Any] = {"place": PlaceAppearance, "organization": OrganizationAppearance}
_NOT_TRASHED = ~Q(article__status=Article.Status.TRASHED)
_COMPANY_NAMES = {"reporter": _("Reporters"), "place": _("Places"), "organization": _("Organizations")}


@dataclass(frozen=True)
class Panels:
    """All of it, each part asked for when it is shown."""

    record: Any
    request: HttpRequest

    @property
    def kind(self) -> str:
        return kind_of(self.record)

    @property
    def is_person(self) -> bool:
        return isinstance(self.record, Reporter)

    def may(self, right: str) -> bool:
        return self.request.user.has_perm(f"articles.{right}")

    @property
    def may_merge(self) -> bool:
        return self.may("add_merge") and not self.record.merged_into_id and not self.record.trashed_at

    @property
    def may_undo(self) -> bool:
        return self.may("change_merge")

    @property
    def may_distinguish(self) -> bool:
        return self.may("add_distinction")

    @property
    def may_forget(self) -> bool:
        return self.may("delete_distinction")

    # --- Where it is named -------------------------------------------------------------------------

    @cached_property
    def naming(self) -> Any:
        return self.record.naming

    @property
    def articles_url(self) -> str:
        return article_list_url(**{self.kind: self.record.survivor.pk})

    @property
    def timeline(self) -> ArticlesOverTime:
        return articles_over_time(self._days(), **{self.kind: self.record.survivor.pk})

    def _days(self) -> Counter[dt.date]:
        rows = self._articles().order_by().values_list("sort_date")
        return Counter(dict(rows.annotate(number=Count("pk"))))

    def _articles(self) -> QuerySet[Article]:
        """The articles that name the record itself."""
        return Article.objects.untrashed().filter(pk__in=self._appearances().values("article"))

    def _appearances(self) -> QuerySet[Any]:
        """The rows that say which articles the record is named in, itself and not what lies in it."""
        survivor = self.record.survivor
        if self.is_person:
            return Byline.objects.of(survivor)
        appearances: QuerySet[Any] = _APPEARANCES[self.kind].objects.of(survivor)
        return appearances

    @property
    def within(self) -> int:
        """Articles of a place with all that lies in it."""
        rows = PlaceAppearance.objects.filter(place=self.record.survivor)
        return Article.objects.untrashed().filter(pk__in=rows.values("article")).count()

    @property
    def mentions(self) -> Any:
        named = Mention.objects.none() if self.is_person else mentions_of(self.record.survivor)
        return newest_mentions(named.filter(_NOT_TRASHED))

    @property
    def few_mentions(self) -> Any:
        """The newest of the record's own mentions, whatever stands for it."""
        return newest_mentions(mentions_of(self.record).filter(_NOT_TRASHED), _FEW)

    @property
    def bylines(self) -> QuerySet[Byline]:
        by_date = (F("article__issue_date").desc(nulls_last=True), "-article")
        unread = ("article__blocks", "article__found", "article__body")
        return (
            self._appearances()
            .filter(_NOT_TRASHED)
            .select_related("article")
            .defer(*unread)
            .order_by(*by_date)[:_NEWEST]
        )

    @property
    def namesakes(self) -> QuerySet[Reporter]:
        """Others of the name, whom a disambiguation tells apart."""
        return Reporter.objects.filter(key=self.record.key).exclude(pk=self.record.pk)

    @cached_property
    def company(self) -> list[tuple[Any, list[tuple[Any, int]]]]:
        """Who and what is named together with the record, by kind, in its newest articles."""
        articles = Article.objects.filter(pk__in=self._newest_articles)
        return [
            (label, [(record_link(other), count) for other, count in found])
            for kind, label in _COMPANY_NAMES.items()
            if (found := self._named_with(kind, articles))
        ]

    @cached_property
    def _newest_articles(self) -> list[int]:
        newest_first = self._articles().order_by("-sort_date", "-pk")
        return list(newest_first.values_list("pk", flat=True)[:_LOOKED_AT])

    @property
    def looked_at(self) -> int:
        """How many articles the company was looked for in, where those are not all; else 0."""
        return _LOOKED_AT if len(self._newest_articles) == _LOOKED_AT else 0

    def _named_with(self, kind: str, articles: QuerySet[Article]) -> list[tuple[Any, int]]:
        rows = record_appearances(kind, articles)
        if kind == "place":
            rows = rows.filter(position__isnull=False)
        if kind == self.kind:
            rows = rows.exclude(record=self.record.survivor.pk)
        return most_common_records(kind, rows, _COMPANY)

    # --- What lies in it ---------------------------------------------------------------------------

    @cached_property
    def children(self) -> QuerySet[Any] | None:
        return self.record.children.surviving() if hasattr(self.record, "children") else None

    @cached_property
    def bodies(self) -> QuerySet[Any] | None:
        return self.record.organizations.surviving() if hasattr(self.record, "organizations") else None

    # --- What editors decided ----------------------------------------------------------------------

    @cached_property
    def merges(self) -> list[tuple[Any, Merge]]:
        """The records that are merged into this one, each with the merge that can be undone."""
        merged = {record.pk: record for record in self.record.merged.all()}
        made = Merge.objects.filter(kind=self.kind, source__in=merged, undone_at=None).select_related("by")
        return [(merged[merge.source], merge) for merge in made]

    @property
    def own_merge(self) -> Merge | None:
        """The merge by which another record stands for this one."""
        made = Merge.objects.filter(kind=self.kind, source=self.record.pk, undone_at=None)
        return made.select_related("by").first()

    @cached_property
    def distinctions(self) -> list[tuple[Any, Distinction]]:
        """The records that are not the same as this one by an editor's word."""
        pk = self.record.pk
        told = Distinction.objects.filter(kind=self.kind).filter(Q(first=pk) | Q(second=pk))
        others = {(row.second if row.first == pk else row.first): row for row in told.select_related("by")}
        records = MODELS[self.kind].objects.in_bulk(others)
        return [(records[other], row) for other, row in others.items() if other in records]

    @cached_property
    def suggestions(self) -> list[tuple[Any, Suggestion]]:
        """The records that may be the same, with the reasons."""
        found = duplicates.suggestions_for(self.record)
        others = [pair.second if pair.first == self.record.pk else pair.first for pair in found]
        records = MODELS[self.kind].objects.in_bulk(others)
        pairs: Iterable[tuple[int, Suggestion]] = zip(others, found, strict=True)
        return [(records[other], pair) for other, pair in pairs if other in records]

    @property
    def merge_url(self) -> str:
        return reverse("admin:merge_record", args=[self.kind, self.record.pk])
