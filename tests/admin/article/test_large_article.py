"""Tests that the page of an article with hundreds of names costs no more queries, and explains one of them."""

from itertools import cycle
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Mention
from articles.reading.linking.link_rules import explain_link
from articles.reading.values import Link
from tests.factories import make_article, make_client_of, make_page, make_places

pytestmark = pytest.mark.django_db


def make_list(names: int) -> Article:
    """An article with a line for each name, every tenth of which is in doubt."""
    places = make_places()
    lines = [
        f"{place.name}的新桥昨天通车。"
        for place, _ in zip(cycle(places.values()), range(names), strict=False)
    ]
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    body = "\n".join(lines)
    blocks = [
        {"kind": "paragraph", "text": line, "spans": [[start, start + len(line)]]}
        for start, line in zip(starts, lines, strict=True)
    ]
    article = make_article("名单", page=make_page(body), body=body, blocks=blocks)
    Mention.objects.bulk_create(
        Mention(
            article=article, start=start, end=start + len(place.name), kind="place", surface=place.name,
            status="linked" if number % 10 else "unknown", place=place if number % 10 else None, rule="article",
        )
        for number, (start, place) in enumerate(zip(starts, cycle(places.values()), strict=False))
    )  # fmt: skip
    return article


def test_page_of_seven_hundred_names_explains_the_one_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    editor: Client = make_client_of("editor")
    article = make_list(700)
    explained: list[Link] = []

    def explain(link: Link, *rest: Any) -> str:
        explained.append(link)
        return explain_link(link, *rest)

    monkeypatch.setattr("articles.loading.link_explanations.explain_link", explain)
    with django_assert_max_num_queries(25):
        shown = editor.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert len(explained) == 1
    assert shown.count("<mark class=") == 700
    assert f'hx-get="/admin/articles/article/{article.pk}/block/699/"' in shown
