"""Tests that dates of queries are days, months and years in two plain forms, and that no other text is guessed at."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from articles.api.query.date_intervals import parse_interval
from tests.factories import make_article, make_page
from tests.support.api import API

DAYS = ["2022-12-31", "2023-01-01", "2023-09-01", "2023-09-14", "2023-09-30", "2023-10-01", "2023-12-31"]


@pytest.fixture
def _issues(db: None) -> None:  # noqa: ARG001 - the database is written
    for day in DAYS:
        make_article(day, date=day, page=make_page(day, issue_date=day))
    make_article("without a date")


@pytest.mark.usefixtures("_issues")
@pytest.mark.parametrize(
    ("after", "before", "first", "last"),
    [
        pytest.param("2023-09-14", "", "2023-09-14", "2023-12-31", id="from a day"),
        pytest.param("", "2023-09-14", "2022-12-31", "2023-09-14", id="until a day"),
        pytest.param("2023-09", "2023-09", "2023-09-01", "2023-09-30", id="a month"),
        pytest.param("2023", "2023", "2023-01-01", "2023-12-31", id="a year"),
        pytest.param("", "2022", "2022-12-31", "2022-12-31", id="until a year"),
        pytest.param("2023年9月14日", "2023年9月14日", "2023-09-14", "2023-09-14", id="as printed"),
        pytest.param("2023年9月", "2023年09月", "2023-09-01", "2023-09-30", id="a month as printed"),
        pytest.param("2023年", "２０２３年９月１日", "2023-01-01", "2023-09-01", id="in full-width digits"),
    ],
)
def test_range_of_dates_is_inclusive(
    client: APIClient, after: str, before: str, first: str, last: str
) -> None:
    asked = {"issue_date_after": after, "issue_date_before": before}
    query = {name: value for name, value in asked.items() if value}
    expected = [day for day in reversed(DAYS) if first <= day <= last]
    for path in ("articles", "pages"):
        found = client.get(f"{API}/{path}/", query).json()["results"]
        assert [one["issue_date"] for one in found] == expected
    timeline = client.get(f"{API}/articles/timeline/", {**query, "interval": "day"}).json()["results"]
    assert [one["period"] for one in timeline] == sorted(expected)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["issue_date_after", "issue_date_before"])
@pytest.mark.parametrize(
    "text",
    [
        *("10/11/12", "2023/09/14", "14.9.2023", "2023-9-14", "2023-09-14T00:00:00Z", "20230914", "2023-W37"),
        *(
            "2023-13",
            "2023-02-30",
            "2023年13月",
            "0000",
            "23",
            "9月14日",
            "2023年9",
            "yesterday",
            "-2023",
            "2023-09-",
        ),
    ],
)
def test_text_that_is_no_date_is_refused_with_the_forms(client: APIClient, name: str, text: str) -> None:
    for path in ("articles", "pages", "articles/facets"):
        other = "issue_date_before" if name.endswith("after") else "issue_date_after"
        answer = client.get(f"{API}/{path}/", {name: text, other: "2023"})
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert (error["parameter"], "Give a day as 2023-09-14 or 2023年9月14日" in error["detail"]) == (
            name,
            True,
        )


@pytest.mark.django_db
def test_range_that_ends_before_it_begins_is_refused(client: APIClient) -> None:
    answer = client.get(f"{API}/articles/?issue_date_after=2023-09&issue_date_before=2023-08")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "issue_date_before")
    assert (
        client.get(f"{API}/articles/?issue_date_after=2023-09-14&issue_date_before=2023").status_code == 200
    )


@given(st.dates(dt.date(1000, 1, 1)))
def test_each_day_is_within_its_month_and_year(day: dt.date) -> None:
    whole = parse_interval(day.isoformat())
    assert whole == parse_interval(f"{day.year}年{day.month}月{day.day}日") == (day, day)
    month, year = parse_interval(day.isoformat()[:7]), parse_interval(day.isoformat()[:4])
    assert year.first <= month.first <= day <= month.last <= year.last
    assert (month.last + dt.timedelta(days=1)).day == (
        year.last + dt.timedelta(days=1)
    ).day == 1 or day.year == 9999
