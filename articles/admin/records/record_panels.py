"""The panels below the form of a record: where it is named, with whom, and what editors decided about it."""

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
from articles.charts.charts import ChartValue
from articles.charts.place_map import MapPoint, PlaceMap, draw_map, nearest_coordinates
from articles.counts.co_occurrence import most_common_records, record_appearances
from articles.duplicates import suggestions as duplicates
from articles.duplicates.suggestions import Suggestion
from articles.editing.record_trash import Uses, count_uses, mentions_of
from articles.models import (
    Article,
    Byline,
    Distinction,
    Mention,
    Merge,
    OrganizationAppearance,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.merge import MODELS, kind_of

_CO_OCCURRING = 12  # of a kind that are shown
_NEWEST = 20  # credits
_LOOKED_AT = 1_000  # articles that are searched for co-occurring records: half an archive would take long
_MAP = (360, 260)
_FEW = 5  # mentions, beside those of another record
_APPEARANCES: dict[str, Any] = {"place": PlaceAppearance, "organization": OrganizationAppearance}
_NOT_TRASHED = ~Q(article__status=Article.Status.TRASHED)
_KIND_LABELS = {"reporter": _("Reporters"), "place": _("Places"), "organization": _("Organizations")}


@dataclass(frozen=True)
class Panels:
    """The panels of a record; each is computed when the template shows it."""

    record: Any
    request: HttpRequest

    @property
    def kind(self) -> str:
        return kind_of(self.record)

    @property
    def is_person(self) -> bool:
        return isinstance(self.record, Reporter)

    @property
    def may_merge(self) -> bool:
        may = self.request.user.has_perm("articles.add_merge")
        return may and not self.record.merged_into_id and not self.record.trashed_at

    @cached_property
    def uses(self) -> Uses:
        return count_uses(self.record)

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
        """The articles that name the record itself, not only places within it."""
        return Article.objects.untrashed().filter(pk__in=self._appearances().values("article"))

    def _appearances(self) -> QuerySet[Any]:
        """The rows that link the record itself, without places within it, to articles."""
        survivor = self.record.survivor
        if self.is_person:
            return Byline.objects.of(survivor)
        appearances: QuerySet[Any] = _APPEARANCES[self.kind].objects.of(survivor)
        return appearances

    @property
    def within(self) -> int:
        """The number of articles of a place and of all places within it."""
        rows = PlaceAppearance.objects.filter(place=self.record.survivor)
        return Article.objects.untrashed().filter(pk__in=rows.values("article")).count()

    @property
    def mentions(self) -> Any:
        named = Mention.objects.none() if self.is_person else mentions_of(self.record.survivor)
        return newest_mentions(named.filter(_NOT_TRASHED))

    @property
    def few_mentions(self) -> Any:
        """The newest of the record's own mentions, also when it is merged into another."""
        return newest_mentions(mentions_of(self.record).filter(_NOT_TRASHED), _FEW)

    @property
    def bylines(self) -> QuerySet[Byline]:
        by_date = (F("article__issue_date").desc(nulls_last=True), "-article")
        unread = ("article__blocks", "article__extracted", "article__body")
        return (
            self._appearances()
            .filter(_NOT_TRASHED)
            .select_related("article")
            .defer(*unread)
            .order_by(*by_date)[:_NEWEST]
        )

    @property
    def namesakes(self) -> QuerySet[Reporter]:
        """Other reporters of the same name, distinguished by their disambiguation."""
        return Reporter.objects.filter(key=self.record.key).exclude(pk=self.record.pk)

    @cached_property
    def co_occurring(self) -> list[tuple[Any, list[tuple[Any, int]]]]:
        """The records that the newest articles name together with this one, by kind, with counts."""
        articles = Article.objects.filter(pk__in=self._newest_articles)
        return [
            (label, [(record_link(other), count) for other, count in found])
            for kind, label in _KIND_LABELS.items()
            if (found := self._named_with(kind, articles))
        ]

    @cached_property
    def _newest_articles(self) -> list[int]:
        newest_first = self._articles().order_by("-sort_date", "-pk")
        return list(newest_first.values_list("pk", flat=True)[:_LOOKED_AT])

    @property
    def looked_at(self) -> int:
        """How many articles were searched for co-occurring records; 0 if all were."""
        return _LOOKED_AT if len(self._newest_articles) == _LOOKED_AT else 0

    def _named_with(self, kind: str, articles: QuerySet[Article]) -> list[tuple[Any, int]]:
        rows = record_appearances(kind, articles)
        if kind == "place":
            rows = rows.filter(position__isnull=False)
        if kind == self.kind:
            rows = rows.exclude(record=self.record.survivor.pk)
        return most_common_records(kind, rows, _CO_OCCURRING)

    # --- Records within it -------------------------------------------------------------------------

    @property
    def maps(self) -> list[PlaceMap]:
        """Where a place lies, or the smallest place with known coordinates that it is within."""
        if not isinstance(self.record, Place):
            return []
        codes = [place.code for place in (self.record, *reversed(self.record.ancestors()))]
        if (at := nearest_coordinates(codes)) is None:
            return []
        value = ChartValue(self.record.name, 1, self.articles_url)
        return [draw_map([MapPoint(value, at)], *_MAP, is_whole=True)]

    @cached_property
    def children(self) -> QuerySet[Any] | None:
        return self.record.children.surviving() if hasattr(self.record, "children") else None

    @cached_property
    def organizations(self) -> QuerySet[Any] | None:
        return self.record.organizations.surviving() if hasattr(self.record, "organizations") else None

    # --- What editors decided ----------------------------------------------------------------------

    @cached_property
    def merges(self) -> list[tuple[Any, Merge]]:
        """The records that are merged into this one, each with its merge, which can be undone."""
        merged = {record.pk: record for record in self.record.merged.all()}
        made = Merge.objects.filter(kind=self.kind, source__in=merged, undone_at=None).select_related("by")
        return [(merged[merge.source], merge) for merge in made]

    @property
    def own_merge(self) -> Merge | None:
        """The merge of this record into another."""
        made = Merge.objects.filter(kind=self.kind, source=self.record.pk, undone_at=None)
        return made.select_related("by").first()

    @cached_property
    def distinctions(self) -> list[tuple[Any, Distinction]]:
        """The records that an editor marked as different from this one."""
        pk = self.record.pk
        rows = Distinction.objects.filter(kind=self.kind).filter(Q(first=pk) | Q(second=pk))
        others = {(row.second if row.first == pk else row.first): row for row in rows.select_related("by")}
        records = MODELS[self.kind].objects.in_bulk(others)
        return [(records[other], row) for other, row in others.items() if other in records]

    @cached_property
    def suggestions(self) -> list[tuple[Any, Suggestion]]:
        """The records that may be the same, each with the reasons."""
        found = duplicates.suggestions_for(self.record)
        others = [pair.second if pair.first == self.record.pk else pair.first for pair in found]
        records = MODELS[self.kind].objects.in_bulk(others)
        pairs: Iterable[tuple[int, Suggestion]] = zip(others, found, strict=True)
        return [(records[other], pair) for other, pair in pairs if other in records]

    @property
    def merge_url(self) -> str:
        return reverse("admin:merge_record", args=[self.kind, self.record.pk])
