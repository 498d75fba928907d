"""What people decide in an article is kept apart from what the machine read."""

from __future__ import annotations

import pytest

from articles.models import Article, Mention

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return Article.objects.create(headline="大桥通车", status="published")


def stored(article: Article) -> tuple[str, list[str], int]:
    return Article.objects.values_list("headline", "corrected", "version").get(pk=article.pk)


def test_a_correction_is_written_with_its_name(article: Article) -> None:
    assert article.correct(headline="新桥通车", status="published")
    assert stored(article) == ("新桥通车", ["headline"], 2)
    assert article.correct(reviewed=True, headline="新桥昨日通车")
    assert stored(article) == ("新桥昨日通车", ["headline", "reviewed"], 3)


def test_what_stood_so_already_is_no_correction(article: Article) -> None:
    assert not article.correct(headline="大桥通车", kicker="")
    assert stored(article) == ("大桥通车", [], 1)


def test_corrections_of_two_people_are_both_kept(article: Article) -> None:
    other = Article.objects.get(pk=article.pk)
    article.correct(headline="新桥通车")
    other.correct(kicker="交通")
    assert stored(article) == ("新桥通车", ["headline", "kicker"], 3)


@pytest.mark.parametrize("column", ["found", "version", "page", "blocks", "id", "nonsense"])
def test_only_what_people_decide_can_be_corrected(article: Article, column: str) -> None:
    with pytest.raises(TypeError, match=f"no correctable {column}"):
        article.correct(**{"headline": "新桥通车", column: 9})
    assert stored(article) == ("大桥通车", [], 1)


def test_decided_bylines_are_noted(article: Article) -> None:
    article.keep_bylines()
    assert stored(article) == ("大桥通车", ["bylines"], 2)


def test_untouched_are_articles_in_which_nobody_decided_anything(article: Article) -> None:
    corrected, judged = (Article.objects.create(headline=headline) for headline in ("学校", "早市"))
    corrected.correct(kicker="教育")
    Mention.objects.create(article=judged, start=0, end=2, kind="place", surface="早市", verdict="rejected")
    Mention.objects.create(article=article, start=0, end=2, kind="place", surface="大桥")
    assert list(Article.objects.untouched()) == [article]


@pytest.mark.parametrize(
    ("article", "shown"),
    [
        pytest.param(Article(pk=3, headline="大桥通车", body="昨天"), "大桥通车", id="headline"),
        pytest.param(Article(pk=3, body="昨" * 40), "昨" * 30, id="beginning of the body"),
        pytest.param(Article(pk=3), "#3", id="neither"),
    ],
)
def test_an_article_without_a_headline_can_be_named(article: Article, shown: str) -> None:
    assert str(article) == shown
