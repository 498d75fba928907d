"""Locks of other writers: reads are answered, writes wait, and after the timeout the answer is 503 with Retry-After."""

from __future__ import annotations

import gc
import os
import re
import sqlite3
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from articles.database_busy import is_busy
from articles.models import ApiToken, Article
from newsroom import urls
from tests.support import serving
from tests.support.loading import PAGE, PATIENCE, ROOT, Shared, run_loadseeds

SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
# The options in DATABASE_URL that set the timeout of writers.
TIMEOUT = "?timeout={}" if SQLITE else "?options=-c%20lock_timeout%3D{}s"
PROBLEM = "application/problem+json"


@pytest.fixture
def secret(transactional_db: None) -> str:  # noqa: ARG001 - the database is written
    """A token that may change the only article."""
    Article.objects.create(headline="新桥通车", body="昨天，新桥迎来第一批车辆。", status="published")
    user = User.objects.create_user("bian", password="seal the bridge at noon", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="articles"))
    return ApiToken.objects.issue(user, "test")[1]


@pytest.fixture
def desk(secret: str, request: pytest.FixtureRequest) -> Shared:  # noqa: ARG001 - first the article, then its copy
    shared: Shared = request.getfixturevalue("shared")
    return shared


@contextmanager
def locked(shared: Shared) -> Iterator[None]:
    """Hold a write lock on the database."""
    another: Any = sqlite3.connect(shared.file, isolation_level=None, check_same_thread=False) if shared.file else connection.copy()  # fmt: skip
    with closing(another):
        cursor = another.cursor()
        cursor.execute("BEGIN IMMEDIATE" if shared.file else "BEGIN")
        if not shared.file:
            cursor.execute("LOCK TABLE articles_article, articles_apitoken, auth_user IN EXCLUSIVE MODE")
        yield
        cursor.execute("ROLLBACK")


def change(address: str, secret: str, headline: str) -> httpx.Response:
    """Change the headline by the API."""
    with serving.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {secret}"}
    ) as client:
        article = client.get("/articles/").json()["results"][0]
        read = client.get(f"/articles/{article['id']}/")
        return client.patch(
            f"/articles/{article['id']}/",
            json={"headline": headline},
            headers={"If-Match": read.headers["ETag"]},
        )


def sign_in(address: str, client: httpx.Client) -> httpx.Response:
    page = client.get(f"{address}/admin/login/").text
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[:1]
    form = {"username": "bian", "password": "seal the bridge at noon", "csrfmiddlewaretoken": token}
    return client.post(f"{address}/admin/login/", data=form)


@contextmanager
def served_to_editor(desk: Shared, timeout: str) -> Iterator[tuple[str, httpx.Client]]:
    """The address of a server whose writers wait so long for a lock, and the client of an editor who is signed in."""
    with serving.served(replace(desk, url=desk.url + timeout)) as address, serving.Client() as editor:
        assert sign_in(address, editor).status_code == 302
        yield address, editor


def check_reads(address: str, secret: str, editor: httpx.Client) -> None:
    """Check that reads are answered: anonymous, with a token not yet used today, and in the admin."""
    token = {"Authorization": f"Bearer {secret}"}
    for page in ("/api/v1/articles/", "/api/v1/articles/?q=新桥", "/admin/login/"):
        check_read(serving.get(f"{address}{page}"))
        check_read(serving.get(f"{address}{page}", headers=token))
    (article,) = serving.get(f"{address}/api/v1/articles/").json()["results"]
    for page in ("", "articles/article/", f"articles/article/{article['id']}/change/"):
        check_read(editor.get(f"{address}/admin/{page}"))


def check_read(answer: httpx.Response) -> None:
    assert answer.status_code == 200, (answer.url, answer.text)


@pytest.mark.parametrize("timeout", [TIMEOUT.format(PATIENCE), pytest.param("", marks=pytest.mark.soak)])
def test_reads_are_answered_and_writers_wait_for_a_lock(desk: Shared, secret: str, timeout: str) -> None:
    """A read that waited for the lock would get no answer, as the lock is held until all reads have theirs."""
    with served_to_editor(desk, timeout) as (address, editor):
        answers: list[httpx.Response] = []
        writer = threading.Thread(target=lambda: answers.append(change(address, secret, "大桥通车")))
        with locked(desk):
            check_reads(address, secret, editor)
            writer.start()
            check_reads(address, secret, editor)
            assert answers == []
        writer.join()
        assert [answer.status_code for answer in answers] == [200]
        with serving.Client() as client:
            assert sign_in(address, client).status_code == 302


def test_writer_gets_503_with_retry_after_when_lock_times_out(desk: Shared, secret: str) -> None:
    with served_to_editor(desk, TIMEOUT.format(1)) as (address, _editor), locked(desk):
        answer = change(address, secret, "谁也写不进")
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, PROBLEM), answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["title"] == "Service Unavailable"
        assert "try again in a few seconds" in answer.json()["detail"]
        with serving.Client() as client:
            page = sign_in(address, client)
        assert (page.status_code, int(page.headers["Retry-After"]) > 0) == (503, True)
        assert "<h1>" in page.text
        assert "Traceback" not in page.text
        assert "locked" not in page.text
    assert desk.numbers("count(*) FROM articles_article WHERE headline = '新桥通车'") == [1]


