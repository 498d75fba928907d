"""Decisions of editors follow their words through new versions of a page, and `verify` finds no faults."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.bylines import set_bylines
from articles.editing.mention_decisions import Decision, add_mention, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.editing.record_trash import trash_record
from articles.editing.split_join import join_next_article, split_article
from articles.models import Article, Byline, Mention, Place
from articles.models.appearance import PlaceAppearance
from articles.models.history import Way
from tests.reliability.test_verify import TOWN, bridge, market, verify
from tests.support.loading import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "0914.txt"
    file.write_text(TOWN, encoding="utf-8")
    load(file)
    return file


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("bian")


def load_changed(file: Path, old: str, new: str) -> None:
    """Change the file of a page and load it."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    load(file)


def check_sound() -> None:
    code, lines = verify()
    assert (code, len(lines)) == (0, 1), lines


def test_decided_credits_follow_a_new_version_of_the_page(page: Path) -> None:
    set_bylines(bridge(), [{"name": "吴芳"}, {"name": "周明"}, {"name": "王强"}])
    before = list(Byline.objects.filter(article=bridge()).values_list("surface", flat=True))
    load_changed(page, "第6版 民生", "第6版 城乡民生")
    assert list(Byline.objects.filter(article=bridge()).values_list("surface", flat=True)) == before
    check_sound()
    load_changed(page, "（记者 周明 通讯员", "（通讯员")
    assert Byline.objects.filter(article=bridge(), reporter__name="周明").count() == 1
    assert not Byline.objects.filter(surface="周明").exclude(start=None).exists()
    check_sound()


def test_corrected_lines_keep_their_spans(page: Path, editor: User) -> None:
    article = bridge()
    correct_article(article, body=article.body.replace("二十分钟", "三十分钟"))
    load_changed(page, "第6版 民生", "第6版 城乡民生")
    assert "三十分钟" in bridge().body
    assert [block["spans"] for block in bridge().blocks] == [
        block["spans"] for block in bridge().extracted["blocks"]
    ]
    check_sound()
    split_article(bridge(), len(bridge().blocks) - 1, editor, headline=False)
    check_sound()


_NIGHT = "新桥夜间有灯光，市民可以在桥上散步。"
_LENGTH = "新桥全长一千二百米，双向六车道，两侧设有步行道。"


@pytest.mark.parametrize(
    ("old", "new", "body_has"),
    [
        pytest.param(_LENGTH, f"{_LENGTH}\n\n{_NIGHT}", _NIGHT, id="a new paragraph"),
        pytest.param(_LENGTH, _LENGTH + _NIGHT, _NIGHT, id="a new sentence in a line that is not corrected"),
        pytest.param("全长一千二百米", "全长一千三百米", "全长一千三百米", id="a line that is not corrected"),
        pytest.param("昨天上午，", "前天上午，", "昨天上午，", id="the corrected line"),
    ],
)  # fmt: skip
def test_corrected_article_follows_a_new_version_of_its_page(
    page: Path, old: str, new: str, body_has: str
) -> None:
    text = page.read_text(encoding="utf-8")
    article = bridge()
    correct_article(article, body=article.body.replace("二十分钟", "三十分钟"))
    load_changed(page, old, new)
    body = bridge().body
    assert "三十分钟" in body
    assert body.count(body_has) == 1
    assert [block["spans"] for block in bridge().blocks] == [
        block["spans"] for block in bridge().extracted["blocks"]
    ]
    check_sound()
    page.write_text(text, encoding="utf-8")
    load(page)
    assert "三十分钟" in bridge().body
    check_sound()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("正式通车，", "日前正式通车，", id="a word more before it"),
        pytest.param("第6版", "第7版", id="another number of the page"),
        pytest.param("芮城县交通运输局负责人介绍", "据介绍，芮城县交通运输局负责人说", id="a rewritten sentence"),
    ],
)  # fmt: skip
def test_mention_decision_moves_with_its_words(page: Path, editor: User, old: str, new: str) -> None:
    mention = Mention.objects.get(surface="芮城县交通运输局", part="body")
    decide_mention(mention, Decision("rejected"), editor)
    load_changed(page, old, new)
    found = Mention.objects.filter(surface="芮城县交通运输局", part="body")
    assert [(row.pk, row.verdict, row.decided_by) for row in found] == [(mention.pk, "rejected", editor)]
    check_sound()


