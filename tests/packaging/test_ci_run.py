"""Tests `.ci/run`: without PostgreSQL it fails in continuous integration, and says so in its last line elsewhere."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "postgres://postgres@127.0.0.1:1/postgres"  # where no server listens


def run(
    folder: Path, *parts: str, make: str = "exit 0", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a copy of `.ci/run` in a folder where `make` is a script, and no server of PostgreSQL is found."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci")
    for name, script in {
        "make": f'echo "make $* $DATABASE_URL"; {make}',
        "chromium": "",
        "xgettext": "",
        "nginx": "",
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    for name in ("sh", "env", "dirname"):
        (folder / name).symlink_to(str(shutil.which(name)))
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "WITHOUT_POSTGRES"}}
    return subprocess.run(
        ["sh", ".ci/run", *parts],
        cwd=folder,
        env=inherited | {"PATH": str(folder), "DATABASE_URL": NOWHERE} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        pytest.param({"CI": "true"}, 1, id="ci"),
        pytest.param({"CI": "true", "WITHOUT_POSTGRES": "true"}, 0, id="ci-wanted-so"),
        pytest.param({}, 0, id="laptop"),
    ],
)
def test_without_postgresql_the_last_line_says_so(
    environment: dict[str, str], code: int, tmp_path: Path
) -> None:
    done = run(tmp_path, **environment)
    assert done.returncode == code
    assert done.stdout.splitlines()[:2] == ["make audit " + NOWHERE, "make test "]
    assert done.stdout.splitlines()[-1].startswith("NOT tested over PostgreSQL: ")


def test_a_part_that_fails_ends_the_run_with_its_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, "sqlite", "postgres", make="exit 7")
    assert (done.returncode, done.stdout) == (7, "make test \n")


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "mysql")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ".ci/run: there is no part mysql\n"
