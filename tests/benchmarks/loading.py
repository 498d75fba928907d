"""Measures the loading of pages by stage, and other ways to write the same rows.

Run as `python -m tests.benchmarks.loading WAY FOLDER [FILE]`: each way is a process of its own with an empty database,
so that its memory is its own; it prints its figures as JSON.
"""

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import django

from .archive import ROOT, environment, run

# The first pages of a load are compared with as many at its end: a quarter of all, at most this number.
_QUARTERS, _MOST = 4, 1_000
# The tables that a load writes, in the order of their foreign keys.
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

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "安邦昌晨达德恩芳丰刚光国海浩恒宏华辉建杰金俊康兰立林明宁鹏平瑞盛泰涛伟文祥鑫永志"


def write_pages(folder: Path, count: int) -> None:
    """Write the labelled pages as `count` pages in editions of eight, each with its own order of paragraphs.

    Each also has an article of its own, by a reporter and about a company of whom no other page has heard: an archive
    that grows has ever more records in which a name is looked for.
    """
    from tests.support.gate import labelled_pages  # noqa: PLC0415 - needs no Django, but this module's parent sets none up

    chance = random.Random(count)
    texts = [page.text for page in labelled_pages()]
    for number in range(count):
        paragraphs = texts[number % len(texts)].split("\n\n")
        chance.shuffle(paragraphs)
        edition, page = divmod(number, 8)
        day = f"{2000 + edition // 336}年{edition // 28 % 12 + 1}月{edition % 28 + 1}日"
        text = "\n\n".join([f"临河日报 {day} 第{page + 1}版", *paragraphs, _brief(number)])
        (folder / f"page-{number:06}.txt").write_text(text, encoding="utf-8", newline="")


def _brief(number: int) -> str:
    """A unique article."""
    reporter = _SURNAMES[number % 20] + _GIVEN[number // 20 % 40] + _GIVEN[number // 800 % 40]
    company = _GIVEN[number % 40] + _GIVEN[number // 40 % 40] + _GIVEN[number // 1600 % 40]
    return (
        f"{company}公司新厂房竣工投产\n　　本报讯（记者 {reporter}）昨天上午，盐湖区{company}机械制造有限公司的新厂房竣工。"
        f"公司负责人说，一年能造农机{number + 100}台。"
    )


def measure(pages: int, ways: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The figures of some ways to load pages; ways that only copy rows copy those of the way `tagger`."""
    figures = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pages"
        folder.mkdir()
        write_pages(folder, pages)
        loaded = Path(temporary) / "tagger.sqlite3"
        for way in ways:
            database = Path(temporary) / f"{way}.sqlite3"
            command = [sys.executable, "-m", "tests.benchmarks.loading", way, str(folder), str(loaded)]
            done = subprocess.run(
                command, cwd=ROOT, env=environment(database), check=True, stdout=subprocess.PIPE, text=True
            )
            figures[way] = json.loads(done.stdout)
    return figures


def main(way: str, folder: Path, loaded: Path) -> dict[str, Any]:
    """Load in one way; `loaded` is the database from which some ways copy rows."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    call_command("migrate", verbosity=0)
    paths = sorted(folder.iterdir())
    go = _ways(way, loaded)
    go(paths[:1])  # warm up
    paths = paths[1:]
    size = len(paths) if way in COPIES else min(-(-len(paths) // _QUARTERS), _MOST)
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
    from articles.reading.pipeline import read_page, read_structure  # noqa: PLC0415 - needs Django
    from tests.support.loading import load  # noqa: PLC0415

    if way in {"find", "gazetteer"}:
        mock.patch("articles.reading.names.recognition.load_tagger", return_value=None).start()
    if way == "structure":
        mock.patch("articles.reading.pipeline.store.read_page", lambda data, *_: read_structure(data)).start()
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
    """Load the output of `dumpdata`, which another process writes."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    dump = loaded.with_suffix(".json")
    run([sys.executable, "manage.py", "dumpdata", "articles", "--output", str(dump)], loaded)
    call_command("loaddata", str(dump), verbosity=0)


def _copy(loaded: Path) -> None:
    """Copy the rows by one statement for each table, in one transaction, with the search triggers."""
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
