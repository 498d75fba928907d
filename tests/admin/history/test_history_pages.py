"""Tests the history pages of a record: events, differences between versions, and restoring."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.admin.history.text_diff import _diff_texts
from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.mention_decisions import Decision, add_mention, decide_mention
from articles.loading import file_plan
from articles.models import Article, Byline, Mention, Reporter
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_client_of,
    make_mention,
    make_place,
    make_reporter,
)
from tests.support.loading import BRIDGE, SCHOOL, load, read_plainly

pytestmark = pytest.mark.django_db
HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def admin_client(admin_client: Client) -> Client:
    admin_client.cookies["django_language"] = "en"
    return admin_client


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Article:
    """An article of a page that was loaded from a file."""
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    return Article.objects.get(headline="大桥通车")


def history_of(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_history", args=[record.pk])


def restore(client: Client, record: Any, version: Any) -> Any:
    """Restore a version by the form that asks for it."""
    url = f"{history_of(record)}{version.history_id}/"
    return client.post(url, {"form_state": client.get(url).context["form_state"]}, follow=True)


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("大桥通车", "新桥通车", [("-", "大"), ("+", "新"), ("=", "桥通车")]),
        ("", "新桥", [("+", "新桥")]),
        ("新桥", "", [("-", "新桥")]),
        ("新桥通车。", "新桥通车。", [("=", "新桥通车。")]),
        ("早市搬家。新桥通车。", "新桥通车。", [("-", "早市搬家。"), ("=", "新桥通车。")]),
        # One character between two changes is chance, and would make both unreadable.
        ("市图书馆的新书", "县博物馆的旧址", [("-", "市图书"), ("+", "县博物"), ("=", "馆的"), ("-", "新书"), ("+", "旧址")]),
        ("甲的乙", "丙的丁", [("-", "甲的乙"), ("+", "丙的丁")]),
    ],
    ids=["word", "written", "emptied", "same", "sentence", "two", "chance"],
)  # fmt: skip
def test_texts_are_compared_by_character(before: str, after: str, runs: list[tuple[str, str]]) -> None:
    assert list(_diff_texts(before, after)) == runs


@pytest.mark.parametrize(
    ("before", "after"),
    [("。" * 300_000, "新" + "。" * 299_000), ("甲" * 300_000, "乙" + "甲" * 200_000 + "丙甲")],
    ids=["stops", "one_sentence"],
)
def test_long_texts_are_compared_without_loss(before: str, after: str) -> None:
    runs = list(_diff_texts(before, after))
    assert "".join(text for sign, text in runs if sign != "+") == before
    assert "".join(text for sign, text in runs if sign != "-") == after


def test_first_change_is_compared_with_the_loaded_version(admin_client: Client, bridge: Article) -> None:
    correct_article(bridge, headline="新桥通车")
    shown = admin_client.get(history_of(bridge)).content.decode()
    assert "<del>大</del><ins>新</ins>桥通车" in shown


def test_record_without_changes_has_no_events(admin_client: Client, bridge: Article) -> None:
    answer = admin_client.get(history_of(bridge))
    assert answer.status_code == 200
    assert answer.context["timeline"].events == []


def test_any_two_versions_are_compared(admin_client: Client, bridge: Article) -> None:
    for headline in ("新桥通车", "新桥昨天通车", "新桥今天通车"):
        correct_article(bridge, headline=headline)
    versions = list(bridge.history.order_by("history_id"))
    asked = {"older": versions[3].history_id, "newer": versions[0].history_id}  # picked the wrong way round
    [difference] = admin_client.get(history_of(bridge), asked).context["differences"]
    assert difference.shown == "<del>大桥</del><ins>新桥今天</ins>通车"


@pytest.mark.parametrize("ids", [("x", "1"), ("9" * 30, "1"), ("²", "1"), ("-1", "0")], ids=repr)
def test_unknown_versions_are_not_compared(
    admin_client: Client, bridge: Article, ids: tuple[str, str]
) -> None:
    correct_article(bridge, headline="新桥通车")
    answer = admin_client.get(history_of(bridge), {"older": ids[0], "newer": ids[1]})
    assert answer.context["newer"].headline == "新桥通车"


def test_values_are_shown_in_words(admin_client: Client, bridge: Article) -> None:
    correct_article(bridge, status="withdrawn", reviewed=True, issue_date=dt.date(2024, 7, 30))
    shown = {row.label: row.shown for row in admin_client.get(history_of(bridge)).context["differences"]}
    assert shown == {
        "Issue date": "<del>—</del> → <ins>July 30, 2024</ins>",
        "Status": "<del>published</del> → <ins>withdrawn</ins>",
        "Reviewed": "<del>no</del> → <ins>yes</ins>",
    }


def test_changed_kind_of_a_block_is_shown(admin_client: Client, bridge: Article) -> None:
    blocks = [
        {**block, "kind": "heading"} if block["kind"] == "paragraph" else block for block in bridge.blocks
    ]
    correct_article(bridge, blocks=blocks)
    [difference] = admin_client.get(history_of(bridge)).context["differences"]
    assert "<ins>" in difference.shown
    correct_article(bridge, body="昨天，新桥迎来首批车辆。")
    labels = [difference.label for difference in admin_client.get(history_of(bridge)).context["differences"]]
    assert labels == ["Body"]


def test_deleted_record_is_shown_by_its_id(admin_client: Client) -> None:
    county = make_place("芮城县", kind="county")
    town = make_place("大王镇", kind="township", parent=county)
    town.parent = None
    town.save()
    county.delete()
    [difference] = admin_client.get(history_of(town)).context["differences"]
    assert f"{town.history.last().parent_id}" in difference.shown


def test_history_of_article_includes_credits_and_names(admin_client: Client, bridge: Article) -> None:
    place = make_place("新桥村", kind="village")
    user = User.objects.get()
    mention = add_mention(bridge, "body", (3, 5), place, user)
    byline = bridge.bylines.get(order=1)
    byline.delete()
    mention.delete()
    shown = [event.what for event in admin_client.get(history_of(bridge)).context["timeline"].events]
    assert shown == [
        "“新桥” is no longer a name here",
        "no longer credited: 周明, reporter",
        "“新桥” added: 新桥村",
    ]


def test_extracted_mentions_are_not_events(admin_client: Client, bridge: Article) -> None:
    place = make_place("新桥村", kind="village")
    [found] = Mention.objects.bulk_create(
        [Mention(article=bridge, start=3, end=5, kind="place", surface="新桥", status="linked", place=place)]
    )
    decide_mention(found, Decision(Mention.Verdict.ACCEPTED), None)
    shown = [event.what for event in admin_client.get(history_of(bridge)).context["timeline"].events]
    assert shown == ["“新桥” accepted: 新桥村"]


def test_history_remains_when_user_is_deleted(bridge: Article) -> None:
    editor = make_client_of("editor", name="zhang", language="en")
    chief = make_client_of("chief", name="chief", language="en")
    change = reverse("admin:articles_article_change", args=[bridge.pk])
    context = editor.get(change).context
    form = context["adminform"].form
    data = {form[name].html_name: form[name].value() or "" for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        for part in [inline.formset.management_form, *inline.formset.forms]:
            data |= {part[name].html_name: part[name].value() or "" for name in part.fields}
    assert editor.post(change, data | {"headline": "新桥通车"}).status_code == 302
    User.objects.get(username="zhang").delete()
    events = chief.get(history_of(bridge)).context["timeline"].events
    assert [event.who for event in events] == ["zhang", "the loader"]


def test_version_is_restored_with_its_mentions_and_can_be_undone(
    admin_client: Client, bridge: Article
) -> None:
    place = make_place("新桥村", kind="village")
    add_mention(bridge, "body", (3, 5), place, None)
    correct_article(bridge, body="前天，新桥来了第一批车辆。")
    correct_article(bridge, body="前天上午，新桥来了第一批车辆。")
    first = bridge.history.earliest()
    answer = restore(admin_client, bridge, first)
    assert "Restored as of" in answer.content.decode()
    bridge.refresh_from_db()
    assert bridge.body == "昨天，新桥迎来第一批车辆。"
    assert [bridge.body[m.start : m.end] for m in bridge.mentions.all()] == ["新桥"]
    assert {"body", "blocks"} <= set(bridge.corrected)
    restore(admin_client, bridge, bridge.history.order_by("-history_id")[1])  # which undoes it
    bridge.refresh_from_db()
    assert bridge.body == "前天上午，新桥来了第一批车辆。"


def test_revert_reports_what_stays(admin_client: Client) -> None:
    article = make_article("新桥", body="新桥通车。", status="draft", reviewed=True)
    correct_article(article, headline="大桥", status="published", reviewed=False)
    make_mention(article, "新桥")
    shown = restore(admin_client, article, article.history.earliest()).content.decode()
    article.refresh_from_db()
    assert (article.headline, article.status, article.reviewed) == ("新桥", "published", False)
    assert "The status stays “published”." in shown
    assert "It stays unreviewed" in shown


def test_version_of_a_trashed_article_cannot_be_restored(admin_client: Client, bridge: Article) -> None:
    correct_article(bridge, headline="新桥通车")
    trash_article(bridge)
    assert "Not restored" in restore(admin_client, bridge, bridge.history.earliest()).content.decode()
    bridge.refresh_from_db()
    assert (bridge.headline, bridge.status) == ("新桥通车", "trashed")


def test_restoring_a_name_that_another_record_has_is_rejected(admin_client: Client) -> None:
    reporter = make_reporter("周明")
    reporter.name = "周铭"
    reporter.save()
    restore(admin_client, reporter, reporter.history.earliest())
    reporter.refresh_from_db()
    assert (reporter.name, reporter.key) == ("周明", "周明")
    make_reporter("周铭")
    shown = restore(admin_client, reporter, reporter.history.order_by("history_id")[1]).content.decode()
    assert "Not restored" in shown
    reporter.refresh_from_db()
    assert reporter.name == "周明"


def test_restored_version_omits_a_deleted_parent(admin_client: Client) -> None:
    county = make_place("芮城县", kind="county")
    town = make_place("大王镇", kind="township", parent=county)
    town.name, town.parent = "大王乡", None
    town.save()
    county.delete()
    shown = restore(admin_client, town, town.history.earliest()).content.decode()
    town.refresh_from_db()
    assert (town.name, town.parent) == ("大王镇", None)
    assert "the record that it was is gone" in shown


def test_change_after_the_confirmation_page_is_confirmed_again(admin_client: Client, bridge: Article) -> None:
    correct_article(bridge, headline="新桥通车")
    url = f"{history_of(bridge)}{bridge.history.earliest().history_id}/"
    state = admin_client.get(url).context["form_state"]
    correct_article(bridge, headline="新桥昨天通车")
    assert admin_client.post(url, {"form_state": state}).headers["Location"] == url
    bridge.refresh_from_db()
    assert bridge.headline == "新桥昨天通车"


def test_restoring_needs_permission_to_change(bridge: Article) -> None:
    correct_article(bridge, headline="新桥通车")
    reporter = make_client_of("reporter", name="wu", language="en")
    url = f"{history_of(bridge)}{bridge.history.earliest().history_id}/"
    assert reporter.get(history_of(bridge)).context["may_revert"] is False
    assert [reporter.get(url).status_code, reporter.post(url, {"form_state": "1"}).status_code] == [403, 403]
    assert Client().get(url).status_code == 302


def test_version_of_another_record_is_404(admin_client: Client, bridge: Article) -> None:
    other = make_article("早市搬家")
    correct_article(bridge, headline="新桥通车")
    assert admin_client.get(f"{history_of(bridge)}{other.history.get().history_id}/").status_code == 404


def test_history_is_escaped(admin_client: Client, bridge: Article) -> None:
    Reporter.objects.filter(name="周明").update(name=HOSTILE)
    Byline.objects.filter(article=bridge).first().delete()  # type: ignore[union-attr] # it has some
    place = make_place(HOSTILE, kind="village")
    add_mention(bridge, "body", (3, 5), place, None)
    correct_article(bridge, headline=HOSTILE, agency=HOSTILE, section=HOSTILE, body=HOSTILE * 20)
    correct_article(bridge, body=HOSTILE * 20 + "完")
    for row in Article.history.all():
        row.history_username = HOSTILE
        row.save()
        shown = admin_client.get(f"{history_of(bridge)}{row.history_id}/").content.decode()
        assert "<img src=x" not in shown
    shown = admin_client.get(history_of(bridge)).content.decode()
    assert "&lt;img src=x" in shown
    assert "<img src=x" not in shown


def test_long_history_is_paginated(
    admin_client: Client, bridge: Article, django_assert_max_num_queries: Any
) -> None:
    reporter = Reporter.objects.get(name="周明")
    for number in range(60):
        correct_article(bridge, headline=f"新桥第{number}次通车")
        make_byline(bridge, reporter, order=10 + number)
    with django_assert_max_num_queries(16):
        first = admin_client.get(history_of(bridge)).context["timeline"]
    seen = list(first.events)
    older_than = first.older_than
    while older_than:
        page = admin_client.get(history_of(bridge), {"before": older_than.isoformat()}).context["timeline"]
        seen += page.events
        older_than = page.older_than
    assert len(first.events) == 50
    assert len({event.version.history_id for event in seen if event.version}) == 61
    assert len([event for event in seen if event.version is None]) == 60
    assert all(event.fields == ["Headline"] for event in seen if event.version and not event.is_by_loader)


def test_alias_has_a_history(admin_client: Client) -> None:
    alias = make_alias("小周", make_reporter("周明"))
    alias.name = "老周"
    alias.save()
    assert "<del>小</del><ins>老</ins>周" in admin_client.get(history_of(alias)).content.decode()
