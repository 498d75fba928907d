"""The history of changes by people, which begins with the version that the loader made."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.loading import file_plan
from articles.models import Alias, Article, Byline, Mention, Reporter
from articles.models.history import LOADER
from tests.factories import make_place, make_reporter
from tests.support.loading import BRIDGE, SCHOOL, dump, load, read_plainly

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Article:
    """An article of a page that was loaded from a file."""
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    return Article.objects.get(headline="大桥通车")


def versions(record: Article | Reporter, field: str) -> list[tuple[str, str | None, str]]:
    """The versions of a record, the oldest first: type of change, reason, and the value of a field."""
    rows = record.history.order_by("history_id")
    return [(row.history_type, row.history_change_reason, getattr(row, field)) for row in rows]


def test_load_creates_no_history(bridge: Article) -> None:
    assert not bridge.history.exists()
    assert not Reporter.history.exists()


def test_first_change_saves_the_loaded_version(bridge: Article) -> None:
    correct_article(bridge, headline="新桥通车")
    correct_article(bridge, headline="新桥昨天通车")
    assert versions(bridge, "headline") == [
        ("+", LOADER, "大桥通车"), ("~", None, "新桥通车"), ("~", None, "新桥昨天通车"),
    ]  # fmt: skip


def test_loaded_version_is_dated_before_the_change(bridge: Article) -> None:
    correct_article(bridge, headline="新桥通车")
    newer, older = bridge.history.order_by("-history_date")
    assert (newer.headline, older.headline) == ("新桥通车", "大桥通车")
    assert (older.history_user, older.history_username) == (None, "")


def test_loaded_reporter_has_first_name_in_history(bridge: Article) -> None:
    reporter = Reporter.objects.get(name="周明")
    reporter.name = "周铭"
    reporter.save()
    assert versions(reporter, "name") == [("+", LOADER, "周明"), ("~", None, "周铭")]
    assert bridge.bylines.filter(reporter=reporter).exists()


def test_created_record_has_one_first_version() -> None:
    reporter = make_reporter("郑国栋")
    reporter.disambiguation = "摄影"
    reporter.save()
    assert versions(reporter, "disambiguation") == [("+", None, ""), ("~", None, "摄影")]


def test_verdict_saves_the_extracted_mention(bridge: Article) -> None:
    place = make_place("新桥", kind="village")
    [found] = Mention.objects.bulk_create(
        [Mention(article=bridge, start=3, end=5, kind="place", surface="新桥", status="linked", place=place)]
    )
    decide_mention(found, Decision(Mention.Verdict.REJECTED), None)
    assert [row.verdict for row in found.history.order_by("history_id")] == ["", "rejected"]


def test_later_load_adds_a_version_without_user(bridge: Article, tmp_path: Path) -> None:
    correct_article(bridge, headline="新桥通车")
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}两岸都来人了。\n\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    bridge.refresh_from_db()
    assert bridge.body.endswith("两岸都来人了。")
    assert versions(bridge, "body")[-1] == ("~", LOADER, bridge.body)
    before = dump()["HistoricalArticle"]
    load(tmp_path)
    assert dump()["HistoricalArticle"] == before


def test_second_change_makes_one_query_more_than_a_save(
    bridge: Article, django_assert_num_queries: object
) -> None:
    correct_article(bridge, headline="新桥通车")
    bridge.headline = "新桥昨天通车"
    with django_assert_num_queries(3):  # type: ignore[operator] # a fixture of pytest-django
        bridge.save()


def test_aliases_and_bylines_have_history(bridge: Article) -> None:
    byline = bridge.bylines.get(order=1)
    byline.role = Byline.Role.INTERN
    byline.save()
    assert [row.role for row in byline.history.order_by("history_id")] == ["reporter", "intern"]
    [alias] = Alias.objects.bulk_create([Alias(name="小周", key="小周", reporter=byline.reporter)])
    alias.name = "老周"
    alias.save()
    assert [row.name for row in alias.history.order_by("history_id")] == ["小周", "老周"]


def test_api_history_shows_the_first_change(bridge: Article) -> None:
    user = User.objects.create_superuser("zhang")
    client = APIClient()
    client.force_login(user)
    url = f"/api/v1/articles/{bridge.pk}/"
    assert (
        client.patch(url, {"headline": "新桥通车"}, headers={"If-Match": client.get(url)["ETag"]}).status_code
        == 200
    )
    changed, found = client.get(f"{url}history/").json()
    assert (changed["user"], changed["type"], found["user"], found["type"], found["changes"]) == (
        "zhang", "changed", None, "created", [],
    )  # fmt: skip
    assert {"field": "headline", "before": "大桥通车", "after": "新桥通车"} in changed["changes"]
