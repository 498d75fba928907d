"""Tests which articles a search over the API finds, in which order, with which highlights."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.factories import make_article, make_places
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _archive() -> None:
    make_article("芮城大桥通车", body="昨天上午，大桥通车。", date="2024-07-01")
    make_article("早市搬家", body="菜农说，从芮城县城来的人多了。", date="2024-07-30")
    make_article("學校開學", body="運城的學生走進教室，有三百人。", date="2024-07-02")
    make_article("桥上风景", body="通车以后，看桥的人很多。ＡＢＣ公司也来了。", date="2023-01-01")


@pytest.mark.parametrize(
    ("q", "headlines"),
    [
        pytest.param(
            "芮城", ["芮城大桥通车", "早市搬家"], id="two characters inside a sentence, the headline first"
        ),
        pytest.param(
            "桥", ["桥上风景", "芮城大桥通车"], id="one character; both in a headline, in any order"
        ),
        pytest.param("通车 桥", ["芮城大桥通车", "桥上风景"], id="both words"),
        pytest.param("桥 -大桥", ["桥上风景"], id="without a word"),
        pytest.param('"大桥通车"', ["芮城大桥通车"], id="phrase"),
        pytest.param("学校", ["學校開學"], id="Simplified finds Traditional"),
        pytest.param("芮城縣", ["早市搬家"], id="Traditional finds Simplified"),
        pytest.param("abc", ["桥上风景"], id="half-width finds full-width"),
        pytest.param("长城", [], id="nothing"),
    ],
)
def test_search_finds_terms_phrases_and_variants(client: APIClient, q: str, headlines: list[str]) -> None:
    found = [one["headline"] for one in client.get(f"{API}/articles/", {"q": q}).json()["results"]]
    expected = sorted(headlines) if q == "桥" else headlines
    assert (sorted(found) if q == "桥" else found) == expected


def test_matches_in_headlines_rank_first(client: APIClient) -> None:
    found = client.get(f"{API}/articles/", {"q": "桥", "page_size": "1"}).json()
    assert [one["headline"] for one in found["results"]] == ["芮城大桥通车"]
    behind = client.get(found["next"]).json()["results"]
    assert [one["headline"] for one in behind] == ["桥上风景"]


def test_search_can_be_ordered_by_date(client: APIClient) -> None:
    answer = client.get(f"{API}/articles/", {"q": "芮城", "ordering": "-issue_date"}).json()
    assert [one["headline"] for one in answer["results"]] == ["早市搬家", "芮城大桥通车"]


def test_highlights_give_fragments_and_positions(client: APIClient) -> None:
    (one, _other) = client.get(f"{API}/articles/", {"q": "大桥"}).json()["results"] + [None]
    headline, body = one["highlights"]
    assert headline == {
        "part": "headline", "fragment": "芮城<mark>大桥</mark>通车", "start": 0, "end": 6, "marks": [[2, 4]],
    }  # fmt: skip
    assert (body["part"], body["marks"]) == ("body", [[5, 7]])


def test_fragments_escape_html(client: APIClient) -> None:
    make_article("<img src=x onerror=alert(1)>大桥", body="<script>大桥</script>")
    for one in client.get(f"{API}/articles/", {"q": "大桥"}).json()["results"]:
        for fragment in one["highlights"]:
            assert "<" not in fragment["fragment"].replace("<mark>", "").replace("</mark>", "")


def test_list_without_a_search_has_no_highlights(client: APIClient) -> None:
    assert all("highlights" not in one for one in client.get(f"{API}/articles/").json()["results"])


def test_search_combines_with_filters(client: APIClient) -> None:
    named = make_article("芮城消息", make_places()["芮城县"])
    answer = client.get(f"{API}/articles/", {"q": "芮城", "place": "140830"}).json()
    assert [one["id"] for one in answer["results"]] == [named.pk]


@pytest.mark.parametrize("q", ['"大桥', "a" * 201, '""', " ".join("一二三四五六七八九十百千万东南西北")])
def test_invalid_search_is_400(client: APIClient, q: str) -> None:
    answer = client.get(f"{API}/articles/", {"q": q})
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == ["q"]


@pytest.mark.parametrize(("q", "texts"), [("芮城大桥", 1), ("芮城", 0)])
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the index of SQLite stores positions of terms")
def test_page_of_a_search_reads_the_texts_of_its_own_articles_only(
    client: APIClient, q: str, texts: int
) -> None:
    with CaptureQueriesContext(connection) as queries:
        results = client.get(f"{API}/articles/", {"q": q}).json()["results"]
    assert results[0]["headline"] == "芮城大桥通车"
    assert sum("search_confirmed" in query["sql"] for query in queries) == texts


@pytest.mark.parametrize(
    ("q", "hint"),
    [
        pytest.param("桥*", "quotes", id="wildcard"),
        pytest.param("(桥 OR 路) 通车", "quotes", id="brackets"),
        pytest.param("author:周明", "headline:", id="unknown field"),
        pytest.param("桥 OR", "OR", id="operator without a word"),
    ],
)
def test_search_by_another_grammar_is_refused_with_a_hint(client: APIClient, q: str, hint: str) -> None:
    for path in ("articles", "articles/facets", "articles/timeline"):
        answer = client.get(f"{API}/{path}/", {"q": q})
        assert (answer.status_code, hint in answer.json()["errors"][0]["detail"]) == (400, True)


def test_operators_and_fields_are_understood(client: APIClient) -> None:
    found = client.get(
        f"{API}/articles/", {"q": "headline:大桥 OR 学生 NOT 菜农", "fields": "headline"}
    ).json()
    assert [one["headline"] for one in found["results"]] == ["芮城大桥通车", "學校開學"]
    counted = client.get(f"{API}/articles/timeline/", {"q": "body:桥 OR 学生"}).json()["results"]
    assert sum(period["count"] for period in counted) == 3
