"""OpenRefine can link cells to places, organizations and reporters by the Reconciliation Service API 0.2."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client

from articles.editing.merging import merge
from articles.models import Place, Reporter
from tests.factories import (
    make_alias,
    make_article,
    make_organization,
    make_place,
    make_places,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db

SERVICE = f"{API}/reconcile/"
_TEXT = {"type": "string"}
_TYPE = {"type": "object", "required": ["id", "name"], "properties": {"id": _TEXT, "name": _TEXT}}
_LOCATION = {
    "type": "object",
    "properties": {
        "service_url": {"type": "string", "pattern": "^http://.*[^/]$"},
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    },
}
_URL_OF_ID = {
    "type": "object", "required": ["url"],
    "properties": {"url": {"type": "string", "pattern": r"^http://.*\{\{id\}\}"}},
}  # fmt: skip
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace", "view"],
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "identifierSpace": {"type": "string", "pattern": "^http"},
        "schemaSpace": {"type": "string", "pattern": "^http"},
        "defaultTypes": {"type": "array", "items": _TYPE, "uniqueItems": True},
        "view": _URL_OF_ID,
        "preview": {**_URL_OF_ID, "required": ["url", "width", "height"]},
        "suggest": {"type": "object", "additionalProperties": _LOCATION},
        "extend": {"type": "object", "properties": {"propose_properties": _LOCATION}},
    },
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "name", "score"],
                    "properties": {
                        "id": _TEXT, "name": _TEXT, "description": _TEXT, "score": {"type": "number"},
                        "match": {"type": "boolean"}, "type": {"type": "array", "items": _TYPE},
                        "features": {
                            "type": "array",
                            "items": {"properties": {"id": _TEXT, "value": {"type": ["boolean", "number"]}}},
                        },
                    },
                },
            }
        },
    },
}  # fmt: skip
_VALUE = {
    "type": "object",
    "additionalProperties": False,
    "maxProperties": 2,
    "properties": {
        "id": _TEXT, "name": _TEXT, "str": _TEXT, "float": {"type": "number"}, "int": {"type": "integer"},
        "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    },
}  # fmt: skip
EXTENSION = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {"type": "array", "items": {**_TYPE, "properties": {**_TYPE["properties"], "type": _TYPE}}},  # type: ignore[dict-item]
        "rows": {"additionalProperties": {"additionalProperties": {"type": "array", "items": _VALUE}}},
    },
}


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def archive() -> dict[str, Any]:
    """Two places of one name in two provinces, an organization and a reporter, all named; records of a draft; by name."""
    made: dict[str, Any] = dict(make_places())
    other = make_place("广东省", "440000")
    made["新城村 of Guangdong"] = make_place("新城村", parent=other)
    made["新城村"] = make_place("新城村", parent=made["大王镇"])
    made["县教育局"] = make_organization("县教育局", made["芮城县"], kind="government")
    made["周明"] = make_reporter("周明", disambiguation="运城站")
    make_alias("魏城", made["芮城县"])
    named = (made["新城村"], made["新城村 of Guangdong"], made["县教育局"], made["周明"])
    make_article("大桥通车", *named, date="2019-02-01")
    make_article("学校开学", made["新城村"], made["芮城县"], date="2019-03-01")
    make_article("草稿", make_place("白鹭洲"), make_reporter("白鹭"), made["绛县"], status="draft")
    return made


def ask(client: Client, *, by_post: bool = False, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    send = client.post if by_post else client.get
    response = send(SERVICE, {"queries": json.dumps(queries)})
    assert response.status_code == 200, response.content
    answer = response.json()
    jsonschema.validate(answer, RESULTS)
    assert answer.keys() == queries.keys()
    return {name: found["result"] for name, found in answer.items()}


def entity(record: Any) -> str:
    return f"{record._meta.model_name}-{record.pk}"


def test_manifest_names_services_that_answer(client: Client, archive: dict[str, Any]) -> None:
    response = client.get(SERVICE)
    manifest = response.json()
    jsonschema.validate(manifest, MANIFEST)
    assert response["Access-Control-Allow-Origin"] == "*"
    place = entity(archive["芮城县"])
    viewed = client.get(manifest["view"]["url"].replace("{{id}}", place), follow=True)
    assert viewed.json()["name"] == "芮城县"
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", place), headers={"Accept": "text/html"})
    assert "芮城县" in preview.content.decode()
    assert "X-Frame-Options" not in preview
    assert "frame-ancestors *" in preview["Content-Security-Policy"]
    assert "X-Frame-Options" in response
    for what, service in manifest["suggest"].items():
        assert client.get(
            service["service_url"] + service["service_path"], {"prefix": "p"}
        ).json().keys() == {"result"}, what
    propose = manifest["extend"]["propose_properties"]
    assert client.get(propose["service_url"] + propose["service_path"]).json()["properties"]
    flyout = manifest["suggest"]["entity"]["flyout_service_path"].replace("${id}", place)
    shown = client.get(f"{manifest['suggest']['entity']['flyout_service_url']}{flyout}").json()
    assert (shown["id"], "魏城" in shown["html"]) == (place, True)


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("by_post", [False, True], ids=["by GET", "by POST"])
def test_a_batch_of_queries_is_answered_by_its_names(client: Client, *, by_post: bool) -> None:
    found = ask(
        client,
        by_post=by_post,
        q0={"query": "芮城县"},
        q1={"query": "周明", "type": "reporter"},
        q2={"query": "周明", "type": ["place"]},
        q3={"query": "没有"},
    )
    assert [(one["name"], one["match"]) for one in found["q0"]] == [("芮城县", True)]
    assert found["q0"][0]["type"] == [{"id": "place", "name": "Place"}]
    assert [(one["name"], one["description"]) for one in found["q1"]] == [("周明", "运城站")]
    assert (found["q2"], found["q3"]) == ([], [])


@pytest.mark.parametrize(
    ("text", "name", "match"),
    [
        pytest.param("芮城縣", "芮城县", True, id="in Traditional characters"),
        pytest.param("魏城", "芮城县", True, id="by another name"),
        pytest.param("山西省运城市芮城县", "芮城县", True, id="with the places above"),
        pytest.param("山西芮城县", "芮城县", True, id="with some of them, in short"),
        pytest.param("芮城", "芮城县", False, id="the beginning of the name"),
        pytest.param("陕西省芮城县", None, False, id="with a place that it is not within"),
        pytest.param("绛县", "绛县", True, id="above a named place"),
    ],
)
def test_a_place_is_found_as_people_write_it(
    client: Client, archive: dict[str, Any], text: str, name: str | None, *, match: bool
) -> None:
    make_article("绛县开会", archive["绛县"])
    found = ask(client, q={"query": text, "type": "place"})["q"]
    assert [(one["name"], one["match"]) for one in found] == ([(name, match)] if name else [])


@pytest.mark.parametrize(
    "province", ["广东省", "广东", "440000", {"id": "440000", "name": "广东省"}, ["x", "广东"]]
)
def test_a_property_decides_between_records_of_one_name(
    client: Client, archive: dict[str, Any], province: Any
) -> None:
    plain = ask(client, q={"query": "新城村"})["q"]
    assert [one["match"] for one in plain] == [False, False]
    assert plain[0]["id"] == entity(archive["新城村"])  # more articles name it
    wanted = {"query": "新城村", "properties": [{"pid": "within", "v": province}]}
    refined = ask(client, q=wanted)["q"]
    assert [(one["id"], one["match"]) for one in refined] == [
        (entity(archive["新城村 of Guangdong"]), True),
        (entity(archive["新城村"]), False),
    ]
    assert {"id": "within", "value": True} in refined[0]["features"]


def test_an_organization_and_a_reporter_are_refined_by_their_properties(
    client: Client, archive: dict[str, Any]
) -> None:
    found = ask(
        client,
        seat={"query": "县教育局", "properties": [{"pid": "within", "v": entity(archive["运城市"])}]},
        elsewhere={"query": "县教育局", "properties": [{"pid": "within", "v": "广东省"}]},
        person={"query": "周明", "properties": [{"pid": "disambiguation", "v": "运城站"}]},
        code={"properties": [{"pid": "code", "v": "140830"}], "type": "place"},
        limited={"query": "新城村", "limit": 1},
    )
    matches = {name: [one["match"] for one in candidates] for name, candidates in found.items()}
    assert matches == {
        "seat": [True],
        "elsewhere": [False],
        "person": [True],
        "code": [True],
        "limited": [False],
    }
    assert found["elsewhere"][0]["score"] < found["seat"][0]["score"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"queries": "{"},
        {"queries": "[]"},
        {"queries": '{"q": "芮城县"}'},
        {"queries": '{"q": {"query": 3}}'},
        {"queries": '{"q": {"query": "\\u0000"}}'},
        {"queries": '{"q": {"query": "\\ud800"}}'},
        {"queries": '{"q": {"query": "a", "limit": "x"}}'},
        {"queries": '{"q": {"query": "a", "limit": -1}}'},
        {"queries": '{"q": {"query": "a", "limit": NaN}}'},
        {"queries": '{"q": {"query": "a", "type": {}}}'},
        {"queries": '{"q": {"query": "a", "properties": [{"pid": "within"}]}}'},
        {"queries": json.dumps({str(number): {"query": "a"} for number in range(51)})},
        {"queries": "[" * 5_000},
        {"extend": '{"ids": [], "properties": [{"id": "colour"}]}'},
        {"extend": '{"ids": [3], "properties": []}'},
        {"extend": json.dumps({"ids": ["place-1"] * 501, "properties": []})},
    ],
)
def test_what_is_not_of_the_form_is_refused(client: Client, parameters: dict[str, str]) -> None:
    for send in (client.get, client.post):
        response = send(SERVICE, parameters)
        assert (response.status_code, response["Access-Control-Allow-Origin"]) == (400, "*")
        assert response.json()["detail"]


def test_properties_of_entities_extend_a_table(client: Client, archive: dict[str, Any]) -> None:
    county, body, person = (archive[name] for name in ("芮城县", "县教育局", "周明"))
    ids = [*map(entity, (county, body, person)), "place-999999", "nonsense"]
    pids = ["code", "latitude", "longitude", "aliases", "within", "article_count", "first_named"]
    extend = {"ids": ids, "properties": [{"id": pid} for pid in pids]}
    answer = client.post(SERVICE, {"extend": json.dumps(extend)}).json()
    jsonschema.validate(answer, EXTENSION)
    assert [one["id"] for one in answer["meta"]] == pids
    assert answer["rows"][entity(county)] == {
        "code": [{"str": "140830"}],
        "latitude": [{"float": 34.69}],
        "longitude": [{"float": 110.69}],
        "aliases": [{"str": "魏城"}],
        "within": [{"id": entity(archive["运城市"]), "name": "运城市"}],
        "article_count": [{"int": 2}],
        "first_named": [{"date": "2019-02-01T00:00:00Z"}],
    }
    assert answer["rows"][entity(body)]["within"] == [{"id": entity(county), "name": "芮城县"}]
    assert answer["rows"][entity(person)] == {
        **{pid: [] for pid in pids},
        "article_count": [{"int": 1}],
        "first_named": [{"date": "2019-02-01T00:00:00Z"}],
    }
    assert answer["rows"]["place-999999"] == answer["rows"]["nonsense"] == {pid: [] for pid in pids}


@pytest.mark.usefixtures("archive")
def test_suggestions_complete_what_is_typed(client: Client) -> None:
    def suggested(what: str, prefix: str) -> list[str]:
        found = client.get(f"{SERVICE}suggest/{what}/", {"prefix": prefix, "cursor": "0"}).json()["result"]
        assert all({"id", "name"} <= set(one) for one in found)
        return [one["name"] for one in found]

    assert suggested("entity", "芮") == ["芮城县"]
    assert suggested("entity", "新城") == ["新城村", "新城村"]
    assert suggested("entity", "") == []
    assert suggested("property", "with") == ["Within"]
    assert suggested("type", "") == ["Place", "Organization", "Reporter"]
    proposed = client.get(f"{SERVICE}properties/", {"type": "reporter", "limit": "2"}).json()
    assert (len(proposed["properties"]), proposed["type"]) == (2, "reporter")


def test_an_entity_that_was_merged_is_its_target(
    client: Client, archive: dict[str, Any], admin_user: Any
) -> None:
    double = make_place("芮城")
    make_article("又一座桥", double)
    merge(double, archive["芮城县"], admin_user)
    extend = {"ids": [entity(double)], "properties": [{"id": "code"}]}
    rows = client.get(SERVICE, {"extend": json.dumps(extend)}).json()["rows"]
    assert rows == {entity(double): {"code": [{"str": "140830"}]}}
    assert [one["match"] for one in ask(client, q={"query": "芮城"})["q"]] == [True]


@pytest.mark.usefixtures("archive")
def test_nothing_reveals_a_draft(client: Client, editor: Client) -> None:
    drafts = ask(client, q={"query": "白鹭洲"}, r={"query": "白鹭"}, c={"query": "白"})
    assert drafts == {"q": [], "r": [], "c": []}
    answer = editor.get(SERVICE, {"queries": json.dumps({"q": {"query": "白鹭洲"}})}).json()
    assert answer == {"q": {"result": []}}

    hidden = [entity(Place.objects.get(name="白鹭洲")), entity(Reporter.objects.get(name="白鹭"))]
    assert client.get(f"{SERVICE}suggest/entity/", {"prefix": "白"}).json() == {"result": []}
    for one in hidden:
        assert client.get(f"{SERVICE}preview/", {"id": one}).status_code == 404
        assert client.get(f"{SERVICE}flyout/", {"id": one}).status_code == 404
        assert client.get(f"{SERVICE}entities/{one}/").status_code == 404


def test_a_browser_of_another_origin_may_ask(client: Client) -> None:
    asked = client.options(
        SERVICE, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in asked["Access-Control-Allow-Methods"]
    assert client.post(SERVICE, {"queries": "{}"})["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db(transaction=True)
def test_answers_are_not_older_than_the_archive(client: Client) -> None:
    question = {"queries": json.dumps({"q": {"query": "周明"}})}
    assert client.get(SERVICE, question).json()["q"]["result"] == []
    make_article("大桥通车", make_reporter("周明"))
    first = client.get(SERVICE, question)
    assert [one["name"] for one in first.json()["q"]["result"]] == ["周明"]
    again = client.get(SERVICE, question, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
