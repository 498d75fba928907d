"""Tests the pages of names in doubt over the whole archive, and the list of rulings."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.editing.mention_decisions import Decision
from articles.editing.rulings.doubtful_names import NameScope
from articles.editing.rulings.name_rulings import Answer, rule_on_name
from articles.models import Mention, NameRuling, Place
from tests.factories import make_article, make_client_of, make_mention, make_page, make_places

pytestmark = pytest.mark.django_db
NAME = "花园社区"
NAMES = reverse("admin:articles_nameruling_names")


@pytest.fixture
def editor() -> Client:
    return make_client_of("editor", language="en")


@pytest.fixture
def town() -> Place:
    return make_places()["大王镇"]


@pytest.fixture
def mentions() -> list[Mention]:
    articles = [make_article(page=make_page(), publication="沂河晚报", body=NAME) for _ in range(3)]
    found = [make_mention(article, NAME, candidates=["140830105"]) for article in articles]
    make_mention(articles[0], "光明社区", start=20)
    return found


def url(mention: Mention) -> str:
    return reverse("admin:articles_nameruling_name", args=[mention.pk])


def text(client: Client, address: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.get(address).content.decode()).split())


def say(client: Client, mention: Mention, **values: Any) -> str:
    """Send an answer, and return what the next page says."""
    answer = client.post(url(mention), {"scope": "everywhere:3:", **values}, follow=True)
    return " ".join(map(str, answer.context["messages"]))


def test_list_shows_each_name_with_its_numbers_candidates_and_context(
    editor: Client, mentions: list[Mention], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        shown = text(editor, NAMES)
    assert f"{NAME} place 3 3 3" in shown
    assert "大王镇" in shown
    assert shown.index(NAME) < shown.index("光明社区")
    assert url(mentions[-1]) in editor.get(NAMES).content.decode()
    assert "No name is in doubt." in text(editor, f"{NAMES}?kind=organization")


def test_page_of_a_name_shows_what_each_scope_would_change(editor: Client, mentions: list[Mention]) -> None:
    shown = text(editor, url(mentions[0]))
    assert "everywhere 3 mentions · 3 articles · 2 have no doubt left then" in shown
    assert "in 沂河晚报 3 mentions · 3 articles" in shown


def test_answer_decides_all_and_leads_to_the_next_name(
    editor: Client, mentions: list[Mention], town: Place
) -> None:
    answer = editor.post(
        url(mentions[0]),
        {"scope": "everywhere:3:", "choice": f"id:{town.pk}", "is_in_use": "on"},
        follow=True,
    )
    assert "“花园社区” is decided everywhere: 3 mentions are “大王镇”." in answer.content.decode()
    assert answer.context["mention"].surface == "光明社区"
    ruling = NameRuling.objects.get()
    assert (ruling.is_in_use, ruling.record, len(ruling.mentions), ruling.by and ruling.by.username) == (
        True, town, 3, "anna",
    )  # fmt: skip


def test_answer_for_chosen_articles_is_no_rule(editor: Client, mentions: list[Mention]) -> None:
    say(
        editor,
        mentions[0],
        scope="articles::",
        article=mentions[1].article_id,
        verdict="rejected",
        is_in_use="on",
    )
    ruling = NameRuling.objects.get()
    assert (ruling.mentions, ruling.is_in_use) == ([mentions[1].pk], False)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"verdict": "rejected", "scope": "everywhere:2:"}, "2 names were counted, and there are 3 now"),
        ({"verdict": "rejected", "scope": "articles::"}, "No name is in doubt there"),
        ({"verdict": "relinked"}, "Choose a record first."),
        ({}, "Choose an answer first."),
    ],
)
def test_refusal_is_shown(
    editor: Client, mentions: list[Mention], values: dict[str, str], refusal: str
) -> None:
    assert refusal in say(editor, mentions[0], **values)
    assert not NameRuling.objects.exists()


def rule(mentions: list[Mention]) -> NameRuling:
    on = NameScope("place", mentions[0].surface)
    return rule_on_name(Answer(on, Decision("rejected"), is_in_use=True), None)


def test_ruling_is_taken_back_from_the_list(editor: Client, mentions: list[Mention]) -> None:
    ruling = rule(mentions)
    Mention.objects.filter(pk=mentions[0].pk).update(ruling=None)
    changelist = reverse("admin:articles_nameruling_changelist")
    assert "花园社区 place no name everywhere 2 ✓" in text(editor, changelist)
    answer = editor.post(reverse("admin:articles_nameruling_undo", args=[ruling.pk]), follow=True)
    said = " ".join(map(str, answer.context["messages"]))
    assert "“花园社区” is in doubt again: 2 mentions are as they were." in said
    assert "1 mention was decided again or deleted since, and stays so." in said
    assert "is taken back already" in " ".join(
        map(str, editor.post(reverse("admin:articles_nameruling_undo", args=[ruling.pk]), follow=True).context["messages"])
    )  # fmt: skip


def test_ruling_is_switched_off_and_on(editor: Client, mentions: list[Mention]) -> None:
    ruling = rule(mentions)
    for is_in_use in (False, True):
        editor.post(reverse("admin:articles_nameruling_switch", args=[ruling.pk]))
        ruling.refresh_from_db()
        assert ruling.is_in_use is is_in_use
    assert [row.is_in_use for row in ruling.history.order_by("history_id")] == [True, False, True]


def test_reporter_sees_the_names_and_decides_none(mentions: list[Mention]) -> None:
    ruling = rule(mentions)
    reporter = make_client_of("reporter", name="li", language="en")
    waiting = Mention.objects.get(surface="光明社区")
    assert 'name="verdict"' not in reporter.get(url(waiting)).content.decode()
    assert reporter.get(NAMES).status_code == 200
    assert reporter.post(url(waiting), {"verdict": "rejected", "scope": "everywhere:1:"}).status_code == 403
    for name in ("undo", "switch"):
        address = reverse(f"admin:articles_nameruling_{name}", args=[ruling.pk])
        assert reporter.post(address).status_code == 403
    assert Mention.objects.get(surface="光明社区").verdict == ""


def test_page_needs_a_signed_in_user(client: Client, mentions: list[Mention]) -> None:
    for address in (NAMES, url(mentions[0])):
        assert client.get(address).status_code == 302


def test_lists_of_names_lead_there(editor: Client, mentions: list[Mention]) -> None:
    changelist = reverse("admin:articles_mention_changelist")
    assert NAMES in editor.get(changelist, {"doubtful": "true", "status": "unknown"}).content.decode()
    chosen = [mention.pk for mention in mentions[:2]]
    answer = editor.post(changelist, {"action": "answer_name", "_selected_action": chosen})
    assert answer["Location"] == url(mentions[0])
    chosen.append(Mention.objects.get(surface="光明社区").pk)
    answer = editor.post(changelist, {"action": "answer_name", "_selected_action": chosen}, follow=True)
    assert "Choose one name." in answer.content.decode()


def test_panel_says_that_a_ruling_decided(editor: Client, mentions: list[Mention]) -> None:
    Mention.objects.update(rule="unlisted")
    panel = reverse("admin:articles_article_name", args=[mentions[0].article_id, mentions[0].pk])
    assert "answer it for the whole archive" in text(editor, panel)
    rule(mentions)
    shown = text(editor, panel)
    assert "answered for many articles" in shown
    assert "An editor answered “花园社区” for many articles on" in shown


def test_page_of_a_ruling_has_no_words_of_code(editor: Client, mentions: list[Mention]) -> None:
    shown = editor.get(reverse("admin:articles_nameruling_change", args=[rule(mentions).pk])).content.decode()
    assert 'alt="False"' not in shown
