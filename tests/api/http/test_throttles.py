"""Tests how many requests each kind of client may send, and what counts as one client."""

from itertools import cycle
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import path
from pytest_django import Settings
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from articles.api.http.authentication import BearerAuthentication
from articles.api.http.throttles import ClientThrottle
from articles.models import ApiToken
from newsroom import settings as project

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

RATES = {"anonymous": "2/minute", "reader": "3/minute", "editorial": "5/minute", "writes": "1/minute"}
# More requests than any rate allows.
MANY = 8


class Echo(APIView):
    authentication_classes = [BearerAuthentication, SessionAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = [ClientThrottle]

    def get(self, request: Request) -> Response:
        return Response()

    def post(self, request: Request) -> Response:
        return Response()


urlpatterns = [path("api/echo/", Echo.as_view())]


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that a test moves."""
    clock = Clock()
    monkeypatch.setattr(ClientThrottle, "timer", clock)
    return clock


@pytest.fixture(autouse=True)
def _rates(settings: Settings) -> None:
    settings.NEWSROOM_RATES = RATES
    settings.NEWSROOM_PROXIES = 0


def user_of(kind: str) -> User:
    user = User.objects.create_user(f"{kind}-{User.objects.count()}")
    if kind == "editor":
        user.user_permissions.add(Permission.objects.get(codename="view_article"))
    return user


def client_of(user: User | None) -> APIClient:
    """A client with a new token of the user."""
    client = APIClient()
    if user:
        _, secret = ApiToken.objects.issue(user, "website")
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def allowed(*clients: APIClient, method: str = "get", **headers: Any) -> int:
    """How many of many requests, by these clients in turn, were allowed before the first 429; all later ones are 429 too."""
    turns = cycle(clients)
    statuses = [getattr(next(turns), method)("/api/echo/", **headers).status_code for _ in range(MANY)]
    good = statuses.count(200)
    assert statuses == [200] * good + [429] * (MANY - good)
    return good


# --- Kinds of clients -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "method", "expected"),
    [
        pytest.param(None, "get", 2, id="anonymous reads"),
        pytest.param(None, "head", 2, id="anonymous asks for headers"),
        pytest.param(None, "post", 2, id="anonymous writes"),
        pytest.param("reader", "get", 3, id="a reader reads"),
        pytest.param("reader", "head", 3, id="a reader asks for headers"),
        pytest.param("reader", "options", 3, id="a reader asks for options"),
        pytest.param("reader", "post", 1, id="a reader writes"),
        pytest.param("editor", "get", 5, id="an editor reads"),
        pytest.param("editor", "post", 1, id="an editor writes"),
    ],
)
def test_each_kind_of_client_has_its_rate(kind: str | None, method: str, expected: int) -> None:
    assert allowed(client_of(user_of(kind) if kind else None), method=method) == expected


def test_changed_rate_counts_earlier_requests(settings: Settings) -> None:
    assert allowed(APIClient()) == 2
    settings.NEWSROOM_RATES = RATES | {"anonymous": "4/minute"}
    assert allowed(APIClient()) == 2


def test_reads_are_allowed_after_the_write_limit() -> None:
    client = client_of(user_of("editor"))
    assert (allowed(client, method="post"), allowed(client)) == (1, 5)


def test_tokens_and_sessions_of_a_user_share_one_limit() -> None:
    user = user_of("reader")
    session = APIClient()
    session.force_login(user)
    assert allowed(client_of(user), client_of(user), session) == 3


def test_users_at_one_address_have_separate_limits() -> None:
    assert [allowed(client_of(user_of("reader"))) for _ in range(2)] == [3, 3]


def test_all_rates_are_set_and_valid() -> None:
    assert project.NEWSROOM_RATES.keys() == RATES.keys()
    assert all(ClientThrottle().parse_rate(rate)[0] for rate in project.NEWSROOM_RATES.values())


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        pytest.param(0, "203.0.113.7", None, 2, id="one address"),
        pytest.param(0, "203.0.113.{n}", None, MANY, id="many addresses"),
        pytest.param(0, "203.0.113.7", "6.6.6.{n}", 2, id="no proxy: the header is ignored"),
        pytest.param(0, "203.0.113.{n}", "6.6.6.6", MANY, id="no proxy: the header joins no clients"),
        pytest.param(1, "10.0.0.1", "203.0.113.{n}", MANY, id="a proxy: many clients behind it"),
        pytest.param(1, "10.0.0.{n}", "203.0.113.7", 2, id="a proxy: one client behind it"),
        pytest.param(
            1, "10.0.0.1", "6.6.6.{n}, 203.0.113.7", 2, id="a proxy: one client with changing headers"
        ),
        pytest.param(1, "10.0.0.1", "6.6.6.{n},,203.0.113.7", 2, id="a proxy: one client that sends commas"),
        pytest.param(1, "10.0.0.1", None, 2, id="a proxy without the header"),
        pytest.param(1, "10.0.0.1", " , ", 2, id="a proxy with an empty list"),
        pytest.param(
            2,
            "10.0.0.1",
            "6.6.6.{n}, 203.0.113.7, 10.0.0.2",
            2,
            id="two proxies: one client with changing headers",
        ),
        pytest.param(2, "10.0.0.1", "203.0.113.{n}, 10.0.0.2", MANY, id="two proxies: many clients"),
        pytest.param(2, "10.0.0.1", "203.0.113.7", 2, id="two proxies, one without the header"),
        pytest.param(1, "10.0.0.1", "not an\taddress \x7f\u5f20" + "x" * 400, 2, id="no address at all"),
        pytest.param(0, "", None, 2, id="a socket has no address"),
        pytest.param(0, "2001:db8:1:2::{n}", None, 2, id="IPv6: one client has a /64"),
        pytest.param(0, "2001:db8:1:{n}::1", None, MANY, id="IPv6: another /64 is another client"),
        pytest.param(0, "::ffff:203.0.113.{n}", None, MANY, id="IPv4 written as IPv6: many clients"),
        pytest.param(1, "10.0.0.1", "203.0.113.7:4{n}", 2, id="a proxy that writes the client's port"),
        pytest.param(1, "10.0.0.1", "[2001:db8:1:2::{n}]:4{n}", 2, id="a proxy that writes the port of IPv6"),
    ],
)
def test_anonymous_clients_are_limited_by_address(
    settings: Settings, proxies: int, remote: str, forwarded: str | None, expected: int
) -> None:
    settings.NEWSROOM_PROXIES = proxies
    statuses = []
    for number in range(MANY):
        headers: dict[str, Any] = {"REMOTE_ADDR": remote.format(n=number)}
        if forwarded is not None:
            headers["HTTP_X_FORWARDED_FOR"] = forwarded.format(n=number)
        statuses.append(APIClient().get("/api/echo/", **headers).status_code)
    assert statuses.count(200) == expected
    assert set(statuses) <= {200, 429}


# --- Refused requests -------------------------------------------------------------------------------


def refused(client: APIClient, path: str, method: str = "get", **headers: Any) -> list[int]:
    return [getattr(client, method)(f"/api/v1/{path}", **headers).status_code for _ in range(MANY)]


@pytest.mark.urls("newsroom.urls")
@pytest.mark.parametrize("path", ["", "articles/", "articles/1/", "loads/", "articles/facets/"])
def test_invalid_tokens_count_for_the_throttle(path: str) -> None:
    client = APIClient()
    statuses = [
        client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer nr_{n}").status_code for n in range(MANY)
    ]
    assert statuses == [401] * 2 + [429] * (MANY - 2)


@pytest.mark.urls("newsroom.urls")
@pytest.mark.parametrize(
    ("kind", "path", "method", "expected"),
    [
        pytest.param(None, "loads/", "get", [401] * 2, id="anonymous reads what is for editors"),
        pytest.param(None, "articles/", "post", [401] * 2, id="anonymous writes"),
        pytest.param("reader", "loads/", "get", [403] * 3, id="reader reads what is for editors"),
        pytest.param("reader", "articles/", "post", [403], id="a reader writes"),
        pytest.param(None, "articles/987654/", "get", [404] * 2, id="anonymous tries ids"),
        pytest.param(None, "articles/?nonsense=1", "get", [400] * 2, id="anonymous tries parameters"),
        pytest.param(None, "articles/", "delete", [405] * 2, id="anonymous tries methods"),
    ],
)
def test_refused_requests_count_for_the_throttle(
    kind: str | None, path: str, method: str, expected: list[int]
) -> None:
    client = client_of(user_of(kind) if kind else None)
    assert refused(client, path, method) == expected + [429] * (MANY - len(expected))


@pytest.mark.urls("newsroom.urls")
def test_request_counts_once() -> None:
    client = client_of(user_of("reader"))
    assert refused(client, "articles/") == [200] * 3 + [429] * (MANY - 3)


# --- Retry-After ----------------------------------------------------------------------------------


def retry_after(client: APIClient) -> int:
    """The seconds of Retry-After in the first 429."""
    for _ in range(MANY):
        answer = client.get("/api/echo/")
        if answer.status_code == 429:
            assert answer["Content-Type"] == "application/problem+json"
            return int(answer["Retry-After"])
    pytest.fail("nothing was throttled")


@pytest.mark.parametrize("kind", [None, "reader", "editor"])
def test_retry_after_says_when_a_request_is_allowed_again(clock: Clock, kind: str | None) -> None:
    client = client_of(user_of(kind) if kind else None)
    assert retry_after(client) in {60, 61}
    clock.now += 45
    seconds = retry_after(client)
    assert seconds in {15, 16}
    clock.now += seconds - 2
    assert client.get("/api/echo/").status_code == 429
    clock.now += 2
    assert client.get("/api/echo/").status_code == 200


def test_retry_after_counts_from_the_oldest_request(clock: Clock) -> None:
    client = APIClient()
    client.get("/api/echo/")
    clock.now += 20
    assert retry_after(client) in {40, 41}


@pytest.mark.parametrize(
    ("lowered", "seconds"),
    [pytest.param("1/minute", {56, 57}, id="lowered"), pytest.param("0/minute", {60, 61}, id="closed")],
)
def test_retry_after_is_right_after_a_rate_was_lowered(
    settings: Settings, clock: Clock, lowered: str, seconds: set[int]
) -> None:
    client = client_of(user_of("editor"))
    for _ in range(5):
        assert client.get("/api/echo/").status_code == 200
        clock.now += 1
    clock.now += 3
    settings.NEWSROOM_RATES = RATES | {"editorial": lowered}
    assert retry_after(client) in seconds
