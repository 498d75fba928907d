"""An editor uploads, corrects and publishes a page, and every decision survives when it is loaded again."""

from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.support.serving import manage

BRIDGE = "headline LIKE '%浮桥%'"


def id_of(desk: Desk, where: str, table: str = "article") -> int:
    return desk.shared.numbers(f"id FROM articles_{table} WHERE {where}")[0]


def test_editor_decisions_survive_loading_again(visitor: Desk, page_file: Path, tmp_path: Path) -> None:
    desk = visitor
    desk.sign_in("chief")
    upload_preview_and_load(desk, page_file)
    bridge = id_of(desk, BRIDGE)
    decide_every_doubt(desk, bridge)
    correct_headline(desk, bridge)
    split(desk, bridge)
    merge_and_undo(desk)
    withdraw_and_publish(desk, bridge)
    decided = decisions(desk)
    manage(desk.shared, "loadseeds", "--reextract")
    same = tmp_path / "again"
    same.mkdir()
    (same / page_file.name).write_bytes(page_file.read_bytes())
    manage(desk.shared, "loadseeds", same)
    assert decisions(desk) == decided
    check_every_decision(desk, bridge)


def upload_preview_and_load(desk: Desk, page_file: Path) -> None:
    page = desk.go("/admin/articles/load/")
    page.locator(".object-tools a[href$='/load/upload/']").click()
    page.set_input_files("input[type=file]", page_file)
    page.fill("input[name=home_code]", "140800")
    page.click(".submit-row input[type=submit]")
    file = page.locator("details.file.created")
    expect(file).to_contain_text("沂河晚报")
    file.locator("summary").click()
    expect(file.locator("h3")).to_have_count(3)
    expect(file.locator(".name.doubtful").first).to_be_visible()
    assert desk.shared.numbers("count(*) FROM articles_article") == [0], "a dry run writes no article"
    page.click("#load button")
    page.wait_for_url("**/admin/articles/load/*/change/")
    assert desk.shared.numbers("count(*) FROM articles_article") == [3]


def decide_every_doubt(desk: Desk, article: int) -> None:
    page = open_article(desk, article)
    waiting = page.locator("#text mark.name.doubt")
    for _ in range(waiting.count()):
        left = waiting.count()
        page.keyboard.press("1")
        expect(waiting).to_have_count(left - 1)
        desk.wait_for_requests()
    expect(page.locator("#doubts")).to_have_class("chip sure")


def correct_headline(desk: Desk, article: int) -> None:
    page = open_article(desk, article)
    page.locator(".article-form summary").click()
    page.fill("#id_headline", "芮城县浮桥昨日建成通车")
    page.click("input[name=_continue]")
    expect(page.locator("#text .headline p")).to_have_text("芮城县浮桥昨日建成通车")
    expect(page.locator("#text .headline mark.name")).to_have_text("芮城县")


def split(desk: Desk, article: int) -> None:
    page = open_article(desk, article)
    line = page.locator("#text .line.paragraph").nth(1)
    line.hover()
    line.locator("button.tool").nth(1).click()
    page.locator("form.split button.default").click()
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    assert desk.shared.numbers("count(*) FROM articles_article") == [4]


def merge_and_undo(desk: Desk) -> None:
    short = id_of(desk, "name = '芮城县教育局'", "organization")
    full = id_of(desk, "name = '共青团芮城县委'", "organization")
    page = desk.go(f"/admin/articles/organization/{short}/change/")
    page.locator(".object-tools a[href*='/merge/']").click()
    page.locator(".choose .select2-selection").click()
    page.locator(".select2-search__field").fill("共青团芮城县委")
    page.locator(".select2-results__option", has_text="共青团芮城县委").first.click()
    page.locator(".choose button").click()
    expect(page.locator(".sides")).to_contain_text("共青团芮城县委")
    page.locator(".actions button.default").click()
    expect(page.locator(".messagelist .success")).to_have_count(1)
    merged = f"count(*) FROM articles_organization WHERE id = {short} AND merged_into_id = {full}"
    assert desk.shared.numbers(merged) == [1]
    desk.go(f"/admin/articles/organization/{short}/change/")
    page.locator(".record-state form button").click()
    expect(page.locator(".messagelist .success")).to_have_count(1)
    assert desk.shared.numbers(merged) == [0]


def withdraw_and_publish(desk: Desk, article: int) -> None:
    api = f"{desk.address}/api/v1/articles/{article}/"
    page = open_article(desk, article)
    page.locator(".moves button[value=withdrawn]").click()
    expect(page.locator(".moves button[value=withdrawn]")).to_have_count(0)
    assert httpx.get(api).status_code == 404
    page.locator(".moves button[value=published]").click()
    expect(page.locator(".moves button[value=published]")).to_have_count(0)
    assert httpx.get(api).json()["headline"] == "芮城县浮桥昨日建成通车"


def decisions(desk: Desk) -> list[int]:
    """Counts and sums that change if any decision changes."""
    return desk.shared.numbers(
        "count(*) FROM articles_mention WHERE verdict = 'relinked'",
        "sum(id * start) FROM articles_mention WHERE verdict <> ''",
        "count(*) FROM articles_article WHERE status = 'published'",
        "sum(version) FROM articles_article",
        "count(*) FROM articles_boundary",
        "count(*) FROM articles_organization WHERE merged_into_id IS NULL",
    )


def check_every_decision(desk: Desk, article: int) -> None:
    page = open_article(desk, article)
    expect(page.locator("#text .headline p")).to_have_text("芮城县浮桥昨日建成通车")
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    expect(page.locator("#text mark.name.doubt")).to_have_count(0)
    page.locator(".ends button").wait_for()


def open_article(desk: Desk, article: int) -> Page:
    return desk.go(f"/admin/articles/article/{article}/change/")
