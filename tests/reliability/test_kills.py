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
# Longer than two pages take, so that a kill comes at any moment of a page.
_LONGEST = 0.05


def archive(folder: Path, size: int) -> Path:
    """Pages of two articles each."""
    folder.mkdir()
    for number in range(size):
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
    size, seen = len(list(folder.iterdir())), 0
    for seed in seeds:
        kill_a_loader(folder, shared, random.Random(seed))
        pages, articles, files = shared.numbers(PAGES, ARTICLES, CREATED)
        assert (articles, files, shared.numbers(HALF_PAGES)) == (2 * pages, pages, [0]), f"seed {seed}"
        assert pages > seen, f"seed {seed}"
        seen = pages
    assert seen < size, "all was loaded before the last kill"
    done = run_loadseeds(folder, DATABASE_URL=shared.url)
    assert (done.returncode, done.stderr) == (0, "")
    counts = shared.numbers(PAGES, ARTICLES, BYLINES, CREATED, HALF_PAGES)
    assert counts == [size, 2 * size, 3 * size, size, 0]


def test_a_loader_that_is_killed_leaves_no_half_page(tmp_path: Path, shared: Shared) -> None:
    check_kills(archive(tmp_path / "archive", 25), shared, range(2))


@pytest.mark.soak
def test_twenty_kills_in_a_row(tmp_path: Path, shared: Shared) -> None:
    check_kills(archive(tmp_path / "archive", 100), shared, range(20))
    assert manage(shared, "verify") == "Verified 100 pages, 200 articles: no faults."
