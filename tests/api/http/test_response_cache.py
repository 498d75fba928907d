"""Tests that whole responses are cached for anonymous clients until the next write."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from articles.api.http import query_cache
from articles.api.resources.articles import ArticleResource
from articles.editing.article_corrections import correct_article
from articles.models import Article, Reporter
from tests.factories import make_article, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = {
    "list": f"{API}/articles/",
    "filtered list": f"{API}/articles/?place=140830",
    "search": f"{API}/articles/?q=大桥",
    "facets": f"{API}/articles/facets/",
    "company": f"{API}/places/140830/company/",
    "reporters": f"{API}/reporters/",
    "single article": f"{API}/articles/{{pk}}/",
}


WRITES: dict[str, Callable[[Article], object]] = {
    "correction": lambda made: correct_article(made, headline="大桥合龙"),
    "update of a queryset": lambda made: Article.objects.filter(pk=made.pk).update(headline="大桥合龙"),
    "new article": lambda _made: make_article("新桥通车", date="2024-07-31"),
    "record renamed": lambda made: Reporter(pk=made.bylines.get().reporter_id, name="周 明").save(),
    "withdrawal": lambda made: correct_article(made, status="withdrawn"),
    "deletion": lambda made: made.delete(),
}


@pytest.fixture
def made() -> Article:
    return make_article("大桥通车", make_places()["芮城县"], make_reporter("周明"), date="2024-07-30")


@pytest.mark.parametrize("name", ADDRESSES)
def test_repeated_request_is_answered_from_the_cache(
    client: APIClient,
    made: Article,
    name: str,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A write to any database of a PostgreSQL server changes the state.
    state = object()
    monkeypatch.setattr(query_cache, "_database_state", lambda: state)
    url = ADDRESSES[name].format(pk=made.pk)
    first = client.get(url)
    with django_assert_num_queries(0):
        again = client.get(url)
    assert again.content == first.content
    assert again.headers.pop("X-Request-ID") != first.headers.pop("X-Request-ID")
    assert again.headers.pop("RateLimit") != first.headers.pop("RateLimit")
    assert dict(again.items()) == dict(first.items())


def test_cached_response_answers_304_to_conditional_requests(client: APIClient, made: Article) -> None:
    url = f"{API}/articles/{made.pk}/"
    first = client.get(url)
    by_tag, by_time, changed = (
        client.get(url, headers=headers)
        for headers in (
            {"if-none-match": first["ETag"]},
            {"if-modified-since": first["Last-Modified"]},
            {"if-none-match": '"another"'},
        )
    )
    assert [by_tag.status_code, by_time.status_code, changed.status_code] == [304, 304, 200]
    assert not by_tag.content
    assert by_tag["ETag"] == first["ETag"]
    assert "Content-Security-Policy" in by_tag


@pytest.mark.parametrize("write", WRITES)
def test_write_invalidates_the_response_cache(client: APIClient, made: Article, write: str) -> None:
    url = f"{API}/articles/"
    before = client.get(url)
    assert client.get(url).content == before.content
    WRITES[write](made)
    after = client.get(url)
    assert after.content != before.content
    assert after["ETag"] != before["ETag"]


def test_write_during_a_request_is_in_the_next_response(
    client: APIClient, made: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    represent = ArticleResource.represent

    def and_write(self: ArticleResource, pks: Collection[int]) -> dict[int, dict[str, Any]]:
        found = represent(self, pks)
        monkeypatch.setattr(ArticleResource, "represent", represent)
        correct_article(made, headline="大桥合龙")
        return found

    monkeypatch.setattr(ArticleResource, "represent", and_write)
    headlines = [client.get(f"{API}/articles/").json()["results"][0]["headline"] for _ in range(2)]
    assert headlines == ["大桥通车", "大桥合龙"]


def test_signed_in_client_gets_no_cached_response(client: APIClient, editor: APIClient) -> None:
    make_article("大桥通车", status="draft")
    url = f"{API}/articles/"
    seen = [len(one.get(url).json()["results"]) for one in (client, client, editor, client, editor)]
    assert seen == [0, 0, 1, 0, 1]
    assert editor.get(url)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
def test_credentials_are_checked_before_the_cache(client: APIClient, made: Article, header: str) -> None:
    url = f"{API}/articles/{made.pk}/"
    client.get(url)
    if header == "Cookie":
        client.force_login(User.objects.create_superuser("zhang"))
        assert client.get(url)["Cache-Control"] == "private, no-cache"
    else:
        assert client.get(url, headers={"authorization": "Bearer nr_none"}).status_code == 401


def test_cached_responses_depend_on_host_and_format(client: APIClient, made: Article) -> None:
    url = f"{API}/articles/{made.pk}/"
    asked = [
        {"host": host, "accept": accept}
        for host in ("localhost", "127.0.0.1")
        for accept in ("application/json", "application/ld+json")
    ]
    answers = [client.get(url, headers=headers) for headers in asked]
    again = [client.get(url, headers=headers) for headers in asked]
    assert len({answer.content for answer in answers}) == len(asked)
    assert [answer.content for answer in again] == [answer.content for answer in answers]
    assert client.get(url, headers={"host": "elsewhere.example"}).status_code == 400


def test_cached_responses_count_for_the_throttle(
    client: APIClient, made: Article, settings: Settings
) -> None:
    settings.NEWSROOM_RATES = {**settings.NEWSROOM_RATES, "anonymous": "3/minute"}
    answers = [client.get(f"{API}/articles/{made.pk}/") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "Retry-After" in answers[-1]


def test_cached_responses_are_logged(
    client: APIClient, made: Article, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "newsroom.access"):
        for _ in range(3):
            client.get(f"{API}/articles/{made.pk}/")
    assert [record.getMessage().split()[-1] for record in caplog.records] == ["200"] * 3
