"""Tests the trash of articles: trashed articles can be restored, and no load restores them."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import checks
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.loading import file_plan
from articles.models import Article, Mention, OrganizationAppearance, Place, PlaceAppearance
from tests.factories import make_article, make_client_of, make_mention, make_place
from tests.support.api import API
from tests.support.loading import BRIDGE, SCHOOL, load, read_plainly

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
TRASH = f"{LIST}?status=trashed"


@pytest.fixture
def admin_client(admin_client: Client) -> Client:
    admin_client.cookies["django_language"] = "en"
    return admin_client


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Article:
    """An article of a loaded page that names a place."""
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    article = Article.objects.get(headline="大桥通车")
    place = make_place("新桥村", kind="village")
    make_mention(article, "新桥", place)
    return article


def page(article: Article, view: str) -> str:
    return reverse(f"admin:articles_article_{view}", args=[article.pk])


def trash(client: Client, article: Article) -> Any:
    asked = client.get(page(article, "delete")).context or {}  # none if it is refused at once
    state = asked.get("form_state", "")
    return client.post(page(article, "delete"), {"post": "yes", "form_state": state}, follow=True)


def act(client: Client, action: str, *articles: Article, url: str = TRASH, **data: Any) -> Any:
    """Do with articles of the list what an action does."""
    chosen = {"action": action, "_selected_action": [article.pk for article in articles]}
    return client.post(url, {**chosen, **data}, follow=True)


def derived() -> list[Any]:
    """All that says what articles name."""
    rows: list[QuerySet[Any, Any]] = [
        model.objects.order_by("pk").values_list()
        for model in (Mention, PlaceAppearance, OrganizationAppearance)
    ]
    return [list(row) for row in rows]


def test_trashing_explains_its_consequences_first(admin_client: Client, bridge: Article) -> None:
    shown = admin_client.get(page(bridge, "delete")).content.decode()
    assert "Move “大桥通车” to the trash?" in shown
    assert "No load brings it back" in shown


def test_trashed_printed_article_is_not_restored_by_a_load(
    admin_client: Client, bridge: Article, tmp_path: Path
) -> None:
    assert "“大桥通车” is in the trash." in trash(admin_client, bridge).content.decode()
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}两岸都来人了。\n\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    bridge.refresh_from_db()
    assert (bridge.status, bridge.trashed_from) == ("trashed", "published")
    assert Article.objects.count() == 2


@pytest.mark.parametrize("status", ["published", "withdrawn", "draft", "in_review"])
def test_restored_article_is_unchanged(admin_client: Client, bridge: Article, status: str) -> None:
    Article.objects.filter(pk=bridge.pk).update(status=status)
    anybody = APIClient()
    url = f"{API}/articles/{bridge.pk}/"

    def shown() -> Any:
        answer = anybody.get(url)
        body = answer.json()
        return answer.status_code, {name: body.get(name) for name in body.keys() - {"version", "updated_at"}}

    before, answered = derived(), shown()
    trash(admin_client, bridge)
    assert anybody.get(url).status_code == 404
    admin_client.post(page(bridge, "restore"))
    bridge.refresh_from_db()
    assert (bridge.status, bridge.trashed_from) == (status, "")
    assert (derived(), shown()) == (before, answered)


def test_only_editors_see_the_trash(admin_client: Client, bridge: Article) -> None:
    trash(admin_client, bridge)
    editor = APIClient()
    editor.force_login(User.objects.get())

    def ids(client: APIClient, query: str) -> set[int]:
        return {article["id"] for article in client.get(f"{API}/articles/{query}").json()["results"]}

    assert bridge.pk not in ids(APIClient(), "")
    assert bridge.pk not in ids(editor, "")
    assert ids(editor, "?status=trashed") == {bridge.pk}
    assert bridge.pk not in ids(editor, "?q=新桥")
    assert editor.get(f"{API}/articles/{bridge.pk}/").json()["status"] == "trashed"
    assert APIClient().get(f"{API}/articles/?status=trashed").status_code in {400, 401, 403}
    assert APIClient().get(f"{API}/places/{Place.objects.get().pk}/").status_code == 404


def test_api_cannot_trash_articles(bridge: Article) -> None:
    chief = APIClient()
    chief.force_login(User.objects.create_superuser("chief"))
    made = chief.post(f"{API}/articles/", {"headline": "启事", "status": "trashed"})
    url = f"{API}/articles/{bridge.pk}/"
    changed = chief.patch(url, {"status": "trashed"}, headers={"If-Match": chief.get(url)["ETag"]})
    assert (made.status_code, changed.status_code) == (409, 409)
    assert not Article.objects.filter(status="trashed").exists()


@pytest.mark.parametrize("model", ["article", "place"])
def test_trash_action_names_the_model(
    admin_client: Client,
    bridge: Article,  # noqa: ARG001 - a list without rows has no actions
    model: str,
) -> None:
    shown = admin_client.get(f"/admin/articles/{model}/").content.decode()
    assert f">Move the chosen {model}s to the trash</option>" in shown


def test_many_articles_are_trashed_after_confirmation(admin_client: Client, bridge: Article) -> None:
    school = Article.objects.get(headline="新学校开学")
    asked = act(admin_client, "delete_selected", bridge, school, url=LIST)
    assert "This is about 2 articles:" in asked.content.decode()
    assert not Article.objects.filter(status="trashed").exists()
    act(admin_client, "delete_selected", bridge, school, url=LIST, post="yes")
    assert Article.objects.filter(status="trashed", trashed_from="published").count() == 2
    act(admin_client, "restore_selected", bridge, school)
    assert Article.objects.filter(status="published").count() == 2


def test_only_articles_without_a_page_are_deleted_for_good(admin_client: Client, bridge: Article) -> None:
    written = make_article("编辑部启事", status="draft")
    untrashed = make_article("早市搬家", status="draft")
    for article in (bridge, written):
        trash_article(article)
    asked = act(admin_client, "delete_for_good", bridge, written, untrashed).content.decode()
    assert "This is about 1 article:" in asked
    assert "stays in the trash" in asked
    assert Article.objects.filter(pk=written.pk).exists()
    act(admin_client, "delete_for_good", bridge, written, untrashed, post="yes")
    assert set(Article.objects.values_list("headline", flat=True)) == {"大桥通车", "新学校开学", "早市搬家"}


def test_page_of_trashed_article_deletes_for_good_without_a_printed_page(
    admin_client: Client, bridge: Article
) -> None:
    written = make_article("编辑部启事", status="draft")
    for article in (bridge, written):
        trash(admin_client, article)
    assert "Delete “编辑部启事” for good?" in admin_client.get(page(written, "delete")).content.decode()
    assert "was deleted for good" in trash(admin_client, written).content.decode()
    assert "stays in the trash" in trash(admin_client, bridge).content.decode()
    assert Article.objects.filter(pk__in=[bridge.pk, written.pk]).get() == bridge


def test_actions_pass_the_checks_of_django() -> None:
    assert checks.run_checks(tags=["admin"]) == []


def test_each_list_has_its_own_actions(admin_client: Client, bridge: Article) -> None:
    def actions(url: str) -> set[str]:
        return {value for value, _ in admin_client.get(url).context["action_form"].fields["action"].choices}

    trash_article(bridge)
    assert {"restore_selected", "delete_for_good"} <= actions(TRASH)
    assert "delete_selected" not in actions(TRASH)
    assert "delete_selected" in actions(LIST)
    assert not {"restore_selected", "delete_for_good"} & actions(LIST)


@pytest.mark.parametrize("group", ["reporter", "editor"])
def test_trash_and_restore_need_permission_to_delete(bridge: Article, group: str) -> None:
    client = make_client_of(group)
    assert client.post(page(bridge, "delete"), {"post": "yes"}).status_code == 403
    trash_article(bridge)
    assert client.post(page(bridge, "restore")).status_code == 403
    for action in ("restore_selected", "delete_for_good"):
        act(client, action, bridge, post="yes")
    bridge.refresh_from_db()
    assert bridge.status == "trashed"


def test_chief_trashes_and_restores(bridge: Article) -> None:
    chief = make_client_of("chief")
    trash(chief, bridge)
    bridge.refresh_from_db()
    assert bridge.status == "trashed"
    assert page(bridge, "restore") in chief.get(page(bridge, "change")).content.decode()
    assert chief.get(page(bridge, "restore")).status_code == 403  # a link restores nothing
    assert chief.post(page(bridge, "restore")).status_code == 302
    bridge.refresh_from_db()
    assert bridge.status == "published"


def test_names_of_articles_are_escaped(admin_client: Client, bridge: Article) -> None:
    correct_article(bridge, headline='"><img src=x onerror=alert(1)>')
    for answer in (
        admin_client.get(page(bridge, "delete")),
        act(admin_client, "delete_selected", bridge, url=LIST),
        trash(admin_client, bridge),
    ):
        assert "<img src=x" not in answer.content.decode()
        assert "&lt;img src=x" in answer.content.decode()


def test_queries_of_trash_confirmation_do_not_grow_with_articles(
    admin_client: Client, bridge: Article, django_assert_max_num_queries: Any
) -> None:
    many = [make_article(f"启事{number}") for number in range(30)]
    with django_assert_max_num_queries(16):
        act(admin_client, "delete_selected", bridge, *many, url=LIST)


def test_printed_article_in_the_trash_is_refused_before_it_is_asked_about(
    admin_client: Client, bridge: Article
) -> None:
    trash(admin_client, bridge)
    asked = admin_client.get(page(bridge, "delete"), follow=True)
    assert asked.redirect_chain == [(page(bridge, "change"), 302)]
    assert "stays in the trash" in asked.content.decode()


def test_trashing_an_article_leads_to_the_list(admin_client: Client, bridge: Article) -> None:
    assert trash(admin_client, bridge).redirect_chain == [(LIST, 302)]
