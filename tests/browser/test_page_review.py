"""The review of a page in a browser: every button of a name decides it."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk
from tests.support.loading import load

NAME = "花园社区"


@pytest.fixture
def archive(archive: User, page_file: Path) -> User:
    load(page_file, home_code="140800")
    return archive


@pytest.fixture
def page(desk: Desk) -> Page:
    """The review of the page, on which NAME is in doubt."""
    return desk.go(f"/admin/articles/page/{desk.shared.numbers('min(id) FROM articles_page')[0]}/review/")


def name_on(page: Page) -> Locator:
    return page.locator("article.shared", has=page.locator("h3", has_text=NAME))


def check_decided(desk: Desk, page: Page, verdict: str) -> None:
    expect(name_on(page)).to_have_count(0)
    where = f"surface = '{NAME}' AND verdict = '{verdict}'"
    assert desk.shared.numbers(f"count(*) FROM articles_mention WHERE {where}") == [1]


@pytest.mark.parametrize(
    ("button", "verdict"),
    [
        pytest.param("button[name=choice]", "relinked", id="one of the records"),
        pytest.param("button[value=accepted]", "accepted", id="accept"),
        pytest.param("button[value=rejected]", "rejected", id="reject"),
    ],
)
def test_button_decides_the_name(desk: Desk, page: Page, button: str, verdict: str) -> None:
    name_on(page).locator(button).first.click()
    check_decided(desk, page, verdict)


def test_name_is_linked_to_a_record_that_is_searched(desk: Desk, page: Page) -> None:
    name_on(page).locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("大王")
    page.locator(".select2-results__option", has_text="大王镇").first.click()
    name_on(page).locator("button[value=relinked]").click()
    check_decided(desk, page, "relinked")
