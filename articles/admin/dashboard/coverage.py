"""Counts of articles by place and by date of issue, for the charts of the dashboard."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.charts.charts import Bars, ChartValue, Treemap, draw_bars, draw_treemap
from articles.charts.place_map import MapPoint, PlaceMap, draw_map
from articles.models import Article, Place, PlaceAppearance
from articles.reading.gazetteer.coordinates import coordinates

# A chart is drawn twice, for a screen and for a telephone; the style sheet shows one of them.
WIDE, NARROW = 960, 340
# Areas that a reader can distinguish.
_LARGEST = 40
# More months than these are shown by year; of more years than these only the last are shown.
_MONTHS, _YEARS = 48, 120
_TRASHED = Article.objects.filter(status=Article.Status.TRASHED).order_by()
_MAP_LEVELS = (Place.Kind.COUNTY, Place.Kind.CITY, Place.Kind.PROVINCE)


@dataclass(frozen=True)
class Level:
    """A level of places, with the address of its map."""

    name: str
    url: str
    is_shown: bool


@dataclass(frozen=True)
class Coverage:
    """Articles by place of a level; `others` are the places that are too small to be drawn."""

    charts: list[Treemap]
    maps: list[PlaceMap]
    levels: list[Level]
    level: str
    others: int
    years: list[int]
    first: int
    last: int

    @property
    def summary(self) -> str:
        return _summary(self.charts)


@dataclass(frozen=True)
class ArticlesOverTime:
    """Articles by month or year; those without a date are counted apart."""

    charts: list[Bars]
    undated: int
    undated_url: str
    is_cut: bool
    calendar_url: str = ""

    @property
    def summary(self) -> str:
        return _summary(self.charts)


def article_list_url(**parameters: str | int) -> str:
    """The address of the list of articles with these filters."""
    return f"{reverse('admin:articles_article_changelist')}?{urlencode(parameters)}"


def get_coverage(asked: Mapping[str, str]) -> Coverage:
    """Articles by place of a level over years; an article counts in each place that it names or that contains one.

    `asked` are the parameters `level`, `from` and `to` of the page.
    """
    level = next((level for level in _MAP_LEVELS if level == asked.get("level")), _MAP_LEVELS[0])
    years = _years_with_articles()
    first, last = sorted((_asked_year(asked.get("from"), years, 0), _asked_year(asked.get("to"), years, -1)))
    days = (
        (dt.date(first, 1, 1), dt.date(last, 12, 31))
        if years and (first, last) != (years[0], years[-1])
        else None
    )
    places = {place.pk: place for place in Place.objects.filter(kind=level).order_by().only("name", "code")}
    appearances = PlaceAppearance.objects.filter(place__in=list(places))
    if days:
        appearances = appearances.filter(article__sort_date__range=days)
    counts = _counts(appearances, "place") - _counts(
        appearances.filter(article__in=_TRASHED.values("pk")), "place"
    )
    filters = (
        {"issue_date_after": days[0].isoformat(), "issue_date_before": days[1].isoformat()} if days else {}
    )
    values = [
        (places[pk].code, ChartValue(places[pk].name, count, article_list_url(place=pk, **filters)))
        for pk, count in counts.items()
    ]
    return _drawn(level, values, years, (first, last))


def _drawn(
    level: Place.Kind, values: list[tuple[str, ChartValue]], years: list[int], shown: tuple[int, int]
) -> Coverage:
    """The treemap and the map of the places of a level, which are given with their codes."""
    largest = sorted(values, key=lambda item: (-item[1].count, item[1].name))
    drawn = [value for _code, value in largest[:_LARGEST]]
    span = f"&from={shown[0]}&to={shown[1]}" if years else ""
    levels = [Level(str(kind.label), f"?level={kind}{span}#coverage", kind == level) for kind in _MAP_LEVELS]
    charts = [draw_treemap(drawn, WIDE, 380), draw_treemap(drawn, NARROW, 420)] if drawn else []
    points = [MapPoint(value, at) for code, value in largest if (at := coordinates(code))]
    maps = [draw_map(points, *size) for size in ((WIDE, 460), (NARROW, 380))] if points else []
    return Coverage(charts, maps, levels, level.value, len(values) - len(drawn), years, *shown)


def _years_with_articles() -> list[int]:
    """The years from the first to the last issue."""
    dated = (
        Article.objects.untrashed()
        .filter(sort_date__gt=dt.date.min)
        .order_by("sort_date")
        .values_list("sort_date", flat=True)
    )
    first, last = dated.first(), dated.last()
    return list(range(first.year, last.year + 1)) if first and last else []


def _asked_year(text: str | None, years: list[int], position: int) -> int:
    """The year of a parameter if there are articles about then, else the one at this position; 0 without years."""
    known = {str(year): year for year in years}
    return known.get(text or "", years[position] if years else 0)


def all_articles_over_time() -> ArticlesOverTime:
    """All articles but those in the trash, over time."""
    over_time = articles_over_time(
        _counts(Article.objects.all(), "sort_date") - _counts(_TRASHED, "sort_date")
    )
    return replace(over_time, calendar_url=reverse("admin:issue_calendar"))


def articles_over_time(days: Counter[dt.date], **filters: str | int) -> ArticlesOverTime:
    """Articles by month, or by year where months are too many; also months without articles.

    `filters` are added to the addresses of the lists behind the bars.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for day, articles in days.items():
        counts[day.year, day.month] += articles
    # The first of all days means no date: see `sort_date`.
    undated = counts.pop((dt.date.min.year, dt.date.min.month), 0)
    values, is_cut = _periods(counts)
    if filters:
        values = [replace(value, url=f"{value.url}&{urlencode(filters)}") for value in values]
    charts = [draw_bars(values, WIDE, 220), draw_bars(values, NARROW, 200)] if values else []
    return ArticlesOverTime(charts, undated, article_list_url(undated="on", **filters), is_cut)


