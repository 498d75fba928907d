"""Tests what is stored of tokens, and how requests with a token are authenticated."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from pytest_django import DjangoAssertNumQueries
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from articles.api.http.authentication import BearerAuthentication
from articles.models import ApiToken

REFUSED = 'Bearer realm="newsroom", error="invalid_token"'
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

TODAY = dt.date(2026, 3, 15)
DAY = dt.timedelta(days=1)


class WhoAmI(APIView):
    """Open to everyone, so that a 401 can only be about the token."""

    authentication_classes = [BearerAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(operation_id="whoami", responses=dict[str, str])
    def get(self, request: Request) -> Response:
        return Response({"user": request.user.get_username(), "token": getattr(request.auth, "pk", None)})


urlpatterns = [path("api/whoami/", WhoAmI.as_view())]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


@pytest.fixture
def zhang() -> User:
    return User.objects.create_user("zhang")


def set_today(monkeypatch: pytest.MonkeyPatch, date: dt.date) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date)


def ask(client: APIClient, header: str | None) -> Any:
    sent: dict[str, Any] = {} if header is None else {"HTTP_AUTHORIZATION": header}
    return client.get("/api/whoami/", **sent)


def whole_database() -> str:
    """The values of all columns of all tables."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)


# --- Storage --------------------------------------------------------------------------------------


def test_secret_is_not_stored_in_the_database(client: APIClient, zhang: User) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website")
    assert ask(client, f"Bearer {secret}").status_code == 200
    stored = whole_database()
    assert token.digest in stored
    assert secret not in stored
    assert secret.removeprefix("nr_") not in stored


def test_secret_is_long_prefixed_and_unique(zhang: User) -> None:
    issued = [ApiToken.objects.issue(zhang, "website") for _ in range(20)]
    secrets = [secret for _, secret in issued]
    assert len(set(secrets)) == len(secrets)
    assert {(len(secret), secret[:3]) for secret in secrets} == {(46, "nr_")}
    assert [token.prefix for token, _ in issued] == [secret[:8] for secret in secrets]


@pytest.mark.parametrize(
    ("expires_on", "is_revoked", "state", "is_found"),
    [
        pytest.param(None, False, "valid", True, id="without expiry"),
        pytest.param(TODAY + DAY, False, "valid", True, id="until tomorrow"),
        pytest.param(TODAY, False, "valid", True, id="until today"),
        pytest.param(TODAY - DAY, False, "expired", False, id="until yesterday"),
        pytest.param(None, True, "revoked", False, id="revoked"),
        pytest.param(TODAY - DAY, True, "revoked", False, id="revoked before it expired"),
    ],
)
def test_only_valid_tokens_are_found(
    zhang: User, expires_on: dt.date | None, is_revoked: bool, state: str, is_found: bool
) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website", expires_on)
    if is_revoked:
        token.revoke()
    with translation.override("en"):
        assert token.state == state
    assert ApiToken.objects.find(secret) == (token if is_found else None)


def test_malformed_token_takes_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert [ApiToken.objects.find(text) for text in ("", "nr", "password", "nr_é", "nr_\ud800")] == [
            None
        ] * 5


def test_second_revocation_does_not_change_the_time_of_the_first(zhang: User) -> None:
    token, _ = ApiToken.objects.issue(zhang, "website")
    other, _ = ApiToken.objects.issue(zhang, "app")
    token.revoke()
    first = token.revoked_at
    assert first is not None
    token.revoke()
    assert ApiToken.objects.get(pk=token.pk).revoked_at == first == token.revoked_at
    assert ApiToken.objects.all().revoke() == 1
    other.refresh_from_db()
    assert other.revoked_at is not None


# --- Authentication -------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_token_authenticates_its_user(client: APIClient, zhang: User, scheme: str) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website")
    answer = ask(client, f"{scheme} {secret}")
    assert (answer.status_code, answer.json()) == (200, {"user": "zhang", "token": token.pk})


def test_client_without_a_token_is_anonymous(client: APIClient) -> None:
    answer = ask(client, None)
    assert (answer.status_code, answer.json()) == (200, {"user": "", "token": None})


def unknown(_token: ApiToken) -> None:
    ApiToken.objects.all().delete()


def revoked(token: ApiToken) -> None:
    token.revoke()


