"""The archives of the benchmarks: a SQLite file of each size, in the cache folder for the next run."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = Path(os.environ.get("NEWSROOM_CACHE_DIR") or ROOT / ".cache") / "benchmarks"

# In processes of their own, because Django opens its database at the start.
_MIGRATE = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
_FILL = "import django; django.setup(); from tests.benchmarks.filling import fill; fill({articles})"


def environment(path: Path) -> dict[str, str]:
    """The environment variables with which Django uses a database file."""
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PYTHONPATH": str(ROOT),
    }


def archive(articles: int) -> Path:
    """The file of an archive, created if missing: some seconds for each thousand articles."""
    digest = hashlib.sha256(Path(__file__).with_name("filling.py").read_bytes()).hexdigest()[:10]
    path = CACHE / f"archive-{articles}-{digest}.sqlite3"
    if not path.exists():
        print(f"Making an archive of {articles:,} articles ...", flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".part")
        made.unlink(missing_ok=True)
        run(_MIGRATE, made)
        run([sys.executable, "-c", _FILL.format(articles=articles)], made)
        made.rename(path)
    run(_MIGRATE, path)  # applies new migrations
    return path


# A save writes the row of an article even without changes.
WRITE = "UPDATE articles_article SET version = version WHERE id = (SELECT MAX(id) FROM articles_article)"


def write(path: Path) -> None:
    """Save an article without changes, as a write by another user."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(WRITE)


def run(command: list[str], database: Path) -> None:
    subprocess.run(command, cwd=ROOT, env=environment(database), check=True)
