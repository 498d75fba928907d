"""Tests that the files for GitHub and development containers parse, and name existing parts and targets."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_IN_YAML = sorted(
    path.relative_to(ROOT)
    for folder in (".github", ".devcontainer")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".yml", ".yaml"}
)


def read(name: str | Path) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


JOBS: dict[str, Any] = read(".github/workflows/ci.yml")["jobs"]


@pytest.mark.parametrize("path", WRITTEN_IN_YAML, ids=str)
def test_a_file_in_yaml_can_be_read(path: Path) -> None:
    assert isinstance(read(path), dict)


def test_ci_runs_parts_of_ci_run_and_targets_of_make_that_exist() -> None:
    parts = re.findall(r"^(\w+)\(\) \{", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    steps = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    run = {part for step in steps for part in re.findall(r"^\.ci/run (\w+)$", step)}
    assert {"tools", "audit", "sqlite", "postgres"} <= run <= set(parts)
    assert {step for step in steps if not step.startswith(".ci/run ")} <= {f"make {name}" for name in targets}


def test_ci_runs_on_each_supported_python_beside_postgresql() -> None:
    assert JOBS["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert JOBS["test"]["services"]["postgres"]["ports"] == ["127.0.0.1:5432:5432"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project) == ["3.11", "3.12", "3.13"]


def test_the_development_container_names_files_and_a_service_that_exist() -> None:
    folder = ROOT / ".devcontainer"
    container = json.loads((folder / "devcontainer.json").read_text(encoding="utf-8"))
    service = read(folder / container["dockerComposeFile"])["services"][container["service"]]
    assert (folder / service["build"] / "Dockerfile").exists()
    assert service["volumes"] == [f"..:{container['workspaceFolder']}:cached"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda path: path.name
)
def test_an_issue_form_asks_for_something(path: Path) -> None:
    form = read(path)
    assert {"name", "description", "body"} <= set(form)
    assert any(part.get("validations", {}).get("required") for part in form["body"])
