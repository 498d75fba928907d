"""Tests what the OpenAPI document says of each operation, besides what generated clients need."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from tests.factories import make_article, make_place, make_places
from tests.support.api import API


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_and_parameter_is_described(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    names = []
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        assert set(operation["tags"]) <= tags
        names.append(operation["operationId"])
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (path, method, parameter["name"])
    assert len(names) == len(set(names)) > 50
    assert document["servers"]


def test_successful_responses_are_of_one_media_type(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            if status.startswith("2") and "content" in response:
                (media_type,) = response["content"]
                assert media_type == ("text/plain" if "/text/" in path else "application/json"), (
                    path,
                    method,
                )


def test_headers_of_responses_are_named(document: dict[str, Any]) -> None:
    limits = {"RateLimit", "RateLimit-Policy"}
    listed = document["paths"][f"{API}/articles/"]["get"]["responses"]
    assert set(listed["200"]["headers"]) == {"ETag", "Link", *limits}
    assert set(listed["429"]["headers"]) == {"Retry-After", *limits}
    assert set(listed["503"]["headers"]) == {"Retry-After"}
    created = document["paths"][f"{API}/articles/"]["post"]["responses"]
    assert {"ETag", "Location"} <= set(created["201"]["headers"])
    assert set(created["401"]["headers"]) == {"WWW-Authenticate", *limits}
    single = document["paths"][f"{API}/articles/{{id}}/"]["get"]["responses"]
    assert set(single["200"]["headers"]) == {"ETag", "Last-Modified", *limits}
    place = document["paths"][f"{API}/places/{{id}}/"]["get"]["responses"]
    assert set(place["307"]["headers"]) == {"Location", *limits}


def test_fields_that_are_always_there_are_required(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["Article"]["required"]) == set(schemas["Article"]["properties"])
    assert set(schemas["ArticleList"]["properties"]) - set(schemas["ArticleList"]["required"]) == {
        "highlights"
    }
    assert set(schemas["Place"]["required"]) == set(schemas["Place"]["properties"])


@pytest.mark.django_db
def test_lists_of_values_are_arrays_in_both_styles(client: APIClient, document: dict[str, Any]) -> None:
    parameters = {one["name"]: one for one in document["paths"][f"{API}/articles/"]["get"]["parameters"]}
    for name in ("fields", "id", "place", "reporter", "organization", "page"):
        assert (parameters[name]["schema"]["type"], parameters[name]["explode"]) == ("array", False)
    places = [*make_places().values(), make_place("老城")][-2:]
    for place in places:
        make_article(place.name, place)
    ids = [place.pk for place in places]
    for query in (
        f"place={ids[0]},{ids[1]}&fields=headline,version",
        f"place={ids[0]}&place={ids[1]}&fields=headline&fields=version",
    ):
        found = client.get(f"{API}/articles/?{query}").json()["results"]
        assert [set(one) for one in found] == [{"id", "headline", "version"}] * 2
    facets = client.get(f"{API}/articles/facets/?facet=month&facet=reporter").json()
    assert set(facets) == {"month", "reporter"}
    repeated = client.get(f"{API}/articles/?publication=a&publication=b")
    assert (repeated.status_code, repeated.json()["errors"][0]["code"]) == (400, "repeated")
