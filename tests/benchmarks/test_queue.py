"""Measures pages per second with one worker and with two.

The ratio is of wall clock, so it tells of the code only where nothing else keeps the cores busy; 1.7 is wanted there.
"""

import os
import subprocess
import time
from pathlib import Path

import pytest

from articles.models import Load
from tests.benchmarks.loading import write_pages
from tests.support.loading import Shared, run_loadseeds
from tests.support.queueing import only_postgresql, until, workers

pytestmark = [pytest.mark.benchmark, only_postgresql]

WARM_UP = 8
PAGES = 100


def test_two_workers_against_one(queue: Shared, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    write_pages(folder, 2 * (WARM_UP + PAGES))
    paths = sorted(folder.iterdir())
    size = sum(path.stat().st_size for path in paths) // len(paths)
    print(
        f"\n{PAGES} pages of {size:,} bytes; {os.cpu_count()} cores, {os.getloadavg()[0]:.1f} processes wanted one"
    )
    speeds = []
    for count in (1, 2):
        ours, paths = paths[: WARM_UP + PAGES], paths[WARM_UP + PAGES :]
        with workers(queue, count) as started:
            load(queue, ours[:WARM_UP])
            before = cpu(started)
            seconds = load(queue, ours[WARM_UP:])
            spent = (cpu(started) - before) / PAGES * 1000
        speeds.append(PAGES / seconds)
        print(
            f"{count} worker{'s' * (count > 1)}: {speeds[-1]:.1f} pages a second, {spent:.0f} ms of their CPU time a page"
        )
    print(f"ratio: {speeds[1] / speeds[0]:.2f}")


def load(shared: Shared, paths: list[Path]) -> float:
    """The seconds from the queueing of the pages until the last is loaded."""
    assert run_loadseeds("--queue", *paths, DATABASE_URL=shared.url).returncode == 0
    begun = time.monotonic()
    until(lambda: not Load.objects.filter(finished_at=None).exists(), patience=600)
    return time.monotonic() - begun


def cpu(processes: list[subprocess.Popen[str]]) -> float:
    """The CPU seconds of processes until now, in all their threads."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
