"""Measures pages per second on one core, reading only and with storing, without a tagger."""

import time
from pathlib import Path

import pytest

from articles.loading import file_plan
from articles.reading.pipeline import read_structure
from tests.support.gate import SEEDS, labelled_pages
from tests.support.loading import load

COPIES = 12
TARGET = 200  # pages a second

pytestmark = pytest.mark.benchmark


def editions(folder: Path) -> list[Path]:
    """The labelled pages and seeds in several editions with different header lines, so that all are new."""
    paths = []
    for page in labelled_pages():
        for copy in range(COPIES):
            path = folder / f"{page.name}_{copy}.txt"
            path.write_text(
                f"临河日报 2024年7月{copy + 1}日 第{copy + 1}版\n\n{page.text}", encoding="utf-8", newline=""
            )
            paths.append(path)
    return paths


@pytest.mark.django_db
def test_structure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_plan, "read_page", lambda data, *_: read_structure(data))
    paths = editions(tmp_path)
    for seed in SEEDS.glob("*.txt"):  # warm up
        read_structure(seed.read_bytes())
    start = time.process_time()
    for path in paths:
        read_structure(path.read_bytes())
    read = time.process_time() - start
    start = time.process_time()
    results = load(*paths)
    loaded = time.process_time() - start
    characters = sum(len(path.read_text("utf-8")) for path in paths)
    print(
        f"\n{len(paths)} pages of {characters // len(paths)} characters, {sum(r.articles['created'] for r in results)} articles"
    )
    print(f"read only        {len(paths) / read:6.0f} pages a second of CPU time")
    print(f"read and stored  {len(paths) / loaded:6.0f} pages a second of CPU time")
    assert len(paths) / read >= TARGET
