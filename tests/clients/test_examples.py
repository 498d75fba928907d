"""The examples of clients/examples print the headlines of the newest articles, each in its language."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_article
from tests.support.loading import PATIENCE, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXAMPLES = ROOT / "clients" / "examples"
HEADLINES = [f"消息{number}" for number in range(7, 2, -1)]


@pytest.fixture
def address(live_server: LiveServer) -> str:
    cache.clear()
    for number in range(1, 8):
        make_article(f"消息{number}", date=f"2019-02-0{number}")
    return live_server.url


def printed(*command: str | Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "clients" / "python"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [str(part) for part in command], env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(address: str) -> None:
    assert printed("sh", EXAMPLES / "newest.sh", address) == HEADLINES


def test_python(address: str) -> None:
    assert printed(sys.executable, EXAMPLES / "newest.py", address) == HEADLINES


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_typescript(address: str, tmp_path: Path) -> None:
    try:
        install = ["npm", "install", "--no-audit", "--no-fund", "--fetch-retries=1", "typescript@5.9.3"]
        subprocess.run(install, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    except subprocess.SubprocessError as error:  # perhaps no registry answers
        pytest.skip(f"npm has not installed TypeScript: {error}")
    shutil.copy(EXAMPLES / "newest.ts", tmp_path)
    strict = ["--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", "commonjs"]
    assert printed(tmp_path / "node_modules/.bin/tsc", *strict, tmp_path / "newest.ts") == []
    assert printed("node", tmp_path / "newest.js", address) == HEADLINES


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r(address: str) -> None:
    assert printed("Rscript", EXAMPLES / "newest.R", address) == HEADLINES
