"""The reading site in a browser without scripts: the way of a reader, and every kind of page on both screens and in print."""

import datetime as dt
from importlib.resources import files

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from articles.models import Article, Organization, Place, Reporter
from tests.browser.conftest import Desk
from tests.browser.test_every_page import CUT_OFF, VIOLATIONS, WIDTHS
from tests.support.loading import load_seeds

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="pages are looked at over SQLite alone")


@pytest.fixture
def archive(archive: User) -> User:
    load_seeds()
    return archive


@pytest.fixture
def reader(visitor: Desk, browser: Browser) -> Page:
    """A browser without scripts on the front page."""
    page: Page = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    ).new_page()
    page.goto(visitor.address)
    return page


def paths() -> list[str]:
    """A page of every kind."""
    article = Article.objects.exclude(publication="").order_by("pk")[0]
    assert article.issue_date is not None
    place = Place.objects.get(code="140830")
    records = [f"/reporters/{Reporter.objects.order_by('pk')[0].pk}/", f"/places/{place.pk}/"]
    return [
        "/",
        "/articles/?q=学生",
        "/articles/?q=(",
        f"/articles/{article.pk}/",
        f"/issues/{article.issue_date.isoformat()}/",
        f"/issues/{article.issue_date.isoformat()}/{article.publication}/",
        "/issues/",
        "/map/",
        f"/places/{place.pk}/graph/",
        *records,
        f"/organizations/{Organization.objects.order_by('pk')[0].pk}/",
        "/articles/999999/",
    ]


def test_reader_finds_an_article_and_goes_on_without_scripts(reader: Page) -> None:
    reader.get_by_role("searchbox").fill("合唱团 进京")
    reader.get_by_role("button").click()
    reader.get_by_role("link", name="沂水一中学生合唱团进京演出").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("沂水一中学生合唱团进京演出")
    reader.locator(".body a").first.click()
    expect(reader.get_by_role("heading", level=1)).not_to_have_text("沂水一中学生合唱团进京演出")
    reader.go_back()
    reader.get_by_role("link", name="沂河晚报").click()
    expect(reader.locator("time")).to_have_attribute("datetime", dt.date(2023, 9, 14).isoformat())
    assert reader.locator(".page li").count() == 4
    reader.get_by_role("link", name="English").click()
    expect(reader.locator("html")).to_have_attribute("lang", "en")


def test_pages_of_the_site_are_whole_and_accessible(visitor: Desk) -> None:
    rules = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    found, page = [], visitor.page
    for path in paths():
        for language in ("", "/en"):
            page.goto(f"{visitor.address}{language}{path}")
            page.evaluate(rules)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                for width, height in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": height})
                    found += [f"{path} at {width}: {what}" for what in page.evaluate(CUT_OFF)]
                    found += [
                        f"{path} at {width}, {scheme}: {what}" for what in page.evaluate(VIOLATIONS, {})
                    ]
    # The browser reports the pages that say that something is wrong.
    visitor.console_errors[:] = [error for error in visitor.console_errors if "status of 4" not in error]
    assert found == []


def test_article_is_printed_without_what_surrounds_it(visitor: Desk) -> None:
    page = visitor.go(f"/articles/{Article.objects.order_by('pk')[0].pk}/")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    for around in ("header.site", "footer.site", ".beside"):
        expect(page.locator(around)).to_be_hidden()
