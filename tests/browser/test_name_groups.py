"""One answer for a name in a browser: the keys and clicks that settle it over the archive, and take it back."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser.conftest import PAGE, Desk
from tests.support.loading import load

NAME = "花园社区"
WAITING = f"count(*) FROM articles_mention WHERE surface = '{NAME}' AND verdict = ''"
_PAGES = 6


@pytest.fixture
def archive(archive: User, tmp_path: Path) -> User:
    """Pages of several days that all name NAME, which is in doubt."""
    for day in range(10, 10 + _PAGES):
        (tmp_path / f"09{day}.txt").write_text(PAGE.replace("14日", f"{day}日"), encoding="utf-8")
    load(tmp_path, home_code="140800")
    return archive


def test_name_is_settled_over_the_archive_by_two_keys(desk: Desk) -> None:
    """From the list of names Enter opens the most frequent, and x answers for all; u takes that back."""
    page = desk.go("/admin/articles/nameruling/names/")
    name = page.locator(".names tbody th a").first.inner_text()
    waiting = f"count(*) FROM articles_mention WHERE surface = '{name}' AND verdict = ''"
    before = desk.shared.numbers(waiting)
    assert before[0] >= _PAGES
    # Each page has loaded before the next key: its keys are those of a script.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("x")
    expect(page.locator(".messagelist .success")).to_contain_text(f"“{name}”")
    assert desk.shared.numbers(waiting) == [0]
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.locator(".messagelist .success")).to_contain_text("恢复为存疑")
    assert desk.shared.numbers(waiting) == before


def test_name_is_settled_over_the_archive_by_two_clicks(desk: Desk) -> None:
    page = desk.go("/admin/articles/nameruling/names/")
    page.locator("tbody a", has_text=NAME).click()
    page.locator("button[name=choice]").first.click()
    expect(page.locator(".messagelist .success")).to_contain_text(f"“{NAME}”")
    assert desk.shared.numbers(WAITING) == [0]
