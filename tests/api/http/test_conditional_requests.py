"""Tests ETag, Last-Modified and Cache-Control of responses."""

import time
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge
from articles.models import Article, Organization, Reporter
from tests.factories import make_article, make_organization, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["articles/", "articles/{pk}/", "places/", "places/140830/", "articles/facets/"]
)
def test_unchanged_response_is_304(client: APIClient, path: str) -> None:
    made = make_article("大桥通车", make_places()["芮城县"])
    url = f"{API}/{path.format(pk=made.pk)}"
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]
    assert not first["ETag"].startswith("W/")
    other = client.get(url, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize("is_cached", [False, True])
@pytest.mark.parametrize("path", ["articles/", "articles/{pk}/", "articles/{pk}/?format=jsonld", "places/"])
@pytest.mark.django_db(transaction=True)
def test_read_of_another_version_than_required_is_412_in_the_api_format(
    client: APIClient, path: str, is_cached: bool
) -> None:
    url = f"{API}/{path.format(pk=make_article('大桥通车').pk)}"
    if is_cached:
        client.get(url)
    failed = client.get(url, headers={"If-Match": '"another"'})
    assert (failed.status_code, failed["Content-Type"]) == (412, "application/problem+json")
    assert (failed.json()["status"], failed["Cache-Control"]) == (412, "private, no-cache")
    assert "If-Match" in failed.json()["detail"]
    assert client.head(url, headers={"If-Match": '"another"'}).status_code == 412
    current = client.get(url)
    assert client.get(url, headers={"If-Match": current["ETag"]}).content == current.content


def test_article_changed_since_required_time_is_412_in_the_api_format(client: APIClient) -> None:
    url = f"{API}/articles/{make_article('大桥通车').pk}/"
    failed = client.get(url, headers={"If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"})
    assert (failed.status_code, failed["Content-Type"]) == (412, "application/problem+json")


def test_unchanged_page_of_a_list_is_304_an_hour_later(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_article(f"大桥{number}")
    first = client.get(f"{API}/articles/?page_size=2")
    assert first.json()["next"]
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    again = client.get(f"{API}/articles/?page_size=2", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_article_has_last_modified(client: APIClient) -> None:
    made = make_article("大桥通车")
    url = f"{API}/articles/{made.pk}/"
    modified = client.get(url)["Last-Modified"]
    assert client.get(url, headers={"If-Modified-Since": modified}).status_code == 304
    assert client.get(url, headers={"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}).status_code == 200


CHANGES: dict[str, Callable[[Article, Organization, Reporter], object]] = {
    "correction": lambda article, _body, _person: correct_article(article, headline="新桥通车"),
    "organization renamed": lambda _article, body, _person: Organization(
        pk=body.pk, name="绛县法院", seat=body.seat
    ).save(),
    "organization merged": lambda _article, body, _person: merge(body, make_organization("法院"), None),
    "reporter renamed": lambda _article, _body, person: Reporter(pk=person.pk, name="周 明").save(),
    "reporter merged": lambda _article, _body, person: merge(person, make_reporter("老周"), None),
    "mention rejected": lambda article, _body, _person: decide_mention(
        article.mentions.get(), Decision("rejected"), None
    ),
    "byline deleted": lambda article, _body, _person: article.bylines.get().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_visible_change_changes_etag_and_updated_at(client: APIClient, change: str) -> None:
    body, person = make_organization("绛县人民法院"), make_reporter("周明")
    made = make_article("大桥通车", body, person)
    url = f"{API}/articles/{made.pk}/"
    before = client.get(url)
    CHANGES[change](made, body, person)
    after = client.get(url)
    assert after["ETag"] != before["ETag"]
    assert after.json()["updated_at"] > before.json()["updated_at"]
    since = client.get(f"{API}/articles/", {"updated_since": after.json()["updated_at"]}).json()["results"]
    assert [found["id"] for found in since] == [made.pk]


def test_only_anonymous_responses_may_be_cached_by_proxies(client: APIClient, reader: APIClient) -> None:
    made = make_article("大桥通车")
    for path in ("articles/", f"articles/{made.pk}/"):
        answers = [one.get(f"{API}/{path}") for one in (client, reader)]
        assert [answer["Cache-Control"] for answer in answers] == ["public, max-age=60", "private, no-cache"]
        for answer in answers:
            assert {"Accept", "Authorization", "Cookie"} <= set(answer["Vary"].split(", "))


def test_errors_are_not_cached_by_proxies(client: APIClient) -> None:
    assert client.get(f"{API}/articles/7/")["Cache-Control"] == "private, no-cache"
