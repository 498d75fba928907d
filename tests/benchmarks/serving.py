"""Runs the three applications in gunicorn and measures their requests."""

import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import floor
from .archive import CACHE, ROOT, environment

WARM_UP = 2  # requests to each address before the measurement
SECONDS = 1.5  # the shortest CPU or wall time of a measurement
CLIENTS = 250  # the throttle counts each separately
MAX_REQUESTS = 1_500  # fewer than the throttle allows for that number of clients


@dataclass(frozen=True, slots=True)
class Question:
    """An address; `headers` are sent with it."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds per request: CPU time of the server process, and time until the response."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


class Server:
    """A gunicorn worker with an application."""

    def __init__(self, port: int, worker: int) -> None:
        self._port, self._worker = port, worker
        self._asked = 0

    def ask(self, question: Question) -> Answer:
        """Send a request as one of many clients."""
        self._asked += 1
        headers = {
            "Host": floor.HOST,
            "X-Forwarded-For": f"10.0.0.{self._asked % CLIENTS}",
            **dict(question.headers),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=600)
        connection.request("GET", question.path, headers=headers)
        response = connection.getresponse()
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return answer

    def cost(self, questions: Sequence[Question], status: int = 200) -> Cost:
        """The mean cost of the questions, asked in turn for the minimum time."""
        for question in [*questions] * WARM_UP:
            if (got := self.ask(question).status) != status:
                raise RuntimeError(f"{question.path}: {got}, not {status}")
        walls: list[float] = []
        before, began = cpu_of(self._worker), time.perf_counter()
        while len(walls) < MAX_REQUESTS:
            for question in questions:
                start = time.perf_counter()
                self.ask(question)
                walls.append(time.perf_counter() - start)
            if time.perf_counter() - began > SECONDS:
                break
        cpu = cpu_of(self._worker) - before
        return Cost(cpu / len(walls) * 1000, statistics.median(walls) * 1000)

    def cost_after(self, happens: Callable[[], None], questions: Sequence[Question]) -> float:
        """CPU milliseconds per request, each after a call of `happens`."""
        self.ask(questions[0])
        asked, cpu, began = 0, 0.0, time.perf_counter()
        while asked < MAX_REQUESTS and (asked < len(questions) or time.perf_counter() - began < SECONDS):
            happens()
            before = cpu_of(self._worker)
            self.ask(questions[asked % len(questions)])
            cpu += cpu_of(self._worker) - before
            asked += 1
        return cpu / asked * 1000

    def first_cost(self, questions: Sequence[Question]) -> float:
        """CPU milliseconds per request, each for the first time."""
        before = cpu_of(self._worker)
        for question in questions:
            self.ask(question)
        return (cpu_of(self._worker) - before) / len(questions) * 1000

    def cpu(self) -> float:
        """The CPU seconds of the worker until now."""
        return cpu_of(self._worker)

    def memory(self) -> float:
        """The peak memory of the worker in MiB."""
        for line in Path(f"/proc/{self._worker}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the kernel tells nothing of VmHWM")


def cpu_of(process: int) -> float:
    """The CPU seconds of a process with one thread, in nanosecond resolution, unlike /proc/PID/stat."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


APPLICATIONS = {
    "newsroom": ("newsroom.wsgi:application", "newsroom.settings"),
    "textbook": ("django.core.wsgi:get_wsgi_application()", "tests.benchmarks.textbook_settings"),
    "floor": ("tests.benchmarks.floor:application", ""),
}


@contextmanager
def serving(name: str, archive: Path) -> Iterator[Server]:
    """Serve an application with a SQLite archive at a free port."""
    application, settings = APPLICATIONS[name]
    variables = {"FLOOR": str(floor.tables(archive)), "ARCHIVE": str(archive)}
    with started(
        application, environment(archive) | variables | {"DJANGO_SETTINGS_MODULE": settings}
    ) as server:
        yield server


@contextmanager
def started(application: str, variables: dict[str, str]) -> Iterator[Server]:
    """Start one gunicorn worker as in production, with these environment variables."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    production = {
        "SECRET_KEY": "only-for-a-benchmark-" * 3,
        "DEBUG": "false",
        "ALLOWED_HOSTS": floor.HOST,
        "NEWSROOM_HTTPS": "false",
        # Requests come from many clients, so that production's rate limits can stay.
        "NEWSROOM_PROXIES": "1",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers=1",
        f"--bind=127.0.0.1:{port}",
        "--log-level=warning",
    ]
    CACHE.mkdir(parents=True, exist_ok=True)
    # Logging is part of the cost; the log is read only if the server does not start.
    with (CACHE / f"{application.partition('.')[0]}-{port}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*command, application], cwd=ROOT, env=variables | production, stdout=log, stderr=log
        )
    try:
        yield Server(port, _worker_of(process, port))
    finally:
        process.terminate()
        process.wait()


def _worker_of(started: subprocess.Popen[bytes], port: int) -> int:
    """The process id of the worker, once it answers."""
    for _ in range(300):
        time.sleep(0.1)
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
        with socket.socket() as probe:
            if children and probe.connect_ex(("127.0.0.1", port)) == 0:
                return int(children[0])
        if started.poll() is not None:
            break
    raise RuntimeError(f"gunicorn did not start at port {port}: its log is in {CACHE}")
