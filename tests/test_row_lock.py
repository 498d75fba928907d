"""A row that was read and then deleted, as by a purge, is not found: desk and API answer 404, and nothing is written."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from articles.admin.article.article_admin import ArticleAdmin
from articles.admin.display import RecordViews
from articles.api.resources.base import Resource
from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.bylines import add_suggested_byline, set_bylines
from articles.editing.dating.page_imprint import confirm_interval, correct_imprint
from articles.editing.mention_decisions import (
    Decision,
    add_mention,
    decide_mention,
    decide_shown_mention,
    decision_state,
    delete_added_mention,
)
from articles.editing.merging import distinguish, forget_distinction, merge, undo_merge
from articles.editing.page_regions import put_back
from articles.editing.record_trash import delete_record_for_good, restore_record, trash_record
from articles.editing.split_join import split_article
from articles.models import Article, Merge, Page
from articles.row_lock import RowGone, lock_rows
from tests.factories import (
    make_article,
    make_mention,
    make_page,
    make_place,
    make_printed_article,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "write",
    [
        lambda article: correct_article(article, headline="旧桥通车"),
        lambda article: correct_article(article, body="旧桥昨天通车。"),
        lambda article: set_bylines(article, [{"name": "周明"}]),
        lambda article: add_suggested_byline(article, {"name": "周明", "role": "reporter"}),
        trash_article,
        lambda article: split_article(article, 1, None, headline=False),
        lambda article: put_back(article, 0, 2),
        lambda article: add_mention(article, "body", (0, 2), make_place("新桥"), None),
    ],
)
def test_deleted_article_is_gone(write: Callable[[Article], Any]) -> None:
    article = make_printed_article("新桥通车", "新桥昨天通车。")
    Article.objects.filter(pk=article.pk).delete()
    with pytest.raises(RowGone), transaction.atomic():
        write(article)


@pytest.mark.parametrize(
    "write",
    [
        lambda mention: decide_mention(mention, Decision("rejected"), None),
        lambda mention: decide_shown_mention(
            mention, Decision("rejected"), None, state=decision_state(mention), everywhere=True
        ),
    ],
)
def test_mention_of_a_deleted_article_is_gone(write: Callable[[Any], Any]) -> None:
    mention = make_mention(make_article("新桥通车"), "芮城县", make_place("芮城县"))
    Article.objects.filter(pk=mention.article_id).delete()
    with pytest.raises(RowGone), transaction.atomic():
        write(mention)


def test_added_mention_of_a_deleted_article_is_gone() -> None:
    mention = add_mention(make_article(body="新桥"), "body", (0, 2), make_place("新桥"), None)
    Article.objects.filter(pk=mention.article_id).delete()
    with pytest.raises(RowGone), transaction.atomic():
        delete_added_mention(mention)


@pytest.mark.parametrize(
    "write",
    [
        trash_record,
        restore_record,
        delete_record_for_good,
        lambda one: merge(one, make_reporter("何小满"), None),
        lambda one: merge(make_reporter("何小满"), one, None),
        lambda one: undo_merge(Merge(kind="reporter", source=one.pk, target=one.pk)),
        lambda one: distinguish(one, make_reporter("何小满"), None),
        lambda one: forget_distinction(make_reporter("何小满"), one),
    ],
)
def test_deleted_record_is_gone(write: Callable[[Any], Any]) -> None:
    reporter = make_reporter("周明")
    type(reporter).objects.all().delete()
    reporter.pk = 1
    with pytest.raises(RowGone), transaction.atomic():
        write(reporter)


@pytest.mark.parametrize(
    "write",
    [
        lambda page: correct_imprint(page, publication="沂河晚报"),
        lambda page: confirm_interval(page, dt.date(2024, 7, 22), dt.date(2024, 7, 29)),
    ],
)
def test_deleted_page_is_gone(write: Callable[[Page], Any]) -> None:
    page = make_page("新桥昨天通车。")
    Page.objects.filter(pk=page.pk).delete()
    with pytest.raises(RowGone), transaction.atomic():
        write(page)


def test_rows_are_locked_in_the_order_of_their_ids_and_returned_as_given() -> None:
    one, other = make_article("新桥通车"), make_article("旧桥通车")
    assert [article.headline for article in lock_rows([other, one, other])] == [
        "旧桥通车",
        "新桥通车",
        "旧桥通车",
    ]


@pytest.fixture
def article() -> Article:
    return make_printed_article("新桥通车", "新桥昨天通车。")


@pytest.mark.parametrize(
    "address",
    [
        "delete/",
        "join/",
        "split/1/",
        "byline/",
        "block/1/",
        "move/",
        "line/1/",
        "history/1/",
    ],
)
def test_article_that_a_purge_deletes_meanwhile_is_not_found_in_the_admin(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, article: Article, address: str
) -> None:
    correct_article(article, headline="旧桥通车")
    version = article.history.latest("history_id").history_id
    find = RecordViews.get_record

    def find_and_purge(*args: Any) -> Any:
        record = find(*args)
        Article.objects.filter(pk=article.pk).delete()
        return record

    monkeypatch.setattr(ArticleAdmin, "get_record", find_and_purge)
    asked = reverse("admin:articles_article_changelist") + f"{article.pk}/{address}"
    asked = asked.replace("history/1", f"history/{version}")
    sent = {
        "version": article.version,
        "status": "withdrawn",
        "name": "周明",
        "role": "reporter",
        "text": "旧桥",
        "kind": "paragraph",
    }
    assert admin_client.post(asked, sent).status_code == 404


def test_record_that_a_purge_deletes_meanwhile_is_not_found_over_the_api(
    admin_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_reporter("周明"), make_reporter("何小满")
    lock = Resource.lock

    def delete_and_lock(resource: Resource, record: Any) -> Any:
        type(record).objects.filter(pk=record.pk).delete()
        return lock(resource, record)

    monkeypatch.setattr(Resource, "lock", delete_and_lock)
    client = APIClient()
    client.force_authenticate(admin_user)
    response = client.post(
        f"{API}/reporters/{one.pk}/merge/", {"record": other.pk}, format="json", HTTP_IF_MATCH="*"
    )
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
