"""Which database a request reads: anonymous readers of the API the replica, everybody else the one that is written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.contrib.auth.models import User

from articles.models import ApiToken, Article
from tests.loading import Shared
from tests.serving import manage, served

OLD, NEW = "新桥开工", "新桥通车"
ANONYMOUS = (
    *("/articles/", "/articles/1/", "/articles/?q=新桥", "/articles/?format=csv", "/articles/?format=jsonl"),
    *("/articles/?format=atom", "/articles/1/?format=ninjs"),
)


@pytest.fixture
def secret(transactional_db: None) -> str:  # noqa: ARG001 - the database is written
    Article.objects.create(pk=1, headline=OLD, body="昨天。", status="published")
    user = User.objects.create_superuser("chief")
    return ApiToken.objects.issue(user, "test")[1]


@pytest.fixture
def address(
    secret: str,  # noqa: ARG001 - first the article, then its copies
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """A server with a replica to which the last change has not come yet."""
    shared: Shared = request.getfixturevalue("shared")
    if shared.file is None:
        pytest.skip("two files are compared; on a server it would take a replica")
    late = shutil.copy(shared.file, tmp_path / "replica.sqlite3")
    manage(
        shared,
        "shell",
        "-c",
        f"from articles.models import Article; Article.objects.get().correct(headline='{NEW}')",
    )
    monkeypatch.setenv("REPLICA_URL", f"sqlite:///{late}")
    with served(shared) as found:
        yield f"{found}/api/v1"


def test_each_reads_what_he_may_miss_nothing_by(address: str, secret: str) -> None:
    readers_without_a_name_read_the_replica(address)
    whoever_may_have_written_reads_what_was_written(address, secret)
    a_write_goes_where_everybody_writes(address, secret)


def readers_without_a_name_read_the_replica(address: str) -> None:
    for _ in range(2):
        answers = {path: httpx.get(f"{address}{path}").text for path in ANONYMOUS}
        assert {path for path, text in answers.items() if OLD not in text or NEW in text} == set()


def whoever_may_have_written_reads_what_was_written(address: str, secret: str) -> None:
    for headers in ({"Authorization": f"Bearer {secret}"}, {"Cookie": "sessionid=none"}):
        for path in ANONYMOUS:
            text = httpx.get(f"{address}{path}", headers=headers).text
            assert NEW in text
            assert OLD not in text


def a_write_goes_where_everybody_writes(address: str, secret: str) -> None:
    token = {"Authorization": f"Bearer {secret}"}
    found = httpx.get(f"{address}/articles/1/", headers=token)
    change = {"headline": "新桥合龙"}
    done = httpx.patch(
        f"{address}/articles/1/", json=change, headers={**token, "If-Match": found.headers["ETag"]}
    )
    assert done.status_code == 200, done.text
    assert httpx.get(f"{address}/articles/1/", headers=token).json()["headline"] == "新桥合龙"
    assert httpx.get(f"{address}/articles/1/").json()["headline"] == OLD
