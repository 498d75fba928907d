"""Which database a request reads: anonymous readers of the API the replica, everybody else the one that is written.

Two files tell them apart, of which one is late; a replica of PostgreSQL's own follows a server that only this test has.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from django.contrib.auth.models import User

from articles.models import ApiToken, Article
from tests.support import serving
from tests.support.clusters import Cluster, primary_and_replica, programs
from tests.support.loading import Shared
from tests.support.queueing import only_postgresql, until

pytestmark = pytest.mark.slow

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
    serving.manage(
        shared,
        "shell",
        "-c",
        f"from articles.models import Article; Article.objects.get().correct(headline='{NEW}')",
    )
    monkeypatch.setenv("REPLICA_URL", f"sqlite:///{late}")
    with serving.served(shared) as found:
        yield f"{found}/api/v1"


def test_each_reads_what_he_may_miss_nothing_by(address: str, secret: str) -> None:
    readers_without_a_name_read_the_replica(address)
    whoever_may_have_written_reads_what_was_written(address, secret)
    a_write_goes_where_everybody_writes(address, secret)


def readers_without_a_name_read_the_replica(address: str) -> None:
    for _ in range(2):
        answers = {path: serving.get(f"{address}{path}").text for path in ANONYMOUS}
        assert {path for path, text in answers.items() if OLD not in text or NEW in text} == set()


def whoever_may_have_written_reads_what_was_written(address: str, secret: str) -> None:
    for headers in ({"Authorization": f"Bearer {secret}"}, {"Cookie": "sessionid=none"}):
        for path in ANONYMOUS:
            text = serving.get(f"{address}{path}", headers=headers).text
            assert NEW in text
            assert OLD not in text


def a_write_goes_where_everybody_writes(address: str, secret: str) -> None:
    token = {"Authorization": f"Bearer {secret}"}
    found = serving.get(f"{address}/articles/1/", headers=token)
    change = {"headline": "新桥合龙"}
    done = httpx.patch(
        f"{address}/articles/1/",
        json=change,
        headers={**token, "If-Match": found.headers["ETag"]},
        verify=False,
    )
    assert done.status_code == 200, done.text
    assert serving.get(f"{address}/articles/1/", headers=token).json()["headline"] == "新桥合龙"
    assert serving.get(f"{address}/articles/1/").json()["headline"] == OLD


# --- a replica that follows ---------------------------------------------------------------------------


@pytest.fixture
def clusters() -> Iterator[tuple[Cluster, Cluster]]:
    with primary_and_replica() as (primary, replica):
        serving.manage(Shared(primary.url), "migrate")
        yield primary, replica


def change(writer: psycopg.Connection[tuple[str]], article: int, headline: str) -> None:
    writer.execute(
        "UPDATE articles_article SET headline = %s, updated_at = now() WHERE id = %s", (headline, article)
    )


@pytest.mark.skipif(programs() is None, reason="PostgreSQL's own programs are not on this machine")
@only_postgresql
def test_what_is_kept_of_a_replica_is_let_go_whenever_it_has_followed(
    clusters: tuple[Cluster, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    primary, replica = clusters
    insert = "for pk in (1, 2, 3): Article.objects.create(pk=pk, headline='旧', body='', status='published')"
    serving.manage(Shared(primary.url), "shell", "-c", f"from articles.models import Article\n{insert}")
    monkeypatch.setenv("REPLICA_URL", replica.url)
    with (
        psycopg.connect(primary.url) as first,
        psycopg.connect(primary.url) as second,
        psycopg.connect(primary.url) as third,
        serving.served(Shared(primary.url)) as address,
    ):

        def has_arrived() -> list[str]:
            """The headlines, once the replica has all that is committed."""
            with psycopg.connect(primary.url) as here, psycopg.connect(replica.url, autocommit=True) as there:
                (end,) = here.execute("SELECT pg_current_wal_lsn()::text").fetchone() or ("",)
                until(
                    lambda: (
                        there.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (end,)).fetchone()
                        == (True,)
                    )
                )
            rows = serving.get(f"{address}/api/v1/articles/").json()["results"]
            return [row["headline"] for row in sorted(rows, key=lambda row: row["id"])]

        assert has_arrived() == ["旧", "旧", "旧"]
        for number, writer in enumerate((first, second, third), 1):
            change(writer, number, "新")
        third.commit()
        assert has_arrived() == ["旧", "旧", "新"]
        second.commit()
        assert has_arrived() == ["旧", "新", "新"]
        first.commit()
        assert has_arrived() == ["新", "新", "新"]
