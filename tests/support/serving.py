"""A server process over a database that the tests share with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx

from .loading import ROOT, Shared

_PATIENCE = 30  # seconds that a server may take to start

# What is asked speaks no TLS, and to read the certificates of the system takes longer than an answer.
get = partial(httpx.get, verify=False)
Client = partial(httpx.Client, verify=False)


def manage(shared: Shared, *arguments: object, **environment: str) -> str:
    """Run a command of manage.py, and give what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@contextmanager
def served(shared: Shared) -> Iterator[str]:
    """The address of a server over the shared database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"],
        cwd=ROOT,
        # A test asks as fast as it can, and all from one address.
        env={
            **os.environ,
            "DATABASE_URL": shared.url,
            "DEBUG": "true",
            "NEWSROOM_RATE_ANONYMOUS": "100000/minute",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(_PATIENCE * 10):
            try:
                get(f"{address}/api/v1/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()
