"""Tests exports of the list of articles: as CSV, as a workbook, and as JSON Lines."""

import csv
import datetime as dt
import io
import json
import tracemalloc
from typing import Any

import openpyxl  # type: ignore[import-untyped] # it has no types
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin.lists.exports import _EXPORT_COLUMNS, _export_rows, _write_workbook
from articles.editing.merging import merge
from articles.models import Article, Reporter
from tests.factories import (
    make_article,
    make_byline,
    make_mention,
    make_organization,
    make_page,
    make_place,
    make_reporter,
)

pytestmark = pytest.mark.django_db

ARTICLES = reverse("admin:articles_article_changelist")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM(A1)"]


@pytest.fixture
def bridge() -> Article:
    """An article with all that an export tells."""
    page = make_page("大桥通车", page_number="06", page_name="民生")
    county = make_place("柳溪县", "379921")
    bureau = make_organization("柳溪县水利局", county)
    reporter, pen_name = make_reporter("周小明"), make_reporter("晓明")
    made = make_article(
        "大桥通车",
        page=page,
        body="新桥昨天通车。\n两岸更近了。",
        publication="沂河日报",
        issue_date=dt.date(2024, 3, 5),
        reviewed=True,
    )
    make_mention(made, "水利局", bureau)
    make_byline(made, pen_name)
    merge(pen_name, reporter, None)
    return made


def export(client: Client, form: str, *chosen: Article, **query: str) -> bytes:
    data = {"action": f"export_{form}", "_selected_action": [one.pk for one in chosen] or [0]}
    if not chosen:
        data["select_across"] = "1"
    answer: Any = client.post(ARTICLES, data, query_params=query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    return b"".join(answer.streaming_content)


def table(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def sheet(written: bytes) -> list[tuple[Any, ...]]:
    workbook = openpyxl.load_workbook(io.BytesIO(written))
    return list(workbook.active.iter_rows(values_only=True))


def test_csv_has_the_values_of_the_article(admin_client: Client, bridge: Article) -> None:
    assert table(export(admin_client, "csv", bridge)) == [
        {
            "id": str(bridge.pk), "issue_date": "2024-03-05", "publication": "沂河日报", "page_number": "06",
            "section": "", "kicker": "", "headline": "大桥通车", "subtitle": "", "reporters": "周小明", "agency": "",
            "dateline": "", "places": "柳溪县", "place_codes": "379921", "organizations": "柳溪县水利局",
            "status": "published", "reviewed": "true", "body": "新桥昨天通车。\n两岸更近了。",
        }
    ]  # fmt: skip


def test_json_lines_nest_credits_and_places(admin_client: Client, bridge: Article) -> None:
    [line] = [json.loads(line) for line in export(admin_client, "jsonl", bridge).decode().splitlines()]
    assert line["bylines"] == [
        {"reporter": {"id": Reporter.objects.get(name="周小明").pk, "name": "周小明"}, "role": "reporter"}
    ]
    assert [place["code"] for place in line["places"]] == ["379921"]
    assert line["page"]["page_number"] == "06"
    assert line["body"] == bridge.body


def test_workbook_has_real_dates_and_translated_words(admin_client: Client, bridge: Article) -> None:
    head, row = sheet(export(admin_client, "xlsx", bridge))
    assert head[:2] == (str(_EXPORT_COLUMNS["id"]), "出版日期")
    found = dict(zip(_EXPORT_COLUMNS, row, strict=True))
    assert found["id"] == bridge.pk
    assert found["issue_date"].date() == dt.date(2024, 3, 5)
    assert (found["status"], found["reporters"]) == (str(Article.Status.PUBLISHED.label), "周小明")
    assert (found["body"], found["kicker"]) == (bridge.body, None)


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_cell_is_a_formula(admin_client: Client, text: str) -> None:
    made = make_article(text, body=text, publication=text, status="draft")
    [row] = table(export(admin_client, "csv", made))
    assert {row["headline"], row["body"], row["publication"]} == {f"'{text}"}
    workbook = openpyxl.load_workbook(io.BytesIO(export(admin_client, "xlsx", made)))
    cells = [cell for cell in workbook.active[2] if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"n", "s"}
    # XML has no carriage return of its own: it reads one as a line's end.
    wanted = {text, text.replace("\r", "\n"), text.replace("\r", "_x000D_")}
    assert sum(cell.value in wanted for cell in cells) == 3


def test_workbook_survives_characters_and_sizes_that_excel_rejects() -> None:
    made = make_article("怪\x01字\x0b", body="长" * 40_000, issue_date=dt.date(1899, 12, 31))
    file = io.BytesIO()
    _write_workbook(file, _export_rows(Article.objects.filter(pk=made.pk)))
    row = dict(zip(_EXPORT_COLUMNS, sheet(file.getvalue())[1], strict=True))
    assert row["issue_date"] == "1899-12-31"
    assert len(row["body"]) == 32_767
    assert row["body"].endswith("长…")


def test_export_has_all_filtered_articles_in_the_order_of_the_list(admin_client: Client) -> None:
    for number in range(60):
        status = "draft" if number % 2 else "published"
        make_article(f"稿{number:02}", status=status, issue_date=dt.date(2024, 1, 1))
    written = export(admin_client, "csv", status="draft", o="1")
    assert [row["headline"] for row in table(written)] == [f"稿{number:02}" for number in range(1, 60, 2)]


def test_users_who_may_view_articles_may_export(bridge: Article) -> None:
    user = User.objects.create_user("anna", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    client = Client()
    client.force_login(user)
    assert len(table(export(client, "csv", bridge))) == 1


def test_users_without_permission_cannot_export(bridge: Article) -> None:
    user = User.objects.create_user("anna", is_staff=True)
    user.groups.add(Group.objects.create(name="visitors"))
    client = Client()
    client.force_login(user)
    data = {"action": "export_csv", "_selected_action": [bridge.pk]}
    assert client.post(ARTICLES, data).status_code == 403


@pytest.mark.slow
def test_export_reads_articles_in_batches() -> None:
    """Neither queries nor memory grow with each article."""
    Article.objects.bulk_create(Article(headline=f"稿{number}", body="长" * 5_000) for number in range(1_000))
    tracemalloc.start()
    with CaptureQueriesContext(connection) as queries:
        count = sum(1 for _ in _export_rows(Article.objects.all()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1_000
    assert len(queries) <= 16
    assert peak < 6_000_000  # all the bodies together are 10 MB
