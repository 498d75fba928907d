"""Tests that no page of the reading site has a word of what is not public."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from articles.models import Article
from tests.factories import (
    make_article,
    make_client_of,
    make_organization,
    make_page,
    make_places,
    make_reporter,
)

HIDDEN = ("draft", "in_review", "withdrawn", "trashed")
SECRET = "密不可宣"
_LINK = re.compile(r'(?:href="|<loc>|<id>)([^"<]+)')


@pytest.fixture
def archive(db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Public articles, and hidden ones of each status on the same page, about and by records that only they name."""
    monkeypatch.setitem(settings.NEWSROOM_RATES, "anonymous", "100000/minute")
    places = make_places()
    page = make_page("大桥通车" * 10, publication="沂河晚报", page_number="A02", issue_date="2023-09-14")
    about = (places["芮城县"], make_organization("芮城县教育局"), make_reporter("周明"))
    shared: dict[str, Any] = {"page": page, "publication": "沂河晚报", "date": "2023-09-14"}
    for number in range(2):
        body = f"芮城县教育局说第{number}座桥。"
        make_article(
            f"第{number}座大桥通车", *about, body=body, section="要闻", start=number, end=number + 1, **shared
        )
    for number, status in enumerate(HIDDEN, 10):
        secret = f"{SECRET}{number}"
        texts = dict.fromkeys(("kicker", "subtitle", "body", "dateline", "section", "agency"), secret)
        records = make_organization(f"{secret}局"), make_reporter(f"{secret}记者")
        where = {**shared, "start": number, "end": number + 1}
        make_article(secret, *about, *records, status=status, **texts, **where)
        make_article(f"{secret}号外", status=status, publication=f"{secret}报", date=f"2024-01-{number}")


def walk(client: Client) -> Iterator[tuple[str, str]]:
    """Each address of the site that can be reached by links, with its content."""
    waiting, done = ["/", "/en/", "/robots.txt", "/sitemap.xml", "/issues/2023-09-14/"], set()
    while waiting:
        path = waiting.pop()
        if path in done:
            continue
        done.add(path)
        response = client.get(path)
        assert response.status_code == 200, path
        content = response.content.decode()
        yield path, content
        for link in _LINK.findall(content):
            url = html.unescape(link).removeprefix("http://testserver").partition("#")[0]
            url = f"{path.partition('?')[0]}{url}" if url.startswith("?") else url
            if (
                url.startswith("/")
                and not url.startswith(("/static/", "/api/", "/admin/"))
                and url.count("=") < 3
            ):
                waiting.append(url)


@pytest.mark.usefixtures("archive")
def test_no_page_of_the_site_has_a_word_of_what_is_not_public(client: Client) -> None:
    pages = dict(walk(client))
    assert [path for path, content in pages.items() if SECRET in content] == []
    assert len(pages) > 40
    assert any("第0座大桥通车" in content for path, content in pages.items() if path.startswith("/feed.atom"))
    assert all(
        any(path.startswith(f"/{kind}/") for path in pages)
        for kind in ("reporters", "places", "organizations")
    )


@pytest.mark.usefixtures("archive")
def test_addresses_of_what_is_not_public_are_not_found(client: Client) -> None:
    hidden = Article.objects.filter(status__in=HIDDEN)
    paths = [f"/articles/{article.pk}/" for article in hidden]
    paths += [f"/issues/2024-01-{number}/" for number in range(10, 14)]
    paths += [f"/issues/2024-01-10/{SECRET}10报/"]
    for kind, model in (("reporters", "bylines__reporter"), ("organizations", "mentions__organization")):
        names = hidden.filter(**{f"{model}__name__contains": SECRET}).values_list(model, flat=True)
        paths += [f"/{kind}/{pk}/" for pk in names if pk]
    assert len(paths) > 15
    found = [client.get(path) for path in paths]
    assert {response.status_code for response in found} == {404}
    assert all(SECRET not in response.content.decode() for response in found)


@pytest.mark.usefixtures("archive")
def test_site_is_the_same_for_an_editor(client: Client) -> None:
    article = Article.objects.filter(status="published").latest("pk")
    editor = make_client_of("chief")
    for path in ("/", "/articles/", f"/articles/{article.pk}/", "/issues/2023-09-14/沂河晚报/"):
        assert editor.get(path).content == client.get(path).content
    assert (
        editor.get(f"/articles/{Article.objects.filter(status='draft').latest('pk').pk}/").status_code == 404
    )


@pytest.mark.usefixtures("archive")
def test_search_finds_nothing_that_is_not_public(client: Client) -> None:
    response = client.get("/articles/", {"q": SECRET})
    assert "0 篇稿件" in response.content.decode()
    assert "<mark>" not in response.content.decode()


@pytest.mark.parametrize(("group", "status"), [("reporter", 200), ("editor", 200), ("chief", 200), ("", 302)])
@pytest.mark.django_db
def test_preview_shows_a_draft_to_those_who_may_see_it(client: Client, group: str, status: int) -> None:
    draft = make_article("尚未发布的稿件", status="draft", body="草稿的正文。")
    user = make_client_of(group) if group else client
    response = user.get(f"/admin/articles/article/{draft.pk}/preview/")
    assert response.status_code == status
    if group:
        content = response.content.decode()
        assert all(words in content for words in ("尚未发布的稿件", "草稿的正文。", 'content="noindex"'))
        assert "no-cache" in response.headers["Cache-Control"]
        assert "ld+json" not in content
        change = user.get(f"/admin/articles/article/{draft.pk}/change/").content.decode()
        assert f"/admin/articles/article/{draft.pk}/preview/" in change
