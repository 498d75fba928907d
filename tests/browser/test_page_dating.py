"""Where and when a page was printed, in a browser: it is confirmed by a key, set by hand, and set for many pages."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.conftest import PAGE, Desk
from tests.support.loading import load

UNDATED = PAGE.partition("\n\n")[2]


@pytest.fixture
def archive(archive: User, tmp_path: Path) -> User:
    """A page without header between two with one: all of one issue; and a page of which nothing is known."""
    (tmp_path / "issue").mkdir()
    (tmp_path / "issue" / "01.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "issue" / "02.txt").write_text(UNDATED.replace("昨天", "前天"), encoding="utf-8")
    (tmp_path / "issue" / "03.txt").write_text(PAGE.replace("第6版", "第7版"), encoding="utf-8")
    load(tmp_path / "issue")
    (tmp_path / "other.txt").write_text(UNDATED, encoding="utf-8")
    load(tmp_path / "other.txt")
    return archive


def undated(desk: Desk) -> int:
    return desk.shared.numbers("count(*) FROM articles_article WHERE issue_date IS NULL")[0]


@pytest.fixture
def review(desk: Desk) -> Page:
    """The review of the first page of the queue, which is reached from the front page."""
    page = desk.go("/admin/")
    page.locator(".waiting a[href*='dating=waiting']").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.locator("#result_list a[href*='queue=dates']").first.click()
    expect(page.locator("#dating")).to_be_visible()
    return page


def test_suggested_date_is_confirmed_by_one_key_and_the_queue_goes_on(desk: Desk, review: Page) -> None:
    expect(review.locator(".suggestion")).to_contain_text("2023-09-14")
    first = review.url
    review.keyboard.press("c")
    expect(review.locator(".messagelist .success")).to_contain_text("3")
    expect(review.locator(".suggestion")).to_have_count(0)
    assert review.url != first
    assert "queue=dates" in review.url
    assert desk.shared.numbers("count(*) FROM articles_page WHERE issue_date_source = 'editor'") == [1]
    assert undated(desk) == 3


def test_date_paper_number_and_name_are_set_by_hand(desk: Desk, review: Page) -> None:
    review.keyboard.press("n")
    expect(review.locator(".suggestion")).to_have_count(0)
    for name, value in {
        "publication": "沂河晚报",
        "issue_date": "2023年9月15日",
        "page_number": "8",
        "page_name": "民生",
    }.items():
        review.fill(f"#id_imprint-{name}", value)
    review.press("#id_imprint-page_name", "Enter")
    expect(review.locator(".messagelist .success")).to_contain_text("3")
    where = "publication = '沂河晚报' AND issue_date = '2023-09-15' AND section = '民生'"
    assert desk.shared.numbers(f"count(*) FROM articles_article WHERE {where}") == [3]


def test_keys_are_text_while_something_is_typed(desk: Desk, review: Page) -> None:
    review.locator("#id_imprint-publication").press_sequentially("cn")
    expect(review.locator("#id_imprint-publication")).to_have_value("cn")
    assert undated(desk) == 6


def test_refused_date_is_said_at_the_top_and_linked_to_its_field(desk: Desk, review: Page) -> None:
    review.fill("#id_imprint-issue_date", "the day before")
    review.press("#id_imprint-issue_date", "Enter")
    review.locator("#dating ~ .errornote a[href='#id_imprint-issue_date']").click()
    expect(review.locator("#id_imprint-issue_date")).to_be_focused()
    expect(review.locator("#id_imprint-issue_date")).to_have_value("the day before")
    assert undated(desk) == 6


def test_many_pages_are_set_at_once(desk: Desk) -> None:
    page = desk.go("/admin/articles/page/?dating=waiting")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "set_imprint")
    page.click("button[name=index]")
    page.fill("#id_imprint-issue_date", "2023-09-15")
    page.fill("#id_imprint-publication", "沂河晚报")
    page.click("#content input[type=submit]")
    expect(page.locator(".messagelist .success")).to_contain_text("2")
    assert undated(desk) == 0
    assert desk.shared.numbers(
        "count(*) FROM articles_page WHERE publication = '沂河晚报' AND issue_date = '2023-09-15'"
    ) == [2]


def test_suggestions_are_confirmed_for_many_pages(desk: Desk) -> None:
    page = desk.go("/admin/articles/page/?dating=waiting")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "confirm_dates")
    page.click("button[name=index]")
    expect(page.locator(".messagelist .success")).to_contain_text("1")
    expect(page.locator(".messagelist .warning")).to_contain_text("1")
    assert undated(desk) == 3


def test_page_is_dated_before_it_is_loaded(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "sent.txt"
    file.write_text(UNDATED.replace("昨天", "今天"), encoding="utf-8")
    page = desk.go("/admin/articles/load/upload/")
    page.set_input_files("input[name=pages]", file)
    page.click(".submit-row input[type=submit]")
    details = page.locator("details.file")
    details.locator("summary").click()
    details.locator("input[name$=issue_date]").fill("2023-09-16")
    details.locator("input[name$=page_number]").fill("9")
    details.locator("button[value=file]").click()
    expect(details.locator("summary")).to_contain_text("2023-09-16 · 9")
    page.locator("#load button").click()
    page.wait_for_url("**/change/")
    where = "page_number = '9' AND issue_date = '2023-09-16'"
    assert desk.shared.numbers(f"count(*) FROM articles_page WHERE {where}") == [1]
