"""Tests that sure pages are accepted in bulk with a sample, and the error rate of the samples."""

import random
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.editing.article_corrections import correct_article
from articles.editing.review import page_samples
from articles.editing.review.page_samples import (
    SampleRate,
    accept_pages,
    check_sample,
    sample_rate,
    sure_pages,
)
from articles.models import Article, Page, PageAcceptance
from tests.factories import make_article, make_mention, make_page

pytestmark = pytest.mark.django_db


def page(score: float | None = 2.0, **values: Any) -> Page:
    made = make_page(least_score=score)
    make_article(page=made, position=1, **values)
    return made


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("wang")


def test_page_is_sure_by_its_score_and_without_a_doubt() -> None:
    sure = page()
    page(1.9)
    page(None)
    page(reviewed=True)
    page(status="trashed")
    doubtful = page()
    make_mention(doubtful.articles.get(), "花园社区")
    assert list(sure_pages()) == [sure]


@pytest.mark.parametrize(("pages", "sampled"), [(1, 1), (10, 1), (11, 2), (20, 2)])
def test_one_page_in_ten_is_left_to_be_reviewed(editor: User, pages: int, sampled: int) -> None:
    made = [page() for _ in range(pages)]
    assert accept_pages(made, editor, random.Random(7)) == (pages - sampled, sampled, 0)
    assert Article.objects.filter(reviewed=False).count() == sampled
    waiting = PageAcceptance.objects.filter(is_sample=True, verdict="").values_list("page", flat=True)
    assert set(Article.objects.filter(reviewed=False).values_list("page", flat=True)) == set(waiting)
    assert not sure_pages().exists()


def test_page_that_another_request_accepted_meanwhile_is_passed_over(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second click draws its own sample of the same pages before the first one is done."""
    made = [page() for _ in range(3)]
    chosen = sure_pages()
    accept_pages(made, editor)
    monkeypatch.setattr(
        page_samples, "sure_pages", lambda: Page.objects.filter(pk__in=[one.pk for one in made])
    )
    assert accept_pages(made, editor) == (0, 0, 0)
    assert chosen.count() == 0
    assert PageAcceptance.objects.count() == 3


def test_page_that_is_not_sure_any_more_is_left(editor: User) -> None:
    made = [page() for _ in range(3)]
    make_mention(made[0].articles.get(), "花园社区")
    accept_pages(made, editor)
    assert not PageAcceptance.objects.filter(page=made[0]).exists()


def test_page_with_a_join_in_doubt_is_left(editor: User) -> None:
    made = [page() for _ in range(2)]
    text = {"kind": "paragraph", "text": "大桥通车", "spans": [[0, 2], [2, 4]]}
    doubts = {"blocks": [text], "doubts": [{"offset": 2, "reason": "short"}]}
    Article.objects.update(blocks=[text], extracted=doubts)
    assert accept_pages(made, editor) == (0, 1, 1)


def test_first_finding_on_a_sampled_page_counts(editor: User) -> None:
    made = page()
    accept_pages([made], editor)
    check_sample(made, editor, is_right=False)
    check_sample(made, editor, is_right=True)
    assert PageAcceptance.objects.get().verdict == "wrong"
    assert sample_rate() == SampleRate(0, 1, 1)


@pytest.mark.parametrize(
    ("checked", "wrong", "interval"),
    [(0, 0, (0.0, 1.0)), (10, 0, (0.0, 0.278)), (100, 2, (0.006, 0.07)), (50, 50, (0.929, 1.0))],
)
def test_interval_is_that_of_wilson(checked: int, wrong: int, interval: tuple[float, float]) -> None:
    low, high = SampleRate(0, checked, wrong).interval
    assert (round(low, 3), round(high, 3)) == interval


def test_sampled_page_with_a_corrected_line_was_wrong(editor: User) -> None:
    """The correction was made on the article's own page, and then the page was said to be right."""
    made = page()
    accept_pages([made], editor)
    correct_article(made.articles.get(), headline="大桥昨天通车")
    check_sample(made, editor, is_right=True)
    assert sample_rate().wrong == 1
