"""Which database a request reads: the replica for anonymous API clients, the primary for all others.

On SQLite an older copy of the file is the replica; on PostgreSQL a streaming replica of a server that the test starts.
"""

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
    """The address of a server whose replica lacks the last change."""
    shared: Shared = request.getfixturevalue("shared")
    if shared.file is None:
        pytest.skip("needs a copy of an SQLite file")
    late = shutil.copy(shared.file, tmp_path / "replica.sqlite3")
    serving.manage(
        shared,
        "shell",
        "-c",
        f"from articles.editing.article_corrections import correct_article; from articles.models import Article; correct_article(Article.objects.get(), headline='{NEW}')",
    )
    monkeypatch.setenv("REPLICA_URL", f"sqlite:///{late}")
    with serving.served(shared) as found:
        yield f"{found}/api/v1"


def test_only_anonymous_requests_read_the_replica(address: str, secret: str) -> None:
    anonymous_requests_read_replica(address)
    authenticated_requests_read_primary(address, secret)
    writes_go_to_primary(address, secret)


def anonymous_requests_read_replica(address: str) -> None:
    for _ in range(2):
        answers = {path: serving.get(f"{address}{path}").text for path in ANONYMOUS}
        assert {path for path, text in answers.items() if OLD not in text or NEW in text} == set()


def authenticated_requests_read_primary(address: str, secret: str) -> None:
    for headers in ({"Authorization": f"Bearer {secret}"}, {"Cookie": "sessionid=none"}):
        for path in ANONYMOUS:
            text = serving.get(f"{address}{path}", headers=headers).text
            assert NEW in text
            assert OLD not in text


def writes_go_to_primary(address: str, secret: str) -> None:
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


# --- Streaming replication ----------------------------------------------------------------------------


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
def test_caches_follow_a_streaming_replica(
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
            """The headlines, after the replica has received all commits."""
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
