"""Killed loaders leave no incomplete page, and the next run completes the load."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.loading import (
    ARTICLES,
    CREATED,
    HALF_PAGES,
    PAGES,
    ROOT,
    Shared,
    run_loadseeds,
    write_archive,
)
from tests.support.serving import manage

BYLINES = "count(*) FROM articles_byline"
# Longer than two pages take, so that a kill can come at any moment of a page.
_LONGEST = 0.05


def kill_a_loader(folder: Path, shared: Shared, moment: random.Random) -> None:
    """Start a loader and kill it (SIGKILL) some milliseconds after its first loaded page."""
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


def test_killed_loader_leaves_no_incomplete_page(tmp_path: Path, shared: Shared) -> None:
    check_kills(write_archive(tmp_path / "archive", 25), shared, range(2))


@pytest.mark.soak
def test_loader_completes_after_twenty_kills(tmp_path: Path, shared: Shared) -> None:
    check_kills(write_archive(tmp_path / "archive", 100), shared, range(20))
    assert manage(shared, "verify") == "Verified 100 pages, 200 articles: no faults."
