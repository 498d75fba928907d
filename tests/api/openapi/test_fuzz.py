"""Tests by schemathesis that every request gets a response that the OpenAPI document describes."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django.fixtures import Settings
from schemathesis import GenerationMode

from articles.models import ApiToken
from tests.factories import make_article, make_organization, make_places, make_printed_article, make_reporter
from tests.support.api import API

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

with translation.override("en"):
    DOCUMENT: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = [(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations]
# schemathesis asks a WSGI application for compressed responses, and cannot read them.
PLAIN = {"Accept-Encoding": "identity"}
QUICK = settings(
    max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
)
LONG = settings(QUICK, max_examples=60)
# Nearly every text may be the name of a paper: an invalid one is not found by chance.
NEVER_REFUSED = {"/api/v1/publications/{publication}/"}


@cache
def api() -> Any:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = get_wsgi_application()
    schema.config.generation.update(allow_x00=False)  # a NUL in a body is refused; see test_writing.py
    # The ETag is checked before the body.
    refusals = schema.config.checks.negative_data_rejection
    refusals.expected_statuses = [*refusals.expected_statuses, "412"]
    return schema


def send(path: str, method: str, effort: settings, *senders: dict[str, str]) -> None:
    """Send valid and invalid requests to an operation, and check every response.

    Each sender, given by its headers, sends the same requests: making one takes three times as long as answering it.
    """
    operation = api()[path][method]

    @effort
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE).map(complete_request))
    def allowed(case: Any) -> None:
        for headers in senders:
            case.call_and_validate(headers={**PLAIN, **headers})

    @effort
    @given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE).map(as_json))
    def refused(case: Any) -> None:
        for headers in senders:
            case.call_and_validate(headers={**PLAIN, **headers})

    allowed()
    if path not in NEVER_REFUSED:
        refused()


def complete_request(case: Any) -> Any:
    """Change a request in what OpenAPI cannot express: texts with a grammar, and values that depend on others."""
    as_json(case)
    if isinstance(case.query, dict):
        complete_query(case.query)
    if isinstance(case.body, dict):
        complete_body(case.body, is_article=case.path.endswith(("/articles/", "/articles/{id}/")))
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"
    return case


def as_json(case: Any) -> Any:
    """Ask for JSON: the document has no schemas of the other formats."""
    if isinstance(case.query, dict):
        case.query.pop("format", None)
    return case


def complete_query(query: dict[str, Any]) -> None:
    for name in ("cursor", "since"):
        query.pop(name, None)
    query.pop("fields", None)  # the document describes responses with all fields
    if "q" in query:
        query["q"] = '大桥 "通车" -早市'
    elif query.get("ordering") == "relevance":
        del query["ordering"]
    if {"issue_date_after", "issue_date_before"} <= query.keys():
        del query["issue_date_before"]


def complete_body(body: dict[str, Any], *, is_article: bool) -> None:
    if "verdict" in body:
        body.pop("record", None)
        if body["verdict"] == "relinked":
            body["record"] = 1
    if "start" in body:
        body |= {"start": 0, "end": 2}
    if "part" in body:
        body["part"] = "headline"
    if body.get("kind") in {"advert", "notice", "text"}:
        body.pop("article", None)
        if body["kind"] == "text":
            body["article"] = 1
    if is_article:
        body["headline"] = "新桥"
        for credit in body.get("bylines", ()):
            if "reporter" in credit or "name" not in credit:
                credit.pop("name", None)
                credit.setdefault("reporter", 1)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test open, as Django's test client does: a WSGI application closes its connections."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def archive(settings: Settings) -> None:
    settings.NEWSROOM_RATES = dict.fromkeys(settings.NEWSROOM_RATES, "1000000/minute")
    county = make_places()["芮城县"]
    body, person = (
        make_organization("绛县人民法院", county),
        make_reporter("周明"),
    )
    make_article(
        "大桥通车", county, body, person, body="芮城县的桥通车了。", date="2024-07-30", publication="沂河晚报"
    )
    make_printed_article("早市搬家", "菜农都有了固定摊位。")
    make_article("草稿", county, status="draft")


@pytest.fixture
def secret() -> str:
    """The token of a superuser."""
    return ApiToken.objects.issue(User.objects.create_superuser("chief"), "tests")[1]


every_operation = pytest.mark.parametrize(
    ("path", "method"), OPERATIONS, ids=[" ".join(row[::-1]) for row in OPERATIONS]
)


@every_operation
def test_fuzzed_requests_get_documented_responses(path: str, method: str, secret: str) -> None:
    send(path, method, QUICK, {}, {"Authorization": f"Bearer {secret}"})


@pytest.mark.soak
@every_operation
@pytest.mark.parametrize("is_signed_in", [False, True], ids=["anonymous", "superuser"])
def test_many_fuzzed_requests_get_documented_responses(
    path: str, method: str, secret: str, is_signed_in: bool
) -> None:
    send(path, method, LONG, {"Authorization": f"Bearer {secret}"} if is_signed_in else {})


def test_document_has_every_resource() -> None:
    assert len(DOCUMENT["paths"]) > 50
    assert {f"{API}/articles/", f"{API}/places/{{id}}/", f"{API}/loads/"} <= set(DOCUMENT["paths"])
