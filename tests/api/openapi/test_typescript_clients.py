"""Tests clients that are generated in TypeScript, and the recommended rules of two linters of OpenAPI documents."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from articles.models import ApiToken, Article
from tests.factories import make_article
from tests.support.loading import PATIENCE, ROOT, Shared
from tests.support.serving import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed"),
    # The document is the same over every database, and the tools take a minute to install.
    pytest.mark.skipif(connection.vendor != "sqlite", reason="clients are generated over SQLite alone"),
]
SOURCES = Path(__file__).with_name("clients")
# Tools for this test alone, of fixed versions; nothing of them is part of Newsroom.
PACKAGES = (
    *("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "orval@8.38.0", "@hey-api/openapi-ts@0.99.0"),
    *("@stoplight/spectral-cli@6.16.3", "@redocly/cli@2.77.0", "typescript@5.9.3"),
)
GENERATORS = (
    ("openapi-typescript", "openapi.json", "-o", "generated/types.d.ts"),
    ("orval", "--config", "orval.config.cjs"),
    ("openapi-ts", "-i", "openapi.json", "-o", "generated/hey", "-c", "@hey-api/client-fetch"),
)


# Installed once, as that takes a minute: the versions are fixed.
TOOLS = ROOT / ".cache" / f"typescript_clients-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:16]}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document, the sources of the clients, and the tools."""
    TOOLS.parent.mkdir(exist_ok=True)
    with TOOLS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not TOOLS.exists():
            _install(TOOLS.with_suffix(".partial")).rename(TOOLS)
    made = tmp_path_factory.mktemp("typescript_clients")
    shutil.copytree(SOURCES, made, dirs_exist_ok=True)
    (made / "node_modules").symlink_to(TOOLS / "node_modules")
    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)
    (made / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    return made


def _install(partial: Path) -> Path:
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    (partial / "package.json").write_text('{"private": true}', encoding="utf-8")
    install = ["npm", "install", "--no-audit", "--no-fund", "--fetch-retries=1", "--save-exact", *PACKAGES]
    try:
        subprocess.run(install, cwd=partial, check=True, capture_output=True, text=True, timeout=300)
    except subprocess.SubprocessError as error:  # perhaps no registry answers
        shutil.rmtree(partial)
        pytest.skip(f"npm has not installed the tools: {error}")
    return partial


def run(folder: Path, tool: str, *arguments: str) -> str:
    """The output of one of the tools."""
    done = subprocess.run(
        [str(folder / "node_modules" / ".bin" / tool), *arguments],
        cwd=folder, check=False, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def program(folder: Path) -> Path:
    """The program that uses all clients, compiled."""
    for tool, *arguments in GENERATORS:
        run(folder, tool, *arguments)
    run(folder, "tsc", "-p", "tsconfig.json")
    return folder / "made" / "run.js"


@pytest.fixture
def token(transactional_db: None) -> str:  # noqa: ARG001 - the database is written
    for headline in ("大桥通车", "早市搬家", "学校开学"):
        make_article(headline)
    return ApiToken.objects.issue(User.objects.create_superuser("chief"), "tests")[1]


@pytest.fixture
def server(token: str, request: pytest.FixtureRequest) -> Iterator[str]:  # noqa: ARG001 - the archive is filled before
    shared: Shared = request.getfixturevalue("shared")
    with served(shared) as address:
        yield address


def test_generated_clients_list_read_and_write(program: Path, server: str, token: str) -> None:
    done = subprocess.run(
        ["node", str(program), server, token], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-3000:]
    headlines = list(Article.objects.order_by("pk").values_list("headline", flat=True)[:2])
    names = {"heyApi": "hey-api", "openapiFetch": "openapi-fetch", "orval": "orval"}
    assert json.loads(done.stdout) == {client: [*headlines, name] for client, name in names.items()}


def test_document_meets_the_recommended_rules_of_spectral(folder: Path) -> None:
    found: Any = json.loads(
        run(folder, "spectral", "lint", "--quiet", "-r", "spectral.yaml", "-f", "json", "openapi.json")
        or "[]"
    )
    assert found == []


def test_document_meets_the_recommended_rules_of_redocly(folder: Path) -> None:
    found: Any = json.loads(run(folder, "redocly", "lint", "--format=json", "openapi.json"))
    assert found["problems"] == []
