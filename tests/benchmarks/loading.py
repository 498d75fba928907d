"""What loading a page costs, stage by stage, and what the same rows cost when they are loaded in other ways.

Run as `python -m tests.benchmarks.loading WAY FOLDER [FILE]`: each way is a process of its own with an empty database,
so that its memory is its own; it prints its figures as JSON.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import django

from .archive import ROOT, environment, run

_STEPS = 4  # parts of a load whose pages are compared, the first with the last
# The tables that a load writes, those first that others refer to.
_TABLES = (
    "page", "load", "loadfile", "article", "reporter", "byline", "place", "organization", "mention",
    "placeappearance", "organizationappearance",
)  # fmt: skip
WAYS = {
    "read": "read only: structure",
    "find": "read only: names by the gazetteer",
    "tag": "read only: names with the tagger",
    "structure": "loaded: structure",
    "gazetteer": "loaded: names by the gazetteer",
    "tagger": "loaded: names with the tagger",
    "loaddata": "the same rows by loaddata",
    "executemany": "the same rows by executemany",
}

COPIES = {"loaddata", "executemany"}


def write_pages(folder: Path, count: int) -> None:
    """The labelled pages in so many editions, each with a header and an order of paragraphs of its own."""
    from tests.gate import labelled_pages  # noqa: PLC0415 - needs no Django, but this module's parent sets none up

    chance = random.Random(count)
    texts = [page.text for page in labelled_pages()]
    for number in range(count):
        paragraphs = texts[number % len(texts)].split("\n\n")
        chance.shuffle(paragraphs)
        day = f"{2015 + number // 336}年{number // 28 % 12 + 1}月{number % 28 + 1}日"
        text = "\n\n".join([f"临河日报 {day} 第{number % 8 + 1}版", *paragraphs])
        (folder / f"page-{number:06}.txt").write_text(text, encoding="utf-8", newline="")


def measure(pages: int) -> dict[str, dict[str, Any]]:
    """The figures of every way to load so many pages."""
    figures = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pages"
        folder.mkdir()
        write_pages(folder, pages)
        loaded = Path(temporary) / "tagger.sqlite3"
        for way in WAYS:
            database = Path(temporary) / f"{way}.sqlite3"
            command = [sys.executable, "-m", "tests.benchmarks.loading", way, str(folder), str(loaded)]
            done = subprocess.run(
                command, cwd=ROOT, env=environment(database), check=True, stdout=subprocess.PIPE, text=True
            )
            figures[way] = json.loads(done.stdout)
    return figures


def main(way: str, folder: Path, loaded: Path) -> dict[str, Any]:
    """Load in one way; `loaded` is the database with the rows for the ways that only copy them."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    call_command("migrate", verbosity=0)
    paths = sorted(folder.iterdir())
    go = _ways(way, loaded)
    go(paths[:1])  # what is read once
    paths = paths[1:]
    size = len(paths) if way in COPIES else -(-len(paths) // _STEPS)
    start = time.process_time()
    steps = []
    for first in range(0, len(paths), size):
        begun, step = time.process_time(), paths[first : first + size]
        go(step)
        steps.append((time.process_time() - begun) / len(step) * 1000)
    seconds = time.process_time() - start
    return {
        "page": seconds / len(paths) * 1000,
        "steps": steps,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _ways(way: str, loaded: Path) -> Callable[[list[Path]], object]:
    from articles.ingest import read_page, read_structure  # noqa: PLC0415 - needs Django
    from tests.loading import load  # noqa: PLC0415

    if way in {"find", "gazetteer"}:
        mock.patch("articles.ingest.mentions.tagger", return_value=None).start()
    if way == "structure":
        mock.patch("articles.ingest.store.read_page", lambda data, *_: read_structure(data)).start()
    reads: dict[str, Callable[[bytes], object]] = {
        "read": read_structure,
        "find": read_page,
        "tag": read_page,
    }
    if way in reads:
        return lambda paths: [reads[way](path.read_bytes()) for path in paths]
    if way in COPIES:
        copy = {"loaddata": _load_dump, "executemany": _copy}[way]
        return lambda paths: copy(loaded) if len(paths) > 1 else None
    return lambda paths: load(*paths)


def _load_dump(loaded: Path) -> None:
    """Load what `dumpdata` wrote; to write it is another process's time."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    dump = loaded.with_suffix(".json")
    run([sys.executable, "manage.py", "dumpdata", "articles", "--output", str(dump)], loaded)
    call_command("loaddata", str(dump), verbosity=0)


def _copy(loaded: Path) -> None:
    """Write the rows by one statement a table, in one transaction; triggers index the text all the same."""
    from django.db import connection, transaction  # noqa: PLC0415 - Django is set up by now

    with closing(sqlite3.connect(loaded)) as source, transaction.atomic(), connection.cursor() as cursor:
        for table in _TABLES:
            columns = [
                name
                for _, name, *_, hidden in source.execute(f"PRAGMA table_xinfo(articles_{table})")
                if not hidden
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            rows = source.execute(f"SELECT {names} FROM articles_{table}").fetchall()
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO articles_{table} ({names}) VALUES ({marks})", rows)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
