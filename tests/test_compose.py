"""Tests compose.yaml without a container engine: its command lines run as processes of this machine."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.support.loading import PATIENCE, ROOT, Shared, write_archive
from tests.support.queueing import IS_POSTGRESQL, only_postgresql, until, workers

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def command(service: str, **replaced: str) -> list[str]:
    """A service's command line, with this Python and with what is elsewhere here."""
    program, *arguments = SERVICES[service]["command"]
    programs = {"python": [sys.executable], "gunicorn": [sys.executable, "-m", "gunicorn"]}
    return [*programs[program], *(replaced.get(argument, argument) for argument in arguments)]


def start(shared: Shared, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        arguments,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url, "DEBUG": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_there_are_a_database_two_web_processes_and_two_workers() -> None:
    assert SERVICES["database"]["image"].startswith("postgres:")
    assert SERVICES["web"]["command"][-2:] == ["--workers", "2"]
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert {name for name, service in SERVICES.items() if "command" in service} == {
        "migrate",
        "web",
        "worker",
        "load",
    }


def test_its_settings_are_newsrooms() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    named = set(COMPOSE["x-newsroom"]["environment"])
    assert named - listed == {"FORWARDED_ALLOW_IPS"}  # which is gunicorn's


def test_the_image_copies_what_is_there() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY ")]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    (version,) = re.findall(r"^FROM python:([\d.]+)-slim$", "\n".join(lines), re.MULTILINE)
    assert version in {"3.11", "3.12", "3.13"}


def test_the_database_is_migrated(shared: Shared) -> None:
    process = start(shared, *command("migrate"))
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert "No migrations to apply." in out


def test_gunicorn_takes_its_command_line(shared: Shared) -> None:
    process = start(shared, *command("web"), "--check-config")
    _out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err


def test_the_worker_starts_and_stops(shared: Shared) -> None:
    process = start(shared, *command("worker"))
    assert process.stdout is not None
    if not IS_POSTGRESQL:
        _out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err.count("\n")) == (2, 1)
        return
    assert process.stdout.readline().startswith("Waiting for pages")
    until(lambda: shared.numbers("count(*) FROM procrastinate_workers") == [1])
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")


@only_postgresql
def test_the_load_waits_for_the_workers(queue: Shared, tmp_path: Path) -> None:
    with workers(queue, 1):
        process = start(queue, *command("load", **{"/pages": str(write_archive(tmp_path / "pages", 2))}))
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "Files     2 created" in out
