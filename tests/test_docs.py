"""Tests that the documents name only settings, files, tests and commands that exist."""

import re
import shlex
import shutil
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from articles.models import Article

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/api.md",
    "docs/architecture.md",
    "docs/desk.md",
    "docs/operations.md",
    "docs/performance.md",
    "docs/releasing.md",
    "docs/reliability.md",
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_readme_lists_every_setting_and_no_other() -> None:
    sources = [text_of("newsroom/settings.py"), text_of("articles/installation.py")]
    read = set(re.findall(r'(?:env\.\w+|environ\.get|_rate|_database)\("(\w+)"', "".join(sources))) - {
        "XDG_CACHE_HOME"
    }
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of("README.md"), re.MULTILINE))
    assert "SECRET_KEY" in read
    assert listed == read


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_that_are_named_exist(document: str) -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", text_of(document), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_are_named_exist(document: str) -> None:
    text, folder = text_of(document), (ROOT / document).parent
    named = re.findall(r"`((?:articles|newsroom|seeds|tests|scripts|\.ci)/[\w./-]*)`", text)
    linked = re.findall(r"\]\(([\w./-]+)\)", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert [path for path in linked if not (folder / path).exists()] == []


def test_each_promise_names_tests_that_exist() -> None:
    rows = [
        line
        for line in text_of("docs/reliability.md").partition("## Ten minutes")[0].splitlines()
        if re.match(r"\| (?!Case|-)", line)
    ]
    named = {row: re.findall(r"`([\w/]+\.py)::(\w+)`", row) for row in rows}
    assert len(rows) > 50
    assert [row for row, tests in named.items() if not tests] == []
    missing = [
        f"{file}::{name}"
        for tests in named.values()
        for file, name in tests
        if f"def {name}(" not in text_of(f"tests/{file}")
    ]
    assert missing == []


def test_the_newest_release_in_the_changelog_is_the_version() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert re.findall(r"^## (\S+) - \d{4}-\d\d-\d\d$", text_of("CHANGELOG.md"), re.MULTILINE)[0] == version
    assert f"newsroom-{version}-py3-none-any.whl" in text_of("README.md")


@pytest.mark.slow
@pytest.mark.django_db
def test_requests_in_readme_are_answered(client: Client) -> None:
    paths = re.findall(r"curl '?http://localhost:8000([^'\s]+)", text_of("README.md"))
    assert paths
    call_command("loadseeds", stdout=StringIO())
    assert [path for path in paths if client.get(path).status_code != 200] == []


@pytest.mark.django_db
def test_commands_in_readme_run(tmp_path: Path) -> None:
    shutil.copy(ROOT / "seeds" / "city_daily_five_stories_20240725.txt", tmp_path)
    lines = re.findall(
        r"manage\.py ((?:loadseeds .+|explain .+|apitoken .+))$", text_of("README.md"), re.MULTILINE
    )
    assert len(lines) >= 4
    User.objects.create_user("editor")
    for line in lines:
        command, *arguments = shlex.split(line.replace("/path/to/pages", str(tmp_path)))
        if command == "explain":
            arguments[0] = str(_article_naming(arguments[1]))
        call_command(command, *arguments)


def _article_naming(surface: str) -> int:
    return Article.objects.filter(mentions__surface=surface).order_by("pk").values_list("pk", flat=True)[0]
