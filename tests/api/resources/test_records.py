"""Tests reporters, places and organizations in the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.models import Article, Reporter
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_mention,
    make_organization,
    make_place,
    make_reporter,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article("大桥通车")


@pytest.mark.parametrize("spelling", ["张国华", "張國華", "张 国 华", "国华"])
def test_reporter_is_found_by_any_spelling_and_by_an_alias(
    client: APIClient, article: Article, spelling: str
) -> None:
    for name in ("张国华", "周明"):
        make_byline(article, make_reporter(name), order=len(name))
    make_alias("国华", Reporter.objects.get(name="张国华"))
    answer = client.get("/api/v1/reporters/", {"name": spelling}).json()
    assert [reporter["name"] for reporter in answer["results"]] == ["张国华"]


@pytest.mark.parametrize(
    ("mention", "status", "is_visible"),
    [
        pytest.param({}, "published", True, id="linked"),
        pytest.param({}, "draft", False, id="linked in a draft"),
        pytest.param({"verdict": "accepted"}, "published", True, id="accepted"),
        pytest.param({"verdict": "rejected"}, "published", False, id="rejected"),
    ],
)
def test_place_is_visible_when_a_published_article_names_it(
    client: APIClient, article: Article, mention: dict[str, Any], status: str, is_visible: bool
) -> None:
    place = make_place("绛县", "140826")
    make_mention(article, "绛县", place, **mention)
    Article.objects.update(status=status)
    answer = client.get("/api/v1/places/", {"code": "140826"}).json()
    assert bool(answer["results"]) == is_visible
    assert (client.get(f"/api/v1/places/{place.pk}/").status_code == 200) == is_visible


def test_editors_link_replaces_the_extracted_link(client: APIClient, article: Article) -> None:
    found, decided = (make_organization(name) for name in ("县法院", "绛县人民法院"))
    make_mention(article, "县法院", found, verdict="relinked", decided_organization=decided)
    answer = client.get("/api/v1/organizations/").json()
    assert [organization["name"] for organization in answer["results"]] == ["绛县人民法院"]
