"""Tests that pages of a list hold each record once, also while new ones arrive."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework.test import APIClient

from articles.models import Article, Reporter
from tests.factories import make_article
from tests.support.api import API

pytestmark = pytest.mark.django_db


def walk(url: str, relation: str = "next") -> Iterator[dict[str, Any]]:
    """The responses from one page to the next."""
    client = APIClient()
    while url:
        answer = client.get(url).json()
        yield answer
        url = answer[relation]


def ids(pages: Iterator[dict[str, Any]]) -> list[list[int]]:
    return [[record["id"] for record in page["results"]] for page in pages]


@pytest.mark.parametrize("ordering", ["-issue_date", "issue_date", "id", "-id", "updated_at", "-updated_at"])
def test_pages_hold_every_record_once_in_order(ordering: str) -> None:
    for number in range(7):
        # Three on one day, and two without a date.
        make_article(f"第{number}条", date=("2024-07-30", "2024-07-31", None)[number % 3])
    pages = ids(walk(f"{API}/articles/?page_size=3&ordering={ordering}"))
    seen = [pk for page in pages for pk in page]
    assert [len(page) for page in pages] == [3, 3, 1]
    column = {"issue_date": "sort_date"}.get(ordering.strip("-"), ordering.strip("-"))
    rows = sorted(
        Article.objects.all(), key=lambda row: (getattr(row, column), row.pk), reverse=ordering[0] == "-"
    )
    assert seen == [row.pk for row in rows]


def test_new_records_do_not_shift_later_pages() -> None:
    made = [make_article(f"第{number}条", date="2024-07-30").pk for number in range(6)]
    seen = []
    for page in walk(f"{API}/articles/?page_size=2&ordering=-issue_date"):
        seen += [record["id"] for record in page["results"]]
        make_article("号外", date="2024-07-31"), make_article("又一条", date="2024-07-30")
    assert seen == made[::-1]


def test_previous_links_lead_back_over_the_same_pages() -> None:
    for number in range(7):
        make_article(f"第{number}条", date="2024-07-30")
    forth = list(walk(f"{API}/articles/?page_size=3"))
    back = list(walk(forth[-1]["previous"], "previous"))
    assert ids(iter(back)) == ids(iter(forth))[-2::-1]
    assert (forth[0]["previous"], forth[-1]["next"], back[-1]["previous"]) == (None, None, None)


def test_link_header_names_the_next_and_first_page(client: APIClient) -> None:
    for number in range(3):
        make_article(f"第{number}条")
    answer = client.get(f"{API}/articles/?page_size=1&publication=&ordering=id".replace("publication=&", ""))
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', answer["Link"]))
    assert {relation: url for url, relation in links.items()} == {
        "next": answer.json()["next"],
        "first": f"http://testserver{API}/articles/?ordering=id&page_size=1",
    }


@pytest.mark.parametrize(
    ("page_size", "length"), [("1", 1), ("100", 100), ("101", 100), (str(10**9), 100), ("9" * 5_000, 100)]
)
def test_page_size_is_capped(client: APIClient, page_size: str, length: int) -> None:
    Reporter.objects.bulk_create(Reporter(name=f"记者{number}") for number in range(103))
    made = make_article("大桥通车", *Reporter.objects.all())
    assert made.bylines.count() == 103
    assert len(client.get(f"{API}/reporters/", {"page_size": page_size}).json()["results"]) == length


def test_count_is_given_on_request(client: APIClient) -> None:
    make_article("大桥通车"), make_article("早市搬家")
    assert "count" not in client.get(f"{API}/articles/?page_size=1").json()
    assert client.get(f"{API}/articles/?page_size=1&count=true").json()["count"] == 2


def test_cursor_is_valid_for_its_ordering_only(client: APIClient) -> None:
    make_article("大桥通车"), make_article("早市搬家")
    cursor = (
        client.get(f"{API}/articles/?page_size=1&ordering=id")
        .json()["next"]
        .split("cursor=")[1]
        .split("&")[0]
    )
    for query in (f"cursor={cursor}&ordering=-id", f"cursor={cursor[:-2]}&ordering=id", f"cursor={cursor}"):
        answer = client.get(f"{API}/articles/?{query}")
        assert [error["parameter"] for error in answer.json()["errors"]] == ["cursor"]


@pytest.mark.slow
class EveryListIsWalkedOnce(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.sampled_from(["2024-07-30", "2024-07-31", None]), max_size=9), st.integers(1, 4))
    def test_pages_forward_and_back_hold_every_article_once(self, dates: list[str | None], size: int) -> None:
        """For any dates and page size, the pages forward and back hold every article once."""
        Article.objects.all().delete()
        for date in dates:
            make_article("消息", date=date)
        forth = list(walk(f"{API}/articles/?page_size={size}"))
        seen = [pk for page in ids(iter(forth)) for pk in page]
        assert seen == list(Article.objects.order_by("-sort_date", "-pk").values_list("pk", flat=True))
        start = forth[-1]["previous"]
        back = ids(walk(start, "previous")) if start else []
        assert [pk for page in back[::-1] for pk in page] == seen[: len(seen) - len(forth[-1]["results"])]
