"""The desk: lines are moved, joined and taken out of articles, and doubts about joins are decided."""

import re
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from articles.models import Article, Boundary, Page
from tests.factories import make_client_of
from tests.support.evidence import assert_evidence_is_conserved, holders, read_again
from tests.support.loading import load

pytestmark = pytest.mark.django_db

ADVERT = "绛县河滨家电城春季大酬宾冰箱彩电洗衣机一律九折，订购电话：0359—2222333，送货上门"
TEXT = f"""沂河晚报 2023年9月14日 星期四 第6版 民生

市防汛办部署防汛工作

本报讯（记者 周明）昨天上午，芮城县召开防汛工作会议，要求各乡镇落实责任，排查隐患，确
{ADVERT}
保群众生命财产安全，各乡镇要提前准备物资。

稷山县早市搬进新家

本报讯（记者 何小满）稷山县城南早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。

大棚里通水通电，天不亮就有人来买菜，摊主们说，再也不用看天做生意了。
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "0914.txt").write_text(TEXT, encoding="utf-8")
    load(tmp_path, home_code="140800")
    return Page.objects.get()


@pytest.fixture
def flood(page: Page) -> Article:
    return page.articles.get(headline="市防汛办部署防汛工作")


@pytest.fixture
def editor() -> Client:
    return make_client_of("editor", language="en")


def url(view: str, article: Article, *args: int) -> str:
    return reverse(f"admin:articles_article_{view}", args=[article.pk, *args])


def do(editor: Client, article: Article, action: str, number: int = 1) -> list[str]:
    """Press a button of a line, and return the messages of the next page."""
    article.refresh_from_db()
    response = editor.post(url("line", article, number), {"do": action, "version": article.version})
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_join_in_doubt_is_shown_with_a_reason(editor: Client, flood: Article) -> None:
    html = editor.get(url("change", flood)).content.decode()
    assert "looks like an advert inside the column" in html
    assert "1 join of lines in doubt" in html
    assert "Decide the joins in doubt first." in html
    review = editor.get(reverse("admin:articles_page_review", args=[flood.page_id])).content.decode()
    assert "looks like an advert inside the column" in review
    queue = editor.get(reverse("admin:articles_page_queue")).content.decode()
    assert re.search(r"joins in doubt.*<td>1</td><td>[^<]*</td></tr>", queue, re.DOTALL)


def test_article_with_a_join_in_doubt_is_not_reviewed(editor: Client, flood: Article) -> None:
    flood.mentions.all().delete()
    answer = editor.post(url("move", flood), {"status": "reviewed"}, follow=True)
    assert "It is in doubt whether a line reads on" in answer.content.decode()
    assert do(editor, flood, "reads-on:1") == []
    editor.post(url("move", flood), {"status": "reviewed"})
    flood.refresh_from_db()
    assert flood.reviewed


def test_articles_marked_as_reviewed_together_leave_out_one_with_a_join_in_doubt(
    editor: Client, flood: Article
) -> None:
    flood.mentions.all().delete()
    values = {"action": "mark_reviewed", "_selected_action": [flood.pk]}
    answer = editor.post(reverse("admin:articles_article_changelist"), values, follow=True)
    assert "Articles left as they were: 1 (joins in doubt)." in answer.content.decode()
    flood.refresh_from_db()
    assert not flood.reviewed


def test_join_that_an_editor_confirmed_is_never_in_doubt_again(
    editor: Client, flood: Article, page: Page
) -> None:
    do(editor, flood, "reads-on:1")
    assert list(Boundary.objects.values_list("offset", "begins")) == [(TEXT.index(ADVERT), False)]
    read_again(page)
    assert "in doubt: does" not in editor.get(url("change", flood)).content.decode().lower()
    assert do(editor, flood, "reads-on:1") == ["No join is in doubt there any more."]


def test_line_is_set_to_advert_and_the_sentence_reads_on(editor: Client, flood: Article, page: Page) -> None:
    assert do(editor, flood, "advert:1") == []
    flood.refresh_from_db()
    assert "排查隐患，确保群众" in flood.body
    assert (TEXT.index(ADVERT), TEXT.index(ADVERT) + len(ADVERT), "advert") in holders(page)
    assert_evidence_is_conserved(page)


def test_advert_is_put_back_from_the_review_of_its_page(editor: Client, flood: Article, page: Page) -> None:
    do(editor, flood, "notice:1")
    review = reverse("admin:articles_page_review", args=[page.pk])
    html = editor.get(review).content.decode()
    assert ADVERT[:20] in html
    start = TEXT.index(ADVERT)
    response = editor.post(review, {"put_back": f"{start}-{start + len(ADVERT)}", "article": flood.pk})
    assert response.status_code == 302
    flood.refresh_from_db()
    assert ADVERT in flood.body
    assert_evidence_is_conserved(page)


def test_joined_line_is_divided_and_joined_again(editor: Client, flood: Article, page: Page) -> None:
    before = flood.blocks
    do(editor, flood, "divide:1")
    flood.refresh_from_db()
    assert flood.body.splitlines()[1].startswith(ADVERT)
    assert_evidence_is_conserved(page)
    do(editor, flood, "join")
    flood.refresh_from_db()
    assert flood.blocks == before
    assert_evidence_is_conserved(page)


def test_new_line_in_the_form_of_a_line_gives_each_line_its_own_place(
    editor: Client, flood: Article, page: Page
) -> None:
    block = flood.blocks[1]
    cut = block["text"].index(ADVERT)
    text = f"{block['text'][:cut]}\n{block['text'][cut:]}"
    values = {"kind": "paragraph", "text": text, "was_kind": "paragraph", "was_text": block["text"]}
    editor.post(url("block", flood, 1), values)
    flood.refresh_from_db()
    assert [one["spans"] for one in flood.blocks[1:3]] == [block["spans"][:1], block["spans"][1:]]
    assert_evidence_is_conserved(page)


def test_article_is_split_inside_a_line_before_words(editor: Client, flood: Article, page: Page) -> None:
    values = {"version": flood.version, "words": "要求各乡镇", "headline": ""}
    editor.post(url("split", flood, 1), values)
    assert page.articles.get(start=TEXT.index("要求各乡镇")).body.startswith("要求各乡镇")
    assert_evidence_is_conserved(page)


@pytest.mark.parametrize("words", ["没有这些字", "各乡镇"])
def test_words_to_split_at_must_be_in_the_line_once(editor: Client, flood: Article, words: str) -> None:
    response = editor.post(url("split", flood, 1), {"version": flood.version, "words": words})
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        f"These words must be in the line once: “{words}”."
    ]


def test_line_moves_to_the_next_article(editor: Client, flood: Article, page: Page) -> None:
    assert do(editor, flood, "next") == []
    market = page.articles.get(headline="稷山县早市搬进新家")
    assert ADVERT in market.body
    assert_evidence_is_conserved(page)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        pytest.param("previous", "There is no article on that side of the page.", id="no neighbour"),
        pytest.param("advert:7", "Choose one of the printed lines, and try again.", id="no such line"),
        pytest.param("divide:x", "Choose one of the printed lines, and try again.", id="no number"),
    ],
)
def test_what_cannot_be_done_is_a_message(editor: Client, flood: Article, action: str, message: str) -> None:
    assert do(editor, flood, action) == [message]


def test_outdated_form_changes_nothing(editor: Client, flood: Article) -> None:
    response = editor.post(url("line", flood, 1), {"do": "advert:1", "version": flood.version + 1})
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "Somebody changed this article meanwhile: look at it again."
    ]


def test_reporter_may_not_move_lines(flood: Article) -> None:
    reporter = make_client_of("reporter", name="bo")
    values = {"do": "advert:1", "version": flood.version}
    assert reporter.post(url("line", flood, 1), values).status_code == 403
    review = reverse("admin:articles_page_review", args=[flood.page_id])
    assert reporter.post(review, {"put_back": "0-4", "article": flood.pk}).status_code == 403
