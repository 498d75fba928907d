"""Tests the credits that a text of people suggests: no text changes the bylines by itself."""

import pytest
from django.core.exceptions import ValidationError

from articles.editing.article_corrections import correct_article, create_article
from articles.editing.bylines import add_suggested_byline, set_bylines, suggested_bylines
from articles.models import Article
from tests.factories import make_alias, make_article, make_byline, make_page, make_reporter

pytestmark = pytest.mark.django_db

LIN, WU = {"name": "林一舟", "role": "reporter"}, {"name": "吴芳", "role": "photographer"}


def written(body: str) -> Article:
    article = Article(headline="大桥通车", body=body)
    create_article(article)
    return article


def credited(article: Article) -> list[tuple[str, str, int]]:
    return [(row.reporter.name, row.role, row.order) for row in article.bylines.order_by("order")]


@pytest.mark.parametrize(
    ("body", "suggested"),
    [
        pytest.param("记者 林一舟\n昨天通车。", [LIN], id="a line of its own"),
        pytest.param("本报讯（记者 林一舟）昨天通车。", [LIN], id="behind the dateline"),
        pytest.param("昨天通车。（记者 林一舟 摄影 吴芳）", [LIN, WU], id="at the end"),
        pytest.param("昨天通车，记者林一舟很高兴。", [], id="in a sentence"),
    ],
)
def test_credits_in_what_people_write_are_suggested(body: str, suggested: list[dict[str, str]]) -> None:
    article = written(body)
    assert suggested_bylines(article) == suggested
    assert not article.bylines.exists()


def test_a_suggestion_is_added_behind_the_bylines_of_the_editor() -> None:
    article = written("昨天通车。（记者 林一舟 摄影 吴芳）")
    set_bylines(article, [{"name": "周明", "role": "reporter"}])
    add_suggested_byline(article, {"name": "吴芳", "role": "photographer"})
    assert credited(article) == [("周明", "reporter", 1), ("吴芳", "photographer", 2)]
    assert suggested_bylines(article) == [LIN]
    with pytest.raises(ValidationError):
        add_suggested_byline(article, {"name": "吴芳", "role": "photographer"})


def test_a_person_credited_by_another_name_is_not_suggested() -> None:
    reporter = make_reporter("林一舟先生")
    make_alias("林一舟", reporter)
    article = written("记者 林一舟\n昨天通车。")
    make_byline(article, reporter)
    assert suggested_bylines(article) == []


def test_only_the_line_that_an_editor_wrote_suggests() -> None:
    page = make_page("大桥通车\n记者 周明\n昨天通车。")
    kinds = (("headline", 0, 4), ("byline", 5, 10), ("paragraph", 11, 16))
    blocks = [
        {"kind": kind, "text": page.text[start:end], "spans": [[start, end]]} for kind, start, end in kinds
    ]
    article = make_article(
        "大桥通车", page=page, blocks=blocks, body="昨天通车。", extracted={"blocks": blocks, "start": 0}
    )
    assert suggested_bylines(article) == []
    correct_article(article, blocks=[blocks[0], {**blocks[1], "text": "记者 林一舟"}, blocks[2]])
    assert suggested_bylines(article) == [LIN]
    assert not article.bylines.exists()
