"""Starts workers and queues files for tests, each command as a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from .loading import PATIENCE, ROOT, Shared, run_loadseeds

IS_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
only_postgresql = pytest.mark.skipif(
    not IS_POSTGRESQL, reason="the queue is in PostgreSQL: set DATABASE_URL=postgres://..."
)


def start(shared: Shared, *command: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "manage.py", *map(str, command)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def workers(
    shared: Shared, count: int, stalled_after: int = PATIENCE
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start so many workers, and kill them afterwards."""
    started = [start(shared, "worker", "--stalled-after", stalled_after) for _ in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.communicate()


def enqueue(shared: Shared, *arguments: object) -> subprocess.CompletedProcess[str]:
    return run_loadseeds("--queue", *arguments, DATABASE_URL=shared.url)


def until(happens: Callable[[], object], patience: int = PATIENCE) -> None:
    """Wait until the condition is true, for `patience` seconds at most."""
    end = time.monotonic() + patience
    while not happens():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)
