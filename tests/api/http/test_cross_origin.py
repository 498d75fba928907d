"""Tests what pages of other origins may do, the compression of responses, and the headers of the rate limit."""

import gzip
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from articles.models import ApiToken
from tests.factories import make_article, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://reader.example"
PARTNER = "https://partner.example"


@pytest.fixture(autouse=True)
def _archive(settings: Settings) -> None:
    settings.NEWSROOM_CORS_ORIGINS = [PARTNER]
    for number in range(5):
        make_article(f"大桥{number}通车", make_reporter("周明" * (number + 1)))


def preflight(client: Client, origin: str, method: str = "GET") -> dict[str, str]:
    answer = client.options(
        f"{API}/articles/",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    return {name.lower(): value for name, value in answer.items()}


@pytest.mark.parametrize(
    "path", ["articles/", "articles/?format=csv", "articles/0/", "articles/?wrong=1", "places/", ""]
)
def test_every_origin_may_read_and_sees_the_headers(client: APIClient, path: str) -> None:
    answer = client.get(f"{API}/{path}", headers={"Origin": ELSEWHERE})
    assert answer["Access-Control-Allow-Origin"] == "*"
    exposed = set(answer["Access-Control-Expose-Headers"].split(", "))
    assert exposed >= {"ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy"}
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Origin" not in answer["Vary"]
    again = client.get(f"{API}/{path}", headers={"Origin": ELSEWHERE})
    assert again["Access-Control-Allow-Origin"] == "*"


def test_only_listed_origins_may_send_tokens_and_write(client: APIClient) -> None:
    other = preflight(client, ELSEWHERE, "PATCH")
    assert other["access-control-allow-origin"] == "*"
    assert not {"PATCH", "POST", "DELETE"} & set(other["access-control-allow-methods"].split(", "))
    assert "Authorization" not in other["access-control-allow-headers"]
    assert "If-None-Match" in other["access-control-allow-headers"]
    listed = preflight(client, PARTNER, "PATCH")
    assert listed["access-control-allow-origin"] == PARTNER
    assert {"PATCH", "POST", "DELETE"} < set(listed["access-control-allow-methods"].split(", "))
    assert {"Authorization", "Content-Type", "If-Match"} < set(
        listed["access-control-allow-headers"].split(", ")
    )
    assert "access-control-allow-credentials" not in listed


def test_pages_of_the_admin_are_not_for_other_origins(client: Client) -> None:
    answer = client.get("/admin/login/", headers={"Origin": PARTNER})
    assert "Access-Control-Allow-Origin" not in answer


def test_public_responses_are_compressed_and_cached_in_each_form(client: APIClient) -> None:
    path = f"{API}/articles/"
    plain = client.get(path)
    first = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert first["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.content) == plain.content
    assert len(first.content) < len(plain.content) / 2
    assert "Accept-Encoding" in first["Vary"]
    assert first["ETag"] == f"W/{plain['ETag']}"
    for _ in range(2):
        assert client.get(path, headers={"Accept-Encoding": "gzip, br"}).content == first.content
        assert client.get(path).content == plain.content
    for etag in (plain["ETag"], first["ETag"]):
        for accepted in ("gzip", ""):
            asked = {"If-None-Match": etag, "Accept-Encoding": accepted}
            assert client.get(path, headers=asked).status_code == 304
    whole = client.get(f"{path}?format=jsonl", headers={"Accept-Encoding": "gzip"})
    lines = gzip.decompress(b"".join(whole.streaming_content)).splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 5


def test_private_responses_are_not_compressed(client: APIClient) -> None:
    user = User.objects.create_superuser("chief")
    secret = ApiToken.objects.issue(user, "tests")[1]
    headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {secret}"}
    assert "Content-Encoding" not in client.get(f"{API}/articles/", headers=headers)
    client.force_login(user)
    assert "Content-Encoding" not in client.get(f"{API}/articles/", headers={"Accept-Encoding": "gzip"})
    desk = Client()
    desk.force_login(user)
    assert "Content-Encoding" not in desk.get("/admin/", headers={"Accept-Encoding": "gzip"})


def test_a_form_that_the_address_names_does_not_depend_on_the_accept_header(client: APIClient) -> None:
    assert "Accept" in client.get(f"{API}/articles/")["Vary"].split(", ")
    named = client.get(f"{API}/articles/?format=json", headers={"Accept": "text/html"})
    assert named["Content-Type"].startswith("application/json")
    assert set(named["Vary"].split(", ")) == {"Accept-Encoding", "Authorization", "Cookie"}


def test_responses_say_how_many_requests_are_left(client: APIClient, settings: Settings) -> None:
    settings.NEWSROOM_RATES = {**settings.NEWSROOM_RATES, "anonymous": "4/minute"}
    answers = [client.get(f"{API}/articles/", REMOTE_ADDR="10.0.0.7") for _ in range(6)]
    left = [re.findall(r'^"anonymous";r=(\d);t=(\d+)$', answer["RateLimit"])[0] for answer in answers]
    assert [int(one) for one, _seconds in left] == [3, 2, 1, 0, 0, 0]
    assert all(0 < int(seconds) <= 60 for _one, seconds in left)
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"anonymous";q=4;w=60'}
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert abs(int(answers[-1]["Retry-After"]) - int(left[-1][1])) <= 1  # both are rounded
    other = client.get(f"{API}/articles/", REMOTE_ADDR="10.0.0.8")
    assert other["RateLimit"].startswith('"anonymous";r=3;')
