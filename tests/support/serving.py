"""Server processes that share a database with the tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from .loading import PATIENCE, ROOT, Shared

# Without TLS verification: loading the system's certificates takes longer than a response.
get = partial(httpx.get, verify=False, timeout=PATIENCE)
Client = partial(httpx.Client, verify=False, timeout=PATIENCE)


def manage(shared: Shared, *arguments: object, **environment: str) -> str:
    """Run a command of manage.py and return its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url, **environment},
        check=True,
        stdin=subprocess.DEVNULL,  # no command asks a question
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@contextmanager
def served(shared: Shared) -> Iterator[str]:
    """The address of a server with the shared database."""
    # No rate limits: all requests of a test come from one address.
    environment = {
        **os.environ,
        "DATABASE_URL": shared.url,
        "DEBUG": "true",
        "NEWSROOM_RATE_ANONYMOUS": "100000/minute",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "newsroom.wsgi",
        "--threads",
        "4",
        "--timeout",
        str(PATIENCE),
    ]
    with started([*command, "--bind"], ROOT, environment) as address:
        yield address


@contextmanager
def started(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Start a server by a command, to which address and port are added, and yield its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, f"127.0.0.1:{port}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(PATIENCE * 10):
            try:
                get(f"{address}/api/v1/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()
