"""Tests that a streamed list is an error before it begins, or breaks off visibly and leaves a line in the log."""

import logging
from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.api.resources.articles import ArticleResource
from articles.api.resources.base import Resource
from tests.factories import make_article, make_places
from tests.support.api import API

pytestmark = pytest.mark.django_db

FORMATS = ("csv", "jsonl")
LISTS = ("articles", "reporters", "places", "organizations", "mentions", "pages")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query", ["fields=nonsense", "fields=id,", "ordering=nonsense", "page_size=5", "id=x"]
)
def test_what_is_wrong_with_a_stream_is_said_before_it(
    client: APIClient, path: str, query: str, form: str
) -> None:
    make_article("大桥", make_places()["芮城县"])
    answer = client.get(f"{API}/{path}/?{query}&format={form}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_fields_of_newline_delimited_json_are_checked_too(client: APIClient) -> None:
    answer = client.get(f"{API}/articles/?fields=nonsense", headers={"Accept": "application/x-ndjson"})
    assert answer.status_code == 400


@pytest.mark.parametrize("form", FORMATS)
def test_failure_in_a_stream_breaks_it_off_and_is_logged(
    client: APIClient, form: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(6):
        make_article(f"大桥{number}")
    serialize = ArticleResource.serialize
    calls = []

    def fail_later(self: Any, chunk: Any) -> Any:
        calls.append(chunk)
        if len(calls) > 2:
            raise RuntimeError("the disk is gone")
        return serialize(self, chunk)

    monkeypatch.setattr("articles.api.resources.base._CHUNK", 2)
    monkeypatch.setattr(ArticleResource, "serialize", fail_later)
    answer: Any = client.get(f"{API}/articles/?format={form}")
    assert answer.status_code == 200
    with caplog.at_level(logging.ERROR), pytest.raises(RuntimeError):
        list(answer.streaming_content)
    (record,) = caplog.records
    assert (record.name, record.exc_info is not None) == (Resource.__module__, True)
    assert f"{API}/articles/?format={form}" in record.getMessage()


def test_failure_in_the_first_chunk_is_an_error(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> Any:
        raise RuntimeError("the disk is gone")

    make_article("大桥")
    monkeypatch.setattr(ArticleResource, "serialize", fail)
    client.raise_request_exception = False
    assert client.get(f"{API}/articles/?format=jsonl").status_code == 500
