"""Tests a client generated from the OpenAPI document against a server process."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from articles.models import ApiToken
from tests.support.loading import PAGE, ROOT, Shared, load
from tests.support.serving import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package that openapi-python-client makes of the document."""
    folder = tmp_path_factory.mktemp("generated")
    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [
        "generate",
        "--path",
        "openapi.json",
        "--config",
        "config.yml",
        "--output-path",
        "made",
        "--fail-on-warning",
    ]
    subprocess.run(
        [str(Path(sys.executable).with_name("openapi-python-client")), *command],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    sys.path.insert(0, str(folder / "made"))
    # The package in clients/ has the same name.
    for name in [name for name in sys.modules if name.partition(".")[0] == "newsroom_client"]:
        del sys.modules[name]
    return importlib.import_module("newsroom_client")


def pages(folder: Path, first: int) -> Path:
    """A folder of ten pages of two articles each."""
    folder.mkdir()
    for number in range(first, first + 10):
        text = PAGE.replace("第6版", f"第{number}版").replace("14日", f"{number % 28 + 1}日")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def token(transactional_db: None, tmp_path: Path) -> str:  # noqa: ARG001 - the database is written
    """The token of a superuser, in an archive of twenty articles."""
    load(pages(tmp_path / "first", 100))
    return ApiToken.objects.issue(User.objects.create_superuser("chief"), "tests")[1]


@pytest.fixture
def archive(token: str, request: pytest.FixtureRequest) -> Shared:  # noqa: ARG001 - the archive is filled before it is copied
    shared: Shared = request.getfixturevalue("shared")
    return shared


@pytest.fixture
def server(archive: Shared) -> Iterator[str]:
    """The address of a server over the archive."""
    with served(archive) as address:
        yield address


def test_generated_client_lists_filters_searches_pages_and_writes(
    generated: ModuleType, server: str, archive: Shared, token: str, tmp_path: Path
) -> None:
    articles = Operations("newsroom_client.api.articles")
    with generated.Client(base_url=server) as client:
        lists_filters_and_searches(articles, client)
        walks_while_another_process_loads(articles, client, archive, pages(tmp_path / "second", 200))
    with generated.AuthenticatedClient(base_url=server, token=token) as client:
        writes_with_etags(articles, client)


def lists_filters_and_searches(articles: Operations, client: Any) -> None:
    listed = articles("list").sync(client=client, count=True, page_size=7)
    assert (listed.count, len(listed.results)) == (20, 7)
    day = dt.date(2023, 9, 18)
    on_a_day = articles("list").sync(client=client, issue_date_after=day, issue_date_before=day)
    assert {article.issue_date for article in on_a_day.results} == {day}
    refused = articles("list").sync_detailed(client=client, reporter="x")
    assert (refused.status_code, refused.parsed.errors[0].parameter) == (400, "reporter")
    found = articles("list").sync(client=client, q="大棚", page_size=100)
    assert {article.headline for article in found.results} == {"早市搬进新家"}
    assert "<mark>大棚</mark>" in found.results[0].highlights[-1].fragment
    facets = articles("facets").sync(client=client, q="大棚")
    assert [(value.name, value.count) for value in facets.reporter] == [("何小满", 10)]


def walks_while_another_process_loads(
    articles: Operations, client: Any, shared: Shared, folder: Path
) -> None:
    before = {article.id for page in walk(articles, client) for article in page}
    assert len(before) == 20
    loader = subprocess.Popen(
        [sys.executable, "manage.py", "loadseeds", str(folder)],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": shared.url}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while loader.poll() is None:
        seen = [article.id for page in walk(articles, client) for article in page]
        assert len(seen) == len(set(seen))
        assert before <= set(seen)
    assert loader.returncode == 0
    assert len({article.id for page in walk(articles, client) for article in page}) == 40


def writes_with_etags(articles: Operations, client: Any) -> None:
    pk = articles("list").sync(client=client).results[0].id
    change = importlib.import_module("newsroom_client.models").PatchedArticleWrite(headline="新桥通车了")
    read = articles("retrieve").sync_detailed(pk, client=client)
    tag = read.headers["ETag"]
    written = articles("partial_update").sync_detailed(pk, client=client, body=change, if_match=tag)
    assert (written.status_code, written.parsed.headline) == (200, "新桥通车了")
    stale = articles("partial_update").sync_detailed(pk, client=client, body=change, if_match=tag)
    assert stale.status_code == 412
    withdrawn = articles("withdraw").sync_detailed(pk, client=client, if_match=written.headers["ETag"])
    assert withdrawn.parsed.status == "withdrawn"
    again = articles("publish").sync_detailed(pk, client=client, if_match=withdrawn.headers["ETag"])
    assert again.parsed.status == "published"


class Operations:
    """The generated functions of a resource, by the names of its actions."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __call__(self, action: str) -> Any:
        return importlib.import_module(f"{self._package}.{self._package.rpartition('.')[2]}_{action}")


def walk(articles: Operations, client: Any) -> Iterator[list[Any]]:
    """The pages of the list, each by the cursor of the one before."""
    cursor: dict[str, str] = {}
    while True:
        page = articles("list").sync(client=client, page_size=3, **cursor)
        yield page.results
        if page.next_ is None:
            return
        cursor = {"cursor": parse_qs(urlsplit(page.next_).query)["cursor"][0]}
