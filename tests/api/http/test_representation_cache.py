"""Tests that cached representations and counts are never shown after a change."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from articles.api.http import query_cache
from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge
from articles.models import Article, Organization, Page, Reporter
from tests.factories import make_article, make_organization, make_places, make_printed_article, make_reporter
from tests.support.api import API

CHANGES: dict[str, Callable[[Article, Organization, Reporter], object]] = {
    "correction": lambda made, _body, _person: correct_article(made, headline="新桥通车"),
    "update of a queryset": lambda made, _body, _person: Article.objects.filter(pk=made.pk).update(
        headline="新桥通车"
    ),
    "save of one field": lambda made, _body, _person: Article(
        **{
            **{field.attname: getattr(made, field.attname) for field in Article._meta.concrete_fields},
            "headline": "新桥通车",
        }
    ).save(update_fields=["headline"]),
    "withdrawal": lambda made, _body, _person: correct_article(made, status="withdrawn"),
    "organization renamed": lambda _made, body, _person: Organization(
        pk=body.pk, name="绛县法院", seat=body.seat
    ).save(),
    "organization merged": lambda _made, body, _person: merge(body, make_organization("法院"), None),
    "seat moved": lambda _made, body, _person: Organization(
        pk=body.pk, name=body.name, seat=make_places()["芮城县"]
    ).save(),
    "reporter renamed": lambda _made, _body, person: Reporter(pk=person.pk, name="周 明").save(),
    "reporter merged": lambda _made, _body, person: merge(person, make_reporter("老周"), None),
    "mention rejected": lambda made, _body, _person: decide_mention(
        made.mentions.get(), Decision("rejected"), None
    ),
    "byline deleted": lambda made, _body, _person: made.bylines.get().delete(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_list_shows_every_change_at_once(client: APIClient, change: str) -> None:
    body, person = make_organization("绛县人民法院"), make_reporter("周明")
    made = make_article("大桥通车", body, person)
    before = client.get(f"{API}/articles/").json()["results"]
    CHANGES[change](made, body, person)
    after = client.get(f"{API}/articles/").json()["results"]
    assert [{**row, "updated_at": "", "version": 0} for row in after] != [
        {**row, "updated_at": "", "version": 0} for row in before
    ]


@pytest.mark.django_db
def test_changed_page_number_is_shown_at_once(client: APIClient) -> None:
    made = make_printed_article("大桥通车", "昨天，新桥通车。")
    urls = [f"{API}/articles/", f"{API}/articles/{made.pk}/"]
    for url in urls:
        client.get(url)
    page = Page.objects.get()
    page.page_number = "7"
    page.save()
    row, single = (client.get(url).json() for url in urls)
    assert row["results"][0]["page"]["page_number"] == single["page"]["page_number"] == "7"


@pytest.mark.django_db
def test_cached_urls_name_the_requested_host(client: APIClient) -> None:
    make_article("大桥通车")
    hosts = ["localhost", "127.0.0.1"]
    rows = [client.get(f"{API}/articles/", headers={"host": host}).json()["results"][0] for host in hosts]
    assert [row["url"].split("/")[2] for row in rows] == hosts


@pytest.mark.django_db
def test_indented_list_has_the_same_content(client: APIClient) -> None:
    make_article("大桥通车")
    plain, indented = (
        client.get(f"{API}/articles/", headers={"accept": accept})
        for accept in ("application/json", "application/json; indent=4")
    )
    assert plain.json() == indented.json()
    assert len(indented.content) > len(plain.content)


def queries_of_a_repeated_request(ask: Callable[[], Any]) -> list[str]:
    """The queries of a repeated request, measured while no other process writes to the server."""
    for _ in range(100):
        before = query_cache._database_state()
        ask()
        with CaptureQueriesContext(connection) as asked:
            ask()
        if query_cache._database_state() == before:
            return [query["sql"] for query in asked]
    raise AssertionError("other processes write to this server all the time")


@pytest.mark.django_db(transaction=True)
def test_counts_are_cached_until_the_next_write(client: APIClient) -> None:
    def months() -> Any:
        return client.get(f"{API}/articles/facets/?facet=month").json()["month"]

    made = make_article("大桥通车", date="2024-07-30")
    assert months() == [{"period": "2024-07", "count": 1}]
    (_state,) = queries_of_a_repeated_request(months)
    make_article("新路通车", date="2024-08-01", status="draft")
    assert months() == [{"period": "2024-07", "count": 1}]
    correct_article(made, status="withdrawn")
    assert months() == []


@pytest.mark.django_db(transaction=True)
def test_counts_are_cached_for_editors(editor: APIClient) -> None:
    """A signed-in client takes queries for the user only."""
    make_article("大桥通车", date="2024-07-30")
    asked = queries_of_a_repeated_request(lambda: editor.get(f"{API}/articles/facets/?facet=month"))
    assert asked
    assert [sql for sql in asked if "articles_" in sql] == []


@pytest.mark.django_db(transaction=True)
def test_counts_include_drafts_for_editors_only(client: APIClient, editor: APIClient) -> None:
    make_article("大桥通车", date="2024-07-30", status="draft")
    answers = [
        one.get(f"{API}/articles/facets/?facet=month").json()["month"] for one in (editor, client, editor)
    ]
    assert [len(months) for months in answers] == [1, 0, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_write_of_another_process_invalidates_the_query_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: str
) -> None:
    file = tmp_path / "some.sqlite3"
    handler = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file}})
    with closing(sqlite3.connect(file, isolation_level=None)) as other, closing(handler["default"]) as ours:
        monkeypatch.setattr(query_cache, "connections", {"default": ours})
        other.execute(f"PRAGMA journal_mode={journal}")
        counted = count(1)

        def ask() -> Any:
            return query_cache.cached_until_written("how many", lambda: next(counted))

        assert (ask(), ask()) == (1, 1)
        other.execute("CREATE TABLE some (number integer)")
        assert (ask(), ask()) == (2, 2)
        other.execute("INSERT INTO some VALUES (1)")
        assert (ask(), ask()) == (3, 3)
        with ours.cursor() as cursor:
            cursor.execute("UPDATE some SET number = 2")
        assert (ask(), ask()) == (4, 4)
