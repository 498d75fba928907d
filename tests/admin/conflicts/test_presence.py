"""Tests that the page of a record shows the other users who have it open."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Presence
from tests.factories import make_article, make_client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article("新桥通车")


def signed_in(name: str, **values: Any) -> Client:
    return make_client_of("editor", name=name, language="en", **values)


def url(article: Article, view: str = "presence") -> str:
    return reverse(f"admin:articles_article_{view}", args=[article.pk])


def others_shown(client: Client, article: Article) -> str:
    """Sign presence, and return the response: the other users on the page."""
    answer = client.post(url(article))
    assert answer.status_code == 200
    return answer.content.decode()


def test_editors_see_each_other(article: Article) -> None:
    zhang, li = signed_in("zhang", last_name="张", first_name="伟"), signed_in("li")
    assert others_shown(zhang, article) == ""
    assert "伟 张 has this open too" in others_shown(li, article)
    assert "li has this open too" in others_shown(zhang, article)
    assert "伟 张 has this open too" in li.get(url(article, "change")).content.decode()


def test_presence_is_separate_for_each_article(article: Article) -> None:
    zhang, li = signed_in("zhang"), signed_in("li")
    others_shown(zhang, make_article("早市搬家"))
    assert others_shown(li, article) == ""


@pytest.mark.parametrize(("seconds", "is_there"), [(0, True), (59, True), (61, False), (3700, False)])
def test_user_without_recent_sign_is_not_shown(article: Article, seconds: int, is_there: bool) -> None:
    zhang, li = signed_in("zhang"), signed_in("li")
    others_shown(zhang, article)
    Presence.objects.update(seen_at=timezone.now() - dt.timedelta(seconds=seconds))
    assert ("zhang" in others_shown(li, article)) is is_there
    assert Presence.objects.filter(user__username="zhang").exists() is (seconds < 3600)


def test_user_who_leaves_is_not_shown(article: Article) -> None:
    zhang, li = signed_in("zhang"), signed_in("li")
    others_shown(zhang, article)
    assert zhang.post(url(article), {"left": "1"}).status_code == 204
    assert others_shown(li, article) == ""


def test_presence_sign_takes_three_queries(article: Article, django_assert_num_queries: Any) -> None:
    zhang, li = signed_in("zhang"), signed_in("li")
    others_shown(zhang, article)
    others_shown(li, article)
    reader = User.objects.get(username="li")
    with django_assert_num_queries(3):
        Presence.objects.see(article, reader)
        Presence.objects.others(article, reader)


def test_presence_needs_permission_to_view(article: Article) -> None:
    anonymous = Client()
    user = User.objects.create_user("guest", is_staff=True)
    guest = Client()
    guest.force_login(user)
    assert anonymous.post(url(article)).status_code == 302
    assert guest.post(url(article)).status_code == 403
    assert signed_in("li").get(url(article)).status_code == 404  # nothing is written by a GET
    assert not Presence.objects.exists()


@pytest.mark.parametrize("pk", ["x", "-1", "9" * 30, "²"])
def test_unknown_article_is_404(pk: str) -> None:
    assert signed_in("li").post(f"/admin/articles/article/{pk}/presence/").status_code == 404


def test_names_are_escaped(article: Article) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    others_shown(signed_in("zhang", last_name=hostile), article)
    li = signed_in("li")
    assert "<img src=x" not in others_shown(li, article)
    assert "&lt;img src=x" in others_shown(li, article)
    assert "<img src=x" not in li.get(url(article, "change")).content.decode()


def test_page_for_a_new_article_has_no_presence() -> None:
    shown = signed_in("li").get(reverse("admin:articles_article_add")).content.decode()
    assert 'id="presence"' not in shown
