"""Pages and loads for tests; `read_plainly` replaces the reader where only storing is tested."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles.loading import file_plan
from articles.loading.imprint import Imprint, StatedImprint
from articles.loading.load_ledger import LoadLedger
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import FileResult, Loader
from articles.loading.sources.files import list_files
from articles.models import Load
from articles.reading.pipeline import read_page
from articles.reading.values import Block, Byline, Page, Reading, Rejected, Residue, Story

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600
"""Seconds after which a process or server counts as hanging; far more than it takes on the slowest machine."""

BRIDGE = "大桥通车\n记者 周明 吴芳\n昨天，新桥迎来第一批车辆。\n"
SCHOOL = "新学校开学\n记者 周明\n三百名学生走进教室。\n"
MARKET = "早市搬家\n记者 何小满\n菜农都有了固定摊位。\n"

# A page as papers print them, for tests of the whole way.
PAGE = """沂河晚报 2023年9月14日 星期四 第6版 民生

新桥昨天通车

本报讯（记者 周明 通讯员 吴芳）昨天上午，横跨沂河的新桥正式通车，两岸居民出行时间缩短了二十分钟。

市交通局有关负责人介绍，新桥全长一千二百米，双向六车道，两侧设有步行道。

早市搬进新家

本报讯（记者 何小满）城南早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。

大棚里通水通电，天不亮就有人来买菜，摊主们说，再也不用看天做生意了。
"""

# For `Shared.numbers`; in an archive of `write_archive` each page has two articles.
PAGES = "count(*) FROM articles_page"
ARTICLES = "count(*) FROM articles_article"
CREATED = "count(*) FROM articles_loadfile WHERE outcome = 'created'"
HALF_PAGES = (
    "count(*) FROM (SELECT page_id FROM articles_article GROUP BY page_id HAVING count(*) <> 2) AS half"
)


def write_archive(folder: Path, size: int) -> Path:
    """A new folder of so many pages, each with two articles."""
    folder.mkdir()
    for number in range(size):
        (folder / f"{number:02}.txt").write_text(PAGE.replace("第6版", f"第{number + 1}版"), encoding="utf-8")
    return folder


def read_plainly(data: bytes, *_: object) -> Reading:
    """Read stories between blank lines, each with a headline, a line of reporters, and paragraphs."""
    text = data.decode()
    if "□" in text:
        raise Rejected("bad_encoding", "a sign that no page has")
    stories, residue, start = [], [], 0
    for part in text.split("\n\n"):
        stories.append(_story(part, start))
        start += len(part) + 2
        residue.append(Residue("blank", start - 2, min(start, len(text))))
    return Reading(Page(text, hashlib.sha256(data).hexdigest(), "utf-8"), tuple(stories), tuple(residue))


def _story(part: str, start: int) -> Story:
    blocks, bylines = [], []
    for number, line in enumerate(part.rstrip("\n").split("\n")):
        kind = ("headline", "byline")[number] if number < 2 else "paragraph"
        blocks.append(Block(kind, ((start, start + len(line)),), line))  # type: ignore[arg-type]
        offset = start + 3
        for name in line.split()[1:] if kind == "byline" else ():
            bylines.append(Byline(name, "reporter", offset, offset + len(name)))
            offset += len(name) + 1
        start += len(line) + 1
    return Story(tuple(blocks), tuple(bylines))


def load(*paths: Path, status: str = "published", **stated: Any) -> list[FileResult]:
    """Load files or folders as `loadseeds` does."""
    terms = LoadTerms(StatedImprint(**stated), Imprint(), status, max_bytes=100_000)
    ledger = LoadLedger(Load(started_at=timezone.now(), paths=[str(path) for path in paths]))
    results = list(Loader(terms, ledger).load(list_files(paths)))
    ledger.close({})
    return results


def load_seeds() -> None:
    """Load the seeds into an empty database; a process reads them only once."""
    with mock.patch.object(file_plan, "read_page", lambda data, home, *_: _read_once(data, home)):
        call_command("loadseeds", stdout=StringIO())


_read_once = cache(read_page)


def outcomes(results: list[FileResult]) -> list[str]:
    return [str(result.outcome) for result in results]


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the app."""
    models = apps.get_app_config("articles").get_models()
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}


def run_loadseeds(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "loadseeds", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Shared:
    """A database that other processes use too; `file` is None on a server."""

    url: str
    file: Path | None = None

    def numbers(self, *selects: str) -> list[int]:
        """The first number that each SELECT gives."""
        with closing(sqlite3.connect(self.file)) if self.file else connection.cursor() as database:
            return [database.execute(f"SELECT {select}").fetchone()[0] for select in selects]
