"""Tests loaders as processes: several at once, and stopped ones."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.loading import (
    ARTICLES,
    HALF_PAGES,
    PAGES,
    PATIENCE,
    ROOT,
    Shared,
    run_loadseeds,
    write_archive,
)

REPORTERS = "count(*) FROM articles_reporter"
FILES = "count(*) FROM articles_loadfile"
UNFINISHED = "count(*) FROM articles_load WHERE finished_at IS NULL"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Sixty pages of two articles each."""
    return write_archive(tmp_path / "archive", 60)


def start(folder: Path, shared: Shared) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "manage.py", "loadseeds", str(folder), "--format", "json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_three_loaders_load_every_page_once(archive: Path, shared: Shared) -> None:
    loaders = [start(archive, shared) for _ in range(3)]
    answers: list[dict[str, Any]] = []
    for loader in loaders:
        out, err = loader.communicate(timeout=PATIENCE)
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
def test_stopped_loader_rolls_back_current_page(
    archive: Path, shared: Shared, number: int, code: int
) -> None:
    loader = start(archive, shared)
    assert loader.stdout is not None
    first = loader.stdout.readline() + loader.stdout.readline()
    loader.send_signal(number)
    rest, err = loader.communicate(timeout=PATIENCE)
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
