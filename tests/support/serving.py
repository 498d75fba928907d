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
from tempfile import TemporaryFile

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
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, f"127.0.0.1:{port}"], cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            ended = process.poll()
            process.terminate()
            process.wait()
            if ended is not None:
                log.seek(0)
                raise AssertionError(f"the server ended with {ended}:\n{log.read().decode()[-5000:]}")


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    """The address of a server that is starting, once it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            get(f"{address}/api/v1/")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            break
    else:
        raise AssertionError(f"no server answers at {address}")
    return address
