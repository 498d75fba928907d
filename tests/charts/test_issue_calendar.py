"""Tests which days and pages of a paper count as missing."""

import datetime as dt

import pytest

from articles.charts.issue_calendar import calendar_months, missing_pages_of


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        (["1", "2", "3"], ()),
        (["3", "1"], ("2",)),
        (["A01", "A04", "B2"], ("A02", "A03", "B1")),
        (["头版", "", "六"], ()),
        (["9999"], ()),
    ],
)
def test_gaps_between_page_numbers_are_missing(numbers: list[str], missing: tuple[str, ...]) -> None:
    day = dt.date(2024, 1, 1)
    found = missing_pages_of(calendar_months(2024, {day: numbers}, {}))
    assert [one.missing_pages for one in found] == ([missing] if missing else [])


def test_day_without_issue_is_missing_only_on_weekdays_on_which_the_paper_comes_out() -> None:
    first = dt.date(2024, 1, 1)  # a Monday
    mondays = [first + dt.timedelta(weeks=week) for week in range(6)]
    printed = {day: ["1", "3"] for day in mondays if day != dt.date(2024, 1, 15)}
    months = calendar_months(2024, printed, {day: f"/{day}/" for day in printed})
    days = [day for month in months for week in month.weeks for day in week if day]
    assert len(days) == 366
    assert [day.date for day in days if day.is_missing] == [dt.date(2024, 1, 15)]
    assert {day.url for day in missing_pages_of(months)} == {f"/{day}/" for day in printed}
    assert {day.missing_pages for day in days if day.pages} == {("2",)}


def test_weeks_begin_on_monday() -> None:
    january = calendar_months(2024, {}, {})[0]
    assert [len(week) for week in january.weeks] == [7] * 5
    assert january.weeks[0][0] is not None
    assert january.weeks[-1][3] is None
