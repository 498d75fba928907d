"""Log lines: an event is one line whatever a client sends, and has the request id of its response."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.models import ApiToken
from newsroom import urls
from newsroom.log_formatters import JsonFormatter, TextFormatter

FORGED = "2026-01-01 00:00:00 INFO django: all is well"
HOSTILE = [
    pytest.param(f"x\n{FORGED}", id="a line feed"),
    pytest.param(f"x\r\n{FORGED}", id="CR LF"),
    pytest.param("\x1b[2J\x1b[31mred", id="ANSI: the screen is cleared"),
    pytest.param("\x9b31m", id="C1: CSI in one character"),
    pytest.param("a\x85b\u2028c\u2029d", id="line ends of Unicode"),
    pytest.param("\u202egnp.exe", id="bidi: the line turns round"),
    pytest.param("zero\u200bwidth\ufeff", id="invisible characters"),
    pytest.param("half\udce9", id="half a surrogate pair"),
    pytest.param("\x00\x07\x08\x7f", id="NUL, bell, backspace, delete"),
    pytest.param('"}, {"level": "INFO', id="an end of JSON"),
]


class Broken(APIView):
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def get(self, request: Request) -> Response:
        logging.getLogger("newsroom.test").warning("about to fail")
        raise RuntimeError(f"wrong\n{FORGED}")


urlpatterns = [path("api/broken/", Broken.as_view()), *urls.urlpatterns]
handler500 = urls.handler500


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    found = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("django.request", logging.WARNING, "x.py", 1, "%s", (message,), found)


def caught(message: str) -> Exception:
    with pytest.raises(ValueError) as found:  # noqa: PT011 - so that it has a traceback
        raise ValueError(message)
    return found.value


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """The log of production, as a stream."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root, access = logging.getLogger(), logging.getLogger("newsroom.access")
    level = access.level
    root.addHandler(handler)
    access.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    access.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().split("\n") if line]


# --- Forged lines --------- ------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_text_formatter_keeps_hostile_text_on_one_line(text: str) -> None:
    line = TextFormatter("{asctime} {levelname} {name}: {message}", style="{").format(record(text))
    assert line.isprintable()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING django\.request: ", line)


@pytest.mark.parametrize("text", HOSTILE)
def test_json_formatter_keeps_hostile_text_on_one_line_unchanged(text: str) -> None:
    line = JsonFormatter().format(record(text, caught(text)))
    assert line.isprintable()
    found = json.loads(line)
    assert found["message"] == text
    assert text in found["exception"]


@pytest.mark.parametrize("text", HOSTILE)
def test_traceback_lines_are_indented_and_escaped(text: str) -> None:
    text_lines = TextFormatter("{asctime} {levelname} {name}: {message}", style="{").format(
        record("failed", caught(text))
    )
    first, *rest = text_lines.split("\n")
    assert first.endswith(": failed")
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_chinese_text_is_not_escaped() -> None:
    assert "新桥通车" in JsonFormatter().format(record("新桥通车"))
    assert "新桥通车" in TextFormatter("{message}", style="{").format(record("新桥通车"))


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_client_input_cannot_forge_a_log_line(client: Client, logged: io.StringIO, text: str) -> None:
    sent = text.encode("utf-8", "surrogatepass").decode("latin-1")
    client.get("/api/v1/nothing/", {"q": text.encode("utf-8", "surrogatepass")}, HTTP_USER_AGENT=sent)
    client.generic("GET", f"/nowhere/{text.encode('utf-8', 'surrogateescape').decode('latin-1')}/")
    client.get("/admin/login/", headers={"host": sent, "x-request-id": sent, "x-forwarded-for": sent})
    client.post(
        "/admin/login/", {"username": text.replace("\udce9", ""), "password": "x"}, HTTP_USER_AGENT=sent
    )
    assert all(line.isprintable() for line in logged.getvalue().split("\n"))
    assert {line["logger"] for line in lines(logged)} >= {"newsroom.access"}


# --- Request id ----------- --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "is_used"),
    [
        pytest.param("5b4f0c1e-7a0d-4b5e-9a38-0d1f3f6d2a11", True, id="a UUID"),
        pytest.param("01ARZ3NDEKTSV4RRFFQ69G5FAV", True, id="a ULID"),
        pytest.param("a" * 64, True, id="64 characters"),
        pytest.param("a" * 65, False, id="too long"),
        pytest.param("short", False, id="too short to be one"),
        pytest.param("", False, id="empty"),
        pytest.param("-".join(["x" * 8] * 2) + "\n", False, id="a line feed at its end"),
        pytest.param("../../etc/passwd", False, id="a path"),
        pytest.param("<script>alert(1)</script>", False, id="markup"),
        pytest.param("１２３４５６７８", False, id="digits of another script"),
        pytest.param("--------", False, id="an option of a command"),
    ],
)
def test_request_id_of_proxy_is_used_if_well_formed(client: Client, sent: str, is_used: bool) -> None:
    answer = client.get("/healthz", headers={"x-request-id": sent})
    found = answer.headers["X-Request-ID"]
    assert (found == sent) is is_used
    assert re.fullmatch(r"[\w.-]{8,64}", found, re.ASCII)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_500_has_request_id_and_no_details(logged: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/api/broken/", headers={"x-request-id": "of-the-proxy-1"})
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert problem["request_id"] == answer.headers["X-Request-ID"] == "of-the-proxy-1"
    assert "RuntimeError" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    logged_lines = lines(logged)
    assert {line["request_id"] for line in logged_lines} == {"of-the-proxy-1"}
    assert {line["logger"] for line in logged_lines} == {"newsroom.test", "django.request", "newsroom.access"}
    assert any("RuntimeError" in line.get("exception", "") for line in logged_lines)
    assert [line["status"] for line in logged_lines if line["logger"] == "newsroom.access"] == [500]


@pytest.mark.django_db
def test_access_log_has_a_line_with_user_for_each_request(logged: io.StringIO) -> None:
    user = User.objects.create_superuser("editor")
    desk, program = Client(), Client()
    desk.force_login(user)
    _, secret = ApiToken.objects.issue(user, "website")
    desk.get("/admin/")
    program.get("/api/v1/articles/", headers={"authorization": f"Bearer {secret}"})
    Client().get("/api/v1/articles/?q=x")
    found = [line for line in lines(logged) if line["logger"] == "newsroom.access"]
    assert [(line["method"], line["path"], line["status"], line["user_id"]) for line in found] == [
        ("GET", "/admin/", 200, user.pk),
        ("GET", "/api/v1/articles/", 200, user.pk),
        ("GET", "/api/v1/articles/", 200, None),
    ]
    assert all(line["duration_ms"] > 0 and line["address"] == "127.0.0.1" for line in found)
    # No query string and no token.
    assert secret not in logged.getvalue()


def test_access_log_makes_no_query_for_the_user(client: Client, logged: io.StringIO) -> None:
    # No mark django_db: a query would fail.
    client.cookies["sessionid"] = "x" * 32
    client.get("/nowhere/")
    assert {line["user_id"] for line in lines(logged)} == {None}
