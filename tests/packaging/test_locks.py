"""Tests that the locks have what pyproject.toml declares, in one version each, and that running needs the least."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


def locked(name: str) -> dict[str, str]:
    """The packages of a lock: "name==version", each with its hashes."""
    lines = (ROOT / name).read_text(encoding="utf-8").replace(" \\\n", " ").splitlines()
    return {line.split()[0]: " ".join(re.findall(r"--hash=\S+", line)) for line in lines if "==" in line}


def names(packages: dict[str, str]) -> set[str]:
    return {package.partition("==")[0] for package in packages}


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=]", requirement)[0] for requirement in requirements}


RUN, S3, DEV = locked("requirements.lock"), locked("requirements-s3.lock"), locked("requirements-dev.lock")


def test_requirements_lock_holds_what_running_needs() -> None:
    run = declared(PROJECT["project"]["dependencies"] + EXTRAS["tagger"] + EXTRAS["postgres"])
    assert len(run) > 15
    assert run <= names(RUN)
    assert declared(PROJECT["dependency-groups"]["dev"]) & names(RUN) <= {"jsonschema"}  # of drf-spectacular


def test_requirements_s3_lock_adds_the_extra_to_requirements_lock() -> None:
    assert declared(EXTRAS["s3"]) <= names(S3)
    assert names(S3) & names(RUN) == set()


def test_requirements_dev_lock_holds_all_of_it() -> None:
    assert declared(PROJECT["dependency-groups"]["dev"]) <= names(DEV)
    assert {**DEV, **RUN, **S3} == DEV


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-s3.lock", "requirements-dev.lock"])
def test_a_lock_names_no_registry(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_make_run_says_the_size_of_what_it_installs() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    packages, size = re.findall(r"what running needs .*: (\d+) packages, .* (\d+) MB on disk", makefile)[0]
    assert int(packages) == pytest.approx(len(names(RUN)), abs=3)  # some are for Windows alone
    files = [file for name in names(RUN) - {"colorama", "tzdata"} for file in distribution(name).files or ()]
    on_disk = sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file())
    assert int(size) == pytest.approx(on_disk / 1e6, rel=0.25)