def test_loader_prints_one_line_when_lock_times_out(desk: Shared, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    url = desk.url + TIMEOUT.format(1)
    with locked(desk):
        done = run_loadseeds(tmp_path / "page.txt", DATABASE_URL=url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "another process writes, or the server is away: run it again for the rest" in done.stderr
    assert desk.numbers("count(*) FROM articles_page", "count(*) FROM articles_load") == [0, 0]


CHANGE = """
import sys, django
django.setup()
from articles.editing.article_corrections import correct_article
from articles.models import Article
for number in range(int(sys.argv[1])):
    # Reads before it writes: such a transaction must not begin as a reader.
    correct_article(Article.objects.get(), section=f"{sys.argv[2]}-{number}")
"""
CHANGES = 25


@pytest.mark.soak
def test_concurrent_read_then_write_transactions_succeed(desk: Shared) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", CHANGE, str(CHANGES), str(number)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": desk.url, "DJANGO_SETTINGS_MODULE": "newsroom.settings"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for writer in writers:
        _, err = writer.communicate(timeout=PATIENCE)
        assert (writer.returncode, err) == (0, "")
    versions, history = "max(version) FROM articles_article", "count(*) FROM articles_historicalarticle"
    assert desk.numbers(versions, f"{history} WHERE history_type = '~'") == [1 + 4 * CHANGES, 4 * CHANGES]


# --- Recognizing a busy database ----------------------------------------------------------------


def refusal(sqlstate: str | None = None, sqlite: int | None = None) -> OperationalError:
    """An error as Django raises it, with the driver's error as its cause."""
    cause: Any = sqlite3.OperationalError("refused") if sqlite is not None else Exception("refused")
    if sqlite is None:
        cause.sqlstate = sqlstate
    else:
        cause.sqlite_errorcode = sqlite
    error = OperationalError("refused")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(refusal(sqlite=sqlite3.SQLITE_BUSY), True, id="SQLite: busy"),
        pytest.param(refusal(sqlite=sqlite3.SQLITE_BUSY_SNAPSHOT), True, id="SQLite: a snapshot that is old"),
        pytest.param(refusal(sqlite=sqlite3.SQLITE_LOCKED), True, id="SQLite: locked"),
        pytest.param(refusal(sqlite=sqlite3.SQLITE_FULL), False, id="SQLite: full"),
        pytest.param(refusal(sqlite=sqlite3.SQLITE_READONLY), False, id="SQLite: read-only"),
        pytest.param(refusal("55P03"), True, id="PostgreSQL: no lock in time"),
        pytest.param(refusal("40P01"), True, id="PostgreSQL: deadlock"),
        pytest.param(refusal("53300"), True, id="PostgreSQL: too many connections"),
        pytest.param(refusal("57P03"), True, id="PostgreSQL: starting"),
        pytest.param(refusal(None), True, id="PostgreSQL: no server"),
        pytest.param(refusal("53100"), False, id="PostgreSQL: disk full"),
        pytest.param(refusal("25006"), False, id="PostgreSQL: read-only"),
        pytest.param(ValueError("locked"), False, id="another error"),
        pytest.param(None, False, id="no error"),
    ],
)
def test_is_busy_recognizes_temporary_errors(error: BaseException | None, expected: bool) -> None:
    assert is_busy(error) is expected


class Held:
    """Stands for a cursor, which is freed with what holds it."""


def refuse(held: list[weakref.ref[Held]]) -> None:
    """Fail as a statement of Django does, with a cursor in the traceback."""
    cursor = Held()
    held.append(weakref.ref(cursor))
    busy = (
        refusal(sqlite=sqlite3.SQLITE_BUSY).__cause__
        if SQLITE
        else psycopg.errors.LockNotAvailable("refused")
    )
    with connection.wrap_database_errors:
        raise cast("Exception", busy)


@pytest.mark.django_db
def test_refused_statements_leave_no_cursor_to_the_garbage_collector(
    secret: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread that collected it would wait as long as its connection waits for a lock."""
    held: list[weakref.ref[Held]] = []
    monkeypatch.setattr("articles.models.programs.transaction_without_waiting", lambda: refuse(held))
    monkeypatch.setattr("django.contrib.auth.views.auth_login", lambda *_: refuse(held))
    gc.collect()
    gc.disable()
    try:
        assert client.get("/api/v1/", headers={"authorization": f"Bearer {secret}"}).status_code == 200
        page = client.post("/admin/login/", {"username": "bian", "password": "seal the bridge at noon"})
        assert page.status_code == 503
        assert [reference() for reference in held] == [None, None]
    finally:
        gc.enable()


def fail(_request: HttpRequest) -> HttpResponse:
    raise refusal("55P03")


urlpatterns = [path("fail/", fail), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.mark.django_db  # its address is one of the reading site, whose cache depends on the last change
@pytest.mark.urls(__name__)
def test_busy_page_is_translated(client: Client) -> None:
    page = client.get("/fail/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert '<html lang="zh-hans">' in page.content.decode()


def test_busy_error_outside_a_view_gets_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise refusal("55P03")

    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_response", refuse)
    for address, kind in (("/api/v1/", PROBLEM), ("/admin/login/", "text/html; charset=utf-8")):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, kind)
        assert answer.headers["Retry-After"] == "5"
