"""Records answer as JSON-LD, and mentions say why they are linked as they are."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from articles.models import Mention
from tests.factories import (
    make_alias,
    make_article,
    make_mention,
    make_organization,
    make_place,
    make_places,
    make_reporter,
)
from tests.standards import schema_org, web_annotations
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.fixture
def records() -> dict[str, Any]:
    """A county, a bridge in it, a school there and a reporter, whom an article names."""
    county = make_places()["芮城县"]
    made: dict[str, Any] = {
        "places": county,
        "organizations": make_organization("县一中", county, kind="school"),
        "reporters": make_reporter("周明", disambiguation="运城站"),
        "bridge": make_place("黄河大桥", parent=county),
    }
    for record in made.values():
        make_alias(f"{record.name}的别名", record)
    make_article("大桥通车", *made.values())
    return made


def document(client: APIClient, path: str) -> dict[str, Any]:
    response = client.get(f"{API}/{path}", headers={"Accept": "application/ld+json"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/ld+json; charset=utf-8")
    found: dict[str, Any] = response.json()
    assert schema_org.problems(found) == []
    return found


def test_a_county_is_an_area_with_a_point_its_code_and_what_it_is_within(
    client: APIClient, records: dict[str, Any]
) -> None:
    place = document(client, "places/140830/")
    assert place["@type"] == "AdministrativeArea"
    assert place["@id"] == place["url"] == f"http://testserver{API}/places/{records['places'].pk}/"
    assert (place["name"], place["alternateName"]) == ("芮城县", ["芮城县的别名"])
    assert place["geo"] == {"@type": "GeoCoordinates", "latitude": 34.69, "longitude": 110.69}
    assert place["identifier"]["value"] == "140830"
    assert place["sameAs"] == "https://hub.toolforge.org/P442:140830"
    city = place["containedInPlace"]
    assert (city["name"], city["containedInPlace"]["name"]) == ("运城市", "山西省")
    assert "containedInPlace" not in city["containedInPlace"]


def test_a_place_without_a_code_has_no_point_and_no_item_of_wikidata(
    client: APIClient, records: dict[str, Any]
) -> None:
    bridge = document(client, f"places/{records['bridge'].pk}/")
    assert (bridge["@type"], bridge["containedInPlace"]["name"]) == ("Place", "芮城县")
    assert bridge.keys() & {"geo", "sameAs", "identifier"} == set()


def test_a_school_and_a_reporter_are_of_their_types(client: APIClient, records: dict[str, Any]) -> None:
    school = document(client, f"organizations/{records['organizations'].pk}/")
    assert (school["@type"], school["location"]["name"]) == ("EducationalOrganization", "芮城县")
    person = document(client, f"reporters/{records['reporters'].pk}/")
    assert (person["@type"], person["name"], person["disambiguatingDescription"]) == (
        "Person",
        "周明",
        "运城站",
    )


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("kind", ["places", "organizations", "reporters"])
def test_lists_of_records_are_item_lists(client: APIClient, kind: str) -> None:
    listed = document(client, f"{kind}/?page_size=2&count=true")
    assert listed["@type"] == "ItemList"
    assert [one["position"] for one in listed["itemListElement"]] == list(
        range(1, len(listed["itemListElement"]) + 1)
    )
    assert client.get(f"{API}/{kind}/?format=jsonld").json()["@type"] == "ItemList"


@pytest.mark.parametrize(
    "kind", ["company", "court", "government", "hospital", "media", "military", "other", "party"]
)
def test_every_kind_of_organization_has_a_type(client: APIClient, kind: str) -> None:
    body = make_organization("某某", kind=kind)
    make_article("会议召开", body)
    assert document(client, f"organizations/{body.pk}/")["name"] == "某某"


@pytest.fixture
def decided() -> Mention:
    """A mention among three candidates, on which an editor decided."""
    place = make_places()["大王镇"]
    return make_mention(
        make_article("大桥通车", body="大王通车"), "大王", status="ambiguous", verdict="relinked", decided_place=place,
        decided_by=User.objects.create_user("chief"), method="suffix", rule="several", rule_version="2026.1", score=0.7,
        candidates=["140830105", "510122", "大王集团"],
    )  # fmt: skip


def test_an_annotation_says_why_to_everybody_and_who_to_the_newsroom(
    client: APIClient, editor: APIClient, decided: Mention
) -> None:
    path = f"{API}/mentions/{decided.pk}/?format=annotation"
    public, newsroom = client.get(path).json(), editor.get(path).json()
    assert web_annotations.problems(public) == web_annotations.problems(newsroom) == []
    why = {
        "method": "suffix", "rule": "several", "rule_version": "2026.1", "score": 0.7,
        "candidates": ["140830105", "510122"], "verdict": "relinked",
    }  # fmt: skip
    assert public["why"] == why
    assert newsroom["why"] == why | {"candidates": ["140830105", "510122", "大王集团"], "decided_by": "chief"}
    assert public["@context"][1]["why"]["@type"] == "@json"


def test_annotations_of_an_article_say_the_same_to_all(
    client: APIClient, editor: APIClient, decided: Mention
) -> None:
    path = f"{API}/articles/{decided.article_id}/?format=annotation"
    for one in (editor, client):
        (item,) = one.get(path).json()["items"]
        assert item["why"]["candidates"] == ["140830105", "510122"]
        assert "decided_by" not in item["why"]
    mention = client.get(f"{API}/mentions/{decided.pk}/").json()
    assert mention["candidates"] == ["140830105", "510122"]
    assert "decided_by" not in mention
