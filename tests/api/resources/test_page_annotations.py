"""The annotations of a page say why it has its date, its articles and their credits, and who decided only to the newsroom."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from articles.models import Boundary, Page
from tests.factories import make_article, make_byline, make_page, make_reporter
from tests.standards import web_annotations
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    """A page with two articles and a draft, of which an editor decided where the second begins."""
    made = make_page(
        "大桥通车\n记者周明\n早市开张\n白鹭洲", issue_date="2019-02-01", issue_date_source="header", issue_evidence=["刊头"]
    )  # fmt: skip
    first = make_article("大桥通车", page=made, start=0, end=9)
    make_byline(first, make_reporter("周明"), order=1, surface="记者周明", start=5, end=9)
    make_byline(first, make_reporter("吴芳"), order=2, role="photographer")
    make_article("早市开张", page=made, start=10, end=14)
    make_article("白鹭洲", make_reporter("白鹭"), page=made, start=15, end=18, status="draft")
    Boundary.objects.create(page=made, offset=10, begins=True, by=User.objects.create_user("anna"))
    return made


def items(client: APIClient, page: Page) -> dict[str, dict[str, Any]]:
    document = client.get(f"{API}/pages/{page.pk}/annotations/").json()
    assert web_annotations.problems(document) == []
    return {one["id"].partition("#")[2]: one for one in document["items"]}


def test_everybody_sees_what_the_reading_of_a_page_rests_on(client: APIClient, page: Page) -> None:
    found = items(client, page)
    first, second = page.articles.filter(status="published").order_by("start")
    assert list(found) == ["date", f"article-{first.pk}", f"credit-{first.pk}-1", f"credit-{first.pk}-2", f"article-{second.pk}"]  # fmt: skip
    assert {name: one["why"] for name, one in found.items()} == {
        "date": {"source": "header"},
        f"article-{first.pk}": {"begin": "reading"},
        f"credit-{first.pk}-1": {"source": "page", "role": "reporter"},
        f"credit-{first.pk}-2": {"source": "editor", "role": "photographer"},
        f"article-{second.pk}": {"begin": "editor"},
    }
    assert found["date"]["body"]["value"] == "2019-02-01"
    assert found[f"credit-{first.pk}-1"]["target"]["selector"] == [
        {"type": "TextPositionSelector", "start": 5, "end": 9},
        {"type": "TextQuoteSelector", "exact": "记者周明"},
    ]
    assert found[f"article-{second.pk}"]["body"]["source"].endswith(f"/articles/{second.pk}/")


def test_the_newsroom_sees_who_decided_and_the_evidence(editor: APIClient, page: Page) -> None:
    found = items(editor, page)
    second = page.articles.get(headline="早市开张")
    assert found["date"]["why"]["evidence"] == ["刊头"]
    assert found[f"article-{second.pk}"]["why"]["decided_by"] == "anna"
    assert len(found) == 7


def test_a_page_whose_day_is_unknown_has_the_days_between(client: APIClient) -> None:
    page = make_page("早市", issue_earliest="2019-02-01", issue_latest=None)
    make_article("早市", page=page)
    assert items(client, page)["date"]["body"]["value"] == "2019-02-01/.."


def test_a_page_of_drafts_has_none(client: APIClient) -> None:
    page = make_page("白鹭洲")
    make_article("白鹭洲", page=page, status="draft")
    assert client.get(f"{API}/pages/{page.pk}/annotations/").status_code == 404