def _counts(rows: QuerySet[Any], column: str) -> Counter[Any]:
    """The number of rows by a column. All rows and the trash are counted apart, each from an index alone."""
    return Counter(dict(rows.order_by().values_list(column).annotate(number=Count("*"))))


def _periods(counts: Counter[tuple[int, int]]) -> tuple[list[ChartValue], bool]:
    """The bars, and whether the oldest years are left out."""
    if not counts:
        return [], False
    first, last = min(counts), max(counts)
    months = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    if months <= _MONTHS:
        numbers = (first[0] * 12 + first[1] - 1 + further for further in range(months))
        spans = [(number // 12, number % 12 + 1) for number in numbers]
        return [_period(counts[year, month], year, month) for year, month in spans], False
    by_year: Counter[int] = Counter()
    for (year, _month), count in counts.items():
        by_year[year] += count
    is_cut = last[0] - first[0] >= _YEARS
    years = sorted(by_year)[-_YEARS:] if is_cut else range(first[0], last[0] + 1)
    return [_period(by_year[year], year) for year in years], is_cut


def _period(count: int, year: int, month: int | None = None) -> ChartValue:
    """The bar of a month, or of a year."""
    first = dt.date(year, month or 1, 1)
    last = dt.date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    name = f"{year:04}-{month:02}" if month else f"{year:04}"
    url = article_list_url(issue_date_after=first.isoformat(), issue_date_before=last.isoformat())
    return ChartValue(name, count, url, short=name)


def _summary(charts: Sequence[Treemap | Bars]) -> str:
    """A chart in a sentence, for screen readers."""
    if not charts:
        return ""
    values = [box.value for box in charts[0].boxes]
    largest = max(values, key=lambda value: value.count)
    text = _("%(parts)s parts; the largest is %(name)s with %(count)s articles.")
    return text % {"parts": len(values), "name": largest.name, "count": largest.count}
