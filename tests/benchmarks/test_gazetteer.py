"""Measures the gazetteer: first build, cold start, memory and look-ups."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from articles.reading.gazetteer.divisions import load_gazetteer

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).resolve().parent.parent.parent
START = """
import resource, time
start = time.perf_counter()
from articles.reading.gazetteer.divisions import load_gazetteer
places = load_gazetteer()
places.everywhere(), places.under("140830")
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def start(cache: Path) -> tuple[float, float]:
    """The seconds and MiB that a new process needs to load the gazetteer."""
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env={**os.environ, "NEWSROOM_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, mebibytes = map(float, done.stdout.split())
    return seconds, mebibytes


def test_start(tmp_path: Path) -> None:
    first, first_memory = start(tmp_path)
    cold, cold_memory = start(tmp_path)
    (index,) = tmp_path.iterdir()
    unwritable, unwritable_memory = start(index)
    print(
        f"\nfirst build   {first:6.2f} s {first_memory:6.0f} MiB, index {index.stat().st_size / 2**20:.0f} MiB"
    )
    print(f"cold start    {cold:6.2f} s {cold_memory:6.0f} MiB")
    print(f"without cache {unwritable:6.2f} s {unwritable_memory:6.0f} MiB")
    assert cold < 3
    assert max(first_memory, cold_memory, unwritable_memory) < 400


def test_look_ups() -> None:
    places = load_gazetteer()
    looks: dict[str, Callable[[], object]] = {
        "by_code 140830105209": lambda: places.by_code("140830105209"),
        "ancestors 140830105209": lambda: places.ancestors("140830105209"),
        "named 芮城": lambda: places.named("芮城"),
        "named 金盆村 in 140830": lambda: places.named("金盆村", within="140830"),
        "named 金盆村 (53 places)": lambda: places.named("金盆村"),
        "named, unknown": lambda: places.named("三坑村定期召集村民"),
    }
    for what, look in looks.items():
        begin = time.perf_counter()
        for _ in range(1000):
            look()
        milliseconds = time.perf_counter() - begin
        print(f"\n{milliseconds:8.4f} ms  {what}", end="")
        assert milliseconds < 0.2
