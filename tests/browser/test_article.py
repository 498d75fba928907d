"""The change page of an article in a browser: deciding names and editing by keys and mouse."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.support.loading import load


@pytest.fixture
def archive(archive: User, page_file: Path) -> User:
    load(page_file, home_code="140800")
    return archive


@pytest.fixture
def page(desk: Desk) -> Page:
    """The change page of the first article."""
    return desk.go(f"/admin/articles/article/{first_id(desk)}/change/")


def first_id(desk: Desk) -> int:
    return desk.shared.numbers("min(id) FROM articles_article")[0]


def expect_doubts(page: Page, count: int) -> None:
    expect(page.locator("#text mark.name.doubt")).to_have_count(count)


def press_at_once(page: Page, keys: str) -> None:
    """Press keys faster than the server can answer, in one task of the browser."""
    page.evaluate(
        "keys => [...keys].forEach(key =>"
        " document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})))",
        keys,
    )


def wait_for_name(desk: Desk, name: str) -> None:
    """Wait until panel and text show the same name and no request is open."""
    expect(desk.page.locator("#panel h2")).to_contain_text(name)
    expect(desk.page.locator("#text mark.name.at")).to_have_text(name)
    desk.wait_for_requests()


def test_keys_decide_every_doubt(desk: Desk, page: Page) -> None:
    expect(page.locator("#panel h2")).to_contain_text("花园社区")
    expect_doubts(page, 2)
    # Keys before the answer apply to the highlighted name; with two doubts, two steps lead back to the first.
    press_at_once(page, "jj")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#panel h2")).to_contain_text("花园社区")
    press_at_once(page, "j1")
    expect(page.locator("#panel h2")).to_contain_text("光明社区")
    expect_doubts(page, 2)  # the panel still showed the other name, so nothing was decided
    page.keyboard.press("k")
    wait_for_name(desk, "花园社区")
    page.keyboard.press("1")
    wait_for_name(desk, "光明社区")
    expect_doubts(page, 1)
    page.keyboard.press("x")
    expect_doubts(page, 0)
    desk.wait_for_requests()
    page.keyboard.press("r")
    page.wait_for_url(f"**/article/{first_id(desk) + 1}/change/**")
    assert desk.shared.numbers(
        f"count(*) FROM articles_article WHERE reviewed AND id = {first_id(desk)}"
    ) == [1]


def test_click_on_name_shows_reason_and_candidates(page: Page) -> None:
    page.locator("#text mark.name", has_text="金盆村").first.click()
    expect(page.locator("#panel .reason")).to_contain_text("金盆村")
    expect(page.locator("#panel .candidates button.current")).to_have_count(1)
    expect(page.locator("#text mark.name.at")).to_have_text("金盆村")


def test_record_is_searched_and_linked(page: Page) -> None:
    page.keyboard.press("l")
    # The search begins with the name.
    expect(page.locator(".select2-search__field")).to_have_value("花园社区")
    page.locator(".select2-search__field").fill("大王")
    page.locator(".select2-results__option", has_text="大王镇").first.click()
    page.locator("#panel button[value=relinked]").click()
    expect(page.locator("#text mark.name.doubt")).to_have_count(1)
    expect(page.locator("#text mark.name.decided")).to_have_attribute("title", "大王镇")


def test_selected_words_become_a_name(page: Page) -> None:
    page.evaluate(
        """() => {
            const text = document.querySelector('#text p[data-part=headline]').lastChild;
            const range = document.createRange();
            range.setStart(text, 0); range.setEnd(text, 2);
            getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    page.locator("#add-name button").first.click()
    expect(page.locator("#panel h2")).to_contain_text("浮桥")
    page.locator("#panel details summary").click()
    page.locator("#panel details button.default").click()
    expect(page.locator("#text mark.name.decided")).to_have_text("浮桥")


def test_line_is_edited_in_place(page: Page) -> None:
    line = page.locator("#text .line.paragraph").first
    line.hover()
    line.locator("button.tool").first.click()
    text = page.locator("form.block textarea")
    text.fill(text.input_value().replace("昨天上午", "前天上午"))
    page.locator("form.block button.default").click()
    expect(page.locator("#text .line.paragraph").first).to_contain_text("前天上午")
    for name in ("大王镇", "金盆村"):
        expect(page.locator("#text mark.name", has_text=name).first).to_be_visible()


def test_article_is_split_and_joined(desk: Desk, page: Page) -> None:
    line = page.locator("#text .line.paragraph").nth(1)
    line.hover()
    line.locator("button.tool").nth(1).click()
    line.locator("form.split button.default").click()
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    expect(page.locator(".messagelist li")).to_have_count(1)
    assert desk.shared.numbers("count(*) FROM articles_article") == [4]
    page.locator(".ends button").click()
    expect(page.locator("#text .line.paragraph")).to_have_count(2)


def test_open_editor_stays_when_a_name_is_decided(page: Page) -> None:
    line = page.locator("#text .line.paragraph").first
    line.hover()
    line.locator("button.tool").first.click()
    page.locator("form.block textarea").fill("前天上午，浮桥通车。")
    page.locator("#panel button[value=rejected]").click()
    expect(page.locator("#text mark.name.doubt")).to_have_count(1)
    expect(page.locator("form.block textarea")).to_have_value("前天上午，浮桥通车。")
    page.locator("form.block button.default").click()
    expect(page.locator("#text .line.paragraph").first).to_contain_text("前天上午，浮桥通车。")


@pytest.mark.parametrize("leave", ["a[data-key=']']", "input[name=_save]"])
def test_leaving_an_open_editor_is_asked_first(page: Page, leave: str) -> None:
    line = page.locator("#text .line.paragraph").first
    line.hover()
    line.locator("button.tool").first.click()
    page.locator("form.block textarea").fill("前天上午，浮桥通车。")
    page.locator(".article-form summary").click()
    page.on("dialog", lambda dialog: dialog.dismiss())
    # The browser asks some time after the click.
    with page.expect_event("dialog") as asked:
        page.locator(leave).click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    expect(page.locator("form.block textarea")).to_have_value("前天上午，浮桥通车。")


def test_refused_form_says_why_at_the_top(page: Page) -> None:
    expect(page.locator("#id_issue_date")).not_to_be_visible()
    page.locator(".article-form summary").click()
    page.fill("#id_issue_date", "前天")
    page.click("input[name=_save]")
    error = page.locator(".errornote a[href='#id_issue_date']")
    expect(error).to_be_in_viewport()
    page.fill("#id_issue_date", "2014年1月29日")
    page.click("input[name=_continue]")
    expect(page.locator("#id_issue_date")).to_have_value("2014-01-29")


def test_line_is_edited_and_split_by_keys(desk: Desk, page: Page) -> None:
    line = page.locator("#text .line.paragraph").first
    line.hover()
    page.keyboard.press("e")
    text = page.locator("form.block textarea")
    expect(text).to_be_focused()
    page.keyboard.press("Escape")
    expect(text).to_have_count(0)
    expect(line).to_contain_text("昨天上午")
    page.keyboard.press("e")
    expect(text).to_be_focused()
    text.fill("前天上午")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.keyboard.press("Escape")
    assert asked.value.type == "confirm"
    expect(text).to_have_value("前天上午")
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Escape")
    expect(text).to_have_count(0)
    expect(line).to_contain_text("昨天上午")
    page.keyboard.press("e")
    expect(text).to_be_focused()
    text.fill(text.input_value().replace("昨天上午", "前天上午"))
    page.keyboard.press("Control+Enter")
    expect(line).to_contain_text("前天上午")
    page.locator("#text .line.paragraph").nth(1).hover()
    page.keyboard.press("s")
    expect(page.locator("form.split")).to_have_count(1)
    page.locator("form.split input[name=words]").press("Control+Enter")
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    assert desk.shared.numbers("count(*) FROM articles_article") == [4]


def test_line_under_the_mouse_stays_when_who_is_here_is_asked(desk: Desk, page: Page) -> None:
    line = page.locator("#text .line.paragraph").first
    line.hover()
    with page.expect_response("**/presence/"):
        page.evaluate("htmx.trigger('#presence', 'back')")
    desk.wait_for_requests()
    page.keyboard.press("e")
    expect(line.locator("textarea")).to_be_focused()


def test_first_line_is_edited_after_three_stops(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("form.block textarea")).to_be_focused()


def test_accepting_without_a_record_has_its_own_key(desk: Desk, page: Page) -> None:
    page.locator("#text mark.name", has_text="花园社区").click()
    wait_for_name(desk, "花园社区")
    expect(page.locator("#panel [data-key=a]")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.locator("#text mark.name.doubt")).to_have_count(2)
    page.keyboard.press("n")
    expect(page.locator("#text mark.name.doubt")).to_have_count(1)


def test_article_is_split_inside_a_line(desk: Desk, page: Page) -> None:
    line = page.locator("#text .line.paragraph").first
    line.hover()
    line.locator("button.tool").nth(1).click()
    line.locator("form.split input[name=words]").fill("金盆村的群众")
    line.locator("form.split button.default").click()
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    expect(page.locator("#text .line.paragraph")).not_to_contain_text("金盆村的群众")
    assert desk.shared.numbers("count(*) FROM articles_article") == [4]


def test_line_moves_to_the_next_article_and_back(desk: Desk, page: Page) -> None:
    line = page.locator("#text .line.paragraph").nth(1)
    words = line.locator("p[data-part]").inner_text()
    line.hover()
    line.locator("button.tool").nth(2).click()
    line.locator("form.move-line button[value=next]").click()
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    desk.go(f"/admin/articles/article/{first_id(desk) + 1}/change/")
    moved = page.locator("#text .line.paragraph", has_text=words[:10])
    moved.hover()
    moved.locator("button.tool").nth(2).click()
    moved.locator("form.move-line button[value=previous]").click()
    expect(moved).to_have_count(0)
    desk.go(f"/admin/articles/article/{first_id(desk)}/change/")
    expect(page.locator("#text .line.paragraph").nth(1).locator("p[data-part]")).to_have_text(words)


def test_line_is_an_advert_and_comes_back(desk: Desk, page: Page) -> None:
    line = page.locator("#text .line.paragraph").nth(1)
    words = line.locator("p[data-part]").inner_text()
    line.hover()
    line.locator("button.tool").nth(2).click()
    line.locator("form.move-line button[value^=advert]").click()
    expect(page.locator("#text .line.paragraph")).to_have_count(1)
    expect(page.locator(".printed-page .residue", has_text=words[:10])).to_have_count(1)
    desk.go(f"/admin/articles/page/{desk.shared.numbers('min(id) FROM articles_page')[0]}/review/")
    page.locator("form.residue", has_text=words[:10]).locator("button[name=put_back]").click()
    expect(page.locator(".messagelist li")).to_have_count(1)
    desk.go(f"/admin/articles/article/{first_id(desk)}/change/")
    expect(page.locator("#text .line.paragraph").nth(1).locator("p[data-part]")).to_have_text(words)


def test_panel_is_a_sheet_at_the_bottom_of_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    name = page.locator("#text mark.name", has_text="光明社区")
    reject = page.locator("#panel button[value=rejected]")
    expect(reject).not_to_be_in_viewport()
    name.click()
    expect(page.locator("#panel h2")).to_contain_text("光明社区")
    expect(name).to_be_in_viewport()
    expect(reject).to_be_in_viewport(ratio=1)
    reject.click()  # nothing covers it
    expect(page.locator("#text mark.name.doubt")).to_have_count(1)
    page.locator("#panel .fold").click()
    expect(reject).not_to_be_in_viewport()
    expect(page.locator("#panel h2")).to_be_in_viewport()
