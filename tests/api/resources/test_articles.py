"""Tests which articles each role sees, and the filters, orders and parameters of lists."""

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from articles.models import Article, Reporter
from tests.factories import (
    make_article,
    make_byline,
    make_mention,
    make_page,
    make_places,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db

BLOCKS = [{"kind": "headline", "text": "大桥通车", "spans": [[0, 4]]}]


@pytest.fixture
def articles() -> dict[str, Article]:
    """An article of each status except trashed, by status, each on its own page and with its own reporter."""
    made = {}
    for number, status in enumerate(["draft", "in_review", "published", "withdrawn"]):
        date = dt.date(2024, 7, 1 + number)
        issue: dict[str, Any] = {"issue_date": date, "publication": "沂河晚报"}
        page = make_page(f"{status}的版面", **issue)
        made[status] = make_article(
            f"{status}的稿件", page=page, end=4, status=status, body="正文", blocks=BLOCKS, **issue
        )
        reporter = make_reporter(f"记者{number}")
        make_byline(made[status], reporter, order=1, surface=reporter.name, start=1, end=4)
    return made


def test_list_shows_published_articles_without_text(client: APIClient, articles: dict[str, Article]) -> None:
    answer = client.get("/api/v1/articles/").json()
    assert [article["id"] for article in answer["results"]] == [articles["published"].pk]
    article = answer["results"][0]
    assert (article["headline"], article["page"]["publication"]) == ("published的稿件", "沂河晚报")
    reporter = {"id": Reporter.objects.get(name="记者2").pk, "name": "记者2", "disambiguation": ""}
    assert article["bylines"] == [{"reporter": reporter, "role": "reporter"}]
    assert not {"blocks", "body", "extracted", "corrected"} & article.keys()


def test_single_article_has_blocks_credits_and_page(client: APIClient, articles: dict[str, Article]) -> None:
    article = client.get(f"/api/v1/articles/{articles['published'].pk}/").json()
    assert (article["body"], article["blocks"]) == ("正文", BLOCKS)
    assert (article["start"], article["end"], article["page"]["id"]) == (0, 4, articles["published"].page_id)
    (byline,) = article["bylines"]
    assert (byline["reporter"]["name"], byline["surface"], byline["start"], byline["end"]) == (
        "记者2",
        "记者2",
        1,
        4,
    )


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_unpublished_article_is_404(client: APIClient, articles: dict[str, Article], status: str) -> None:
    hidden = client.get(f"/api/v1/articles/{articles[status].pk}/")
    missing = client.get("/api/v1/articles/999999/")
    assert (hidden.status_code, hidden.content) == (404, missing.content)


def test_editors_see_all_articles_and_filter_by_status(
    editor: APIClient, articles: dict[str, Article]
) -> None:
    assert editor.get("/api/v1/articles/?count=true").json()["count"] == len(articles)
    drafts = editor.get("/api/v1/articles/", {"status": "draft", "reviewed": "false"}).json()["results"]
    assert [article["status"] for article in drafts] == ["draft"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("articles", "headline", id="articles"),
        pytest.param("reporters", "name", id="reporters"),
        pytest.param("pages", "publication", id="pages"),
    ],
)
@pytest.mark.usefixtures("articles")
def test_records_named_only_by_drafts_are_not_listed(
    client: APIClient, editor: APIClient, path: str, name: str
) -> None:
    assert client.get(f"/api/v1/{path}/?count=true").json()["count"] == 1
    everything = editor.get(f"/api/v1/{path}/?count=true").json()
    assert everything["count"] == 4
    assert all(record[name] for record in everything["results"])


def test_text_of_a_page_is_for_editors(
    client: APIClient, editor: APIClient, articles: dict[str, Article]
) -> None:
    url = f"/api/v1/pages/{articles['published'].page_id}/"
    assert "text" not in client.get(url).json()
    assert editor.get(url).json()["text"] == "published的版面"


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        pytest.param({"publication": "沂河晚报"}, 4, id="publication"),
        pytest.param({"publication": "沂河"}, 0, id="part of a publication"),
        pytest.param({"issue_date_after": "2024-07-02", "issue_date_before": "2024-07-03"}, 2, id="dates"),
        pytest.param({"issue_date_after": "2024-07-04"}, 1, id="since"),
        pytest.param({"issue_date_before": "2024-07-03"}, 3, id="until, without articles that have no date"),
        pytest.param({"reporter": "999999"}, 0, id="unknown reporter"),
        pytest.param({"section": "民生"}, 0, id="section"),
    ],
)
@pytest.mark.usefixtures("articles")
def test_articles_can_be_filtered(editor: APIClient, parameters: dict[str, str], count: int) -> None:
    make_article("无日期的稿件")
    assert editor.get("/api/v1/articles/", {**parameters, "count": "true"}).json()["count"] == count


