"""The folders of the database and the cache, in a checkout and where the package is installed."""

from pathlib import Path

import pytest

from articles import installation
from articles.installation import cache_folder, data_folder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEWSROOM_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """As where there is no `manage.py` beside the package; gives the current folder, which is the home too."""
    monkeypatch.setattr(installation, "CHECKOUT", None)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_in_a_checkout_files_are_in_it() -> None:
    assert (data_folder(), cache_folder()) == (ROOT, ROOT / ".cache")


def test_an_installed_package_writes_to_the_current_folder_and_the_users_caches(installed: Path) -> None:
    assert (data_folder(), cache_folder()) == (installed, installed / ".cache" / "newsroom")


def test_the_folder_for_caches_may_be_elsewhere(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(installed / "caches"))
    assert cache_folder() == installed / "caches" / "newsroom"
    monkeypatch.setenv("NEWSROOM_CACHE_DIR", str(installed / "own"))
    assert cache_folder() == installed / "own"
