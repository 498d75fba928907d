"""Tests which days are suggested for a page without a date, from its text and from the pages beside it."""

import datetime as dt
from typing import Any

import pytest

from articles.editing.dating.date_suggestions import suggest_date
from articles.models import LoadFile, Page
from tests.factories import make_load, make_load_file, make_page

pytestmark = pytest.mark.django_db

DAYS = {"days": ["--12-30", "--01-06"], "found": []}


def interval(month: int, first: int, last: int) -> dict[str, Any]:
    return {
        "issue_earliest": dt.date(2024, month, first),
        "issue_latest": dt.date(2024, month, last),
        "issue_evidence": {"days": [f"--{month:02}-{first:02}", f"--{month:02}-{last:02}"], "found": []},
    }


def day(month: int, day: int, year: int = 2024) -> dict[str, Any]:
    return {"issue_date": dt.date(year, month, day)}


def suggested(before: dict[str, Any], page: dict[str, Any], after: dict[str, Any]) -> tuple[str, str] | None:
    """What is suggested for a page whose file is between two others of the same load."""
    load = make_load()
    pages = [make_page(f"第{number}页", **values) for number, values in enumerate((before, page, after))]
    for number, made in enumerate(pages):
        make_load_file(load, f"/archive/{number}.txt", page=made)
    found = suggest_date(Page.objects.get(pk=pages[1].pk))
    return (str(found.earliest), str(found.latest)) if found else None


@pytest.mark.parametrize(
    ("before", "page", "after", "expected"),
    [
        (day(7, 24), {}, day(7, 24), ("2024-07-24", "2024-07-24")),
        (day(7, 24), {}, day(7, 26), ("2024-07-24", "2024-07-26")),
        (day(7, 24), {}, day(7, 23), None),  # not in order
        (day(1, 24), {}, day(7, 26), None),  # too far apart
        (day(7, 24), {}, {}, None),
        ({}, {}, {}, None),
        ({}, interval(7, 22, 29), {}, ("2024-07-22", "2024-07-29")),
        (day(7, 24), interval(7, 22, 29), day(7, 26), ("2024-07-24", "2024-07-26")),
        (day(8, 24), interval(7, 22, 29), day(8, 26), None),  # they contradict each other
        # the pages beside it give the year
        (day(1, 2), {"issue_evidence": DAYS}, {}, ("2023-12-30", "2024-01-06")),
        ({}, {"issue_evidence": DAYS}, day(12, 28), ("2024-12-30", "2025-01-06")),
        (day(1, 2), {"issue_evidence": DAYS}, day(1, 2), ("2024-01-02", "2024-01-02")),
        (day(7, 24), {"issue_evidence": DAYS}, day(7, 24), None),
        ({}, {"issue_evidence": DAYS}, {}, None),
    ],
)
def test_suggestion_follows_from_the_text_and_the_pages_beside_it(before, page, after, expected):
    assert suggested(before, page, after) == expected


def test_pages_of_another_load_do_not_count() -> None:
    page = make_page("第一页")
    make_load_file(make_load(), "/archive/1.txt", page=page)
    for number in (0, 2):
        make_load_file(make_load(), f"/archive/{number}.txt", page=make_page(f"第{number}页", **day(7, 24)))
    assert LoadFile.objects.count() == 3
    assert suggest_date(page) is None
