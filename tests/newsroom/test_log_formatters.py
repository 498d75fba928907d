"""Log lines: one a line whatever a client sends, with the id of the request that its answer bears."""

from __future__ import annotations

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
    pytest.param("zero\u200bwidth\ufeff", id="what nobody sees"),
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
    """What is logged in production."""
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


# --- What cannot be forged ------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_readable_line_is_one_line(text: str) -> None:
    line = TextFormatter("{asctime} {levelname} {name}: {message}", style="{").format(record(text))
    assert line.isprintable()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING django\.request: ", line)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_of_json_is_one_line_and_gives_the_text_back(text: str) -> None:
    line = JsonFormatter().format(record(text, caught(text)))
    assert line.isprintable()
    found = json.loads(line)
    assert found["message"] == text
    assert text in found["exception"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_of_a_traceback_passes_for_another(text: str) -> None:
    told = TextFormatter("{asctime} {levelname} {name}: {message}", style="{").format(
        record("failed", caught(text))
    )
    first, *rest = told.split("\n")
    assert first.endswith(": failed")
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_chinese_stays_legible() -> None:
    assert "新桥通车" in JsonFormatter().format(record("新桥通车"))
    assert "新桥通车" in TextFormatter("{message}", style="{").format(record("新桥通车"))


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_client_sends_makes_a_line(client: Client, logged: io.StringIO, text: str) -> None:
    sent = text.encode("utf-8", "surrogatepass").decode("latin-1")
    client.get("/api/v1/nothing/", {"q": text.encode("utf-8", "surrogatepass")}, HTTP_USER_AGENT=sent)
    client.generic("GET", f"/nowhere/{text.encode('utf-8', 'surrogateescape').decode('latin-1')}/")
    client.get("/admin/login/", headers={"host": sent, "x-request-id": sent, "x-forwarded-for": sent})
    client.post(
        "/admin/login/", {"username": text.replace("\udce9", ""), "password": "x"}, HTTP_USER_AGENT=sent
    )
    assert all(line.isprintable() for line in logged.getvalue().split("\n"))
    assert {line["logger"] for line in lines(logged)} >= {"newsroom.access"}


# --- The id of a request --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "is_kept"),
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
def test_an_id_that_a_proxy_made_is_kept(client: Client, sent: str, is_kept: bool) -> None:
    answer = client.get("/healthz", headers={"x-request-id": sent})
    found = answer.headers["X-Request-ID"]
    assert (found == sent) is is_kept
    assert re.fullmatch(r"[\w.-]{8,64}", found, re.ASCII)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_fault_of_ours_can_be_quoted_and_tells_nothing(logged: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/api/broken/", headers={"x-request-id": "of-the-proxy-1"})
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert problem["request_id"] == answer.headers["X-Request-ID"] == "of-the-proxy-1"
    assert "RuntimeError" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    told = lines(logged)
    assert {line["request_id"] for line in told} == {"of-the-proxy-1"}
    assert {line["logger"] for line in told} == {"newsroom.test", "django.request", "newsroom.access"}
    assert any("RuntimeError" in line.get("exception", "") for line in told)
    assert [line["status"] for line in told if line["logger"] == "newsroom.access"] == [500]


@pytest.mark.django_db
def test_each_request_has_a_line_that_tells_whose_it_was(logged: io.StringIO) -> None:
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
    # Neither what was asked for nor by what token, which are nobody's business who reads logs.
    assert secret not in logged.getvalue()


def test_who_asks_is_not_looked_up_for_the_log(client: Client, logged: io.StringIO) -> None:
    # No mark django_db: a query would fail.
    client.cookies["sessionid"] = "x" * 32
    client.get("/nowhere/")
    assert {line["user_id"] for line in lines(logged)} == {None}
