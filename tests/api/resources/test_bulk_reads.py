"""Tests reading much at once: texts in lists, lists that go on where they broke off, the text of a page."""

import csv
import io
import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.api.resources.articles import ArticleResource
from articles.models import Article
from tests.factories import make_article, make_mention, make_page, make_place, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db


def lines(client: APIClient, path: str) -> list[dict[str, Any]]:
    answer: Any = client.get(f"{API}/{path}")
    assert answer.status_code == 200, getattr(answer, "content", "")
    return [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]


def test_lists_have_texts_for_clients_that_want_them(client: APIClient) -> None:
    made = make_article("大桥", body="昨天通车。\n今天开放。", dateline="本报芮城讯", agency="新华社")
    row = {"id": made.pk, "headline": "大桥", "body": made.body, "dateline": "本报芮城讯", "agency": "新华社"}
    query = "fields=headline,body,dateline,agency"
    assert client.get(f"{API}/articles/?{query}").json()["results"] == [row]
    assert lines(client, f"articles/?format=jsonl&{query}") == [row]
    table: Any = client.get(f"{API}/articles/?format=csv&{query}")
    (cells,) = csv.DictReader(io.StringIO(b"".join(table.streaming_content).decode("utf-8-sig")))
    assert cells == {name: row[name] for name in ("headline", "body", "dateline", "agency")}
    assert "body" not in client.get(f"{API}/articles/").json()["results"][0]
    assert client.get(f"{API}/reporters/?fields=body").status_code == 400
    assert client.get(f"{API}/articles/?fields=body&format=atom").status_code == 400


def test_texts_follow_each_change(client: APIClient) -> None:
    made = make_article("大桥", body="昨天通车。")
    for body in ("昨天通车。", "今天通车。"):
        Article.objects.filter(pk=made.pk).update(body=body)
        (row,) = client.get(f"{API}/articles/?fields=body").json()["results"]
        assert row["body"] == body


def test_an_article_withdrawn_while_a_list_is_read_shows_no_text(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article("大桥", body="昨天通车。")
    with_texts = ArticleResource.with_texts

    def withdraw_first(self: ArticleResource, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        Article.objects.update(status="withdrawn")
        return with_texts(self, rows)

    monkeypatch.setattr(ArticleResource, "with_texts", withdraw_first)
    assert client.get(f"{API}/articles/?fields=body").json()["results"] == []


@pytest.mark.parametrize("path", ["articles", "reporters", "places", "mentions", "pages"])
def test_a_list_goes_on_where_it_broke_off(client: APIClient, path: str) -> None:
    for number in range(5):
        make_article(f"文{number}", make_reporter(f"周{number}"), make_place(f"桥{number}"), page=make_page())
    whole = lines(client, f"{path}/?format=jsonl&ordering=id")
    assert len(whole) == 5
    rest = lines(client, f"{path}/?format=jsonl&ordering=id&id_after={whole[1]['id']}")
    assert rest == whole[2:]
    assert lines(client, f"{path}/?format=jsonl&ordering=id&id_after=0") == whole
    wrong = client.get(f"{API}/{path}/?id_after=x")
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (400, "id_after")


def test_the_text_of_a_page_is_that_of_its_public_articles_in_printed_order(
    client: APIClient, editor: APIClient
) -> None:
    page = make_page("一二稿弃")
    make_article("二", page=page, start=1, position=2, body="第二篇。")
    make_article("一", page=page, position=1, kicker="引题", subtitle="副题", body="第一篇。")
    make_article("稿", page=page, start=2, position=3, body="草稿。", status="draft")
    make_article("弃", page=page, start=3, position=4, body="废稿。", status="trashed")
    answer = client.get(f"{API}/pages/{page.pk}/text/")
    assert answer.content.decode() == "引题\n一\n副题\n第一篇。\n\n二\n第二篇。"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    again = client.get(f"{API}/pages/{page.pk}/text/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert "草稿。" in editor.get(f"{API}/pages/{page.pk}/text/").content.decode()
    Article.objects.filter(status="published").update(status="withdrawn")
    assert client.get(f"{API}/pages/{page.pk}/text/").status_code == 404


def test_pages_and_mentions_take_updated_since(client: APIClient) -> None:
    page, other = make_page("一"), make_page("二")
    first = make_article("一", make_place("老城"), page=page)
    make_article("二", make_place("新城"), page=other)

    def since(path: str, time: str) -> list[int]:
        found = client.get(f"{API}/{path}/", {"updated_since": time, "ordering": "id"}).json()["results"]
        return [one["id"] for one in found]

    start = client.get(f"{API}/articles/{first.pk}/").json()["updated_at"]
    later = "2099-01-01T00:00:00Z"
    for path in ("pages", "mentions"):
        assert len(since(path, start)) == 2
        assert since(path, later) == []
    before = client.get(f"{API}/articles/?ordering=-updated_at").json()["results"][0]["updated_at"]
    page.page_name = "要闻"
    page.save()
    assert page.pk in since("pages", before)
    decided = make_mention(first, "旧城", make_place("旧城"))
    assert decided.pk in since("mentions", before)
