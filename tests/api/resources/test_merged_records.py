"""Tests that every address of a merged record leads to the record that it is merged into."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from articles.editing.merging import merge
from tests.factories import make_article, make_organization, make_place, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db

BELOW = {
    "reporters": ("", "articles/", "facets/", "timeline/", "company/", "aliases/"),
    "places": (
        *("", "articles/", "facets/", "timeline/", "company/", "aliases/"),
        *("mentions/", "children/", "organizations/"),
    ),
    "organizations": ("", "articles/", "facets/", "timeline/", "company/", "aliases/", "mentions/"),
}
QUERIES = {
    "": "fields=name",
    "facets/": "facet=place",
    "timeline/": "interval=year",
    "company/": "kind=place",
}


def merged(kind: str) -> tuple[Any, Any]:
    """A record that is merged, and what it is merged into."""
    old: Any
    new: Any
    if kind == "places":
        old, new = make_place("芮城", "140831"), make_places()["芮城县"]
    else:
        make = make_reporter if kind == "reporters" else make_organization
        old, new = make("老周"), make("周明")
    make_article("大桥", new)
    merge(old, new, None)
    return old, new


@pytest.mark.parametrize(("kind", "below"), [(kind, path) for kind, paths in BELOW.items() for path in paths])
def test_address_of_a_merged_record_redirects_with_its_query(
    client: APIClient, kind: str, below: str
) -> None:
    old, new = merged(kind)
    query = QUERIES.get(below, "page_size=1&count=true")
    answer = client.get(f"{API}/{kind}/{old.pk}/{below}?{query}")
    assert answer.status_code == 307
    found = urlsplit(answer["Location"])
    assert (found.path, found.query) == (f"{API}/{kind}/{new.pk}/{below}", query)
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("below", ["", "articles/"])
def test_official_code_of_a_merged_place_redirects_too(client: APIClient, below: str) -> None:
    _old, new = merged("places")
    answer = client.get(f"{API}/places/140831/{below}")
    assert (answer.status_code, urlsplit(answer["Location"]).path) == (307, f"{API}/places/{new.pk}/{below}")


@pytest.mark.parametrize("kind", BELOW)
def test_id_of_a_merged_record_finds_its_target(client: APIClient, kind: str) -> None:
    old, new = merged(kind)
    for asked in (f"{old.pk}", f"{old.pk},{new.pk}"):
        results = client.get(f"{API}/{kind}/", {"id": asked}).json()["results"]
        assert [found["id"] for found in results] == [new.pk]


def test_merged_record_that_only_drafts_name_is_404_below_too(client: APIClient) -> None:
    old, new = make_organization("甲"), make_organization("乙")
    make_article("大桥", new, status="draft")
    merge(old, new, None)
    for below in BELOW["organizations"]:
        answer = client.get(f"{API}/organizations/{old.pk}/{below}")
        missing = client.get(f"{API}/organizations/987654/{below}")
        assert (answer.status_code, answer.content) == (404, missing.content)


def test_writes_below_a_merged_record_are_404(editor: APIClient) -> None:
    old, _new = merged("organizations")
    answer = editor.post(
        f"{API}/organizations/{old.pk}/aliases/", {"name": "县院"}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 404
