"""Tests that all representations of the articles in the seeds are valid."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.models import Article
from tests.standards import atom, ninjs, schema_org, web_annotations
from tests.support.api import API
from tests.support.loading import load_seeds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

Problems = Callable[[Any], list[str]]


@pytest.fixture(autouse=True)
def _seeds() -> None:
    load_seeds()


def get(client: APIClient, path: str, form: str) -> bytes:
    answer: Any = client.get(f"{API}/{path}", {"format": form})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.mark.parametrize(
    ("form", "problems"),
    [
        pytest.param("jsonld", schema_org.problems, id="schema.org"),
        pytest.param("ninjs", ninjs.problems, id="ninjs"),
        pytest.param("annotation", web_annotations.problems, id="web annotations"),
    ],
)
def test_every_article_is_valid_in_each_format(client: APIClient, form: str, problems: Problems) -> None:
    ids = list(Article.objects.values_list("pk", flat=True))
    assert len(ids) == 24
    found = {pk: problems(json.loads(get(client, f"articles/{pk}/", form))) for pk in ids}
    assert {pk: some for pk, some in found.items() if some} == {}


@pytest.mark.parametrize(("form", "problems"), [("jsonld", schema_org.problems), ("ninjs", ninjs.problems)])
def test_list_of_articles_is_valid_in_each_format(client: APIClient, form: str, problems: Problems) -> None:
    assert problems(json.loads(get(client, "articles/", form))) == []


def test_atom_feed_is_valid(client: APIClient) -> None:
    assert atom.problems(get(client, "articles/", "atom")) == []


@pytest.mark.slow
def test_annotation_quotes_the_text_at_its_position(client: APIClient) -> None:
    for article in Article.objects.all():
        page = json.loads(get(client, f"articles/{article.pk}/", "annotation"))
        for annotation in page["items"]:
            source = annotation["target"]["source"]
            text = client.get(source).content.decode()
            said, quoted = web_annotations.quoted(annotation, text)
            assert said == quoted
    listed = json.loads(get(client, "mentions/", "annotation"))
    assert web_annotations.problems(listed) == []


def test_exports_stream_all_articles_in_order(client: APIClient) -> None:
    lines = get(client, "articles/", "jsonl").decode().splitlines()
    rows = list(csv.DictReader(io.StringIO(get(client, "articles/", "csv").decode("utf-8-sig"))))
    ids = [str(pk) for pk in Article.objects.order_by("-sort_date", "-pk").values_list("pk", flat=True)]
    assert [str(json.loads(line)["id"]) for line in lines] == [row["id"] for row in rows] == ids
    assert all(row["url"].endswith(f"/articles/{row['id']}/") for row in rows)


@pytest.mark.parametrize(
    "resource", ["articles", "reporters", "places", "organizations", "mentions", "pages"]
)
def test_streamed_list_has_the_records_of_all_pages(client: APIClient, resource: str) -> None:
    """Also for a list longer than a page, as of 24 articles."""
    lines = get(client, f"{resource}/", "jsonl").decode().splitlines()
    records, url = [], f"{API}/{resource}/?page_size=7"
    while url:
        page = client.get(url).json()
        records += page["results"]
        url = page["next"]
    assert [json.loads(line) for line in lines] == records


@pytest.mark.parametrize("query", ["", "status=linked", "status=unknown", "kind=organization"])
def test_csv_of_mentions_names_their_articles_and_records(client: APIClient, query: str) -> None:
    answer: Any = client.get(f"{API}/mentions/?format=csv&{query}")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    listed = client.get(f"{API}/mentions/?page_size=100&{query}").json()["results"]
    shown = [(row["article_headline"], row["record_name"]) for row in rows[: len(listed)]]
    assert shown == [(one["article"]["headline"], (one["record"] or {}).get("name", "")) for one in listed]


def test_json_lines_have_a_second_media_type(client: APIClient) -> None:
    answer: Any = client.get(f"{API}/articles/", headers={"Accept": "application/x-ndjson"})
    assert answer["Content-Type"].startswith("application/x-ndjson")
    assert len(b"".join(answer.streaming_content).splitlines()) == 24
