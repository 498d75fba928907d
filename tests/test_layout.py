"""Imports point forward: along the flow of a page, and from the database to the API, never back."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
INGEST = "articles.reading.pipeline"
FLOW = (
    *("records", "files", "headers", "pages", "stories", "bylines"),
    *("gazetteer", "tagger", "surroundings", "evidence", "places", "organizations", "mentions"),
    *("link_context", "link_places", "links", "store"),
)
# What stands at the database: the store, the rooms that it calls, and what tells why rows are as they are.
WRITERS = {
    f"{INGEST}.{name}"
    for name in ("store", "article_rows", "mention_rows", "registry", "reextraction", "reasons")
}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("articles", "newsroom")
    for path in sorted((ROOT / package).rglob("*.py"))
}
BEFORE_STORE = [name for name in MODULES if name.startswith(f"{INGEST}.") and name not in WRITERS]


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that a module's source imports, at its top or inside a function.

    `from articles.reading.pipeline import pages` counts as `articles.reading.formats.plain_text`, as pages is a module of ours;
    `from articles.reading.formats.plain_text import read` as `articles.reading.formats.plain_text`.
    """
    found = set()
    is_package = MODULES[module].name == "__init__.py"
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: -(node.level - 1) or None] if node.level else []
            source = ".".join([*parents, *filter(None, [node.module])])
            found |= {
                name if (name := f"{source}.{alias.name}") in MODULES else source for alias in node.names
            }
    return frozenset(found)


@cache
def reaches(module: str) -> frozenset[str]:
    """All that a module imports, itself or through other modules of ours."""
    found: set[str] = set()
    waiting = {module}
    while waiting:
        new = imports(waiting.pop()) - found
        found |= new
        waiting |= {name for name in new if name in MODULES}
    return frozenset(found)


@pytest.mark.parametrize("stage", FLOW)
def test_a_stage_imports_no_later_stage(stage: str) -> None:
    if f"{INGEST}.{stage}" not in MODULES:
        pytest.fail(f"{stage}.py is gone: change FLOW in {Path(__file__).name} with it")
    later = {f"{INGEST}.{name}" for name in FLOW[FLOW.index(stage) + 1 :]}
    assert reaches(f"{INGEST}.{stage}") & later == set()


@pytest.mark.parametrize("module", BEFORE_STORE)
def test_reading_a_page_needs_no_django(module: str) -> None:
    assert {name for name in reaches(module) if name.split(".")[0] in {"django", "rest_framework"}} == set()


def test_a_page_is_read_without_django() -> None:
    code = "import sys, articles.reading.pipeline as ingest; ingest.read_page('本报讯'.encode()); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


@pytest.mark.parametrize(
    "module", [name for name in MODULES if name.startswith(("articles.api", "articles.models"))]
)
def test_what_is_shown_does_not_depend_on_how_it_was_loaded(module: str) -> None:
    assert {name for name in imports(module) if name.startswith(INGEST)} == set()


def test_no_imports_go_in_circles() -> None:
    assert [name for name in MODULES if name in reaches(name)] == []
