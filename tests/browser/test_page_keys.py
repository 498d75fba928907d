"""The review of a page by keys and by mouse, with the clicks and keys of each job counted (docs/desk.md)."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.support.loading import load

_STORIES = 10
_STORY = """{place}浮桥昨天通车

本报讯（记者 周明）昨天上午，{place}的浮桥正式通车，两岸居民出行时间缩短了二十分钟。{doubt}的群众说，以后上街再也不用绕路了。

有关负责人到场祝贺，并向修桥的工人表示感谢，群众送来了绿豆汤。
"""
_PLACES = "芮城县 稷山县 绛县 夏县 平陆县 垣曲县 闻喜县 新绛县 万荣县 临猗县".split()
_DOUBTS = "花园社区 光明社区 和平社区 胜利社区 东风社区 红旗社区 南街社区 北街社区 中山社区 朝阳社区".split()


@pytest.fixture
def archive(archive: User, tmp_path: Path) -> User:
    stories = [_STORY.format(place=place, doubt=doubt) for place, doubt in zip(_PLACES, _DOUBTS, strict=True)]
    path = tmp_path / "0914.txt"
    path.write_text("沂河晚报 2023年9月14日 星期四 第6版 民生\n\n" + "\n".join(stories), encoding="utf-8")
    load(path, home_code="140800", status="draft")
    return archive


@pytest.fixture
def page(desk: Desk) -> Page:
    return desk.go(f"/admin/articles/page/{desk.shared.numbers('min(id) FROM articles_page')[0]}/review/")


def waiting(desk: Desk) -> list[int]:
    return desk.shared.numbers("count(*) FROM articles_mention WHERE verdict = '' AND status <> 'linked'")


def articles(desk: Desk, where: str) -> int:
    return int(
        desk.shared.numbers(f"count(*) FROM articles_article WHERE status <> 'trashed' AND {where}")[0]
    )


def test_page_of_ten_articles_with_ten_doubts_takes_eleven_keys(desk: Desk, page: Page) -> None:
    assert articles(desk, "true") == _STORIES
    doubts = page.locator("article.shared")
    count = doubts.count()
    assert count == len(_DOUBTS)
    for left in range(count, 0, -1):
        expect(doubts).to_have_count(left)
        key = "1" if doubts.first.locator("button[name=choice]").count() else "x"
        with page.expect_navigation():
            page.keyboard.press(key)
    expect(doubts).to_have_count(0)
    page.keyboard.press("P")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert articles(desk, "status = 'published' AND reviewed") == _STORIES


def test_page_of_ten_articles_with_ten_doubts_takes_eleven_clicks(desk: Desk, page: Page) -> None:
    doubts = page.locator("article.shared")
    for left in range(doubts.count(), 0, -1):
        expect(doubts).to_have_count(left)
        doubts.first.locator("button[value=accepted]").click()
    expect(doubts).to_have_count(0)
    page.locator("button[value=publish]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert articles(desk, "status = 'published' AND reviewed") == _STORIES


def test_page_with_a_doubt_leads_to_it_by_key(desk: Desk, page: Page) -> None:
    page.keyboard.press("r")
    expect(page.locator(".messagelist .error")).to_be_visible()
    assert "#mention-" in page.url
    assert articles(desk, "reviewed") == 0


def test_wrong_boundary_is_put_right_by_keys_and_back(desk: Desk, page: Page) -> None:
    """Two keys: a line is chosen and becomes a headline; one key joins it again, as the line stays chosen."""
    page.locator(".story").first.wait_for()
    for _ in range(4):
        page.keyboard.press("j")
    expect(page.locator(".story .chosen")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("s")
    assert articles(desk, "true") == _STORIES + 1
    expect(page.locator(".story .chosen")).to_have_count(1)
    page.keyboard.press("g")
    expect(page.locator(".story")).to_have_count(_STORIES)
    assert articles(desk, "true") == _STORIES


def test_wrong_boundary_is_put_right_by_two_clicks(desk: Desk, page: Page) -> None:
    page.locator(".story div.line.paragraph").nth(1).click()
    page.locator("button[value=headline]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert articles(desk, "true") == _STORIES + 1
