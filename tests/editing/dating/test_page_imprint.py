"""Tests what an editor decides of where and when a page was printed: its articles follow, and no load overwrites it."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.editing.article_corrections import correct_article
from articles.editing.dating.page_imprint import confirm_interval, correct_imprint
from articles.loading.load_ledger import LoadLedger
from articles.loading.reextraction import reextract
from articles.models import Article, Load, Page
from tests.support.loading import PAGE, load

pytestmark = pytest.mark.django_db

DAY, OTHER_DAY = dt.date(2023, 9, 15), dt.date(2023, 9, 16)
# As PAGE, without its header.
UNDATED = PAGE.partition("\n\n")[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(UNDATED, encoding="utf-8")
    load(path)
    return path


@pytest.fixture
def page(file: Path) -> Page:  # noqa: ARG001 - the page of the file
    return Page.objects.get()


def dates() -> list[dt.date | None]:
    return list(Article.objects.order_by("position").values_list("issue_date", flat=True))


def read_again() -> None:
    ledger = LoadLedger(Load(started_at=timezone.now()))
    list(reextract(Page.objects.current(), "published", ledger, dry_run=False))


def test_decided_imprint_carries_to_the_articles(page: Page) -> None:
    assert correct_imprint(page, issue_date=DAY, publication="沂河晚报", page_number="6", page_name="民生")
    page.refresh_from_db()
    assert (page.issue_date, page.issue_date_source) == (DAY, "editor")
    assert page.corrected == ["issue_date", "page_name", "page_number", "publication"]
    for article in page.articles.all():
        shown = (article.issue_date, article.publication, article.section)
        assert shown == (DAY, "沂河晚报", "民生")
    assert not correct_imprint(page, issue_date=DAY)


def test_articles_that_follow_their_page_are_still_untouched(page: Page) -> None:
    correct_imprint(page, issue_date=DAY)
    assert Article.objects.untouched().count() == 2


def test_what_an_editor_decided_of_an_article_itself_stays(page: Page) -> None:
    first = page.articles.get(position=1)
    correct_article(first, issue_date=OTHER_DAY)
    correct_imprint(page, issue_date=DAY)
    assert dates() == [OTHER_DAY, DAY]


def test_decided_imprint_stays_when_the_page_is_read_again(page: Page) -> None:
    correct_imprint(page, issue_date=DAY, publication="沂河晚报")
    before = list(Article.objects.order_by("pk").values_list())
    read_again()
    page.refresh_from_db()
    assert (page.issue_date, page.issue_date_source, page.publication) == (DAY, "editor", "沂河晚报")
    assert list(Article.objects.order_by("pk").values_list()) == before


def test_decided_imprint_stays_when_a_load_states_another(file: Path, page: Page) -> None:
    correct_imprint(page, issue_date=DAY)
    load(file, issue_date=OTHER_DAY, publication="沂河晚报")
    page.refresh_from_db()
    assert (page.issue_date, page.publication) == (DAY, "沂河晚报")
    assert dates() == [DAY, DAY]


def test_decided_imprint_goes_over_to_a_new_version_of_the_file(file: Path, page: Page) -> None:
    correct_imprint(page, issue_date=DAY)
    file.write_text(PAGE.replace("两岸", "沿岸"), encoding="utf-8")
    load(file)
    new = Page.objects.current().get()
    assert new != page
    assert (new.issue_date, new.issue_date_source, new.page_number) == (DAY, "editor", "6")
    assert dates() == [DAY, DAY]


def test_confirmed_interval_is_no_date_and_stays(page: Page) -> None:
    confirm_interval(page, DAY, OTHER_DAY)
    read_again()
    page.refresh_from_db()
    assert (page.issue_date, page.issue_earliest, page.issue_latest) == (None, DAY, OTHER_DAY)
    assert dates() == [None, None]
    assert not Page.objects.undated().exists()


def test_interval_of_one_day_is_the_date(page: Page) -> None:
    confirm_interval(page, DAY, DAY)
    page.refresh_from_db()
    assert (page.issue_date, page.issue_earliest, page.issue_date_source) == (DAY, None, "editor")
    assert dates() == [DAY, DAY]


def test_taking_a_date_back_puts_the_page_in_the_queue_again(page: Page) -> None:
    correct_imprint(page, issue_date=DAY)
    correct_imprint(page, issue_date=None)
    assert Page.objects.undated().get() == page
    assert dates() == [None, None]


def test_invalid_values_are_refused_and_nothing_is_stored(page: Page) -> None:
    with pytest.raises(ValidationError):
        correct_imprint(page, publication="报" * 201, page_number="6")
    with pytest.raises(ValidationError):
        confirm_interval(page, OTHER_DAY, DAY)
    with pytest.raises(TypeError):
        correct_imprint(page, text="")
    page.refresh_from_db()
    assert (page.page_number, page.corrected) == ("", None)


def test_history_has_what_a_page_was_and_what_was_decided(page: Page) -> None:
    correct_imprint(page, issue_date=DAY)
    rows = Page.history.filter(id=page.pk).order_by("history_id")
    assert [(row.history_type, row.issue_date) for row in rows] == [("+", None), ("~", DAY)]


def test_loads_write_no_history_of_pages(file: Path) -> None:
    load(file, issue_date=DAY)
    read_again()
    assert Page.history.count() == 0
