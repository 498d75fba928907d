"""Health checks: `/healthz` without a query, `/readyz` with one check for each thing that can be missing."""

import logging
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from articles import search

SECRET = "the-password-of-the-database"


def checks(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_healthz_answers_without_a_query(client: Client) -> None:
    # No mark django_db: a query would fail.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_answers_ok_when_all_checks_pass(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        assert checks(client) == (200, dict.fromkeys(("database", "migrations", "search", "changes"), "ok"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_skip_host_check_and_https_redirect(
    client: Client, settings: Settings, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"host": "10.0.3.7:8000"}).status_code == 200
    assert client.get("/admin/login/", headers={"host": "10.0.3.7:8000"}).status_code in {301, 400}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_checks_refuse_other_methods(client: Client, method: str) -> None:
    assert getattr(client, method)("/readyz").status_code == 405


@pytest.mark.django_db
def test_readyz_reports_missing_migration(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'articles' AND name = '0002_roles'")
    status, found = checks(client)
    assert status == 503
    assert found["migrations"] == "1 not applied: run manage.py migrate"


@pytest.mark.django_db
def test_readyz_reports_missing_search_trigger(client: Client) -> None:
    name, table = (
        ("articles_search_update", "")
        if connection.vendor == "sqlite"
        else ("articles_search_row", " ON articles_article")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{table}")
    status, found = checks(client)
    assert (status, found["search"]) == (
        503,
        f"missing: {name}; run manage.py rebuildindex",
    )
    search.rebuild_index(connection)
    assert checks(client)[0] == 200


@pytest.mark.django_db
def test_readyz_reports_missing_change_trigger(client: Client) -> None:
    table = "" if connection.vendor == "sqlite" else " ON articles_article"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER articles_note_article_update{table}")
    status, found = checks(client)
    assert (status, found["changes"]) == (503, "missing: articles_note_article_update; run manage.py migrate")
    call_command("migrate", verbosity=0)
    assert checks(client)[0] == 200


@pytest.mark.django_db
def test_readyz_hides_driver_message_when_database_is_down(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> Any:
        raise OperationalError(f"connection refused: password={SECRET}")

    monkeypatch.setattr(connection, "cursor", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["checks"].values()) == {"the database does not answer"}
    assert SECRET not in answer.content.decode()
    assert SECRET in caplog.text
