"""Login lockout: failures are counted by name and address, and errors do not reveal which users exist."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings as project
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.support import serving
from tests.support.loading import Shared

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PASSWORD = "only-for-this-test-7"
LIMIT = project.AXES_FAILURE_LIMIT
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def _editor(settings: Settings) -> None:
    # A fast hash: these tests make hundreds of attempts.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_superuser("editor", password=PASSWORD)


def attempt(name: str = "editor", password: str = "wrong", address: str = HERE, **headers: Any) -> Any:
    return Client().post(
        "/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address, **headers
    )


def fail(times: int, name: str = "editor", address: str = HERE, **headers: Any) -> list[int]:
    return [attempt(name, address=address, **headers).status_code for _ in range(times)]


def can_sign_in(name: str = "editor", address: str = HERE) -> bool:
    return bool(attempt(name, PASSWORD, address).status_code == 302)


# --- Lockout ----------------------------------------------------------------------------------------


def test_lockout_refuses_even_the_right_password() -> None:
    assert fail(LIMIT) == [200] * (LIMIT - 1) + [429]
    assert not can_sign_in()


def test_successful_login_resets_the_count_of_failures() -> None:
    for _ in range(3):
        assert set(fail(LIMIT - 1)) == {200}
        assert can_sign_in()


def test_lockout_does_not_affect_other_addresses() -> None:
    fail(LIMIT, address="198.51.100.9")
    assert can_sign_in()


def test_lockout_does_not_affect_other_names_at_the_address() -> None:
    User.objects.create_superuser("chief", password=PASSWORD)
    fail(LIMIT)
    assert can_sign_in("chief")


def test_address_is_locked_out_after_failures_of_many_names() -> None:
    statuses = [attempt(f"name-{number}").status_code for number in range(10 * LIMIT)]
    assert statuses[-1] == 429
    assert 429 not in statuses[: 5 * LIMIT]
    assert not can_sign_in()


def test_loopback_address_is_never_locked_out_as_a_whole() -> None:
    for number in range(10 * LIMIT):
        attempt(f"name-{number}", address="127.0.0.1")
    assert can_sign_in(address="127.0.0.1")


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "is_stopped"),
    [
        pytest.param(0, HERE, "6.6.6.{n}", True, id="no proxy: the header is not trusted"),
        pytest.param(
            1, "10.0.0.1", "6.6.6.{n}, 203.0.113.7", True, id="a proxy: a client that forges entries"
        ),
        pytest.param(1, "10.0.0.1", "203.0.113.7:{n}", True, id="a proxy that writes the port"),
        pytest.param(1, "10.0.0.1", "[2001:db8:1:2::{n}]:99", True, id="and of IPv6"),
        pytest.param(0, "2001:db8:1:2::{n}", "", True, id="IPv6: one client has a /64"),
        pytest.param(0, "2001:db8:1:{n}::1", "", False, id="IPv6: other clients"),
        pytest.param(0, "::ffff:203.0.113.7", "", True, id="IPv4 written as IPv6"),
        pytest.param(0, "", "", True, id="a socket has no address"),
        pytest.param(1, "10.0.0.1", "no address\t" + "x" * 400, True, id="no address at all"),
    ],
)
def test_changing_addresses_gives_no_more_attempts(
    settings: Settings, proxies: int, remote: str, forwarded: str, is_stopped: bool
) -> None:
    settings.NEWSROOM_PROXIES = proxies
    for number in range(1, LIMIT + 1):
        headers = {"HTTP_X_FORWARDED_FOR": forwarded.format(n=number)} if forwarded else {}
        last = attempt(address=remote.format(n=number), HTTP_USER_AGENT=f"agent {number}", **headers)
    assert (last.status_code == 429) is is_stopped


@pytest.mark.parametrize("agent", ["", "x" * 5000, "\x1b[31m张"])
def test_user_agent_does_not_affect_lockout(agent: str) -> None:
    assert fail(LIMIT, HTTP_USER_AGENT=agent)[-1] == 429


# --- End of a lockout ----------------------------------------------------------------------------------


def test_lockout_ends_after_retry_after() -> None:
    fail(LIMIT)
    assert int(attempt().headers["Retry-After"]) == project.AXES_COOLOFF_TIME.total_seconds()
    AccessAttempt.objects.update(
        attempt_time=dt.datetime.now(dt.UTC) - project.AXES_COOLOFF_TIME - dt.timedelta(seconds=1)
    )
    assert can_sign_in()


def test_attempts_during_lockout_write_nothing() -> None:
    fail(LIMIT)
    before = AccessFailureLog.objects.count()
    with CaptureQueriesContext(connection) as queries:
        fail(1)
    assert AccessFailureLog.objects.count() == before
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))] == []


def test_axes_reset_username_ends_lockout() -> None:
    fail(LIMIT)
    call_command("axes_reset_username", "editor")
    assert can_sign_in()


# --- Messages ---------------------------------------------------------------------------------------


def test_login_errors_do_not_reveal_whether_user_exists() -> None:
    def responses(name: str) -> list[tuple[int, str]]:
        answers = [attempt(name) for _ in range(LIMIT + 2)]
        texts = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers]
        return [(answer.status_code, text) for answer, text in zip(answers, texts, strict=True)]

    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    assert responses("editor") == responses("unknown") == responses("gone")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "登录失败次数过多"), ("en", "Too many attempts to sign in. Wait 15 minutes and try again.")],
)
def test_locked_out_page_is_translated(language: str, words: str) -> None:
    client = Client(REMOTE_ADDR=HERE)
    client.cookies[project.LANGUAGE_COOKIE_NAME] = language
    for _ in range(LIMIT + 1):
        page = client.post("/admin/login/", {"username": "editor", "password": "x"})
    text = page.content.decode()
    assert words in text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script>|<style|\sstyle=|\son\w+=", text) == []


def test_failed_passwords_are_not_stored() -> None:
    attempt(password="my-other-password")
    stored = [*AccessAttempt.objects.values_list(), *AccessFailureLog.objects.values_list()]
    assert "my-other-password" not in str(stored)


def test_login_and_logout_are_logged() -> None:
    client = Client(REMOTE_ADDR=HERE)
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    client.post("/admin/logout/")
    row = AccessLog.objects.get()
    assert (row.username, row.ip_address, row.logout_time is not None) == ("editor", HERE, True)


# --- Queries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/", "/nowhere/"])
def test_other_pages_make_no_lockout_queries(path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        Client().get(path)
    assert [query["sql"] for query in queries if "axes" in query["sql"]] == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_failures_are_all_counted(shared: Shared) -> None:
    def one(address: str, number: int) -> int:
        with serving.Client(base_url=address) as client:
            client.get("/admin/login/")
            form = {
                "username": "editor",
                "password": f"wrong {number}",
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            }
            return client.post("/admin/login/", data=form).status_code

    with serving.served(shared) as address, ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda number: one(address, number), range(2 * LIMIT)))
    assert set(statuses) == {200, 429}
    # A few requests may already have passed the check when the last failure is written.
    assert LIMIT - 1 <= statuses.count(200) <= LIMIT + 5
