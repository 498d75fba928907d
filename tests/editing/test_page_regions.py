"""Lines of a page change their place or leave the articles, and every character stays with one block or residue."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import restore_article
from articles.editing.page_regions import put_back, set_aside
from articles.editing.reverting import revert
from articles.editing.split_join import join_next_article, move_block, next_article, split_article
from articles.models import Article, Mention, Organization, Page, Region
from tests.support.evidence import (
    assert_evidence_is_conserved,
    blocks_of,
    holder_by_character,
    holders,
    live_articles,
    read_again,
)
from tests.support.loading import load

pytestmark = pytest.mark.django_db

ADVERT = "绛县河滨家电城春季大酬宾冰箱彩电洗衣机空调一律九折优惠"
# The second line of the first paragraph is an advert that nothing marks.
TEXT = f"""沂河晚报 2023年9月14日 星期四 第6版 民生

市防汛办部署防汛工作

本报讯（记者 周明）昨天上午，芮城县召开防汛工作会议，要求各乡镇落实责任，排查隐患，确
{ADVERT}
保大王镇群众生命财产安全，各乡镇要提前准备物资。

稷山县早市搬进新家

本报讯（记者 何小满）稷山县城南早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。

大棚里通水通电，天不亮就有人来买菜，绛县人民法院的人说，再也不用看天做生意了。

平陆县造林三千亩

