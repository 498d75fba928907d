"""Tests that OPTIONS and the OpenAPI document describe every filter, lookup, choice and order."""

from typing import Any

import pytest
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from articles.models import Place
from tests.factories import make_article, make_mention, make_places
from tests.support.api import API

pytestmark = pytest.mark.django_db

LISTS = ["articles", "reporters", "places", "organizations", "mentions", "pages", "loads"]
ALWAYS = {"cursor", "page_size", "count", "ordering", "fields", "format"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


@pytest.mark.parametrize("resource", LISTS)
def test_document_and_options_list_the_same_filters(
    chief: APIClient, document: dict[str, Any], resource: str
) -> None:
    described = chief.options(f"{API}/{resource}/").json()
    parameters = {one["name"]: one for one in document["paths"][f"{API}/{resource}/"]["get"]["parameters"]}
    assert set(described["filters"]) | ALWAYS == set(parameters)
    for name, a_filter in described["filters"].items():
        schema = parameters[name]["schema"]
        choices = ["false", "true"] if schema.get("type") == "boolean" else schema.get("enum", [])
        assert sorted(a_filter.get("choices", [])) == sorted(choices)
    known = set(described["ordering"]["choices"])
    assert known <= set(parameters["ordering"]["schema"]["enum"])
    assert described["ordering"]["default"] in known


@pytest.mark.parametrize("resource", LISTS)
def test_every_value_listed_by_options_is_accepted(chief: APIClient, resource: str) -> None:
    described = chief.options(f"{API}/{resource}/").json()
    for order in described["ordering"]["choices"]:
        assert chief.get(f"{API}/{resource}/", {"ordering": order}).status_code == 200
    for name, a_filter in described["filters"].items():
        for choice in a_filter.get("choices", []):
            assert chief.get(f"{API}/{resource}/", {name: choice}).status_code == 200
    for name in described["formats"]:
        assert chief.get(f"{API}/{resource}/", {"format": name}).status_code == 200
    answer = chief.get(f"{API}/{resource}/", {"fields": ",".join(described["fields"])})
    assert answer.status_code == 200


def test_options_describes_lookups_and_choices_of_filters(client: APIClient) -> None:
    described = client.options(f"{API}/places/").json()
    assert described["filters"]["kind"] == {
        "type": "choice", "lookup": "exact", "choices": Place.Kind.values,
        "help": "The level of official divisions, or `other`.",
    }  # fmt: skip
    dates = client.options(f"{API}/articles/").json()["filters"]
    assert (dates["issue_date_after"]["type"], dates["issue_date_after"]["lookup"]) == ("date", "after")


def test_options_hides_filters_without_permission(client: APIClient, editor: APIClient) -> None:
    hidden = {"status", "reviewed", "doubtful"}
    assert not hidden & set(client.options(f"{API}/articles/").json()["filters"])
    assert hidden <= set(editor.options(f"{API}/articles/").json()["filters"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("surface=绛县", ["绛县"], id="as printed"),
        pytest.param("kind=organization", [], id="kind"),
        pytest.param("status=linked", ["绛县"], id="linked"),
        pytest.param("status=unknown", ["老城"], id="unknown"),
        pytest.param("doubtful=true", ["老城"], id="doubtful"),
        pytest.param("doubtful=false", ["绛县"], id="not doubtful"),
        pytest.param("place=140826", ["绛县"], id="by code"),
        pytest.param("part=headline", [], id="part"),
    ],
)
def test_mentions_can_be_filtered(client: APIClient, query: str, found: list[str]) -> None:
    named = make_article("大桥", make_places()["绛县"], body="绛县老城")
    make_mention(named, "老城")
    answer = client.get(f"{API}/mentions/?{query}").json()
    assert [mention["surface"] for mention in answer["results"]] == found


def test_mention_includes_the_text_around_it(client: APIClient) -> None:
    named = make_article("大桥", body="昨天，芮城县的新桥通车。")
    make_mention(named, "芮城县")
    (mention,) = client.get(f"{API}/mentions/").json()["results"]
    assert (mention["prefix"], mention["surface"], mention["suffix"]) == ("昨天，", "芮城县", "的新桥通车。")
    text = client.get(f"{API}/articles/{named.pk}/text/body/").content.decode()
    assert text[mention["start"] : mention["end"]] == "芮城县"


def test_time_with_an_extreme_offset_is_accepted(client: APIClient) -> None:
    make_article("大桥通车")
    found = client.get(f"{API}/articles/", {"updated_since": "2020-01-01T00:00:00-20:22"})
    assert len(found.json()["results"]) == 1


def test_empty_part_is_plain_text(client: APIClient) -> None:
    url = f"{API}/articles/{make_article('大桥通车').pk}/text/kicker/"
    answer = client.get(url)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        b"",
        "text/plain; charset=utf-8",
    )
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_fields_parameter_selects_fields(client: APIClient) -> None:
    make_article("大桥通车")
    (one,) = client.get(f"{API}/articles/?fields=headline,status").json()["results"]
    assert list(one) == ["id", "headline", "status"]
    assert set(client.get(f"{API}/articles/{one['id']}/?fields=body").json()) == {"id", "body"}


@pytest.mark.parametrize("path", ["", "nonsense/", "articles/7/nonsense/", "articles/abc/", "places/x/"])
def test_unknown_address_is_a_404_problem(client: APIClient, path: str) -> None:
    answer = client.get(f"{API}/{path}")
    if path:
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["status"] == 404
    else:
        assert set(answer.json()) == set(LISTS)
