"""Tests what an editor does with the line under the cursor, and with a page as a whole."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles.editing.review.page_approval import Obstacle, approve_page
from articles.editing.review.page_lines import change_line
from articles.models import Article, Mention, Page
from tests.support.loading import load

pytestmark = pytest.mark.django_db
PAGE = """沂河晚报 2023年9月14日 星期四 第6版 民生

夏收时节

浮桥昨天通车

本报讯（记者 周明）昨天上午，浮桥正式通车，两岸居民出行时间缩短了二十分钟。

群众说，以后上街再也不用绕路了，修桥的工人也吃上了热饭。

早市搬进新家

本报讯（记者 何小满）城南早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "0914.txt").write_text(PAGE, encoding="utf-8")
    load(tmp_path)
    return Page.objects.get()


def article(page: Page, headline: str) -> Article:
    return page.articles.exclude(status="trashed").get(headline__contains=headline)


def number_of(one: Article, words: str) -> int:
    return next(at for at, block in enumerate(one.blocks) if words in block["text"])


def change(page: Page, headline: str, words: str, action: str) -> Article:
    one = article(page, headline)
    return change_line(one, number_of(one, words), action, None)


def headlines(page: Page) -> list[str]:
    return list(
        page.articles.exclude(status="trashed").order_by("position").values_list("headline", flat=True)
    )


def test_article_begins_at_a_line_and_goes_on_with_the_one_before_again(page: Page) -> None:
    before = headlines(page)
    new = change(page, "浮桥", "群众说", "headline")
    assert new.headline.startswith("群众说")
    assert len(headlines(page)) == len(before) + 1
    joined = change_line(new, 0, "text", None)
    assert "群众说" in joined.body
    assert headlines(page) == before


@pytest.mark.parametrize(
    ("headline", "words", "action", "gets"),
    [("浮桥", "群众说", "next", "早市"), ("早市", "一百二十名菜农", "previous", "浮桥")],
)
def test_line_moves_to_the_neighbour(page: Page, headline: str, words: str, action: str, gets: str) -> None:
    change(page, headline, words, action)
    assert words in article(page, gets).body
    assert words not in article(page, headline).body


def test_kicker_and_headline_change_places(page: Page) -> None:
    one = article(page, "浮桥")
    one.blocks = [{**block, "kind": "kicker"} if "夏收" in block["text"] else block for block in one.blocks]
    if not any(block["kind"] == "kicker" for block in one.blocks):
        spans = [[PAGE.index("夏收"), PAGE.index("夏收") + 4]]
        one.blocks = [{"kind": "kicker", "text": "夏收时节", "spans": spans}, *one.blocks]
    one.kicker = "夏收时节"
    one.save()
    change_line(one, 0, "swap", None)
    one.refresh_from_db()
    assert (one.kicker, one.headline) == ("浮桥昨天通车", "夏收时节")


def test_join_of_two_printed_lines_is_taken_back(page: Page) -> None:
    one = article(page, "早市")
    at = number_of(one, "一百二十名菜农")
    text: str = one.blocks[at]["text"]
    start = one.blocks[at]["spans"][0][0]
    one.blocks[at]["spans"] = [[start, start + 12], [start + 12, start + len(text)]]
    one.save()
    change_line(one, at, "divide", None)
    one.refresh_from_db()
    assert [block["text"] for block in one.blocks[at : at + 2]] == [text[:12], text[12:]]


@pytest.mark.parametrize(
    ("number", "action"),
    [(0, "headline"), (0, "erase"), (99, "next"), (0, "text"), (0, "divide")],
)
def test_impossible_change_is_refused_and_changes_nothing(page: Page, number: int, action: str) -> None:
    first = page.articles.order_by("position")[0]
    before = list(page.articles.order_by("pk").values())
    with pytest.raises(ValidationError):
        change_line(first, number, action, None)
    assert list(page.articles.order_by("pk").values()) == before


def test_article_without_kicker_has_nothing_to_swap(page: Page) -> None:
    with pytest.raises(ValidationError):
        change(page, "早市", "早市", "swap")


def test_page_is_right_when_nothing_on_it_is_in_doubt(page: Page) -> None:
    Mention.objects.update(verdict="rejected")
    count = page.articles.count()
    assert approve_page(page) == count
    assert not page.articles.filter(reviewed=False).exists()
    assert approve_page(page) == 0


def test_page_with_a_doubt_is_refused_and_the_doubt_given(page: Page) -> None:
    Mention.objects.update(verdict="rejected")
    last = article(page, "早市")
    doubt = Mention.objects.create(
        article=last, kind="place", part="body", start=0, end=2, surface=last.body[:2]
    )
    refusal: Any = approve_page(page)
    assert isinstance(refusal, Obstacle)
    assert (refusal.article, refusal.mention) == (last, doubt)
    assert not page.articles.filter(reviewed=True).exists()


def test_drafts_of_a_page_are_published_with_it(page: Page) -> None:
    Mention.objects.update(verdict="rejected")
    page.articles.update(status="draft")
    approve_page(page)
    assert set(page.articles.values_list("status", "reviewed")) == {("draft", True)}
    approve_page(page, publish=True)
    assert set(page.articles.values_list("status", "reviewed")) == {("published", True)}
