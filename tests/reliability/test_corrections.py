"""Tests that every mention stays at its words, whatever editors do to the text of a page."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.counts.appearances import count_wrong_appearances
from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.reverting import revert
from articles.editing.split_join import join_next_article, split_article
from articles.loading.load_ledger import LoadLedger
from articles.loading.reextraction import reextract
from articles.models import Article, Load, Mention, Page
from articles.reading.names import recognition
from tests.support.loading import load

pytestmark = pytest.mark.django_db

TEXT = """新桥昨天通车

本报讯（记者 林一舟）昨天上午，芮城县大王镇的新桥通车，两岸居民出行时间缩短了二十分钟，大家都很高兴。

绛县的客人说，新桥双向六车道，两侧设有步行道，他们专程赶来，以后走亲戚方便了许多，还要再来看看。

早市搬进新家

本报讯（记者 何小满）运城市盐湖区的早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位，大家都很高兴。

稷山县的菜农说，大棚里通水通电，天不亮就有人来买菜，再也不用看天做生意了。
"""
WORDS = ["芮城县", "绛县", "大王镇", "县人民法院", "昨天，", "稷山县委", "，", "。", "新华村"]


def rewrite_line(article: Article, chance: random.Random) -> None:
    blocks = [dict(block) for block in article.blocks]
    block = chance.choice(blocks)
    at, length = chance.randrange(len(block["text"]) + 1), chance.choice([0, 3, 6])
    block["text"] = block["text"][:at] + chance.choice(["", *WORDS]) + block["text"][at + length :]
    correct_article(article, blocks=[block for block in blocks if block["text"].strip()])


def change_kind(article: Article, chance: random.Random) -> None:
    blocks = [dict(block) for block in article.blocks]
    chance.choice(blocks)["kind"] = chance.choice(["heading", "caption", "subtitle", "paragraph"])
    correct_article(article, blocks=blocks)


def rewrite_title(article: Article, chance: random.Random) -> None:
    correct_article(article, headline=chance.choice(WORDS) + "新闻")


def write_line(article: Article, chance: random.Random) -> None:
    correct_article(article, body=article.body.replace("\n", f"\n{chance.choice(WORDS)}也来了。\n", 1))


def decide(article: Article, chance: random.Random) -> None:
    if rows := list(article.mentions.all()):
        decide_mention(chance.choice(rows), Decision(chance.choice(["accepted", "rejected", ""])), None)


def restore_version(article: Article, chance: random.Random) -> None:
    if versions := list(article.history.all()):
        revert(article, chance.choice(versions), may_publish=True)


def split(article: Article, chance: random.Random) -> None:
    number = chance.randrange(1, max(2, len(article.blocks)))
    split_article(article, number, None, headline=chance.random() < 0.5)


def join(article: Article, _chance: random.Random) -> None:
    join_next_article(article, None)


def read_again(_article: Article, _chance: random.Random) -> None:
    """Read the page twice by the same rules: the second time changes nothing."""
    rows: list[list[Any]] = []
    for _ in range(2):
        ledger = LoadLedger(Load(started_at=timezone.now()))
        list(reextract(Page.objects.all(), "published", ledger, dry_run=False))
        ledger.close({})
        rows.append(list(Mention.objects.order_by("pk").values_list()))
    assert rows[0] == rows[1]


STEPS: list[Callable[[Article, random.Random], None]] = [
    *[rewrite_line] * 5,
    *(change_kind, rewrite_title, write_line, decide, decide, restore_version, split, join, read_again),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_mentions_stay_at_their_words(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "load_tagger", lambda: None)
    path = tmp_path / "0730.txt"
    path.write_text(TEXT, encoding="utf-8")
    load(path, home_code="140800")
    chance = random.Random(seed)
    for _ in range(25):
        step = chance.choice(STEPS)
        articles = Article.objects.exclude(status="trashed").order_by("pk")
        try:
            step(chance.choice(list(articles)), chance)
        except ValidationError:
            continue  # there is nothing to join, or no line to split at
        for row in Mention.objects.filter(article__in=articles).select_related("article"):
            assert getattr(row.article, row.part)[row.start : row.end] == row.surface, step.__name__
        assert count_wrong_appearances() == 0, step.__name__
