"""Loaders as processes: several at once, and ones that are stopped."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.loading import PAGE, ROOT, run_loadseeds


@dataclass(frozen=True)
class Shared:
    """A database that other processes see too; `file` is None on a server."""

    url: str
    file: Path | None = None

    def numbers(self, *selects: str) -> list[int]:
        """The first number that each SELECT gives."""
        with closing(sqlite3.connect(self.file)) if self.file else connection.cursor() as database:
            return [database.execute(f"SELECT {select}").fetchone()[0] for select in selects]


@pytest.fixture
def shared(tmp_path: Path, transactional_db: None) -> Shared:  # noqa: ARG001 - the database may be used
    """The tests' own database on a server; on SQLite, where that is in memory, a copy in a file."""
    if connection.vendor != "sqlite":
        server = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
        return Shared("postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**server))
    file = tmp_path / "newsroom.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # As `migrate` leaves it: of several processes that turn it on at once, SQLite may refuse all but one.
        copy.execute("PRAGMA journal_mode=WAL")
    return Shared(f"sqlite:///{file}", file)


PAGES = "count(*) FROM articles_page"
ARTICLES = "count(*) FROM articles_article"
REPORTERS = "count(*) FROM articles_reporter"
FILES = "count(*) FROM articles_loadfile"
UNFINISHED = "count(*) FROM articles_load WHERE finished_at IS NULL"
HALF_PAGES = (
    "count(*) FROM (SELECT page_id FROM articles_article GROUP BY page_id HAVING count(*) <> 2) AS half"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Sixty pages of two articles each."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(PAGE.replace("第6版", f"第{number + 1}版"), encoding="utf-8")
    return folder


def start(folder: Path, shared: Shared) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "manage.py", "loadseeds", str(folder), "--format", "json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_three_loaders_at_once_load_every_page_once(archive: Path, shared: Shared) -> None:
    loaders = [start(archive, shared) for _ in range(3)]
    answers: list[dict[str, Any]] = []
    for loader in loaders:
        out, err = loader.communicate(timeout=120)
        assert (loader.returncode, err) == (0, "")
        answers.append(json.loads(out))
    files = [answer["tally"]["files"] for answer in answers]
    assert sum(count["created"] for count in files) == 60
    assert sum(count["unchanged"] for count in files) == 120
    assert sum(answer["tally"]["articles"]["created"] for answer in answers) == 120
    assert shared.numbers(PAGES, ARTICLES, REPORTERS, HALF_PAGES) == [60, 120, 3, 0]
    assert shared.numbers(f"{FILES} WHERE outcome = 'created'") == [60]


@pytest.mark.parametrize(
    ("number", "code"),
    [pytest.param(signal.SIGTERM, 143, id="SIGTERM"), pytest.param(signal.SIGINT, 130, id="Ctrl-C")],
)
def test_a_loader_that_is_stopped(archive: Path, shared: Shared, number: int, code: int) -> None:
    loader = start(archive, shared)
    assert loader.stdout is not None
    first = loader.stdout.readline() + loader.stdout.readline()
    loader.send_signal(number)
    rest, err = loader.communicate(timeout=60)
    assert (loader.returncode, err) == (code, "")
    done = json.loads(first + rest)["tally"]["files"]["created"]
    pages, articles, files, unfinished = shared.numbers(PAGES, ARTICLES, FILES, UNFINISHED)
    # Between the end of a page's transaction and the next line of output the signal may come too.
    assert pages in {done, done + 1}
    assert pages < 60
    assert (articles, files, unfinished) == (2 * pages, pages, 1)
    again = run_loadseeds(archive, DATABASE_URL=shared.url)
    assert again.returncode == 0, again.stderr
    assert shared.numbers(PAGES, ARTICLES, HALF_PAGES) == [60, 120, 0]


@pytest.mark.soak
def test_a_loader_that_is_killed_at_any_moment_leaves_no_half_page(archive: Path, shared: Shared) -> None:
    for number in range(20):
        loader = start(archive, shared)
        assert loader.stdout is not None
        for _ in range(1 + number % 4):
            loader.stdout.readline()
        loader.kill()
        loader.communicate()
        pages, files = shared.numbers(PAGES, f"{FILES} WHERE outcome = 'created'")
        assert (pages, shared.numbers(HALF_PAGES)) == (files, [0])
    assert run_loadseeds(archive, DATABASE_URL=shared.url).returncode == 0
    assert shared.numbers(PAGES, ARTICLES, HALF_PAGES) == [60, 120, 0]
