"""Choose the folders for the database and the cache: in a checkout its own, else outside of the installed package."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]  # the checkout, or site-packages
CHECKOUT = _ROOT if (_ROOT / "manage.py").is_file() else None


def data_folder() -> Path:
    """Return the folder of the SQLite database: the checkout, else the current folder.

    So the database is seen where it is used, a copy of the folder is a backup, and a second paper has a second folder.
    """
    return CHECKOUT or Path.cwd()


def cache_folder() -> Path:
    """Return `NEWSROOM_CACHE_DIR`; else `.cache` in the checkout; else the folder for caches of the user."""
    if folder := os.environ.get("NEWSROOM_CACHE_DIR"):
        return Path(folder)
    if CHECKOUT:
        return CHECKOUT / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsroom"
