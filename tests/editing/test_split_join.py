"""Tests that splitting and joining articles loses no mention, credit or decision."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from articles.counts.appearances import count_wrong_appearances
from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.split_join import join_next_article, next_article, split_article
from articles.loading.load_ledger import LoadLedger
from articles.loading.reextraction import reextract
from articles.models import Article, Boundary, Load, Mention, Organization, Page
from tests.factories import make_article
from tests.support.loading import load

pytestmark = pytest.mark.django_db

# Three stories; the title of the second is set like a section heading.
PAGE = """沂河晚报 2023年9月14日 星期四 第6版 民生

芮城县新桥昨天通车

本报讯（记者 周明）昨天上午，芮城县大王镇的新桥正式通车，两岸居民出行时间缩短了二十分钟。

绛县人民法院有关负责人到场祝贺，并向修桥的工人表示感谢，工人们说明年还要再修一座。

稷山县早市搬进新家

本报讯（记者 何小满）稷山县城南早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。

大棚里通水通电，天不亮就有人来买菜，摊主们说，再也不用看天做生意了。
"""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "0914.txt").write_text(PAGE, encoding="utf-8")
    load(tmp_path, home_code="140800")
    return Page.objects.get()


@pytest.fixture
def bridge(page: Page) -> Article:
    return page.articles.get(headline="芮城县新桥昨天通车")


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def shown(article: Article) -> dict[str, Any]:
    """The visible values of an article, with its mentions and credits."""
    article.refresh_from_db()
    return {
        **{name: getattr(article, name) for name in ("status", "headline", "body", "blocks", "end")},
        "names": sorted(
            (row.part, row.start, row.end, row.surface, row.verdict, str(row.record))
            for row in article.mentions.with_records()
        ),
        "credits": [(byline.reporter.name, byline.surface) for byline in article.bylines.all()],
    }


def mentions_match_the_text() -> bool:
    return all(
        getattr(row.article, row.part)[row.start : row.end] == row.surface
        for row in Mention.objects.select_related("article").exclude(article__status="trashed")
    )


def again(page: Page) -> None:
    """Read the page again by the current rules."""
    list(reextract([page], "published", LoadLedger(Load(started_at=timezone.now())), dry_run=False))


def number_of(article: Article, opening: str) -> int:
    return next(n for n, block in enumerate(article.blocks) if block["text"].startswith(opening))


def test_split_moves_mentions_and_appearances_with_the_text(bridge: Article, editor: User) -> None:
    court = bridge.mentions.get(surface="绛县人民法院")
    decide_mention(court, Decision("accepted"), editor)
    second = split_article(bridge, number_of(bridge, "绛县人民法院"), editor, headline=True)
    bridge.refresh_from_db()
    assert second.headline.startswith("绛县人民法院有关负责人")
    assert "绛县人民法院" not in bridge.body
    court.refresh_from_db()
    assert (court.article, court.part, court.start, court.verdict) == (second, "headline", 0, "accepted")
    assert mentions_match_the_text()
    assert count_wrong_appearances() == 0
    assert Organization.objects.get(name="绛县人民法院").appearances.get().article == second
    spans = [span for article in (bridge, second) for block in article.blocks for span in block["spans"]]
    assert sorted(spans) == sorted(
        span for block in bridge.extracted["blocks"] + second.extracted["blocks"] for span in block["spans"]
    )


def test_join_moves_mentions_and_credits(bridge: Article, editor: User) -> None:
    market = next_article(bridge)
    assert market
    decide_mention(
        market.mentions.filter(surface="稷山县", part="headline").get(), Decision("accepted"), editor
    )
    names, credits = shown(market)["names"], shown(market)["credits"]
    joined = join_next_article(bridge, editor)
    assert "稷山县早市搬进新家" in joined.body
    assert {"kind": "heading", "text": "稷山县早市搬进新家"}.items() <= next(
        block for block in joined.blocks if block["text"].startswith("稷山县早市")
    ).items()
    assert joined.mentions.filter(surface="稷山县", part="body", verdict="accepted").count() == 1
    assert joined.mentions.filter(surface="稷山县").count() == sum(name[3] == "稷山县" for name in names)
    assert [byline.reporter.name for byline in joined.bylines.all()] == [
        "周明",
        *(name for name, _ in credits),
    ]
    market.refresh_from_db()
    assert market.status == Article.Status.TRASHED
    assert mentions_match_the_text()
    assert count_wrong_appearances() == 0


def test_split_undoes_a_join(bridge: Article, editor: User) -> None:
    market = next_article(bridge)
    assert market
    correct_article(market, reviewed=False, headline="稷山县早市搬家")
    before = shown(bridge), shown(market)
    joined = join_next_article(bridge, editor)
    assert split_article(joined, number_of(joined, "稷山县早市搬"), editor, headline=False) == market
    after = shown(bridge), shown(market)
    assert after[1]["headline"] == "稷山县早市搬家"
    assert [names_of(one) for one in after] == [names_of(one) for one in before]
    assert [one["credits"] for one in after] == [one["credits"] for one in before]
    assert [one["status"] for one in after] == ["published", "published"]


def names_of(shown: dict[str, Any]) -> list[tuple[Any, ...]]:
    return sorted((name[0], name[3], name[4]) for name in shown["names"])


def test_join_undoes_a_split(bridge: Article, editor: User) -> None:
    before = shown(bridge)
    split_article(bridge, number_of(bridge, "绛县人民法院"), editor, headline=True)
    bridge.refresh_from_db()
    join_next_article(bridge, editor)
    assert shown(bridge) == before
    assert bridge.corrected == []


@pytest.mark.parametrize("is_headline", [True, False])
def test_split_survives_reextraction(bridge: Article, editor: User, is_headline: bool, page: Page) -> None:
    second = split_article(bridge, number_of(bridge, "绛县人民法院"), editor, headline=is_headline)
    before = shown(bridge), shown(second)
    again(page)
    assert (shown(bridge), shown(second)) == before
    assert Article.objects.count() == 3


def test_join_survives_reextraction(bridge: Article, editor: User, page: Page) -> None:
    joined = join_next_article(bridge, editor)
    before = shown(joined)
    again(page)
    assert shown(joined) == before
    assert Article.objects.exclude(status="trashed").count() == 1


def test_split_survives_a_new_version_of_the_page(bridge: Article, editor: User, tmp_path: Path) -> None:
    second = split_article(bridge, number_of(bridge, "绛县人民法院"), editor, headline=True)
    ids = {bridge.pk, second.pk, *Article.objects.values_list("pk", flat=True)}
    (tmp_path / "0914.txt").write_text(PAGE.replace("民生\n", "民生新闻\n"), encoding="utf-8")
    load(tmp_path, home_code="140800")
    newest = Page.objects.latest("pk")
    assert set(newest.articles.values_list("pk", flat=True)) == ids
    assert Boundary.objects.of(newest) == {second_start(newest): True}
    assert shown(second)["headline"].startswith("绛县人民法院")


def second_start(page: Page) -> int:
    return page.text.index("绛县人民法院")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        pytest.param(0, "not before the first", id="before the first line"),
        pytest.param(99, "not before the first", id="after the last line"),
        pytest.param(-1, "not before the first", id="negative"),
    ],
)
def test_invalid_split_is_rejected(bridge: Article, editor: User, number: int, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        split_article(bridge, number, editor, headline=False)
    assert Article.objects.count() == 2


def test_last_article_of_a_page_cannot_be_joined(page: Page, editor: User) -> None:
    last = page.articles.order_by("start").last()
    assert last
    with pytest.raises(ValidationError, match="last article"):
        join_next_article(last, editor)


def test_article_without_page_cannot_be_split(editor: User) -> None:
    article = make_article("手写", body="一\n二")
    with pytest.raises(ValidationError, match="read from a page"):
        split_article(article, 1, editor, headline=False)
