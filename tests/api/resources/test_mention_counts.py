"""Tests places and organizations in the API: their counts, their articles, and that drafts stay hidden."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from articles.models import Organization, Place
from tests.factories import (
    make_article,
    make_byline,
    make_mention,
    make_organization,
    make_place,
    make_places,
    make_reporter,
)

pytestmark = pytest.mark.django_db

API = "/api/v1"
BRIEF = ("id", "code", "name")


@pytest.fixture
def places() -> dict[str, Place]:
    return make_places()


@pytest.fixture
def court(places: dict[str, Place]) -> Organization:
    court = make_organization("绛县人民法院", places["绛县"], kind="court")
    court.aliases.create(name="绛县法院")
    return court


def brief(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in BRIEF}


def test_place_has_ancestors_and_counts(client: APIClient, places: dict[str, Place]) -> None:
    town = places["大王镇"]
    town.aliases.create(name="大王乡")
    for date in (dt.date(2024, 7, 30), dt.date(2021, 3, 5)):
        make_article("大桥通车", town, issue_date=date)
    (answer,) = client.get(f"{API}/places/", {"code": "140830105"}).json()["results"]
    assert answer.pop("updated_at")
    assert answer == {
        "id": town.pk, "url": f"http://testserver/api/v1/places/{town.pk}/", "name": "大王镇", "full_name": "山西省运城市芮城县大王镇", "kind": "township",
        "code": "140830105", "ancestors": [brief(places[name]) for name in ("山西省", "运城市", "芮城县")],
        "aliases": ["大王乡"], "article_count": 2, "first_named": "2021-03-05", "last_named": "2024-07-30",
    }  # fmt: skip


def test_single_place_has_children_and_the_counts_within_it(
    client: APIClient, places: dict[str, Place]
) -> None:
    make_article("大桥通车", places["芮城县"], places["大王镇"], date="2024-07-30")
    make_article("大桥通车", places["大王镇"])
    answer = client.get(f"{API}/places/140830/").json()
    assert (answer["article_count"], answer["children"]) == (1, [brief(places["大王镇"])])
    assert answer["within"] == {"article_count": 2, "first_named": "2024-07-30", "last_named": "2024-07-30"}


def test_place_is_found_by_code_and_by_id(client: APIClient, places: dict[str, Place]) -> None:
    make_article("大桥通车", places["芮城县"])
    by_code = client.get(f"{API}/places/140830/")
    assert by_code.json()["name"] == "芮城县"
    assert by_code.content == client.get(f"{API}/places/{places['芮城县'].pk}/").content


@pytest.mark.parametrize("id_or_code", ["140826", "140831", "999999999999", "9" * 20, "x"])
def test_place_named_only_by_a_draft_is_404(
    client: APIClient, editor: APIClient, places: dict[str, Place], id_or_code: str
) -> None:
    make_article("大桥通车", places["绛县"], status="draft")
    hidden = client.get(f"{API}/places/{id_or_code}/")
    assert (hidden.status_code, hidden.content) == (404, client.get(f"{API}/places/987654/").content)
    assert editor.get(f"{API}/places/140826/").json()["article_count"] == 1


def test_ancestors_of_a_named_place_are_found_and_not_listed(
    client: APIClient, places: dict[str, Place]
) -> None:
    make_article("大桥通车", places["大王镇"])
    (listed,) = client.get(f"{API}/places/").json()["results"]
    above = [client.get(f"{API}/places/{place['id']}/").json() for place in listed["ancestors"]]
    assert [(place["name"], place["article_count"]) for place in above] == [
        ("山西省", 0), ("运城市", 0), ("芮城县", 0),
    ]  # fmt: skip
    assert [place["within"]["article_count"] for place in above] == [1, 1, 1]
    assert above[1]["children"] == [brief(places["芮城县"])]


def test_seat_of_an_organization_is_a_place_of_the_article(
    client: APIClient, places: dict[str, Place], court: Organization
) -> None:
    make_article("大桥通车", court, date="2024-07-30")
    (answer,) = client.get(f"{API}/organizations/").json()["results"]
    assert answer | {"updated_at": None} == {
        "id": court.pk, "url": f"http://testserver/api/v1/organizations/{court.pk}/", "updated_at": None, "name": "绛县人民法院", "kind": "court", "seat": brief(places["绛县"]), "aliases": ["绛县法院"],
        "article_count": 1, "first_named": "2024-07-30", "last_named": "2024-07-30",
    }  # fmt: skip
    assert client.get(f"{API}/organizations/{court.pk}/").json() == answer
    assert client.get(f"{API}/places/140826/").json()["article_count"] == 1
    (listed,) = client.get(f"{API}/articles/").json()["results"]
    assert listed["places"] == [brief(places["绛县"])]
    assert listed["organizations"] == [{"id": court.pk, "name": "绛县人民法院"}]


def test_drafts_change_no_count_and_no_date(
    client: APIClient, editor: APIClient, places: dict[str, Place], court: Organization
) -> None:
    make_article("大桥通车", places["绛县"], court, date="2024-07-30")
    for status, date in (
        ("draft", dt.date(2019, 1, 1)),
        ("in_review", None),
        ("withdrawn", dt.date(2030, 1, 1)),
    ):
        make_article("大桥通车", places["绛县"], court, places["芮城县"], status=status, issue_date=date)
    naming = {"article_count": 1, "first_named": "2024-07-30", "last_named": "2024-07-30"}
    everything = {"article_count": 4, "first_named": "2019-01-01", "last_named": "2030-01-01"}
    for path in ("places/140826", f"organizations/{court.pk}"):
        assert client.get(f"{API}/{path}/").json().items() >= naming.items()
        assert editor.get(f"{API}/{path}/").json().items() >= everything.items()
    city = client.get(f"{API}/places/140800/").json()
    assert (city["within"], city["children"]) == (naming, [brief(places["绛县"])])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("绛县", ["court"], id="seat"),
        pytest.param("大王镇", ["town"], id="itself"),
        pytest.param("芮城县", ["town"], id="below"),
        pytest.param("山西省", ["court", "town"], id="everything below, seats included"),
    ],
)
def test_articles_can_be_filtered_by_place(
    client: APIClient, places: dict[str, Place], court: Organization, asked: str, found: list[str]
) -> None:
    made = {
        "court": make_article("大桥通车", court),
        "town": make_article("大桥通车", places["大王镇"], places["大王镇"]),
    }
    make_article("大桥通车", places["大王镇"], status="draft")
    make_mention(make_article(), record=places["绛县"], verdict="rejected")
    for parameter in (places[asked].pk, places[asked].code):
        answer = client.get(f"{API}/articles/", {"place": parameter, "ordering": "id"}).json()
        assert [one["id"] for one in answer["results"]] == [made[name].pk for name in found]


def test_articles_can_be_filtered_by_organization(
    client: APIClient, places: dict[str, Place], court: Organization
) -> None:
    named = make_article("大桥通车", court, court)
    make_article("大桥通车", places["绛县"])
    make_article("大桥通车", court, status="draft")
    answer = client.get(f"{API}/articles/", {"organization": court.pk}).json()
    assert [one["id"] for one in answer["results"]] == [named.pk]


@pytest.mark.parametrize("parameter", ["place", "organization"])
def test_filter_by_an_unknown_record_finds_no_articles(
    client: APIClient, places: dict[str, Place], parameter: str
) -> None:
    make_article("大桥通车", places["绛县"])
    assert client.get(f"{API}/articles/", {parameter: "999999999999"}).json()["results"] == []


def test_single_article_has_its_mentions_in_reading_order(
    client: APIClient, places: dict[str, Place]
) -> None:
    made = make_article()
    make_mention(made, record=places["芮城县"], method="division", rule="own_name", score=0.98)
    linked = {"kind": "place", "part": "body", "status": "linked"}
    make_mention(
        made, "朝阳", part="headline", start=3, status="ambiguous", score=0.5, candidates=["110105", "220104"]
    )
    make_mention(made, "大王", start=30, verdict="relinked", decided_place=places["大王镇"])
    make_mention(made, "绛县", places["绛县"], verdict="rejected")
    answer = client.get(f"{API}/articles/{made.pk}/").json()
    for mention in answer["mentions"]:
        assert mention.pop("url") == f"http://testserver{API}/mentions/{mention.pop('id')}/"
    assert answer["mentions"] == [
        {
            "kind": "place", "part": "headline", "start": 3, "end": 5, "surface": "朝阳", "status": "ambiguous",
            "record": None, "method": "", "rule": "", "rule_version": "", "score": 0.5,
            "candidates": ["110105", "220104"], "verdict": "",
        },
        {
            **linked, "start": 0, "end": 3, "surface": "芮城县", "record": brief(places["芮城县"]), "method": "division",
            "rule": "own_name", "rule_version": "", "score": 0.98, "candidates": [], "verdict": "",
        },
        {
            **linked, "start": 30, "end": 32, "surface": "大王", "record": brief(places["大王镇"]), "method": "",
            "rule": "", "rule_version": "", "score": 0.0, "candidates": [], "verdict": "relinked",
        },
    ]  # fmt: skip
    assert [place["name"] for place in answer["places"]] == ["芮城县", "大王镇"]


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # In a transaction the facet index is read by eleven queries: its state, and ten kinds of values.
        # The records with their ancestors, their aliases, what is merged into them, the articles that name them.
        pytest.param("places/", 3 + 11, id="places"),
        pytest.param("organizations/", 3 + 11, id="organizations"),
        # The versions; the articles with their pages, their bylines, their places, their organizations.
        pytest.param("articles/", 6, id="articles"),
        pytest.param("articles/?place=140800", 9, id="articles of a place, which is looked up"),
        # The place, its aliases, what is merged into it, its articles and those below it, its children.
        pytest.param("places/140800/", 4 + 11, id="place"),
        pytest.param("reporters/", 3 + 11, id="reporters"),
        pytest.param("places/140800/children/", 4 + 11, id="children of a place, which is looked up"),
        # The ids, and the mentions with articles and records.
        pytest.param("mentions/", 2, id="mentions, with their articles and records"),
        # The requested record, twice, what is merged into it, and the records of each kind.
        pytest.param("places/140800/company/", 5 + 11, id="company"),
        pytest.param("articles/facets/?facet=reporter", 1 + 11, id="reporters, and their names"),
        pytest.param("articles/facets/?facet=place", 1 + 11, id="places, and their names"),
        pytest.param("articles/facets/?facet=organization", 1 + 11, id="organizations, and their names"),
        pytest.param("articles/facets/?facet=publication", 11, id="publications"),
        pytest.param("articles/facets/?facet=month", 11, id="months"),
        pytest.param("articles/timeline/", 11, id="timeline"),
    ],
)
def test_number_of_queries_does_not_grow_with_the_list(
    client: APIClient,
    places: dict[str, Place],
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    for number in range(20):
        village = make_place(f"第{number}村", f"140830105{number:03}", places["大王镇"], kind="village")
        village.aliases.create(name=f"{number}村")
        court = make_organization(f"第{number}法庭", village)
        named = make_article("大桥通车", village, court, issue_date=dt.date(2024, 1 + number % 12, 1))
        make_byline(named, make_reporter(f"记者{number}"))
    with django_assert_num_queries(queries):
        answer = client.get(f"{API}/{path}").json()
    assert "results" not in answer or len(answer["results"]) in {1, 12, 20}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses another plan for few rows")
def test_mentions_of_a_record_are_read_one_page_at_a_time(
    client: APIClient, places: dict[str, Place], court: Organization
) -> None:
    """A query finds the ids of all mentions of a county; only those of one page are read with their articles."""
    make_article("大桥通车", places["绛县"], court)
    for path in (f"places/{places['绛县'].pk}", f"organizations/{court.pk}"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{API}/{path}/mentions/").json()["results"]
        which = next(query["sql"] for query in asked if "UNION ALL" in query["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {which}")
            steps = [step for *_, step in cursor.fetchall()]
        assert "COMPOUND QUERY" in steps
        assert [
            step for step in steps if re.match(r"SEARCH [UW]0 USING INDEX (articles_)?mention_", step)
        ] == []
        assert not any("TEMP B-TREE" in step for step in steps), steps
