"""Suggests when a page was printed, from its text and from the pages that were loaded before and after it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from articles.models import LoadFile, Page

# Days between the pages before and after a page: with more the files are not those of one paper in order.
_MOST_BETWEEN = 31
# Days between the page beside a page and what the text of this one reports.
_MOST_FROM_NEIGHBOUR = 45

_Interval = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class DateSuggestion:
    """The days between which a page was probably printed.

    `of_text` says that its text gives them; `before` and `after` are the pages beside it that give them.
    """

    earliest: dt.date
    latest: dt.date
    of_text: bool = False
    before: Page | None = None
    after: Page | None = None


def suggest_date(page: Page) -> DateSuggestion | None:
    """Suggest when a page without a date was printed; None if nothing says it, or if the sources contradict each other."""
    before, after = _page_beside(page, "lt", "-path"), _page_beside(page, "gt", "path")
    dates = [beside.issue_date for beside in (before, after) if beside and beside.issue_date]
    own = _of_text(page, dates)
    if len(dates) == 1 or not dates or not 0 <= (dates[-1] - dates[0]).days <= _MOST_BETWEEN:
        return DateSuggestion(*own, of_text=True) if own else None
    if own is None:
        return None if page.issue_evidence else DateSuggestion(dates[0], dates[1], False, before, after)
    earliest, latest = max(own[0], dates[0]), min(own[1], dates[1])
    return DateSuggestion(earliest, latest, True, before, after) if earliest <= latest else None


def _page_beside(page: Page, compare: str, order: str) -> Page | None:
    """The dated page whose file is the one before or after that of a page, in the order of paths of the same load."""
    file = LoadFile.objects.filter(page=page).order_by("-pk").first()
    if file is None:
        return None
    others = LoadFile.objects.filter(load=file.load_id, page__issue_date__isnull=False).exclude(page=page)
    beside = others.filter(**{f"path__{compare}": file.path}).order_by(order).select_related("page")
    row = beside.defer("page__text").first()
    return row.page if row else None


def _of_text(page: Page, dates: list[dt.date]) -> _Interval | None:
    """The days that the text of a page gives; where it gives no year, the one that is near the pages beside it."""
    if page.issue_earliest and page.issue_latest:
        return page.issue_earliest, page.issue_latest
    near = sorted(_of_years(page, dates))
    return near[0][1] if near and near[0][0] <= _MOST_FROM_NEIGHBOUR else None


def _of_years(page: Page, dates: list[dt.date]) -> Iterator[tuple[int, _Interval]]:
    """The days that a text gives without a year, in the years of the pages beside it, and how far they are from these."""
    if not page.issue_evidence:
        return
    first, last = (text.lstrip("-") for text in page.issue_evidence["days"])
    for date in dates:
        for year in (date.year - 1, date.year, date.year + 1):
            try:
                earliest = dt.date.fromisoformat(f"{year}-{first}")
                latest = dt.date.fromisoformat(f"{year + (last < first)}-{last}")
            except ValueError:
                continue
            distance = max((earliest - date).days, (date - latest).days, 0)
            yield distance, (earliest, latest)