def expired(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(expires_on=TODAY - DAY)


def inactive(token: ApiToken) -> None:
    User.objects.filter(pk=token.user_id).update(is_active=False)


def deleted(token: ApiToken) -> None:
    User.objects.filter(pk=token.user_id).delete()


@pytest.mark.parametrize("spoil", [unknown, revoked, expired, inactive, deleted])
def test_invalid_token_gets_the_same_401_as_an_unknown_one(
    client: APIClient, zhang: User, spoil: Any
) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website")
    assert ask(client, f"Bearer {secret}").status_code == 200
    unknown_token = ask(client, "Bearer nr_" + "A" * 43)
    spoil(token)
    answer = ask(client, f"Bearer {secret}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == REFUSED
    for response in (answer, unknown_token):
        del response.headers["X-Request-ID"]  # each request has its own
    assert (answer.content, dict(answer.headers)) == (unknown_token.content, dict(unknown_token.headers))
    assert secret not in answer.content.decode()


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param("Bearer", id="scheme alone"),
        pytest.param("Bearer ", id="no token"),
        pytest.param("{secret}", id="no scheme"),
        pytest.param("Token {secret}", id="another scheme"),
        pytest.param("Basic emhhbmc6c2VjcmV0", id="a password"),
        pytest.param("Bearer nr_", id="prefix alone"),
        pytest.param("Bearer {secret}x", id="too long"),
        pytest.param("Bearer {secret} {secret}", id="two tokens"),
        pytest.param("Bearer,{secret}", id="a comma"),
        pytest.param("Bearer {secret}\xa0", id="a no-break space"),
        pytest.param("Bearer nr_\u5f20", id="a character"),
        pytest.param("Bearer nr_\xe5\xbc\xa0", id="the bytes of a character"),
        pytest.param("Bearer nr_\ud800", id="half a character"),
        pytest.param("Bearer nr_" + "A" * 100_000, id="endless"),
    ],
)
def test_malformed_token_gets_the_same_401_as_an_unknown_one(
    client: APIClient, zhang: User, header: str
) -> None:
    _, secret = ApiToken.objects.issue(zhang, "website")
    answer = ask(client, header.replace("{secret}", secret))
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, REFUSED)
    assert answer.content == ask(client, "Bearer nr_" + "A" * 43).content


@pytest.mark.urls("newsroom.urls")
def test_api_accepts_tokens(client: APIClient, zhang: User) -> None:
    _, secret = ApiToken.objects.issue(zhang, "website")
    good = client.get("/api/v1/articles/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    bad = client.get("/api/v1/articles/", HTTP_AUTHORIZATION=f"Bearer {secret}x")
    assert (good.status_code, bad.status_code) == (200, 401)
    assert bad["WWW-Authenticate"] == REFUSED
    missing = client.post("/api/v1/articles/", {})
    assert (missing.status_code, missing["WWW-Authenticate"]) == (401, 'Bearer realm="newsroom"')
    assert bad["Content-Type"] == "application/problem+json"


def test_use_of_a_token_is_written_once_a_day(
    client: APIClient,
    zhang: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website")
    assert token.last_used_on is None
    for date in (TODAY, TODAY + DAY):
        set_today(monkeypatch, date)
        with CaptureQueriesContext(connection) as asked:
            ask(client, f"Bearer {secret}")
        assert sum(query["sql"].startswith("UPDATE") for query in asked) == 1
        token.refresh_from_db()
        assert token.last_used_on == date
        with django_assert_num_queries(1):
            ask(client, f"Bearer {secret}")


def test_refused_token_is_not_marked_as_used(client: APIClient, zhang: User) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website")
    token.revoke()
    ask(client, f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_on is None


def test_token_deleted_during_a_request_is_no_error(zhang: User) -> None:
    token, secret = ApiToken.objects.issue(zhang, "website")
    found = ApiToken.objects.find(secret)
    zhang.delete()
    assert found == token
    found.note_use()
    assert not ApiToken.objects.exists()


def test_openapi_document_describes_tokens() -> None:
    schema = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
    (name, scheme), *rest = schema["components"]["securitySchemes"].items()
    assert (rest, scheme["type"], scheme["scheme"]) == ([], "http", "bearer")
    assert {name: []} in schema["paths"]["/api/whoami/"]["get"]["security"]
