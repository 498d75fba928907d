"""Ten minutes of loads, edits by four editors, and reads at the same time: no request fails and no change is lost."""

import itertools
import os
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from django.contrib.auth.models import Permission, User

from articles.models import ApiToken
from tests.reliability.test_workers import worker_of
from tests.support.loading import PAGE, Shared, run_loadseeds
from tests.support.serving import manage, served

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
EDITORS, READERS = 4, 4
BATCH = 15  # pages in each delivery
READ = (
    *("/api/v1/articles/", "/api/v1/articles/?q=新桥", "/api/v1/articles/?q=早市 大棚", "/api/v1/places/"),
    *("/api/v1/articles/?format=csv", "/api/v1/reporters/", "/api/v1/pages/", "/admin/login/"),
)
PAGES, ARTICLES = "count(*) FROM articles_page", "count(*) FROM articles_article"
# A connection a request: one that is idle for two seconds is closed by gunicorn, maybe while a request is on its way.
LIMITS = httpx.Limits(max_keepalive_connections=0)
# Accepted changes: each adds a version.
CHANGES = "sum(version - 1) FROM articles_article"
STORED = "count(*) FROM articles_historicalarticle WHERE history_username <> ''"


@dataclass
class Day:
    """The events of the soak, shared by all threads."""

    address: str
    until: float
    statuses: Counter[str] = field(default_factory=Counter)
    headlines: dict[int, str] = field(default_factory=dict)
    accepted: int = 0
    loaded: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, answer: httpx.Response) -> httpx.Response:
        with self.lock:
            self.statuses[f"{what} {answer.status_code}"] += 1
            if answer.status_code >= 500:
                self.failures.append(f"{what} {answer.url}: {answer.status_code} {answer.text[:200]}")
        return answer

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until


def read(day: Day, number: int) -> None:
    with httpx.Client(base_url=day.address, timeout=60, limits=LIMITS) as client:
        for page in itertools.islice(itertools.cycle(READ), number, None):
            day.note("read", client.get(page))
            time.sleep(0.1)
            if not day.goes_on:
                return


def edit(day: Day, number: int, secret: str) -> None:
    """Correct the headlines of the articles that belong to one editor, so that the final headlines are known."""
    chance = random.Random(number)
    with httpx.Client(
        base_url=f"{day.address}/api/v1",
        headers={"Authorization": f"Bearer {secret}"},
        timeout=60,
        limits=LIMITS,
    ) as client:
        for count in itertools.count():
            if not day.goes_on:
                return
            newest = day.note("list", client.get("/articles/", params={"page_size": 40})).json()["results"]
            mine = [article["id"] for article in newest if article["id"] % EDITORS == number]
            for pk in chance.sample(mine, min(3, len(mine))):
                found = day.note("get", client.get(f"/articles/{pk}/"))
                headline = f"编辑{number}第{count}次改题"
                match = {"If-Match": found.headers["ETag"]}
                answer = day.note(
                    "write", client.patch(f"/articles/{pk}/", json={"headline": headline}, headers=match)
                )
                if answer.status_code == 200:
                    with day.lock:
                        day.accepted += 1
                        day.headlines[pk] = headline
                time.sleep(0.2)


def load(day: Day, folder: Path, shared: Shared) -> None:
    """Add some pages at a time and load the whole folder each time, as cron does."""
    while day.goes_on:
        for number in range(day.loaded, day.loaded + BATCH):
            text = PAGE.replace("第6版", f"第{number + 1}版")
            (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
        done = run_loadseeds(folder, DATABASE_URL=shared.url)
        if done.returncode:
            day.failures.append(f"loadseeds: {done.returncode} {done.stderr}")
        day.loaded += BATCH
        time.sleep(1)


def kilobytes(process: int) -> int:
    done = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.fixture
def secrets(transactional_db: None) -> list[str]:  # noqa: ARG001 - the database is written
    found = []
    for number in range(EDITORS):
        user = User.objects.create_user(f"bian{number}")
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="articles"))
        found.append(ApiToken.objects.issue(user, "soak")[1])
    return found


@pytest.mark.soak
def test_soak_of_loads_edits_and_reads(
    secrets: list[str], request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSROOM_RATE_ANONYMOUS", "100000/minute")
    shared: Shared = request.getfixturevalue("shared")
    (folder := tmp_path / "archive").mkdir()
    with served(shared) as address:
        day = Day(address, time.monotonic() + SECONDS)
        work: list[tuple[Callable[..., None], tuple[object, ...]]] = [
            (load, (folder, shared)),
            *((edit, (number, secret)) for number, secret in enumerate(secrets)),
            *((read, (number,)) for number in range(READERS)),
        ]
        threads = [threading.Thread(target=task, args=(day, *arguments)) for task, arguments in work]
        for thread in threads:
            thread.start()
        time.sleep(SECONDS / 3)  # until caches are filled
        before = kilobytes(worker_of(address))
        for thread in threads:
            thread.join()
        after = kilobytes(worker_of(address))
    print(
        f"\n{SECONDS:.0f} s: {day.loaded} pages loaded, {day.accepted} changes; {dict(sorted(day.statuses.items()))}; "
        f"the server took {before // 1024} MB after a third, {after // 1024} MB in the end"
    )
    assert day.failures == []
    assert {status.split()[1] for status in day.statuses} <= {"200", "412", "429"}
    assert day.accepted > SECONDS
    assert shared.numbers(PAGES, ARTICLES) == [day.loaded, 2 * day.loaded]
    assert shared.numbers(CHANGES) == [day.accepted]
    for pk, headline in day.headlines.items():
        assert shared.numbers(f"{ARTICLES} WHERE id = {pk} AND headline = '{headline}'") == [1]
    assert shared.numbers(STORED) == [day.accepted]
    assert after < before * 1.2
    assert manage(shared, "verify").endswith("no faults.")
