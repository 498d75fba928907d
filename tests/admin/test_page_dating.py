"""Tests the desk's part of dating pages that needs no browser: rights, both languages, and the number of queries."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Boundary, Page, Region
from tests.factories import make_client_of
from tests.support.loading import PAGE, load

pytestmark = pytest.mark.django_db

UNDATED = PAGE.partition("\n\n")[2].replace("昨天上午", "2024年7月22日上午")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "page.txt").write_text(
        "新桥通车\n\n　　7月22日，县里举办2024年水果节，来了很多人。\n", encoding="utf-8"
    )
    load(tmp_path)
    return Page.objects.get()


def url(page: Page) -> str:
    return f"/admin/articles/page/{page.pk}/review/"


CONFIRM = {"confirm": "2024-07-22/2024-08-21"}


@pytest.mark.parametrize(
    ("language", "rule", "known"),
    [
        ("en", "year in the same sentence", "inferred, not confirmed"),
        ("zh-hans", "同一句中的年份", "推断，未确认"),
    ],
)
def test_evidence_is_shown_in_the_language_of_the_user(
    page: Page, language: str, rule: str, known: str
) -> None:
    html = make_client_of("editor", language=language).get(url(page)).content.decode()
    assert all(shown in html for shown in (rule, known, "2024-07-22 – 2024-08-21", "“7月22日”"))


def test_editor_confirms_an_interval_which_is_no_date(page: Page) -> None:
    editor = make_client_of("editor")
    assert editor.post(url(page), CONFIRM).status_code == 302
    page.refresh_from_db()
    assert (page.issue_date, str(page.issue_latest), page.issue_date_source) == (None, "2024-08-21", "editor")
    (row,) = Page.history.filter(id=page.pk, history_type="~")
    assert (row.history_username, row.history_way) == ("anna", "admin")
    assert 'name="confirm"' not in editor.get(url(page)).content.decode()


@pytest.mark.parametrize("sent", ["", "2024-07-22", "2024-07-22/2024-07-01", "2024-13-01/2024-13-02"])
def test_damaged_interval_is_refused(page: Page, sent: str) -> None:
    make_client_of("editor").post(url(page), {"confirm": sent})
    page.refresh_from_db()
    assert (page.corrected, page.issue_date_source) == (None, "")


@pytest.mark.parametrize("sent", [CONFIRM, {"imprint": "save", "imprint-issue_date": "2024-07-22"}])
def test_reporter_may_look_and_not_date(page: Page, sent: dict[str, str]) -> None:
    reporter = make_client_of("reporter")
    html = reporter.get(url(page)).content.decode()
    assert 'name="confirm"' not in html
    assert 'name="imprint"' not in html
    assert reporter.post(url(page), sent).status_code == 403
    assert reporter.get("/admin/articles/page/").content.decode().count("set_imprint") == 0
    page.refresh_from_db()
    assert page.corrected is None


def test_list_of_undated_pages_takes_same_queries_for_any_number(page: Page, tmp_path: Path) -> None:
    editor = make_client_of("editor")
    path = "/admin/articles/page/?dating=interval"
    editor.get(path)
    with CaptureQueriesContext(connection) as one:
        editor.get(path)
    for number in range(1, 4):
        (tmp_path / f"{number}.txt").write_text(page.text + "\n" * number, encoding="utf-8")
    load(tmp_path)
    with CaptureQueriesContext(connection) as four:
        html = editor.get(path).content.decode()
    assert html.count("queue=dates") == 4
    assert len(four) == len(one)


@pytest.mark.parametrize("name", ["boundary", "region"])
def test_lists_of_decisions_call_undated_pages_by_their_files_in_the_same_queries(
    name: str, page: Page, tmp_path: Path
) -> None:
    def decide(of: Page) -> None:
        Boundary.objects.create(page=of, offset=3, begins=True)
        Region.objects.create(page=of, start=0, end=2, kind=Region.Kind.ADVERT)

    editor = make_client_of("editor", is_superuser=True)
    decide(page)
    path = f"/admin/articles/{name}/"
    editor.get(path)
    with CaptureQueriesContext(connection) as one:
        assert "page.txt" in editor.get(path).content.decode()
    for number in range(1, 4):
        (tmp_path / f"{number}.txt").write_text(page.text + "\n" * number, encoding="utf-8")
    load(tmp_path)
    for other in Page.objects.exclude(pk=page.pk):
        decide(other)
    with CaptureQueriesContext(connection) as four:
        html = editor.get(path).content.decode()
    assert [f"{number}.txt" in html for number in range(1, 4)] == [True] * 3
    assert len(four) == len(one)
