"""Tests the wheel: it has all files of both packages; installed, it migrates, loads a file and serves."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from articles.installation import cache_folder
from articles.reading.gazetteer.divisions import load_gazetteer
from tests.support.loading import ROOT
from tests.support.serving import Client, started

PAGE = ROOT / "seeds" / "city_daily_five_stories_20240725.txt"


@dataclass(frozen=True)
class Installation:
    """A wheel in an environment of its own, and the empty folder in which it is used."""

    packages: Path
    program: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but what a new user has; the home is beside the folder."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder.parent / "home"), "PYTHONUTF8": "1"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def added(self) -> set[str]:
        """What is in the folder of the packages and did not come with the wheel."""
        (record,) = self.packages.glob("newsroom-*.dist-info/RECORD")
        installed = {line.split(",")[0] for line in record.read_text(encoding="utf-8").splitlines()}
        files = {path for path in self.packages.rglob("*") if path.is_file() and path.suffix != ".pyc"}
        return {path.relative_to(self.packages).as_posix() for path in files} - installed


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what the tests run in, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-build-isolation", f"--wheel-dir={folder}", ROOT)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture
def installation(wheel: Path, tmp_path: Path) -> Installation:
    """Install the wheel; what it needs is found where the tests have it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    _pip(f"--python={python}", "install", "--no-index", "--no-compile", wheel)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(
        f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n"
    )
    (tmp_path / "home" / ".cache").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    # The index of divisions takes seconds to build, and is the same.
    load_gazetteer()
    (tmp_path / "home" / ".cache" / "newsroom").symlink_to(cache_folder())
    return Installation(packages, python.with_name("newsroom"), tmp_path / "work")


def _pip(*arguments: object) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            *map(str, arguments),
            "--no-deps",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_all_of_the_two_packages_is_in_the_wheel(wheel: Path) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for package in ("articles", "newsroom")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {Path(name).suffix for name in files} >= {
        ".py",
        ".html",
        ".css",
        ".js",
        ".svg",
        ".mo",
        ".xz",
        ".txt",
    }
    packed = zipfile.ZipFile(wheel).namelist()
    assert {name for name in packed if ".dist-info/" not in name} == files


def test_an_installed_newsroom_migrates_loads_and_serves(installation: Installation) -> None:
    shutil.copy(PAGE, installation.folder)
    for command in (["migrate", "--verbosity=0"], ["loadseeds", PAGE.name]):
        done = installation.run(*command)
        assert (done.returncode, done.stderr) == (0, "")
    server = [str(installation.program), "runserver", "--noreload"]
    with (
        started(server, installation.folder, installation.environment) as address,
        Client(base_url=address) as client,
    ):
        assert len(client.get("/api/v1/articles/").json()["results"]) == 5
        page = client.get("/admin/login/").text
        assert "登录" in page
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert any("/newsroom/" in file for file in files)
        assert [file for file in files if client.get(file).status_code != 200] == []
    written = {path.name.partition("-")[0] for path in installation.folder.iterdir()}
    assert written == {PAGE.name, "newsroom.sqlite3"}
    assert installation.added() == {"needed.pth"}
