"""Loaders that are killed: no half page, and the next run completes what was begun."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.loading import PAGE, ROOT, Shared, run_loadseeds
from tests.serving import manage

PAGES = "count(*) FROM articles_page"
ARTICLES = "count(*) FROM articles_article"
BYLINES = "count(*) FROM articles_byline"
CREATED = "count(*) FROM articles_loadfile WHERE outcome = 'created'"
HALF_PAGES = (
    "count(*) FROM (SELECT page_id FROM articles_article GROUP BY page_id HAVING count(*) <> 2) AS half"
)
SIZE = 80  # pages; more than are loaded before the last kill
# Longer than two pages take, so that a kill comes at any moment of a page.
_LONGEST = 0.05


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Pages of two articles each."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(SIZE):
        (folder / f"{number:03}.txt").write_text(PAGE.replace("第6版", f"第{number + 1}版"), encoding="utf-8")
    return folder


def kill_a_loader(folder: Path, shared: Shared, moment: random.Random) -> None:
    """Start a loader and kill it (SIGKILL) some milliseconds after its first page of news."""
    loader = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "loadseeds", str(folder), "--format", "json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert loader.stdout is not None
    loader.stdout.readline()
    time.sleep(moment.uniform(0, _LONGEST))
    loader.kill()
    loader.communicate()


def check_kills(folder: Path, shared: Shared, seeds: range) -> None:
    seen = 0
    for seed in seeds:
        kill_a_loader(folder, shared, random.Random(seed))
        pages, articles, files = shared.numbers(PAGES, ARTICLES, CREATED)
        assert (articles, files, shared.numbers(HALF_PAGES)) == (2 * pages, pages, [0]), f"seed {seed}"
        assert pages > seen, f"seed {seed}"
        seen = pages
    assert seen < SIZE, "all was loaded before the last kill"
    done = run_loadseeds(folder, DATABASE_URL=shared.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert shared.numbers(PAGES, ARTICLES, BYLINES, CREATED, HALF_PAGES) == [
        *(SIZE, 2 * SIZE, 3 * SIZE, SIZE),
        0,
    ]


def test_a_loader_that_is_killed_leaves_no_half_page(archive: Path, shared: Shared) -> None:
    check_kills(archive, shared, range(2))


@pytest.mark.soak
def test_twenty_kills_in_a_row(archive: Path, shared: Shared) -> None:
    check_kills(archive, shared, range(20))
    verified = manage(shared, "verify")
    assert verified == f"Verified {SIZE} pages, {2 * SIZE} articles: no faults."
