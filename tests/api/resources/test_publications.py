"""Tests the papers, their issues, and the days without one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.factories import make_article, make_page
from tests.support.api import API

pytestmark = pytest.mark.django_db

PAPER = "沂河晚报"
HERE = f"http://testserver{API}/publications/"


def printed(publication: str, date: str | None, number: str = "", **values: Any) -> int:
    """A page with a published article; return its id."""
    status = values.pop("status", "published")
    page = make_page("大桥通车", publication=publication, issue_date=date, page_number=number, **values)
    make_article("大桥通车", page=page, status=status, publication=publication, date=date)
    return page.pk


@pytest.fixture(autouse=True)
def _pages() -> None:
    for number in ("A2", "10", "2", "A10", "B1", ""):
        printed(PAPER, "2024-07-30", number, page_name=f"第{number}版")
    printed(PAPER, "2024-07-31", "1")
    printed("沂河晚報", "2024-08-05", "1")
    printed(PAPER, None, "7")
    printed("临河日报", "2024-07-30", "1")
    printed("草稿报", "2024-07-30", "1", status="draft")
    printed(PAPER, "2024-08-02", "1", status="draft")


def get(client: APIClient, path: str = "", status: int = 200) -> Any:
    answer = client.get(f"{API}/publications/{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_papers_are_listed_with_their_first_and_last_issue(client: APIClient) -> None:
    first, second = get(client)["results"]
    assert (first["name"], second["name"]) == ("临河日报", PAPER)
    assert get(client, "沂河晚報/") == second
    assert {name: second[name] for name in second if name != "url"} == {
        "name": PAPER, "first_issue": "2024-07-30", "last_issue": "2024-08-05", "issue_count": 3,
        "page_count": 9, "undated_page_count": 1,
    }  # fmt: skip
    assert client.get(second["url"]).json() == second
    (august,) = get(client, "?issue_date_after=2024-08")["results"]
    assert (august["name"], august["issue_count"], august["page_count"]) == ("沂河晚報", 1, 1)


def test_an_issue_has_its_pages_in_printed_order(client: APIClient) -> None:
    issue = get(client, f"{PAPER}/issues/2024-07-30/")
    assert [page["page_number"] for page in issue["pages"]] == ["2", "10", "A2", "A10", "B1", ""]
    assert {page["article_count"] for page in issue["pages"]} == {1}
    assert client.get(issue["pages"][0]["url"]).json()["page_name"] == "第2版"
    assert (issue["publication"], issue["previous"]) == (PAPER, None)
    after = client.get(issue["next"]).json()
    assert (after["issue_date"], after["previous"]) == (
        "2024-07-31",
        client.get(after["previous"]).json() and after["previous"],
    )
    assert client.get(client.get(after["next"]).json()["previous"]).json() == after


def test_days_and_missing_days_of_a_paper(client: APIClient) -> None:
    days = get(client, f"{PAPER}/issues/")["results"]
    assert [(one["issue_date"], one["page_count"]) for one in days] == [
        ("2024-07-30", 6), ("2024-07-31", 1), ("2024-08-05", 1),
    ]  # fmt: skip
    assert client.get(days[0]["url"]).status_code == 200
    narrowed = get(client, f"{PAPER}/issues/?issue_date_after=2024-08")["results"]
    assert [one["issue_date"] for one in narrowed] == ["2024-08-05"]
    assert get(client, f"{PAPER}/missing-days/")["results"] == [
        {"first": "2024-08-01", "last": "2024-08-04", "days": 4}
    ]
    assert get(client, f"{PAPER}/missing-days/?issue_date_before=2024-07-31")["results"] == []


def test_the_newsroom_sees_the_issues_of_drafts(client: APIClient, editor: APIClient) -> None:
    assert [one["name"] for one in get(editor)["results"]] == sorted(["临河日报", PAPER, "草稿报"])
    assert len(get(editor, f"{PAPER}/missing-days/")["results"]) == 2
    assert get(editor, f"{PAPER}/issues/2024-08-02/")["pages"][0]["article_count"] == 1
    for hidden in ("草稿报/", "草稿报/issues/", "草稿报/missing-days/", "草稿报/issues/2024-07-30/"):
        missing = get(client, hidden.replace("草稿报", "没有这份报"), 404)
        assert get(client, hidden, 404) == missing
    assert get(client, f"{PAPER}/issues/2024-08-02/", 404)


@pytest.mark.parametrize("day", ["2024-7-30", "20240730", "2024-02-30", "2024-07", "x"])
def test_an_issue_is_addressed_by_its_day(client: APIClient, day: str) -> None:
    get(client, f"{PAPER}/issues/{day}/", 404)


def test_the_number_of_queries_does_not_grow_with_the_pages(editor: APIClient) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            get(editor, path)
        return len(asked)

    paths = ("", f"{PAPER}/", f"{PAPER}/issues/", f"{PAPER}/issues/2024-07-30/", f"{PAPER}/missing-days/")
    get(editor)  # reads the permissions of the user
    before = [queries(path) for path in paths]
    for number in range(20):
        printed(PAPER, f"2024-09-{number + 1:02}", "1")
        printed(PAPER, "2024-07-30", f"{number}")
    assert [queries(path) for path in paths] == before
