"""Tests the button that finds names in text that people wrote, by the rules and records of today."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article, Mention
from tests.factories import make_article, make_client_of, make_mention, make_places, make_printed_article

pytestmark = pytest.mark.django_db


def url(article: Article) -> str:
    return reverse("admin:articles_article_find_names", args=[article.pk])


def test_names_of_a_text_that_was_written_before_are_proposed() -> None:
    editor = make_client_of("editor", language="en")
    county = make_places()["芮城县"]
    article = make_article("道路通车", body="昨天，芮城县的道路通车。")
    answer = editor.post(url(article), follow=True)
    assert "1 new name is proposed." in answer.content.decode()
    mention = article.mentions.get()
    assert (mention.surface, mention.record, mention.verdict) == ("芮城县", county, "")
    assert county.appearances.filter(article=article).exists()
    assert "0 new names are proposed." in editor.post(url(article), follow=True).content.decode()


def test_decisions_stay() -> None:
    editor = make_client_of("editor")
    article = make_article("道路通车", body="昨天，芮城县的道路通车。")
    make_mention(article, "芮城县", verdict="rejected")
    editor.post(url(article))
    assert article.mentions.get().verdict == "rejected"


def test_button_stands_only_beside_text_that_people_wrote() -> None:
    editor = make_client_of("editor")
    printed = make_printed_article("大桥通车", "昨天，新桥通车。")
    printed.extracted = {"blocks": printed.blocks}
    printed.save()
    for article, is_shown in ((printed, False), (make_article("新桥通车", body="昨天通车。"), True)):
        page = editor.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
        assert (url(article) in page) is is_shown


def test_reporter_finds_names_in_an_own_draft_only() -> None:
    reporter: Client = make_client_of("reporter", name="li")
    own = make_article("道路通车", body="昨天，芮城县的道路通车。", status="draft")
    Article.objects.filter(pk=own.pk).update(written_by=User.objects.get(username="li"))
    other = make_article("早市搬家", body="昨天，芮城县的早市搬家。", status="draft")
    assert reporter.post(url(own)).status_code == 302
    assert reporter.post(url(other)).status_code == 403
    assert set(Mention.objects.values_list("article", flat=True)) == {own.pk}
