"""Tests that addresses, ids and queries are read strictly, and that a wrong one is a problem in JSON."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.factories import make_article, make_organization, make_page, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
@pytest.mark.parametrize("path", ["articles", "articles/7", "articles/7/publish"])
def test_address_without_its_slash_is_named_with_it(method: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = "of a browser"
    answer = getattr(client, method)(f"{API}/{path}", {}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert f"http://testserver{API}/{path}/" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["nonsense", "nonsense/", "articles/7/nonsense"])
def test_address_that_nothing_is_like_is_a_plain_404(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(f"{API}/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is nothing at this address."


SPELLINGS = ["{}_0", "%20{}", "{}%20", "+{}", "0{}", "{}.0", "%EF%BC%91", "%D9%A1"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_id_is_found_by_its_digits_only(client: APIClient, spelling: str) -> None:
    place = make_places()["芮城县"]
    page = make_page("大桥通车", pk=10)
    records: dict[str, Any] = {
        "articles": make_article("大桥", place, pk=10, page=page),
        "reporters": make_reporter("周明", pk=10),
        "organizations": make_organization("甲", pk=10),
        "pages": page,
    }
    make_article("新桥", records["reporters"], records["organizations"])
    for name, record in records.items():
        assert client.get(f"{API}/{name}/{record.pk}/").status_code == 200
        below = "" if name == "articles" else "articles/"
        for path in {"", below}:
            assert client.get(f"{API}/{name}/{spelling.format(record.pk)}/{path}").status_code == 404
    assert client.get(f"{API}/places/{spelling.format(140830)}/").status_code == 404
    assert client.get(f"{API}/articles/?id=010").status_code == 400


@pytest.mark.parametrize("path", ["articles/", "places/", "articles/facets/"])
@pytest.mark.parametrize("query", ["publication=%C4%FA", "q=%ff", "%ff=1", "publication=%ed%a0%80"])
def test_query_that_is_not_utf8_is_400(client: APIClient, path: str, query: str) -> None:
    answer = client.get(f"{API}/{path}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert "Not UTF-8." in {error["detail"] for error in answer.json()["errors"]}


def test_query_in_utf8_may_be_escaped_or_not(client: APIClient) -> None:
    make_article("大桥", publication="沂河晚报")
    for query in ("publication=%E6%B2%82%E6%B2%B3%E6%99%9A%E6%8A%A5", "publication=沂河晚报"):
        assert len(client.get(f"{API}/articles/?{query}").json()["results"]) == 1
