"""Tests that a decision means the same in the API, on an article page and in the review of a page."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Mention, Place
from tests.factories import make_article, make_mention, make_page, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return client


@pytest.fixture
def county() -> Place:
    return make_place("绛县", "140826")


@pytest.fixture
def mention(county: Place) -> Mention:
    """A mention that the loader linked to the county, and an editor to a place that was trashed later."""
    page = make_page("绛县通车")
    article = make_article("绛县通车", page=page)
    trashed = make_place("绛州", trashed_at=timezone.now())
    return make_mention(article, "绛县", county, part="headline", verdict="relinked", decided_place=trashed)


def relink_over_api(client: Client, mention: Mention, place: Place) -> None:
    path = f"/api/v1/mentions/{mention.pk}/"
    headers = {"If-Match": client.get(path).headers["ETag"]}
    body = {"verdict": "relinked", "record": place.pk}
    answer = client.post(f"{path}decide/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content


def relink_on_article_page(client: Client, mention: Mention, place: Place) -> None:
    path = reverse("admin:articles_article_name", args=[mention.article_id, mention.pk])
    client.post(path, {"state": "relinked ", "verdict": "relinked", "record": place.pk})


def relink_in_page_review(client: Client, mention: Mention, place: Place) -> None:
    path = reverse("admin:articles_page_review", args=[mention.article.page_id])
    client.post(path, {"names": mention.pk, "verdict": "relinked", "record": place.pk})


@pytest.mark.parametrize(
    "relink",
    [
        pytest.param(relink_over_api, id="API"),
        pytest.param(relink_on_article_page, id="article page"),
        pytest.param(relink_in_page_review, id="page review"),
    ],
)
@pytest.mark.parametrize("is_merged", [False, True])
def test_relinking_to_the_linked_record_accepts_the_link(
    editor: Client, mention: Mention, county: Place, relink: Callable[..., None], is_merged: bool
) -> None:
    chosen = county
    if is_merged:
        chosen = make_place("绛县县城")
        Place.objects.filter(pk=county.pk).update(merged_into=chosen)
    relink(editor, mention, chosen)
    mention.refresh_from_db()
    assert (mention.verdict, mention.decided_place, mention.record) == ("accepted", None, chosen)
