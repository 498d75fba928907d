"""Tests that corrections of editors are stored apart from the extracted values."""

import pytest
from django.core.exceptions import ValidationError

from articles.editing.article_corrections import correct_article, mark_bylines_decided
from articles.editing.article_trash import restore_article, trash_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.models import Article
from tests.factories import make_article, make_mention, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article("大桥通车")


def stored(article: Article) -> tuple[str, list[str], int]:
    return Article.objects.values_list("headline", "corrected", "version").get(pk=article.pk)


def test_correction_stores_value_and_column_name(article: Article) -> None:
    assert correct_article(article, headline="浮桥通车", status="published")
    assert stored(article) == ("浮桥通车", ["headline"], 2)
    assert correct_article(article, reviewed=True, headline="浮桥昨日通车")
    assert stored(article) == ("浮桥昨日通车", ["headline", "reviewed"], 3)


def test_unchanged_value_is_not_a_correction(article: Article) -> None:
    assert not correct_article(article, headline="大桥通车", kicker="")
    assert stored(article) == ("大桥通车", [], 1)


def test_corrections_of_two_editors_are_both_stored(article: Article) -> None:
    other = Article.objects.get(pk=article.pk)
    correct_article(article, headline="浮桥通车")
    correct_article(other, kicker="交通")
    assert stored(article) == ("浮桥通车", ["headline", "kicker"], 3)


@pytest.mark.parametrize("column", ["extracted", "version", "page", "id", "nonsense"])
def test_only_editable_columns_can_be_corrected(article: Article, column: str) -> None:
    with pytest.raises(TypeError, match=f"no correctable {column}"):
        correct_article(article, **{"headline": "浮桥通车", column: 9})
    assert stored(article) == ("大桥通车", [], 1)


def test_decided_bylines_are_noted(article: Article) -> None:
    mark_bylines_decided(article)
    assert stored(article) == ("大桥通车", ["bylines"], 2)


def test_untouched_articles_have_no_decision_of_an_editor(article: Article) -> None:
    corrected, judged = (make_article(headline) for headline in ("学校", "早市"))
    correct_article(corrected, kicker="教育")
    make_mention(judged, "早市", verdict="rejected")
    make_mention(article, "大桥")
    assert list(Article.objects.untouched()) == [article]


@pytest.mark.parametrize(
    ("article", "shown"),
    [
        pytest.param(Article(pk=3, headline="大桥通车", body="昨天"), "大桥通车", id="headline"),
        pytest.param(Article(pk=3, body="昨" * 40), "昨" * 30, id="beginning of the body"),
        pytest.param(Article(pk=3), "#3", id="neither"),
    ],
)
def test_article_without_headline_has_a_display_name(article: Article, shown: str) -> None:
    assert str(article) == shown


# --- Blocks and body of a printed article ---------------------------------------------------------

BLOCKS = [
    {"kind": "headline", "text": "芮城县浮桥通车", "spans": [[0, 7]]},
    {"kind": "byline", "text": "记者 周明", "spans": [[8, 13]]},
    {"kind": "paragraph", "text": "昨天，大王镇的浮桥通车。", "spans": [[14, 20], [30, 36]]},
    {"kind": "heading", "text": "绛县来客", "spans": [[37, 41]]},
    {"kind": "paragraph", "text": "绛县人也来了。", "spans": [[42, 49]]},
]


@pytest.fixture
def printed() -> Article:
    page = make_page("印" * 49)
    body = "昨天，大王镇的浮桥通车。\n绛县来客\n绛县人也来了。"
    article = make_article("芮城县浮桥通车", page=page, body=body, blocks=BLOCKS)
    make_mention(article, "芮城县", part="headline")
    for name in ("大王镇", "绛县", "绛县"):
        make_mention(article, name)
    return article


def named(article: Article) -> list[tuple[str, int, str]]:
    rows = article.mentions.in_order()
    assert all(getattr(article, row.part)[row.start : row.end] == row.surface for row in rows)
    return [(row.part, row.start, row.surface) for row in rows]


def test_blocks_follow_an_edited_body(printed: Article) -> None:
    correct_article(printed, body="昨天上午，大王镇的浮桥通车。\n绛县来客\n绛县人也来了。\n他们很高兴。")
    assert [(block["kind"], block["text"], block["spans"]) for block in printed.blocks[2:]] == [
        ("paragraph", "昨天上午，大王镇的浮桥通车。", [[14, 20], [30, 36]]),
        ("heading", "绛县来客", [[37, 41]]),
        ("paragraph", "绛县人也来了。", [[42, 49]]),
        ("paragraph", "他们很高兴。", []),
    ]
    assert printed.corrected == ["blocks", "body"]
    assert named(printed) == [
        ("headline", 0, "芮城县"),
        ("body", 5, "大王镇"),
        ("body", 15, "绛县"),
        ("body", 20, "绛县"),
    ]


def test_mentions_follow_a_block_that_changes_kind(printed: Article) -> None:
    blocks = [*BLOCKS[:3], {**BLOCKS[3], "kind": "subtitle"}, BLOCKS[4]]
    correct_article(printed, blocks=blocks)
    assert (printed.subtitle, printed.body) == ("绛县来客", "昨天，大王镇的浮桥通车。\n绛县人也来了。")
    assert named(printed) == [
        ("headline", 0, "芮城县"),
        ("subtitle", 0, "绛县"),
        ("body", 3, "大王镇"),
        ("body", 13, "绛县"),
    ]
    assert printed.corrected == ["blocks", "body", "subtitle"]


def test_corrected_headline_stays_when_other_blocks_change(printed: Article) -> None:
    correct_article(printed, headline="浮桥通车了")
    correct_article(printed, blocks=[*BLOCKS[:4], {**BLOCKS[4], "kind": "caption"}])
    assert printed.headline == "浮桥通车了"


def test_article_is_trashed_and_restored_unchanged(printed: Article) -> None:
    correct_article(printed, status="published")
    names = named(printed)
    trash_article(printed)
    assert not Article.objects.published().exists()
    printed.refresh_from_db()
    restore_article(printed)
    printed.refresh_from_db()
    assert (printed.status, printed.trashed_from, named(printed)) == ("published", "", names)


@pytest.mark.parametrize("is_decided", [False, True])
def test_status_from_the_trash_is_decided_if_it_was(printed: Article, *, is_decided: bool) -> None:
    if is_decided:
        correct_article(printed, status="withdrawn")
    before = printed.status, printed.corrected
    assert ("status" in printed.corrected) == is_decided
    trash_article(printed)
    restore_article(printed)
    printed.refresh_from_db()
    assert (printed.status, printed.corrected) == before


def test_article_with_doubtful_mention_cannot_be_reviewed(printed: Article) -> None:
    with pytest.raises(ValidationError, match="4"):
        correct_article(printed, reviewed=True)
    printed.refresh_from_db()
    assert not printed.reviewed
    for row in printed.mentions.all():
        decide_mention(row, Decision("accepted"), None)
    correct_article(printed, reviewed=True)
