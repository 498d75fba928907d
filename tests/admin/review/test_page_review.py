"""Tests the review of a page as a whole, and the queue: what their buttons do, for whom, and in which order."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Mention, Page, PageAcceptance
from tests.factories import make_article, make_client_of, make_mention, make_page
from tests.support.loading import PAGE, load

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:articles_page_queue")


@pytest.fixture
def editor() -> Client:
    return make_client_of("editor", language="en")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "0914.txt").write_text(PAGE, encoding="utf-8")
    load(tmp_path)
    Mention.objects.update(verdict="rejected")
    return Page.objects.get()


def url(page: Page) -> str:
    return reverse("admin:articles_page_review", args=[page.pk])


def says(answer: Any) -> str:
    return " ".join(map(str, answer.context["messages"]))


def line(article: Article, number: int, action: str) -> dict[str, Any]:
    return {"article": article.pk, "number": number, "version": article.version, "do": action}


def test_reader_stores_how_sure_it_was(page: Page) -> None:
    assert page.least_score is not None
    assert page.least_score > 0


def test_whole_page_is_called_right_and_the_next_one_opens(editor: Client, page: Page) -> None:
    other = make_page()
    make_article(page=other, position=1)
    answer = editor.post(url(page), {"approve": "reviewed"}, follow=True)
    assert not page.articles.filter(reviewed=False).exists()
    assert answer.redirect_chain[-1][0].startswith(url(other))
    assert "is done: 2 articles were changed." in says(answer)
    answer = editor.post(url(other), {"approve": "reviewed"}, follow=True)
    assert "No other page waits." in says(answer)


def test_page_with_a_doubt_leads_to_it(editor: Client, page: Page) -> None:
    doubt = make_mention(page.articles.latest("position"), "花园社区", start=0)
    answer = editor.post(url(page), {"approve": "reviewed"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"#mention-{doubt.pk}")
    assert f'id="mention-{doubt.pk}"' in answer.content.decode()
    assert "A name in this article is still in doubt: decide it first." in says(answer)
    assert not page.articles.filter(reviewed=True).exists()


def test_boundary_is_changed_on_the_page(editor: Client, page: Page) -> None:
    first = page.articles.order_by("position")[0]
    answer = editor.post(url(page), line(first, len(first.blocks) - 1, "headline"), follow=True)
    new = page.articles.order_by("position")[1]
    assert page.articles.count() == 3
    assert answer.redirect_chain[-1][0].endswith(f"#story-{new.pk}")
    editor.post(url(page), line(new, 0, "text"))
    assert page.articles.exclude(status="trashed").count() == 2


def test_line_of_an_older_version_is_refused(editor: Client, page: Page) -> None:
    first = page.articles.order_by("position")[0]
    deed = line(first, 1, "headline")
    first.version += 1
    first.save()
    editor.post(url(page), deed)
    assert page.articles.count() == 2


@pytest.mark.parametrize("deed", [{"do": "headline"}, {"do": "next", "article": "x", "number": "1"}])
def test_line_has_to_be_chosen_first(editor: Client, page: Page, deed: dict[str, str]) -> None:
    assert "Choose a line first." in says(editor.post(url(page), deed, follow=True))


def test_articles_without_doubt_are_folded(editor: Client, page: Page) -> None:
    sure, doubtful = page.articles.order_by("position")
    make_mention(doubtful, "花园社区", start=0)
    shown = editor.get(url(page)).content.decode()
    tags = {
        one: re.findall(rf'<details class="story" id="story-{one.pk}"[^>]*>', shown)[0]
        for one in (sure, doubtful)
    }
    assert " open>" not in tags[sure]
    assert " open>" in tags[doubtful]


def test_number_of_queries_does_not_grow_with_the_articles(
    editor: Client, page: Page, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        made = make_article(page=page, position=10 + number, body="芮城县通车", start=number, end=number + 1)
        make_mention(made, "芮城县", verdict="rejected")
    with django_assert_max_num_queries(22):
        editor.get(url(page))


@pytest.mark.parametrize("deed", [{"approve": "reviewed"}, {"do": "swap"}, {"wrong": "1"}])
def test_reporter_changes_nothing(page: Page, deed: dict[str, str]) -> None:
    reporter = make_client_of("reporter", name="li")
    assert reporter.post(url(page), deed).status_code == 403
    assert reporter.post(QUEUE).status_code == 403
    shown = reporter.get(url(page)).content.decode()
    assert 'name="approve"' not in shown
    assert 'name="do"' not in shown


def test_only_who_may_publish_publishes_the_page(editor: Client, page: Page) -> None:
    page.articles.update(status="draft")
    assert editor.post(url(page), {"approve": "publish"}).status_code == 403
    assert 'value="publish"' not in editor.get(url(page)).content.decode()
    chief = make_client_of("chief", name="zhao")
    assert 'value="publish"' in chief.get(url(page)).content.decode()
    chief.post(url(page), {"approve": "publish"})
    assert set(page.articles.values_list("status", "reviewed")) == {("published", True)}


def pages_in(client: Client, order: str = "") -> list[str]:
    shown = client.get(QUEUE, {"order": order}).content.decode()
    return re.findall(r'<th><a href="/admin/articles/page/(\d+)/review/', shown)


def test_queue_begins_with_what_is_likeliest_wrong(editor: Client) -> None:
    unknown, sure, unsure, doubtful = (make_page(least_score=score) for score in (None, 5.0, 0.2, 4.0))
    for one in (unknown, sure, unsure, doubtful):
        made = make_article(page=one, position=1)
    make_mention(made, "花园社区")
    assert pages_in(editor) == [str(one.pk) for one in (unknown, unsure, doubtful, sure)]
    assert pages_in(editor, "newest") == sorted(pages_in(editor), key=int, reverse=True)


def test_sure_pages_are_accepted_and_the_sample_comes_first(editor: Client) -> None:
    for _ in range(11):
        make_article(page=make_page(least_score=5.0), position=1)
    make_article(page=make_page(least_score=0.1), position=1)
    answer = editor.post(QUEUE, follow=True)
    assert "Accepted: 9 pages. Left to be reviewed as a sample: 2." in says(answer)
    sampled = PageAcceptance.objects.filter(is_sample=True).values_list("page", flat=True)
    assert {int(pk) for pk in pages_in(editor)[:2]} == set(sampled)
    right, wrong = Page.objects.filter(pk__in=sampled)
    assert "The reader had an error" in editor.get(url(right)).content.decode()
    editor.post(url(right), {"approve": "reviewed"})
    editor.post(url(wrong), {"wrong": "1"})
    shown = " ".join(editor.get(QUEUE).content.decode().split())
    assert "Of 2 reviewed pages of the samples 1 were wrong: 50.0 % (95 % interval 9.5 to 90.5 %)." in shown
