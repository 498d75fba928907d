"""A page is called by its masthead, or else by its file or its first headline."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.models import Page
from articles.models.page import set_file_names
from tests.factories import make_article, make_load, make_load_file, make_page

pytestmark = pytest.mark.django_db


def test_page_is_called_by_its_masthead() -> None:
    page = make_page(publication="沂河晚报", issue_date=dt.date(2023, 9, 14), page_number="6")
    make_load_file(make_load(), "/archive/0914.txt", page=page)
    assert str(page) == "沂河晚报 2023-09-14 6"


def test_page_without_masthead_is_called_by_its_last_file() -> None:
    page = make_page()
    for path in ("/archive/0914.txt", "upload/pages.zip/0915.txt"):
        make_load_file(make_load(), path, page=page)
    assert str(page) == "0915.txt"


def test_page_without_file_is_called_by_its_first_headline() -> None:
    page = make_page()
    make_article(page=page, start=0, end=1, position=1, headline="")
    make_article(page=page, start=1, end=2, position=2, headline="大桥通车")
    assert str(page) == "大桥通车"


def test_page_of_which_nothing_is_known_is_called_by_its_digest() -> None:
    page = make_page()
    assert str(page) == page.sha256[:12]


def test_names_of_files_of_many_pages_take_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pages = [make_page(f"第{number}页") for number in range(3)]
    for number, page in enumerate(pages):
        make_load_file(make_load(), f"/archive/{number}.txt", page=page)
    again = list(Page.objects.order_by("pk"))
    with django_assert_num_queries(1):
        set_file_names(again)
        assert [str(page) for page in again] == ["0.txt", "1.txt", "2.txt"]
