"""Tests what a load writes and what it leaves unchanged."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from articles.editing.article_corrections import correct_article, mark_bylines_decided
from articles.editing.record_registry import RecordRegistry
from articles.loading import article_rows, file_plan
from articles.models import Alias, Article, Byline, Load, LoadFile, Page, Reporter
from tests.support.loading import BRIDGE, MARKET, SCHOOL, dump, load, outcomes, read_plainly

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "0730.txt"
    path.write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    return path


def by_headline(headline: str) -> Article:
    return Article.objects.get(headline=headline)


def ledger() -> list[tuple[str, str, str]]:
    rows = LoadFile.objects.order_by("pk").values_list("path", "outcome", "reason")
    return [(Path(path).name, outcome, reason) for path, outcome, reason in rows]


# --- the date of a page ---------------------------------------------------------------------------


def imprint_of(page: Page) -> tuple[dt.date | None, str, str]:
    return page.issue_date, page.issue_date_source, page.page_number


def test_file_name_dates_page_without_header_and_its_articles(tmp_path: Path) -> None:
    path = tmp_path / "lhwb_20190201-03.txt"
    path.write_text(BRIDGE, encoding="utf-8")
    load(path)
    assert imprint_of(Page.objects.get()) == (dt.date(2019, 2, 1), "file_name", "3")
    assert Article.objects.get().issue_date == dt.date(2019, 2, 1)
    path.write_text(f"{BRIDGE}\n{MARKET}", encoding="utf-8")
    load(path)
    assert imprint_of(Page.objects.current().get()) == (dt.date(2019, 2, 1), "file_name", "3")


# --- the first load -------------------------------------------------------------------------------


def test_load_stores_page_with_articles_and_bylines(file: Path) -> None:
    (result,) = load(file)
    assert (result.outcome, result.articles) == ("created", {"created": 2})
    page = Page.objects.get()
    bridge, school = page.articles.order_by("position")
    assert page.text == file.read_text(encoding="utf-8")
    assert (bridge.headline, bridge.body, bridge.status) == (
        "大桥通车",
        "昨天，新桥迎来第一批车辆。",
        "published",
    )
    assert (bridge.reviewed, bridge.version, bridge.corrected) == (False, 1, [])
    assert [block["kind"] for block in bridge.blocks] == ["headline", "byline", "paragraph"]
    assert [(byline.order, byline.surface) for byline in bridge.bylines.all()] == [(1, "周明"), (2, "吴芳")]
    assert [(byline.order, byline.surface) for byline in school.bylines.all()] == [(1, "周明")]
    assert ledger() == [("0730.txt", "created", "")]


def test_stored_spans_hold_the_text_that_they_name(file: Path) -> None:
    load(file)
    text = Page.objects.get().text
    for byline in Byline.objects.all():
        assert text[byline.start : byline.end] == byline.surface
    for article in Article.objects.all():
        for block in article.blocks:
            assert "".join(text[start:end] for start, end in block["spans"]) == block["text"]


def test_reporter_of_several_articles_is_one_record(file: Path) -> None:
    load(file)
    assert sorted(Reporter.objects.values_list("name", flat=True)) == ["吴芳", "周明"]


def test_load_takes_same_queries_for_any_number_of_articles(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (tmp_path / "first.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "page.txt").write_text(f"{BRIDGE}\n{SCHOOL}\n{BRIDGE}\n{SCHOOL}\n{BRIDGE}", encoding="utf-8")
    load(tmp_path / "first.txt")
    # Look up path, digest and aliases; begin, write load and its history, page, residue and articles, look up reporters, write bylines
    # and the ledger's row, commit; begin, close the load, commit. On PostgreSQL a trigger takes the lock of records.
    with django_assert_num_queries(16):
        load(tmp_path / "page.txt")


def test_long_headline_is_flagged_and_stored_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("标" * 201 + "\n记者 周明\n正文。\n", encoding="utf-8")
    load(path)
    article = Article.objects.get()
    assert (len(article.headline), article.flags) == (201, ["long_headline"])


def test_articles_are_loaded_as_drafts_on_request(file: Path) -> None:
    load(file, status="draft")
    assert set(Article.objects.values_list("status", flat=True)) == {"draft"}


# --- again ----------------------------------------------------------------------------------------


def test_second_load_writes_no_row(file: Path) -> None:
    (file.parent / "bad.txt").write_text("□", encoding="utf-8")
    first = load(file.parent)
    before = dump()
    again = load(file.parent)
    assert outcomes(first) == ["created", "rejected"]
    assert outcomes(again) == ["unchanged", "rejected"]
    assert again[0].articles == {"unchanged": 2}
    assert dump() == before


def test_known_page_is_not_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(file)
    monkeypatch.setattr(file_plan, "read_page", lambda _: pytest.fail("read again"))
    assert outcomes(load(file)) == ["unchanged"]


def test_load_with_changes_has_row_for_every_file(file: Path) -> None:
    load(file)
    (file.parent / "0731.txt").write_text(MARKET, encoding="utf-8")
    load(file.parent)
    assert ledger() == [
        ("0730.txt", "created", ""),
        ("0730.txt", "unchanged", ""),
        ("0731.txt", "created", ""),
    ]
    assert Load.objects.count() == 2


def test_same_bytes_under_two_names_are_one_page_with_two_paths(file: Path) -> None:
    copy = file.with_name("copy.txt")
    copy.write_bytes(file.read_bytes())
    assert outcomes(load(file.parent)) == ["created", "unchanged"]
    page = Page.objects.get()
    assert page.files.count() == 2
    assert Article.objects.count() == 2
    before = dump()
    load(file.parent)
    assert dump() == before


def test_file_that_becomes_readable_again_is_recorded(file: Path) -> None:
    load(file)
    data = file.read_bytes()
    file.write_bytes(b"")
    load(file)
    file.write_bytes(data)
    load(file)
    assert [outcome for _, outcome, _ in ledger()] == ["created", "rejected", "unchanged"]
    assert not LoadFile.objects.failed().exists()


# --- what is stated of pages ----------------------------------------------------------------------


def test_stated_imprint_is_written_to_page_and_articles_once(file: Path) -> None:
    load(file)
    stated: dict[str, Any] = {
        "publication": "沂河晚报",
        "issue_date": dt.date(2024, 7, 30),
        "home_code": "371300",
    }
    (result,) = load(file, **stated)
    assert (result.outcome, result.articles) == ("updated", {"updated": 2})
    page, article = Page.objects.get(), by_headline("大桥通车")
    assert (page.publication, page.issue_date_source, page.home_code) == ("沂河晚报", "option", "371300")
    assert (article.publication, article.issue_date) == ("沂河晚报", dt.date(2024, 7, 30))
    before = dump()
    assert outcomes(load(file, **stated)) == outcomes(load(file)) == ["unchanged"]
    assert dump() == before


def test_stated_home_changes_page_and_no_article(file: Path) -> None:
    load(file)
    (result,) = load(file, home_code="371300")
    assert (result.outcome, result.articles) == ("updated", {"unchanged": 2})


# --- what people decided --------------------------------------------------------------------------


def test_corrected_fields_stay_and_others_follow_the_page(file: Path) -> None:
    load(file)
    article = by_headline("大桥通车")
    correct_article(article, headline="新桥昨天通车", status="draft")
    load(file, publication="沂河晚报")
    article.refresh_from_db()
    assert (article.headline, article.status, article.publication) == ("新桥昨天通车", "draft", "沂河晚报")
    assert (article.extracted["headline"], article.version) == ("大桥通车", 2)


def test_decided_bylines_stay(file: Path) -> None:
    load(file)
    article = by_headline("大桥通车")
    article.bylines.filter(reporter__name="吴芳").delete()
    mark_bylines_decided(article)
    file.write_text(f"{BRIDGE.replace('吴芳', '郑国栋')}\n{SCHOOL}", encoding="utf-8")
    load(file)
    assert [byline.reporter.name for byline in article.bylines.all()] == ["周明"]
    assert [credit["name"] for credit in by_headline("大桥通车").extracted["bylines"]] == ["周明", "郑国栋"]


def test_byline_credits_reporter_with_that_alias(file: Path) -> None:
    reporter = Reporter.objects.create(name="吴桂芳")
    Alias.objects.create(name="吴 芳", reporter=reporter)
    load(file)
    assert by_headline("大桥通车").bylines.get(order=2).reporter == reporter
    assert not Reporter.objects.filter(name="吴芳").exists()


# --- new versions of a file -----------------------------------------------------------------------


def test_new_version_keeps_matching_articles(file: Path) -> None:
    load(file)
    old = Page.objects.get()
    ids = dict(Article.objects.values_list("headline", "pk"))
    correct_article(by_headline("大桥通车"), subtitle="编辑加的副题")
    file.write_text(f"{MARKET}\n{BRIDGE.replace('昨天', '前天')}", encoding="utf-8")
    (result,) = load(file)
    assert (result.outcome, result.articles) == ("updated", {"created": 1, "updated": 1, "withdrawn": 1})
    new = Page.objects.get(replaces=old)
    bridge = by_headline("大桥通车")
    assert (bridge.pk, bridge.page, bridge.position) == (ids["大桥通车"], new, 2)
    assert (bridge.subtitle, bridge.body) == ("编辑加的副题", "前天，新桥迎来第一批车辆。")
    assert new.text[bridge.start : bridge.end] == BRIDGE.replace("昨天", "前天").strip()
    school = by_headline("新学校开学")
    assert (school.page, school.status) == (old, "withdrawn")
    assert [outcome for _, outcome, _ in ledger()] == ["created", "updated"]


def test_article_with_new_headline_matches_by_opening(file: Path) -> None:
    load(file)
    ids = set(Article.objects.values_list("pk", flat=True))
    file.write_text(f"{BRIDGE.replace('大桥通车', '大桥正式通车')}\n{SCHOOL}", encoding="utf-8")
    load(file)
    assert set(Article.objects.values_list("pk", flat=True)) == ids
    assert by_headline("大桥正式通车").page == Page.objects.latest("pk")


def test_changed_article_is_not_withdrawn(file: Path) -> None:
    load(file)
    correct_article(by_headline("新学校开学"), reviewed=True)
    file.write_text(BRIDGE, encoding="utf-8")
    load(file)
    assert by_headline("新学校开学").status == "published"


def test_return_to_first_version_restores_its_articles(file: Path) -> None:
    first = file.read_bytes()
    load(file)
    page = Page.objects.get()
    ids = dict(Article.objects.values_list("headline", "pk"))
    file.write_text(BRIDGE, encoding="utf-8")
    load(file)
    file.write_bytes(first)
    (result,) = load(file)
    assert result.outcome == "updated"
    assert dict(page.articles.values_list("headline", "pk")) == ids
    assert set(page.articles.values_list("status", flat=True)) == {"published"}
    before = dump()
    load(file)
    assert dump() == before


def test_page_of_two_files_is_not_replaced_by_new_version_of_one(file: Path) -> None:
    copy = file.with_name("copy.txt")
    copy.write_bytes(file.read_bytes())
    load(file.parent)
    copy.write_text(MARKET, encoding="utf-8")
    assert outcomes(load(file.parent)) == ["unchanged", "created"]
    assert Article.objects.filter(status="published").count() == 3


# --- when things go wrong -------------------------------------------------------------------------


def test_older_version_under_another_name_is_read_again(file: Path) -> None:
    older = file.with_name("older.txt")
    older.write_bytes(file.read_bytes())
    load(file)
    file.write_text(SCHOOL, encoding="utf-8")
    assert outcomes(load(file.parent)) == ["updated", "updated"]  # in one batch: 0730.txt is first
    first = Page.objects.earliest("pk")
    assert sorted(first.articles.published().values_list("headline", flat=True)) == ["大桥通车", "新学校开学"]
    before = dump()
    assert outcomes(load(file.parent)) == ["unchanged", "unchanged"]
    assert dump() == before


def test_version_that_returns_while_another_file_has_the_other_one_is_read_again(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for version in (text, SCHOOL, text):
        file.write_text(version, encoding="utf-8")
        load(file)
    file.with_name("copy.txt").write_text(text, encoding="utf-8")
    load(file.parent)
    file.write_text(SCHOOL, encoding="utf-8")
    assert outcomes(load(file)) == ["updated"]
    second = Page.objects.latest("pk")
    assert second.articles.published().count() == 1


def test_failure_rolls_back_whole_page(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = file.with_name("0731.txt")
    later.write_text(MARKET, encoding="utf-8")
    write_bylines = article_rows._write_bylines

    def fail(changes: list[Any], page: Page, registry: RecordRegistry) -> None:
        write_bylines(changes, page, registry)
        if page.text == MARKET:
            raise KeyboardInterrupt

    monkeypatch.setattr(article_rows, "_write_bylines", fail)
    with pytest.raises(KeyboardInterrupt):
        load(file.parent)
    assert (Page.objects.count(), Article.objects.count(), Reporter.objects.count()) == (1, 2, 2)
    assert ledger() == [("0730.txt", "created", "")]
    assert Load.objects.get().finished_at is None
    monkeypatch.undo()
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    assert outcomes(load(file.parent)) == ["unchanged", "created"]


def test_load_whose_first_page_fails_leaves_no_row(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump()
    monkeypatch.setattr(article_rows, "_write_bylines", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        load(file)
    assert dump() == before


def test_page_that_another_loader_wrote_first_is_unchanged(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_it_first(data: bytes, *_: object) -> object:
        monkeypatch.setattr(file_plan, "read_page", read_plainly)
        load(file)
        return read_plainly(data)

    monkeypatch.setattr(file_plan, "read_page", load_it_first)
    assert outcomes(load(file)) == ["unchanged"]
    assert (Page.objects.count(), Article.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param("□".encode(), "bad_encoding", id="refused by a stage"),
        pytest.param(b"x" * 100_001, "too_large", id="over the limit"),
    ],
)
def test_rejected_file_is_recorded_and_others_load(file: Path, data: bytes, reason: str) -> None:
    file.with_name("0729.txt").write_bytes(data)
    assert outcomes(load(file.parent)) == ["rejected", "created"]
    row = LoadFile.objects.get(outcome="rejected")
    assert (row.reason, row.page, bool(row.detail)) == (reason, None, True)
    assert bool(row.sha256) == (reason == "bad_encoding")


def test_load_without_changes_locks_nothing(file: Path) -> None:
    load(file)
    with connection.execute_wrapper(_refuse_to_write):
        assert outcomes(load(file)) == ["unchanged"]


def _refuse_to_write(execute: object, sql: str, *rest: object) -> object:
    assert sql.startswith("SELECT"), sql
    return execute(sql, *rest)  # type: ignore[operator]