@pytest.mark.parametrize(("value", "headline"), [("true", "早市搬家"), ("false", "大桥通车")])
def test_articles_can_be_filtered_by_doubt(editor: APIClient, value: str, headline: str) -> None:
    make_mention(make_article("早市搬家"), "早市")
    make_article("大桥通车")
    found = editor.get("/api/v1/articles/", {"doubtful": value}).json()["results"]
    assert [article["headline"] for article in found] == [headline]


def test_articles_of_a_reporter_are_listed_once(client: APIClient, articles: dict[str, Article]) -> None:
    reporter = Reporter.objects.get(name="记者2")
    make_byline(articles["published"], reporter, order=2, role="photographer")
    answer = client.get("/api/v1/articles/", {"reporter": reporter.pk}).json()
    assert [article["id"] for article in answer["results"]] == [articles["published"].pk]


def test_articles_can_be_ordered(editor: APIClient, articles: dict[str, Article]) -> None:
    ids = [article.pk for article in articles.values()]
    for ordering, expected in (("issue_date", ids), ("-issue_date", ids[::-1]), ("-id", ids[::-1])):
        answer = editor.get("/api/v1/articles/", {"ordering": ordering}).json()
        assert [article["id"] for article in answer["results"]] == expected


@pytest.mark.parametrize(
    ("query", "named"),
    [
        pytest.param("publicaton=x", "publicaton", id="unknown"),
        pytest.param("publication=a&publication=b", "publication", id="repeated"),
        pytest.param("issue_date=2024-07-01", "issue_date", id="a range has two parameters"),
        pytest.param("reporter=x", "reporter", id="no number"),
        pytest.param(f"reporter={10**20}", "reporter", id="a reporter beyond all ids"),
        pytest.param(f"place={10**20}", "place", id="a place beyond all codes"),
        pytest.param("place=-1", "place", id="negative"),
        pytest.param("place=芮城县", "place", id="a name is no id"),
        pytest.param("organization=1.5", "organization", id="no whole number"),
        pytest.param("issue_date_after=gestern", "issue_date_after", id="no date"),
        pytest.param(
            "issue_date_after=2024-07-02&issue_date_before=2024-07-01",
            "issue_date_before",
            id="ends before it begins",
        ),
        pytest.param("publication=", "publication", id="empty"),
        pytest.param("updated_since=2024-07-01T08:00:00", "updated_since", id="a time without a zone"),
        pytest.param("updated_since=2024-07-01", "updated_since", id="a day is no time"),
        pytest.param("updated_since=0001-01-01T00:00:00%2B14:00", "updated_since", id="before all times"),
        pytest.param("count=yes", "count", id="neither true nor false"),
        pytest.param("page_size=0", "page_size", id="no records"),
        pytest.param("page_size=-1", "page_size", id="negative page size"),
        pytest.param("cursor=cD1hYmM=", "cursor", id="another software's cursor"),
        pytest.param("fields=headline,bdy", "fields", id="no field"),
        pytest.param("format=xml", "format", id="no format"),
        pytest.param("format=json&format=csv", "format", id="two formats"),
        pytest.param("id=" + ",".join(["7"] * 300_000), "id", id="300,000 ids"),
        pytest.param("id=1,2,x", "id", id="no id among ids"),
        pytest.param("q=" + "桥 " * 5_000, "q", id="5,000 search terms"),
        pytest.param("q=-大桥", "q", id="only an excluded term"),
        pytest.param("ordering=relevance", "ordering", id="relevance without a search"),
        pytest.param("ordering=body", "ordering", id="no order"),
        pytest.param("publication=%00", "publication", id="NUL"),
    ],
)
def test_invalid_parameter_is_named_in_the_400(client: APIClient, query: str, named: str) -> None:
    answer = client.get(f"/api/v1/articles/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["parameter"] for error in answer.json()["errors"]] == [named]


@pytest.mark.parametrize("parameter", ["status=draft", "reviewed=true", "doubtful=true"])
def test_editorial_filters_need_permission(
    client: APIClient, reader: APIClient, editor: APIClient, parameter: str
) -> None:
    answers = [one.get(f"/api/v1/articles/?{parameter}") for one in (client, reader, editor)]
    assert [answer.status_code for answer in answers] == [401, 403, 200]
    assert parameter.partition("=")[0] in answers[1].json()["detail"]


@pytest.mark.parametrize("path", ["reporters", "pages", "places", "organizations"])
def test_every_list_rejects_unknown_parameters(client: APIClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}/?nonsense=1").status_code == 400


@pytest.mark.usefixtures("articles")
def test_count_takes_one_more_query(
    client: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The ids of the page and their versions; then, once, the articles, their bylines, their places, their organizations.
    with django_assert_num_queries(2 + 4):
        client.get("/api/v1/articles/")
    with django_assert_num_queries(2):
        client.get("/api/v1/articles/")
    with django_assert_num_queries(3):
        client.get("/api/v1/articles/?count=true")


def test_articles_of_a_page_come_in_printed_order(client: APIClient) -> None:
    page = make_page("天地人")
    printed = {
        position: make_article(f"第{position}条", page=page, start=start, end=start + 1, position=position).pk
        for start, position in ((0, 3), (1, 1), (2, 2))
    }
    found = client.get(f"{API}/pages/{page.pk}/articles/").json()["results"]
    assert [(one["position"], one["id"]) for one in found] == sorted(printed.items())
    backwards = client.get(
        f"{API}/articles/?page={page.pk}&ordering=-position&fields=position&page_size=2"
    ).json()
    assert [one["position"] for one in backwards["results"]] == [3, 2]
    assert [one["position"] for one in client.get(backwards["next"]).json()["results"]] == [1]
    refused = client.get(f"{API}/articles/?ordering=position")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "ordering")


@pytest.mark.django_db(transaction=True)
def test_content_language_is_that_of_the_articles(client: APIClient) -> None:
    url = f"{API}/articles/{make_article('大桥').pk}/"
    for _ in range(2):  # the second is cached
        assert client.get(url)["Content-Language"] == "zh"
    unchanged = client.get(url, headers={"If-None-Match": client.get(url)["ETag"]})
    assert (unchanged.status_code, unchanged["Content-Language"]) == (304, "zh")
    assert client.get(f"{API}/articles/?format=jsonl")["Content-Language"] == "zh"
    assert client.get(f"{API}/articles/?x=1")["Content-Language"] == "en"
    assert client.options(f"{API}/articles/")["Content-Language"] == "en"


def test_mention_that_is_there_already_is_a_conflict(editor: APIClient) -> None:
    place = make_places()["芮城县"]
    article = make_article("芮城县通车", body="芮城县通车")
    body = {"kind": "place", "part": "headline", "start": 0, "end": 3, "record": place.pk}
    url = f"{API}/articles/{article.pk}/mentions/"
    answers = [editor.post(url, body, headers={"If-Match": "*"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert str(answers[0].json()["id"]) in answers[1].json()["detail"]


@pytest.mark.parametrize("asked", ["沂河晚报", "沂河晚報"])
def test_publication_is_found_in_simplified_and_traditional(client: APIClient, asked: str) -> None:
    for publication in ("沂河晚报", "沂河晚報", "沂河日报", ""):
        make_article(publication or "无", publication=publication, page=make_page(publication=publication))
    for path in ("articles", "pages"):
        found = client.get(f"{API}/{path}/", {"publication": asked}).json()["results"]
        assert {one["publication"] for one in found} == {"沂河晚报", "沂河晚報"}
    counts = client.get(f"{API}/articles/timeline/", {"publication": asked}).json()["results"]
    assert counts == [{"period": None, "count": 2}]
    assert client.get(f"{API}/articles/", {"publication": "沂河"}).json()["results"] == []
