"""The Python client reads lists to their end, keeps a copy of the archive, and tries again when the archive is busy."""

import importlib
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from articles.editing.merging import merge
from scripts.build_client import build_client
from tests.factories import make_article, make_organization, make_page, make_places, make_reporter
from tests.support.loading import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FOLDER = ROOT / "clients" / "python"


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(FOLDER))
    # The client that another test generates has the same name.
    for name in [name for name in sys.modules if name.partition(".")[0] == "newsroom_client"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("newsroom_client")


@pytest.fixture
def archive(package: Any, live_server: LiveServer, settings: Settings) -> Iterator[Any]:
    settings.NEWSROOM_RATES = dict.fromkeys(settings.NEWSROOM_RATES, "100000/minute")
    cache.clear()
    with package.Archive(live_server.url) as one:
        yield one


def public(archive: Any) -> dict[tuple[str, int], Any]:
    """What the lists of the archive have, by kind and id."""
    kinds = {"article": "articles", "page": "pages", "reporter": "reporters", "organization": "organizations"}
    return {(kind, row["id"]): row for kind, path in kinds.items() for row in archive.rows(path)}


def test_a_list_is_read_to_its_end(archive: Any) -> None:
    made = [make_article(f"消息{number}").pk for number in range(7)]
    assert [row["id"] for row in archive.rows("articles", page_size=3, ordering="id")] == made
    assert [len(page) for page in archive.pages("articles", page_size=3)] == [3, 3, 1]


def test_an_error_is_raised_with_what_the_archive_says(archive: Any, package: Any) -> None:
    with pytest.raises(package.ArchiveError) as refused:
        archive.get("articles", publicaton="晚报")
    assert refused.value.status == 400
    assert refused.value.problem["errors"][0]["suggestion"] == "publication"


def test_a_mirror_is_as_the_archive_after_random_changes(archive: Any, package: Any, admin_user: Any) -> None:
    chance = random.Random(19)
    places = make_places()
    people = [make_reporter(f"周{number}") for number in range(6)]
    articles = [
        make_article(
            f"消息{number}", chance.choice(people), places["大王镇"], make_organization(f"公司{number}"), page=make_page(f"版{number}")
        )
        for number in range(12)
    ]  # fmt: skip
    mirror = package.Mirror(archive)
    for step in range(4):
        mirror.update()
        copy = {key: row for key, row in mirror.records.items() if key[0] != "place"}
        assert copy == public(archive)
        named = {row["name"] for (kind, _pk), row in mirror.records.items() if kind == "place"}
        assert named == {"山西省", "运城市", "芮城县", "大王镇"}
        for article in chance.sample(articles[2:], 5):
            article.headline, article.status = f"更正{step}", chance.choice(["published", "withdrawn"])
            article.save()
        articles.append(make_article(f"新闻{step}", chance.choice(people), page=make_page(f"新版{step}")))
        if step == 1:
            merge(people[5], people[4], admin_user)
    kept = package.Mirror(archive, dict(mirror.records), mirror.token)
    assert kept.update() > 0
    assert kept.update() == 0


def test_a_mirror_begins_again_after_a_restored_backup(archive: Any, package: Any) -> None:
    article = make_article()
    mirror = package.Mirror(archive, {("article", 999): {}}, "abc-7")
    mirror.update()
    assert mirror.records.keys() == {("article", article.pk)}


def test_a_busy_archive_is_asked_again_after_the_seconds_that_it_names(package: Any) -> None:
    answers: list[httpx.Response | Exception] = [
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(503),
        httpx.ConnectError("away"),
        httpx.Response(200, json={"results": [], "next": None}),
    ]
    pauses: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        one = answers.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    client = httpx.Client(transport=httpx.MockTransport(answer))
    busy = package.Archive("https://news.example", client=client, sleep=pauses.append)
    assert list(busy.rows("articles")) == []
    assert pauses == [7, 2, 4]


def test_an_archive_that_stays_busy_is_given_up(package: Any) -> None:
    client = httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(503)))
    busy = package.Archive("https://news.example", attempts=3, client=client, sleep=lambda _seconds: None)
    with pytest.raises(package.ArchiveError):
        busy.get("articles")


def test_generated_functions_have_a_function_for_each_operation(tmp_path: Path) -> None:
    build_client(tmp_path / "generated")
    made = tmp_path / "generated" / "api" / "articles" / "articles_list.py"
    assert "def sync(" in made.read_text(encoding="utf-8")
    code = "import generated.api.articles.articles_list, generated.models; print('imported')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "imported\n"
