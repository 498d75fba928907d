"""Tests `/suggest/`: records by the beginning of a name."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from articles.counts import suggestions
from articles.editing.merging import merge
from articles.models import Place, Reporter
from tests.factories import make_alias, make_article, make_organization, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db


def suggested(client: APIClient, q: str, **parameters: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/suggest/", {"q": q, **parameters})
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def names(client: APIClient, q: str, **parameters: str) -> list[str]:
    return [one["name"] for one in suggested(client, q, **parameters)]


@pytest.fixture
def named() -> dict[str, Any]:
    """Places, organizations and reporters: 芮城县 in three articles, 大王镇 in one of these, its court in two."""
    made: dict[str, Any] = dict(make_places())
    court = make_organization("芮城县人民法院", made["芮城县"])
    zhang, changzhi = make_reporter("张国华"), make_reporter("长治市民")
    make_article("一", made["大王镇"], court, zhang)
    make_article("二", court, zhang, changzhi)
    make_article("三", made["芮城县"])
    make_alias("晓芮", zhang)
    return made | {"court": court, "zhang": zhang}


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("q", "found"),
    [
        pytest.param("芮", ["芮城县", "芮城县人民法院"], id="most articles first"),
        pytest.param("芮城縣人", ["芮城县人民法院"], id="Traditional"),
        pytest.param("ruich", ["芮城县", "芮城县人民法院"], id="pinyin"),
        pytest.param("Rui Cheng", ["芮城县", "芮城县人民法院"], id="pinyin with capitals and a blank"),
        pytest.param("rcx", ["芮城县", "芮城县人民法院"], id="initials"),
        pytest.param("changzhi", ["长治市民"], id="a character of two sounds"),
        pytest.param("晓芮", ["张国华"], id="alias"),
        pytest.param("xiaor", ["张国华"], id="pinyin of an alias"),
        pytest.param("城", [], id="not the beginning"),
        pytest.param("%", [], id="percent is no wildcard"),
        pytest.param("_", [], id="underscore is no wildcard"),
        pytest.param("·", [], id="a dot"),
    ],
)
def test_names_are_found_by_what_somebody_types(client: APIClient, q: str, found: list[str]) -> None:
    assert names(client, q) == found


def test_a_suggestion_says_what_the_record_is(client: APIClient, named: dict[str, Any]) -> None:
    county = named["芮城县"]
    first, second = suggested(client, "芮")
    assert first == {
        "kind": "place", "id": county.pk, "url": f"http://testserver{API}/places/{county.pk}/", "name": "芮城县",
        "matched": "芮城县", "detail": "山西省运城市", "code": "140830", "article_count": 3,
    }  # fmt: skip
    assert (second["detail"], second["article_count"], "code" in second) == ("芮城县", 2, False)
    (alias,) = suggested(client, "晓")
    assert (alias["name"], alias["matched"]) == ("张国华", "晓芮")
    assert first["article_count"] == client.get(f"{first['url']}articles/?count=true").json()["count"]


@pytest.mark.usefixtures("named")
def test_kinds_and_size_are_chosen(client: APIClient) -> None:
    assert names(client, "芮", kind="organization,reporter") == ["芮城县人民法院"]
    assert names(client, "芮", size="1") == ["芮城县"]
    for query in ({}, {"q": ""}, {"q": "芮", "kind": "page"}, {"q": "芮", "size": "0"}, {"q": "芮" * 101}):
        assert client.get(f"{API}/suggest/", query).status_code == 400


def test_what_only_drafts_name_is_suggested_to_the_newsroom_alone(
    client: APIClient, editor: APIClient, named: dict[str, Any]
) -> None:
    secret = make_organization("白鹭洲公司", named["绛县"])
    make_alias("白鹭洲集团", secret)
    make_article("草稿", secret, named["绛县"], make_reporter("白鹭"), status="draft")
    for q in ("白鹭", "bailu", "blz", "绛县"):
        assert names(client, q) == []
        assert names(editor, q)
    assert suggested(client, "芮")[0]["article_count"] == 3
    make_article("又一", named["芮城县"], status="draft")
    assert suggested(client, "芮")[0]["article_count"] == 3
    assert suggested(editor, "芮")[0]["article_count"] == 4


def test_a_merged_record_leads_to_its_target(client: APIClient, named: dict[str, Any]) -> None:
    other = make_organization("老法院")
    make_alias("法庭", other)
    make_article("四", other)
    merge(other, named["court"], None)
    for q in ("老法", "法庭"):
        assert names(client, q) == ["芮城县人民法院"]


def test_suggestions_follow_each_change_of_a_name(client: APIClient, named: dict[str, Any]) -> None:
    named["zhang"].name = "李四维"
    named["zhang"].save()
    assert names(client, "张") == names(client, "zgh") == []
    assert names(client, "李") == names(client, "lsw") == ["李四维"]
    named["zhang"].aliases.all().delete()
    assert names(client, "晓") == []
    Reporter.objects.bulk_create([Reporter(name="吕梁")])
    make_article("五", Reporter.objects.get(name="吕梁"))
    assert names(client, "lvl") == ["吕梁"]


@pytest.mark.usefixtures("named")
def test_one_query_finds_names_and_one_of_each_kind_their_records(client: APIClient) -> None:
    made = [make_reporter(f"芮{number}") for number in range(30)]
    make_article("六", *made)
    client.get(f"{API}/suggest/?q=x")  # reads the facet index
    with CaptureQueriesContext(connection) as asked:
        assert len(names(client, "芮", size="30")) == 30
    of_names = [one["sql"] for one in asked if "articles_alias" in one["sql"]]
    assert len(of_names) == 1
    of_records = [one["sql"] for one in asked if '"merged_into_id" IS NULL' in one["sql"]]
    assert len(of_records) == 3


@pytest.mark.usefixtures("named")
def test_each_part_of_the_query_reads_an_index() -> None:
    for select, asked in suggestions._parts(
        ["reporter", "place", "organization"], suggestions._prefixes("rui")
    ):
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"{explain}{select} LIMIT 300", asked)
            plan = " ".join(str(row) for row in cursor.fetchall())
        column = select.split("WHERE named.")[1].split()[0]
        condition = (
            f"({column}>? AND {column}<?)"
            if connection.vendor == "sqlite"
            else f"Index Cond: ((({column})::text ~>=~"
        )
        assert condition in plan, plan


def test_of_very_many_names_those_of_most_articles_are_found(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "_LIMIT", 5)
    monkeypatch.setattr(suggestions, "_BATCH", 4)
    made = [make_reporter(f"芮{number:02}") for number in range(20)]
    others = [make_reporter(f"甲{number}") for number in range(3)]
    for size in range(1, 21):
        make_article(f"文{size}", *made[size - 1 :])
    for number in range(30):
        make_article(f"乙{number}", *others)
    assert names(client, "芮", size="3") == ["芮19", "芮18", "芮17"]
    assert Place.objects.count() == 0
