"""Settings: defaults of a laptop and of production, and errors for invalid values."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.loading import PATIENCE, ROOT

pytestmark = pytest.mark.slow

KEY = "a production key of fifty or more characters: 0123456789 qwertyuiop"
PRINT_SETTINGS = """
import json
from newsroom import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""
ASK_SQLITE = """
import django, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    print(json.dumps([cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in
                      ("journal_mode", "synchronous", "busy_timeout")]))
"""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with only PATH and the given variables in the environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def settings_with(**environment: str) -> dict[str, Any]:
    done = python("-c", PRINT_SETTINGS, **environment)
    assert done.returncode == 0, done.stderr
    settings: dict[str, Any] = json.loads(done.stdout)
    return settings


def test_connection_pool_is_set_in_database_url() -> None:
    address = "postgres://paper@database/newsroom"
    plain, pooled = (
        settings_with(SECRET_KEY=KEY, DATABASE_URL=url)["DATABASES"]["default"]
        for url in (address, f"{address}?pool=8")
    )
    assert (plain["CONN_MAX_AGE"], plain["OPTIONS"].get("pool")) == (60, None)
    assert (pooled["CONN_MAX_AGE"], pooled["OPTIONS"]["pool"]["max_size"]) == (0, 8)
    assert pooled["OPTIONS"]["options"] == plain["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param(
            {},
            {
                "DEBUG": True,
                "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
                "CSRF_TRUSTED_ORIGINS": [],
                "SECURE_SSL_REDIRECT": False,
                "SESSION_COOKIE_SECURE": False,
                "NEWSROOM_MAX_PAGE_BYTES": 1024 * 1024,
                "NEWSROOM_LOAD_STATUS": "published",
                "NEWSROOM_PUBLICATION": "",
                "NEWSROOM_HOME": "",
            },
            id="laptop: nothing set",
        ),
        pytest.param(
            {"SECRET_KEY": KEY},
            {
                "DEBUG": False,
                "SECRET_KEY": KEY,
                "SECURE_SSL_REDIRECT": True,
                "SESSION_COOKIE_SECURE": True,
                "CSRF_COOKIE_SECURE": True,
                "LANGUAGE_COOKIE_SECURE": True,
                "SECURE_HSTS_SECONDS": 30 * 24 * 3600,
            },
            id="production: a key alone",
        ),
        pytest.param(
            {"SECRET_KEY": KEY, "NEWSROOM_HTTPS": "false"},
            {"DEBUG": False, "SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 0},
            id="production inside the house, without TLS",
        ),
        pytest.param(
            {"SECRET_KEY": "$" + KEY}, {"SECRET_KEY": "$" + KEY}, id="a key that begins with a dollar"
        ),
        pytest.param(
            {"SECRET_KEY": KEY, "DEBUG": "true"}, {"DEBUG": True, "SECRET_KEY": KEY}, id="DEBUG set"
        ),
        pytest.param(
            {
                "ALLOWED_HOSTS": "news.example,www.news.example",
                "CSRF_TRUSTED_ORIGINS": "https://news.example",
                "NEWSROOM_MAX_PAGE_BYTES": "1000",
                "NEWSROOM_LOAD_STATUS": "draft",
                "NEWSROOM_PUBLICATION": "临河晚报",
                "NEWSROOM_HOME": "140800",
            },
            {
                "ALLOWED_HOSTS": ["news.example", "www.news.example"],
                "CSRF_TRUSTED_ORIGINS": ["https://news.example"],
                "NEWSROOM_MAX_PAGE_BYTES": 1000,
                "NEWSROOM_LOAD_STATUS": "draft",
                "NEWSROOM_PUBLICATION": "临河晚报",
                "NEWSROOM_HOME": "140800",
            },
            id="a newspaper's values",
        ),
    ],
)
def test_settings_are_read_from_environment(environment: dict[str, str], expected: dict[str, Any]) -> None:
    settings = settings_with(**environment)
    assert {name: settings[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        pytest.param({"DEBUG": "false"}, "SECRET_KEY is not set", id="no key"),
        pytest.param({"DEBUG": "false", "SECRET_KEY": ""}, "SECRET_KEY is not set", id="an empty key"),
        pytest.param({"NEWSROOM_LOAD_STATUS": "printed"}, "'published' or 'draft'", id="no such status"),
        pytest.param({"NEWSROOM_RATE_ANONYMOUS": "300"}, "NEWSROOM_RATE_ANONYMOUS is '300'", id="no time"),
        pytest.param({"NEWSROOM_RATE_READER": "many/minute"}, "NEWSROOM_RATE_READER is", id="no number"),
        pytest.param({"NEWSROOM_RATE_READER": "5/fortnight"}, "second, minute, hour", id="no such time"),
        pytest.param({"NEWSROOM_RATE_READER": "-5/minute"}, "NEWSROOM_RATE_READER is", id="less than none"),
        pytest.param({"NEWSROOM_RATE_READER": "\u0663/minute"}, "NEWSROOM_RATE_READER is", id="other digits"),
        pytest.param({"NEWSROOM_RATE_READER": ""}, "NEWSROOM_RATE_READER is ''", id="an empty rate"),
        pytest.param({"DATABASE_URL": ""}, "DATABASE_URL names no supported database", id="an empty address"),
        pytest.param({"DATABASE_URL": "mysql://a:b@c/d"}, "leave it out", id="another database"),
        pytest.param(
            {"REPLICA_URL": "elsewhere"}, "REPLICA_URL names no supported database", id="no address"
        ),
        pytest.param({"NEWSROOM_PROXIES": "-1"}, "the number of proxies in front", id="less than no proxy"),
    ],
)
def test_invalid_setting_is_a_one_line_error(environment: dict[str, str], message: str) -> None:
    done = python("manage.py", "check", **environment)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_wsgi_needs_secret_key() -> None:
    done = python("-c", "import newsroom.wsgi")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr.splitlines()[-1]


def test_wsgi_starts_with_key_and_debug_off() -> None:
    done = python(
        "-c", "import newsroom.wsgi; from django.conf import settings; print(settings.DEBUG)", SECRET_KEY=KEY
    )
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


def test_production_passes_djangos_deployment_checks() -> None:
    done = python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        SECRET_KEY=KEY, ALLOWED_HOSTS="news.example",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # Silenced on purpose: HSTS for subdomains and preloading would affect other sites of the newspaper.
    assert "(2 silenced)" in done.stdout


def test_logs_are_json_in_production_and_text_on_a_laptop() -> None:
    code = "import django; django.setup(); import logging; logging.getLogger('newsroom').error('新桥\\n通车')"
    environment = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "PYTHONUTF8": "1"}
    line = python("-c", code, SECRET_KEY=KEY, **environment).stderr
    assert json.loads(line)["message"] == "新桥\n通车"
    assert python("-c", code, **environment).stderr.endswith(" ERROR newsroom: 新桥\\n通车\n")


def test_sqlite_uses_wal_and_waits_for_writers(tmp_path: Path) -> None:
    done = python("-c", ASK_SQLITE, DATABASE_URL=f"sqlite:///{tmp_path / 'newsroom.sqlite3'}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["wal", 1, 20_000]
    assert settings_with()["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    "url", ["", "postgres://newsroom:secret@db.example:5432/newsroom"], ids=["sqlite", "postgres"]
)
def test_atomic_requests_is_off(url: str) -> None:
    database = settings_with(**({"DATABASE_URL": url} if url else {}))["DATABASES"]["default"]
    assert "ATOMIC_REQUESTS" not in database
