"""Tests that two editors who save one record never overwrite each other's changes unnoticed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.editing.article_corrections import correct_article, mark_bylines_decided
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.name_authority import recorded_names
from articles.models import Alias, Article, Mention
from articles.models.merge import MODELS
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_client_of,
    make_mention,
    make_place,
    make_reporter,
)
from tests.support.forms import form_in

pytestmark = pytest.mark.django_db
HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def article() -> Article:
    made = make_article(
        "浮桥通车", kicker="民生", body="昨天，浮桥通车。\n两岸都来人了。", status="draft", agency="本报"
    )
    for order, name in enumerate(("周明", "吴芳"), 1):
        make_byline(made, make_reporter(name), order=order)
    return made


@pytest.fixture
def zhang() -> Client:
    return make_client_of(name="zhang", language="en", is_superuser=True)


@pytest.fixture
def li() -> Client:
    return make_client_of(name="li", language="en", is_superuser=True)


def page(record: Any, view: str = "change") -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_{view}", args=[record.pk])


def opened(client: Client, record: Any) -> dict[str, Any]:
    return form_in(client.get(page(record)).context)


def save(client: Client, record: Any, form: dict[str, Any], **changed: Any) -> Any:
    return client.post(page(record), {**form, **changed})


def test_second_editor_sees_both_texts_and_decides(article: Article, zhang: Client, li: Client) -> None:
    first, second = opened(zhang, article), opened(li, article)
    assert save(zhang, article, first, headline="大桥通车").status_code == 302
    answer = save(li, article, second, headline="浮桥昨天通车", kicker="要闻")
    article.refresh_from_db()
    assert (answer.status_code, article.headline, article.kicker) == (200, "大桥通车", "民生")
    shown = answer.content.decode()
    assert "Nothing was saved: zhang saved something else at" in shown
    assert "大桥通车" in shown
    assert "<del>大桥</del><ins>浮桥昨天</ins>通车" in shown
    again = form_in(answer.context)
    assert (again["headline"], again["kicker"]) == ("浮桥昨天通车", "要闻")
    assert save(li, article, again).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("浮桥昨天通车", "要闻")


def test_fields_changed_only_by_the_other_editor_are_taken_over(
    article: Article, zhang: Client, li: Client
) -> None:
    first, second = opened(zhang, article), opened(li, article)
    save(zhang, article, first, kicker="要闻", issue_date="2024-07-30", reviewed="on", status="in_review")
    answer = save(li, article, second, headline="浮桥昨天通车")
    again = form_in(answer.context)
    assert [conflict.mine for conflict in _conflicts(answer)] == [None] * 4
    assert (again["kicker"], again["reviewed"], again["status"]) == ("要闻", True, "in_review")
    assert save(li, article, again).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.kicker, article.reviewed, article.status, str(article.issue_date)) == (
        "浮桥昨天通车", "要闻", True, "in_review", "2024-07-30",
    )  # fmt: skip


def _conflicts(answer: Any) -> list[Any]:
    return list(next(context["conflicts"] for context in answer.context if "conflicts" in context))


@pytest.mark.parametrize(
    "changed",
    [{}, {"headline": "大桥通车"}, {"body": "昨天，浮桥通车。\r\n两岸都来人了。"}],
    ids=["nothing", "same", "lines"],
)
def test_equal_changes_are_saved_without_conflict(
    article: Article, zhang: Client, li: Client, changed: dict[str, str]
) -> None:
    first, second = opened(zhang, article), opened(li, article)
    save(zhang, article, first, **changed)
    assert save(li, article, second, **changed).status_code == 302


def test_line_ends_of_a_browser_are_no_change(article: Article, zhang: Client) -> None:
    make_mention(article, "来人")
    assert "\r\n" in opened(zhang, article)["body"]
    assert save(zhang, article, opened(zhang, article), headline="大桥通车").status_code == 302
    article.refresh_from_db()
    assert (article.body, article.corrected) == ("昨天，浮桥通车。\n两岸都来人了。", ["headline"])


def test_form_without_a_concurrent_change_is_saved(article: Article, zhang: Client) -> None:
    form = opened(zhang, article)
    assert save(zhang, article, form, headline="大桥通车").status_code == 302
    # The same form once more, as by the browser's way back: by now it is an old one.
    assert save(zhang, article, form, headline="早市搬家").status_code == 200


@pytest.mark.parametrize("state", ["", "x", "{}", "eyJhIjoxfQ:1abc:xyz", "é" * 9], ids=repr)
def test_form_without_state_overwrites_nothing(article: Article, zhang: Client, state: str) -> None:
    form = opened(zhang, article) | {"form_state": state}
    correct_article(article, kicker="要闻")
    assert save(zhang, article, form).status_code == 200
    article.refresh_from_db()
    assert article.kicker == "要闻"


def test_state_of_another_form_is_rejected(article: Article, zhang: Client) -> None:
    other = make_article("早市搬家", kicker="要闻")
    form = opened(zhang, article)
    correct_article(article, kicker="要闻")
    assert save(zhang, article, form, form_state=opened(zhang, other)["form_state"]).status_code == 200


def test_inline_rows_are_compared(article: Article, zhang: Client, li: Client) -> None:
    first, second = opened(zhang, article), opened(li, article)
    assert save(zhang, article, first, **{"bylines-0-role": "intern"}).status_code == 302
    answer = save(
        li, article, second, **{"bylines-0-role": "photographer", "bylines-1-role": "correspondent"}
    )
    assert answer.status_code == 200
    [conflict] = _conflicts(answer)
    assert (conflict.theirs, conflict.mine) == ("intern", "photographer")
    assert save(li, article, form_in(answer.context)).status_code == 302
    assert [byline.role for byline in article.bylines.all()] == ["photographer", "correspondent"]


def test_row_deleted_by_other_user_is_reported_and_removed(
    article: Article, zhang: Client, li: Client
) -> None:
    first, second = opened(zhang, article), opened(li, article)
    assert save(zhang, article, first, **{"bylines-0-DELETE": "on"}).status_code == 302
    answer = save(li, article, second, **{"bylines-1-role": "intern"})
    assert answer.status_code == 200
    [conflict] = _conflicts(answer)
    assert (conflict.theirs, conflict.mine) == ("taken away meanwhile", "周明 reporter")
    assert save(li, article, form_in(answer.context)).status_code == 302
    assert [(byline.reporter.name, byline.role) for byline in article.bylines.all()] == [("吴芳", "intern")]


def test_row_added_by_other_user_stays(article: Article, zhang: Client, li: Client) -> None:
    first, second = opened(zhang, article), opened(li, article)
    new = make_reporter("何小满")
    added = {
        "bylines-TOTAL_FORMS": "3", "bylines-2-article": article.pk,
        "bylines-2-reporter": new.pk, "bylines-2-role": "reporter",
    }  # fmt: skip
    assert save(zhang, article, first, **added).status_code == 302
    assert save(li, article, second, headline="大桥通车").status_code == 302
    assert article.bylines.count() == 3


def test_rows_added_by_the_user_survive_a_conflict(article: Article, zhang: Client, li: Client) -> None:
    first, second = opened(zhang, article), opened(li, article)
    new = make_reporter("何小满")
    added = {
        "bylines-TOTAL_FORMS": "3", "bylines-2-article": article.pk,
        "bylines-2-reporter": new.pk, "bylines-2-role": "intern", "bylines-1-DELETE": "on",
    }  # fmt: skip
    assert save(zhang, article, first, headline="大桥通车").status_code == 302
    answer = save(li, article, second, headline="浮桥昨天通车", **added)
    assert answer.status_code == 200
    assert save(li, article, form_in(answer.context)).status_code == 302
    assert [(byline.reporter.name, byline.role) for byline in article.bylines.order_by("pk")] == [
        ("周明", "reporter"), ("何小满", "intern"),
    ]  # fmt: skip


def test_verdicts_on_mentions_are_no_conflict(article: Article, zhang: Client) -> None:
    place = make_place("浮桥村", kind="village")
    mention = make_mention(article, "浮桥")
    form = opened(zhang, article)
    decide_mention(mention, Decision(Mention.Verdict.RELINKED, place), None)
    assert save(zhang, article, form, headline="大桥通车").status_code == 302


def test_fields_that_the_form_does_not_show_are_no_conflict(article: Article, zhang: Client) -> None:
    form = opened(zhang, article)
    Article.objects.filter(pk=article.pk).update(extracted={})
    mark_bylines_decided(article)
    assert save(zhang, article, form, headline="大桥通车").status_code == 302


def test_texts_of_other_users_are_escaped(article: Article, li: Client) -> None:
    second = opened(li, article)
    correct_article(article, headline=HOSTILE, agency=HOSTILE)
    shown = save(li, article, second, headline=HOSTILE + "完").content.decode()
    assert "&lt;img src=x" in shown
    assert "<img src=x" not in shown


def test_concurrent_change_is_shown_before_trashing(article: Article, zhang: Client) -> None:
    state = zhang.get(page(article, "delete")).context["form_state"]
    correct_article(article, headline="大桥通车")
    answer = zhang.post(page(article, "delete"), {"post": "yes", "form_state": state}, follow=True)
    assert "It was changed meanwhile" in answer.content.decode()
    article.refresh_from_db()
    assert article.status == "draft"
    zhang.post(page(article, "delete"), {"post": "yes", "form_state": answer.context["form_state"]})
    article.refresh_from_db()
    assert article.status == "trashed"


def test_form_is_shown_and_saved_in_few_queries(
    article: Article, zhang: Client, django_assert_max_num_queries: Any
) -> None:
    form = opened(zhang, article)
    recorded_names()  # which a process reads once
    # On PostgreSQL four more lock the records: whoever locks an article does so first.
    with django_assert_max_num_queries(55 if connection.vendor == "postgresql" else 51):
        assert save(zhang, article, form, headline="大桥通车").status_code == 302


@pytest.mark.parametrize("name", ["reporter", "place", "organization"])
def test_records_and_aliases_are_checked_for_conflicts(zhang: Client, li: Client, name: str) -> None:
    record = MODELS[name].objects.create(name="芮城县图书馆")
    Alias.objects.create(name="县图书馆", **{name: record})
    first, second = opened(zhang, record), opened(li, record)
    assert save(zhang, record, first, name="芮城图书馆", **{"aliases-0-name": "图书馆"}).status_code == 302
    answer = save(li, record, second, name="芮城县新图书馆", **{"aliases-0-name": "新图书馆"})
    assert [(conflict.theirs, conflict.mine) for conflict in _conflicts(answer)] == [
        ("芮城图书馆", "芮城县新图书馆"), ("图书馆", "新图书馆"),
    ]  # fmt: skip
    assert save(li, record, form_in(answer.context)).status_code == 302
    record.refresh_from_db()
    assert (record.name, record.aliases.get().name) == ("芮城县新图书馆", "新图书馆")


def test_conflict_shows_records_by_name(zhang: Client, li: Client) -> None:
    one, two, three = (make_reporter(name) for name in ("周明", "吴芳", "何小满"))
    alias = make_alias("小周", one)
    first, second = opened(zhang, alias), opened(li, alias)
    assert save(zhang, alias, first, reporter=two.pk).status_code == 302
    [conflict] = _conflicts(save(li, alias, second, reporter=three.pk))
    assert (conflict.theirs, conflict.mine) == ("吴芳", "何小满")