本报讯（记者 周明）平陆县今年春天造林三千亩，都在黄河岸边。
"""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "0914.txt").write_text(TEXT, encoding="utf-8")
    load(tmp_path, home_code="140800")
    return Page.objects.get()


@pytest.fixture
def flood(page: Page) -> Article:
    return page.articles.get(headline="市防汛办部署防汛工作")


@pytest.fixture
def market(page: Page) -> Article:
    return page.articles.get(headline="稷山县早市搬进新家")


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def span_of(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def number_of(article: Article, words: str) -> int:
    return next(n for n, block in enumerate(article.blocks) if words in block["text"])


def test_page_stores_what_is_printed_besides_its_articles(page: Page) -> None:
    header = TEXT.splitlines()[0]
    assert page.residue == [{"kind": "header", "start": 0, "end": len(header)}]
    assert_evidence_is_conserved(page)


# --- Taking back a join ---------------------------------------------------------------------------


def test_joined_lines_are_divided_at_the_cut_with_their_own_spans(flood: Article, page: Page) -> None:
    before = blocks_of(flood)
    cut = flood.body.index(ADVERT[:4])
    correct_article(flood, body=f"{flood.body[:cut]}\n{flood.body[cut:]}")
    first, second = blocks_of(flood)[1:3]
    assert first[1].endswith("确")
    assert second[1].startswith(ADVERT)
    assert (len(first[2]), first[2] + second[2]) == (1, before[1][2])
    assert all(
        text == "".join(TEXT[start:end] for start, end in spans) for _kind, text, spans in (first, second)
    )
    assert_evidence_is_conserved(page)
    read_again(page)
    assert blocks_of(flood)[1:3] == [first, second]
    correct_article(flood, body=flood.body.replace(f"确\n{ADVERT[:4]}", f"确{ADVERT[:4]}"))
    assert blocks_of(flood) == before


def test_line_is_divided_between_corrected_words(flood: Article, page: Page) -> None:
    correct_article(
        flood, body=flood.body.replace("召开防汛工作会议", "举行了防汛会").replace("，排查", "，\n排查")
    )
    first, second = blocks_of(flood)[1:3]
    assert first[1].endswith("落实责任，")
    start = second[2][0][0]
    assert TEXT[start:].startswith("排查隐患")
    assert_evidence_is_conserved(page)


# --- Splitting inside a line and at a cut ---------------------------------------------------------


@pytest.mark.parametrize("words", ["芮城县召开", ADVERT])
def test_article_is_split_inside_a_line_and_at_a_cut(
    flood: Article, page: Page, editor: User, words: str
) -> None:
    number = number_of(flood, words)
    at = flood.blocks[number]["text"].index(words)
    names = sorted(flood.mentions.values_list("surface", flat=True))
    second = split_article(flood, number, editor, headline=False, at=at)
    assert TEXT[second.start :].startswith(words)
    assert second.body.startswith(words)
    flood.refresh_from_db()
    assert (
        sorted(Mention.objects.filter(article__in=[flood, second]).values_list("surface", flat=True)) == names
    )
    assert_evidence_is_conserved(page)
    before = blocks_of(flood), blocks_of(second)
    read_again(page)
    assert (blocks_of(flood), blocks_of(second)) == before
    assert_evidence_is_conserved(page)


def test_article_that_was_split_inside_a_line_is_joined_as_it_was(
    flood: Article, page: Page, editor: User
) -> None:
    before = blocks_of(flood)
    number = number_of(flood, "芮城县召开")
    split_article(flood, number, editor, headline=False, at=flood.blocks[number]["text"].index("芮城县召开"))
    flood.refresh_from_db()
    join_next_article(flood, editor)
    assert blocks_of(flood) == before
    assert_evidence_is_conserved(page)


@pytest.mark.parametrize("at", [-3, 999])
def test_line_is_not_split_outside_its_text(flood: Article, editor: User, at: int) -> None:
    with pytest.raises(ValidationError, match="between two of its characters"):
        split_article(flood, 1, editor, headline=False, at=at)


# --- Moving a block -------------------------------------------------------------------------------


def test_block_moves_to_the_next_article_and_back_with_what_is_in_it(market: Article, page: Page) -> None:
    trees = next_article(market)
    assert trees
    number = number_of(market, "绛县人民法院")
    block = market.blocks[number]
    assert move_block(market, number, to_next=True) == trees
    market.refresh_from_db()
    trees.refresh_from_db()
    assert block in trees.blocks
    assert "绛县人民法院" not in market.body
    assert trees.mentions.filter(surface="绛县人民法院").count() == 1
    assert trees.start == block["spans"][0][0]
    assert Organization.objects.get(name="绛县人民法院").appearances.get().article == trees
    assert_evidence_is_conserved(page)
    before = blocks_of(market), blocks_of(trees)
    read_again(page)
    assert (blocks_of(market), blocks_of(trees)) == before
    move_block(trees, number_of(trees, "绛县人民法院"), to_next=False)
    market.refresh_from_db()
    assert block in market.blocks
    assert market.mentions.filter(surface="绛县人民法院").count() == 1
    assert_evidence_is_conserved(page)


def test_headline_moves_to_the_article_before_as_a_section_heading(
    flood: Article, market: Article, page: Page
) -> None:
    assert move_block(market, 0, to_next=False) == flood
    flood.refresh_from_db()
    market.refresh_from_db()
    assert flood.blocks[-1] | {"spans": []} == {"kind": "heading", "text": "稷山县早市搬进新家", "spans": []}
    assert market.headline == ""
    before = blocks_of(flood), blocks_of(market)
    read_again(page)
    assert (blocks_of(flood), blocks_of(market)) == before
    assert_evidence_is_conserved(page)


def test_moved_block_survives_a_new_version_of_the_page(market: Article, tmp_path: Path) -> None:
    move_block(market, number_of(market, "绛县人民法院"), to_next=True)
    (tmp_path / "0914.txt").write_text(TEXT.replace("第6版", "第16版"), encoding="utf-8")
    load(tmp_path, home_code="140800")
    newest = Page.objects.latest("pk")
    (region,) = Region.objects.of(newest)
    assert newest.text[region.start : region.end].startswith("大棚里通水通电")
    trees = newest.articles.get(headline="平陆县造林三千亩")
    assert "绛县人民法院" in trees.body
    assert_evidence_is_conserved(newest)


def test_only_line_of_an_article_stays(page: Page, market: Article, editor: User) -> None:
    split_article(market, number_of(market, "绛县人民法院"), editor, headline=False)
    alone = next_article(market)
    assert alone
    with pytest.raises(ValidationError, match="headline or a body"):
        move_block(alone, 0, to_next=True)
    assert_evidence_is_conserved(page)


# --- Adverts and notices --------------------------------------------------------------------------


def test_advert_leaves_the_sentence_around_it_whole(flood: Article, page: Page) -> None:
    Organization.objects.filter(name="绛县河滨家电城").delete()
    before = blocks_of(flood)
    set_aside(page, *span_of(ADVERT), "advert")
    flood.refresh_from_db()
    assert "排查隐患，确保大王镇群众" in flood.body
    assert (*span_of(ADVERT), "advert") in holders(page)
    assert not flood.mentions.filter(surface__contains="家电城").exists()
    assert_evidence_is_conserved(page)
    after = blocks_of(flood)
    read_again(page)
    assert blocks_of(flood) == after != before
    assert (*span_of(ADVERT), "advert") in holders(page)
    assert_evidence_is_conserved(page)


def test_advert_comes_back_into_its_article(flood: Article, page: Page) -> None:
    set_aside(page, *span_of(ADVERT), "advert")
    put_back(flood, *span_of(ADVERT))
    flood.refresh_from_db()
    assert ADVERT in [block["text"] for block in flood.blocks]
    assert "advert" not in [holder for _start, _end, holder in holders(page)]
    after = blocks_of(flood)
    read_again(page)
    assert blocks_of(flood) == after
    assert_evidence_is_conserved(page)


def test_version_before_an_advert_was_taken_out_is_restored(flood: Article, page: Page) -> None:
    blocks = flood.blocks
    set_aside(page, *span_of(ADVERT), "advert")
    flood.refresh_from_db()
    correct_article(flood, blocks=blocks)
    assert ADVERT in flood.body
    assert_evidence_is_conserved(page)
    read_again(page)
    assert_evidence_is_conserved(page)


def test_history_has_the_decisions_and_restores_the_article(flood: Article, page: Page) -> None:
    before = blocks_of(flood)
    names = sorted(flood.mentions.values_list("surface", "start"))
    set_aside(page, *span_of(ADVERT), "advert")
    flood.refresh_from_db()
    now, loaded = flood.history.all()
    assert (now.history_type, loaded.history_type, now.blocks != loaded.blocks) == ("~", "+", True)
    assert [row.kind for row in Region.history.all()] == ["advert"]
    revert(flood, loaded, may_publish=True)
    assert blocks_of(flood) == before
    assert sorted(flood.mentions.values_list("surface", "start")) == names
    assert_evidence_is_conserved(page)


def test_line_of_another_article_is_not_restored_twice(market: Article, page: Page) -> None:
    blocks = market.blocks
    move_block(market, number_of(market, "绛县人民法院"), to_next=True)
    market.refresh_from_db()
    with pytest.raises(ValidationError, match=r"平陆县造林三千亩.* has this text"):
        correct_article(market, blocks=blocks)
    assert_evidence_is_conserved(page)


def test_removed_line_is_residue_of_the_page(market: Article, page: Page) -> None:
    correct_article(market, blocks=market.blocks[:-1])
    assert "removed" in [holder for _start, _end, holder in holders(page)]
    assert_evidence_is_conserved(page)
    read_again(page)
    assert_evidence_is_conserved(page)
    market.refresh_from_db()
    assert "绛县人民法院" not in market.body


def test_article_of_which_all_is_an_advert_goes_to_the_trash(market: Article, page: Page) -> None:
    set_aside(page, market.start or 0, market.end or 0, "notice")
    market.refresh_from_db()
    assert market.status == "trashed"
    assert len(live_articles(page)) == 2
    assert_evidence_is_conserved(page)
    read_again(page)
    assert len(live_articles(page)) == 2
    assert_evidence_is_conserved(page)


def test_restored_article_takes_its_text_out_of_the_residue(market: Article, page: Page) -> None:
    before = blocks_of(market)
    set_aside(page, market.start or 0, market.end or 0, "notice")
    restore_article(Article.objects.get(pk=market.pk))
    assert not Region.objects.exists()
    assert_evidence_is_conserved(Page.objects.get())
    read_again(page)
    assert blocks_of(market) == before
    assert_evidence_is_conserved(Page.objects.get())


@pytest.mark.parametrize("status", ["trashed", "withdrawn"])
def test_article_does_not_come_back_while_another_has_its_text(
    flood: Article, market: Article, editor: User, page: Page, status: str
) -> None:
    join_next_article(flood, editor)
    market.refresh_from_db()
    if status == "withdrawn":
        Article.objects.filter(pk=market.pk).update(status=status, trashed_from="")
        market.refresh_from_db()
    with pytest.raises(ValidationError, match="“市防汛办部署防汛工作” has this text of the page now"):
        restore_article(market) if status == "trashed" else correct_article(market, status="published")
    assert_evidence_is_conserved(page)


def test_residue_that_the_reader_found_becomes_text(flood: Article, page: Page) -> None:
    header = TEXT.splitlines()[0]
    put_back(flood, *span_of(header))
    read_again(page)
    flood.refresh_from_db()
    assert header in flood.body
    assert flood.start == 0
    assert_evidence_is_conserved(page)


@pytest.mark.parametrize(
    ("start", "end"),
    [pytest.param(*span_of("\n\n"), id="white space"), pytest.param(9_000, 9_004, id="behind")],
)
def test_nothing_printed_is_no_advert(page: Page, start: int, end: int) -> None:
    with pytest.raises(ValidationError, match="Nothing is printed there"):
        set_aside(page, start, end, "advert")


def test_decision_survives_a_new_version_of_the_page(flood: Article, page: Page, tmp_path: Path) -> None:
    set_aside(page, *span_of(ADVERT), "advert")
    (tmp_path / "0914.txt").write_text(TEXT.replace("第6版", "第16版"), encoding="utf-8")
    load(tmp_path, home_code="140800")
    newest = Page.objects.latest("pk")
    start = newest.text.index(ADVERT)
    assert {"kind": "advert", "start": start, "end": start + len(ADVERT)} in (newest.residue or ())
    flood.refresh_from_db()
    assert "确保大王镇" in flood.body
    assert_evidence_is_conserved(newest)


def test_corrected_line_keeps_its_place_across_text_that_was_put_back(page: Page, market: Article) -> None:
    set_aside(page, *span_of("再也不用看天做生意了。"), "notice")
    market.refresh_from_db()
    revert(market, market.history.earliest("pk"), may_publish=True)
    market.refresh_from_db()
    correct_article(market, body=market.body.replace("的人说", "的职工说"))
    before = blocks_of(market)
    assert_evidence_is_conserved(page)
    read_again(page)
    assert blocks_of(market) == before
    assert_evidence_is_conserved(page)


# --- Any order of all of it -----------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["split", "join", "next", "previous", "advert", "back", "edit", "remove", "read"]),
        st.integers(0, 400),
        st.integers(1, 60),
    ),
    min_size=2,
    max_size=7,
)


@contextmanager
def undone() -> Iterator[None]:
    """Undo all that is written inside, so that every example begins with the page as it was loaded."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def do(page: Page, what: str, place: int, length: int, by: User) -> None:
    """Do a step at a place of the page, as far as that is possible there."""
    articles = live_articles(page)
    article = articles[place % len(articles)]
    number = place % len(article.blocks)
    text = article.blocks[number]["text"]
    match what:
        case "split":
            split_article(article, number, by, headline=bool(length % 2), at=length % len(text))
        case "join":
            join_next_article(article, by)
        case "next" | "previous":
            move_block(article, number, to_next=what == "next")
        case "advert":
            set_aside(page, place, place + length, "advert")
        case "back" if residues := page.residue:
            residue = residues[place % len(residues)]
            put_back(article, residue["start"], residue["end"])
        case "edit":
            at = length % len(text)
            block = {**article.blocks[number], "text": f"{text[:at]}改{text[at + 1 :]}"}
            correct_article(article, blocks=[*article.blocks[:number], block, *article.blocks[number + 1 :]])
        case "remove":
            correct_article(article, blocks=[*article.blocks[:number], *article.blocks[number + 1 :]])
        case "read":
            read_again(page)


@pytest.mark.slow
@given(steps=STEPS)
@settings(
    max_examples=25,
    # Without shrinking: each example reads the page again and runs all checks.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_steps_conserve_every_character(
    page: Page, editor: User, steps: list[tuple[str, int, int]]
) -> None:
    with undone():
        for what, place, length in steps:
            page.refresh_from_db()
            try:
                do(page, what, place, length, editor)
            except ValidationError:
                continue
            assert_evidence_is_conserved(page)
        before = holder_by_character(page)
        read_again(page)
        assert holder_by_character(page) == before
        assert_evidence_is_conserved(page)
