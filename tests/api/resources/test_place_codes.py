"""Tests that ids and official codes of places cannot be taken for each other."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from rest_framework.test import APIClient

from articles.models import Place
from tests.factories import make_article, make_place, make_places
from tests.support.api import API

pytestmark = pytest.mark.django_db

LAST_BEFORE = [99_999, 99_500, 99_999_999, 99_999_999_990]


def set_last_id(pk: int) -> None:
    """Let the next place have the id behind this one."""
    make_place()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = 'articles_place'", [pk])
        else:
            cursor.execute("SELECT setval('articles_place_id_seq', %s)", [pk])


@pytest.mark.parametrize("pk", [100_000, 140_830, 999_999, 140_830_105, 140_830_105_209])
def test_no_place_has_an_id_that_could_be_a_code(pk: int) -> None:
    with pytest.raises(IntegrityError):
        make_place(pk=pk)


@pytest.mark.parametrize("last", LAST_BEFORE)
def test_ids_go_on_behind_the_codes(last: int) -> None:
    set_last_id(last)
    saved = Place.objects.create(name="甲")
    Place.objects.bulk_create([Place(name=name) for name in "乙丙"])
    ids = sorted(Place.objects.filter(name__in="甲乙丙").values_list("pk", flat=True))
    digits = len(str(last)) + 2
    assert ids == list(range(10 ** (digits - 1), 10 ** (digits - 1) + 3))
    assert saved.pk == ids[0]


def test_places_before_the_codes_have_the_next_ids() -> None:
    set_last_id(90_000)
    assert [make_place(name).pk for name in "甲乙"] == [90_001, 90_002]


CODES = {
    "芮城县": ["140830", "140830000", "140830000000"],
    "大王镇": ["140830105", "140830105000"],
    "金盆村": ["140830105209"],
    "运城市": ["140800", "140800000000"],
    "山西省": ["140000", "140000000000"],
}


@pytest.fixture
def places() -> dict[str, Place]:
    made = make_places()
    made["金盆村"] = make_place("金盆村", "140830105209", made["大王镇"])
    make_article("大桥", *made.values())
    return made


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in CODES.items() for code in codes])
def test_place_is_found_by_its_code_of_any_length(
    client: APIClient, places: dict[str, Place], name: str, code: str
) -> None:
    assert client.get(f"{API}/places/{code}/").json()["name"] == name
    assert len(client.get(f"{API}/places/{code}/articles/").json()["results"]) == 1
    assert len(client.get(f"{API}/articles/?place={code}").json()["results"]) == 1
    assert client.get(f"{API}/places/?code={code}").json()["results"][0]["name"] == name
    children: Any = client.get(f"{API}/places/?parent={code}").json()["results"]
    assert {found["name"] for found in children} == {
        place.name for place in places.values() if place.parent == places[name]
    }


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(("code", "name"), [("14", "山西省"), ("1408", "运城市")])
def test_short_code_is_one_in_the_filter_by_code_only(client: APIClient, code: str, name: str) -> None:
    found = client.get(f"{API}/places/?code={code}").json()["results"]
    assert [place["name"] for place in found] == [name]
    assert client.get(f"{API}/places/{code}/").status_code == 404  # an id


def test_place_without_a_code_is_found_by_its_id(client: APIClient) -> None:
    place = make_place("老城", pk=4711)
    make_article("大桥", place)
    assert client.get(f"{API}/places/4711/").json()["name"] == "老城"
    assert len(client.get(f"{API}/articles/?place=4711,140830").json()["results"]) == 1
