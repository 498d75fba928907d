"""Tests that the pages of a PDF are loaded, recorded, replaced and tried again one by one."""

import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.editing.article_corrections import correct_article
from articles.loading.sources.files import NumberedPage, split_page_name
from articles.loading.sources.source_listing import (
    list_rejected_sources,
    list_sources,
    origin_from_json,
    origin_to_json,
)
from articles.models import Article, LoadFile, Page, PageSetting
from articles.models.page import page_layout
from tests.support.loading import PAGE, dump, load
from tests.support.pdf_files import Canvas, write_pdf

pytestmark = pytest.mark.django_db


def story(headline: str, *lines: str) -> Canvas:
    canvas = Canvas()
    canvas.text(90, 60, headline, 24)
    canvas.column(40, 90, lines)
    return canvas


BRIDGE = story(
    "南河大桥通车", "\u3000\u3000昨日上午南河大桥通", "车，第一批车辆驶过桥", "面，两岸居民在桥头。"
)
BOOKS = story(
    "书屋开到地头", "\u3000\u3000流动书屋昨日开进条", "田边的承包点，借阅的", "多是农机书籍和童话。"
)
ROAD = story("公路开始养护", "\u3000\u3000国道春季养护昨日开", "工，养护期间半幅通行", "，限速每小时四十里。")


def write(folder: Path, *pages: Canvas, name: str = "20190201.pdf") -> Path:
    path = folder / name
    path.write_bytes(write_pdf(*pages))
    return path


def ledger() -> list[tuple[str, str, str]]:
    rows = LoadFile.objects.order_by("pk").values_list("path", "outcome", "reason")
    return [(Path(path).name, outcome, reason) for path, outcome, reason in rows]


def headlines() -> list[str]:
    current = Article.objects.filter(page__in=Page.objects.current(), status="published")
    return sorted(current.values_list("headline", flat=True))


def test_each_page_of_a_file_is_a_page_of_the_archive(tmp_path: Path) -> None:
    load(write(tmp_path, BRIDGE, Canvas(), BOOKS))
    assert ledger() == [
        ("20190201.pdf#page=1", "created", ""),
        ("20190201.pdf#page=2", "rejected", "no_text"),
        ("20190201.pdf#page=3", "created", ""),
    ]
    assert headlines() == ["书屋开到地头", "南河大桥通车"]
    bridge = Page.objects.get(articles__headline="南河大桥通车")
    assert str(bridge.issue_date) == "2019-02-01"
    layout = page_layout(bridge)
    assert layout
    assert (layout.format, layout.number) == ("pdf", 1)
    assert [bridge.text[line.start : line.end] for line in layout.lines] == [
        line.strip() for line in bridge.text.split("\n") if line.strip()
    ]


def test_loading_a_file_again_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, BRIDGE, BOOKS)
    load(path)
    before = dump()
    assert [result.outcome for result in load(path)] == ["unchanged", "unchanged"]
    assert dump() == before


def test_new_version_of_a_file_replaces_its_pages_and_leaves_what_editors_decided(tmp_path: Path) -> None:
    load(write(tmp_path, BRIDGE, BOOKS))
    bridge = Article.objects.get(headline="南河大桥通车")
    correct_article(bridge, headline="南河大桥昨日通车")
    load(write(tmp_path, BRIDGE, ROAD))
    assert headlines() == ["公路开始养护", "南河大桥昨日通车"]
    bridge.refresh_from_db()
    assert bridge.page in Page.objects.current()
    assert PageSetting.objects.count() == 4


def test_reading_stored_pages_again_reads_them_by_their_layout(tmp_path: Path) -> None:
    path = write(tmp_path, BRIDGE, BOOKS)
    load(path)
    path.unlink()
    before = dump()
    call_command("loadseeds", "--reextract")
    assert dump() == before


def test_file_is_found_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    load(write(tmp_path, BRIDGE, name="0730.txt"))
    assert split_page_name("0730.txt#page=1") == ("0730.txt", 1)
    text = tmp_path / "text.pdf"
    text.write_text(PAGE, encoding="utf-8")
    load(text)
    assert [row[:2] for row in ledger()] == [("0730.txt#page=1", "created"), ("text.pdf", "created")]


def test_folders_and_zips_have_texts_and_pdfs_together(tmp_path: Path) -> None:
    write(tmp_path, BRIDGE, name="a.pdf")
    (tmp_path / "b.txt").write_text(PAGE, encoding="utf-8")
    archive = tmp_path / "more.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("c.PDF", write_pdf(BOOKS))
        opened.writestr("d.jpg", b"x")
    names = [Path(origin.name).name for origin in list_sources([str(tmp_path), str(archive)])]
    assert names == ["a.pdf", "b.txt", "c.PDF"]
    call_command("loadseeds", str(tmp_path), str(archive))
    assert [row[0] for row in ledger()] == ["a.pdf#page=1", "b.txt", "c.PDF#page=1"]


def test_dry_run_shows_each_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("loadseeds", str(write(tmp_path, BRIDGE, BOOKS)), "--dry-run", "--format", "json")
    printed = json.loads(capsys.readouterr().out)
    assert [Path(page["path"]).name for page in printed["pages"]] == [
        "20190201.pdf#page=1",
        "20190201.pdf#page=2",
    ]
    assert not Page.objects.exists()


def test_rejected_page_is_tried_again_by_itself(tmp_path: Path) -> None:
    path = write(tmp_path, BRIDGE, Canvas())
    load(path)
    write(tmp_path, BRIDGE, BOOKS)
    call_command("loadseeds", "--retry-failed")
    assert ledger()[2:] == [("20190201.pdf#page=2", "created", "")]
    write(tmp_path, BRIDGE)
    (gone,) = list_rejected_sources([f"{path}#page=2"])
    assert isinstance(gone, NumberedPage)


def test_page_that_is_gone_from_its_file_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path, BRIDGE, Canvas())
    load(path)
    write(tmp_path, BRIDGE)
    with pytest.raises(SystemExit):
        call_command("loadseeds", "--retry-failed")
    assert LoadFile.objects.order_by("pk").values_list("reason", flat=True).last() == "missing"


def test_page_of_a_file_is_described_for_another_machine(tmp_path: Path) -> None:
    page = NumberedPage(list_sources([str(write(tmp_path, BRIDGE))])[0], 3)
    described = json.loads(json.dumps(origin_to_json(page)))
    assert origin_from_json(**described) == page
    assert split_page_name(page.name) == (str(tmp_path / "20190201.pdf"), 3)
