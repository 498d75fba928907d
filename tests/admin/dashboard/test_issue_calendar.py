"""Tests the calendar of issues in the admin."""

import pytest

from tests.factories import make_client_of, make_page

pytestmark = pytest.mark.django_db


def test_calendar_shows_what_is_loaded_and_what_is_missing() -> None:
    for number in ("A01", "A03"):
        make_page(f"字{number}", publication="沂河晚报", issue_date="2023-09-14", page_number=number)
    make_page("旧", publication="沂河晚报", issue_date="2020-01-01", page_number="1")
    client = make_client_of("editor")
    content = client.get("/admin/calendar/").content.decode()
    assert "issue_date_after=2023-09-14&amp;issue_date_before=2023-09-14&amp;publication=" in content
    assert "缺版： A02" in content
    assert "2020年1月" in client.get("/admin/calendar/", {"year": "2020"}).content.decode()


def test_calendar_counts_a_replaced_page_once() -> None:
    old = make_page("旧版", publication="沂河晚报", issue_date="2023-09-14", page_number="2")
    make_page("新版", publication="沂河晚报", issue_date="2023-09-14", page_number="1", replaces=old)
    assert (
        "缺版"
        not in make_client_of("editor").get("/admin/calendar/").content.decode().partition('class="legend')[0]
    )


def test_calendar_of_an_empty_archive_says_so() -> None:
    assert "没有版面有日期" in make_client_of("editor").get("/admin/calendar/").content.decode()
    assert make_client_of(name="bob").get("/admin/calendar/").status_code == 403