def test_added_mention_moves_and_disappears_with_its_words(page: Path, editor: User) -> None:
    place = Place.objects.create(name="步行道")
    start = bridge().body.index("步行道")
    mention = add_mention(bridge(), "body", (start, start + 3), place, editor)
    load_changed(page, "正式通车，", "隆重通车，")
    mention.refresh_from_db()
    assert bridge().body[mention.start : mention.end] == "步行道"
    check_sound()
    load_changed(page, "，两侧设有步行道", "")
    assert not Mention.objects.filter(pk=mention.pk).exists()
    gone, added = Mention.history.filter(id=mention.pk)
    assert (added.history_type, added.history_way, added.surface) == ("+", Way.COMMAND, "步行道")
    assert (gone.history_type, gone.history_way, gone.decided_by) == ("-", Way.LOADER, editor)
    assert not PlaceAppearance.objects.filter(place=place).exists()
    check_sound()


def test_moved_place_takes_places_within_it_along(page: Path) -> None:  # noqa: ARG001 - has the places
    county = Place.objects.get(name="芮城县")
    old_town = Place.objects.create(name="老城", parent=county)
    Place.objects.create(name="钟楼", parent=old_town)
    Place.objects.create(name="他处", parent=Place.objects.get(name="运城市"))
    county.parent = Place.objects.get(name="山西省")
    county.save()
    paths = dict(Place.objects.values_list("name", "path"))
    assert paths["钟楼"] == paths["老城"] == paths["芮城县"] == "140000.140830"
    assert paths["他处"] == "140000.140800"
    old_town.refresh_from_db()
    old_town.parent = None
    old_town.save()
    check_sound()


def corrected(_: User) -> None:
    correct_article(market(), headline="早市换新家", body="平陆县的早市搬了家。", status="withdrawn")


def cut(editor: User) -> None:
    second = split_article(bridge(), 2, editor, headline=True)
    check_sound()
    join_next_article(bridge(), editor)
    check_sound()
    join_next_article(bridge(), editor)
    assert second.pk


def merged(editor: User) -> None:
    merge(Place.objects.get(name="平陆县"), Place.objects.get(name="芮城县"), editor)
    undone = merge(Place.objects.get(name="芮城县"), Place.objects.get(name="运城市"), editor)
    check_sound()
    undo_merge(undone)


def trashed(_: User) -> None:
    trash_article(market())
    trash_record(Mention.objects.filter(organization__isnull=False)[0].organization)


def written(_: User) -> None:
    correct_article(Article.objects.create(headline="编后", body="没有版面的稿件。"), body="改过的稿件。")


@pytest.mark.parametrize("work", [corrected, cut, merged, trashed, written], ids=lambda work: work.__name__)
def test_verify_accepts_all_work_of_editors(page: Path, editor: User, work: Callable[[User], None]) -> None:
    work(editor)
    check_sound()
    load_changed(page, "第6版 民生", "第6版 城乡民生")
    check_sound()
    load_changed(page, "正式通车，", "日前通车，")
    check_sound()


def test_joined_article_with_other_words_stays_joined_when_articles_change_places(
    page: Path, editor: User
) -> None:
    correct_article(market(), body="本报讯（记者 何小满）闻喜县的菜市场换了地方。")
    join_next_article(bridge(), editor)
    header, first, second = (
        TOWN[: TOWN.index("芮城县新桥通车")],
        TOWN[TOWN.index("芮城县新桥通车") : TOWN.index("早市搬进新家")],
        TOWN[TOWN.index("早市搬进新家") :],
    )
    page.write_text(f"{header}{second}\n{first}", encoding="utf-8")
    load(page)
    published = Article.objects.published()
    assert [article.headline for article in published] == ["芮城县新桥通车"]
    assert "闻喜县的菜市场换了地方" in published[0].body
    check_sound()
