"""Tests what the API says of a page whose date is not known, and that an interval never passes for a date."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from articles.models import Page
from tests.support.api import API
from tests.support.loading import load

pytestmark = pytest.mark.django_db

TEXT = (
    "新桥昨天通车\n\n　　本报南河7月22日电　县里举办2024年水果节，两岸居民都来看新桥。\n"
    "　　新桥全长一千二百米，双向六车道。\n"
)
FILTER = "issue_date_after=2024-07-01&issue_date_before=2024-08-31"


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "page.txt").write_text(TEXT, encoding="utf-8")
    load(tmp_path)
    return Page.objects.get()


def test_page_without_date_shows_its_interval_to_everybody(page: Page, client: APIClient) -> None:
    shown = client.get(f"{API}/pages/{page.pk}/").json()
    assert (shown["issue_date"], shown["issue_date_source"]) == (None, "")
    assert (shown["issue_earliest"], shown["issue_latest"]) == ("2024-07-22", "2024-07-29")
    assert "issue_evidence" not in shown


def test_newsroom_sees_the_evidence_of_an_interval(page: Page, editor: APIClient) -> None:
    evidence = editor.get(f"{API}/pages/{page.pk}/").json()["issue_evidence"]
    assert [(one["rule"], one["quote"]) for one in evidence] == [
        ("dateline", "7月22日"),
        ("year_beside", "2024年"),
    ]
    assert all(page.text[one["start"] : one["end"]] == one["quote"] for one in evidence)


def test_interval_never_passes_for_a_date(page: Page, client: APIClient) -> None:
    assert page.articles.get().issue_date is None
    for resource in ("pages", "articles"):
        assert client.get(f"{API}/{resource}/?{FILTER}").json()["results"] == []
        assert len(client.get(f"{API}/{resource}/").json()["results"]) == 1
    months = client.get(f"{API}/articles/facets/?facet=month").json()
    assert "2024-07" not in str(months)
