"""The change page of an article: deciding names, editing the text, split and join, review."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.counts.appearances import count_wrong_appearances
from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.models import Article, Mention, Organization, Place
from tests.factories import make_article, make_mention, make_page, make_places
from tests.support.forms import form_in

pytestmark = pytest.mark.django_db

TEXT = "金盆村浮桥通车\n记者 林一舟\n昨天，金盆村的浮桥通车，县人民法院派人到场祝贺。\n金盆村人说，路好走了。\n早市搬家\n金盆村的早市搬了。\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def atlas() -> dict[str, Place]:
    return make_places()


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_user("zhang", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return client


def block(kind: str, text: str) -> dict[str, Any]:
    start = TEXT.index(text)
    return {"kind": kind, "text": text, "spans": [[start, start + len(text)]]}


@pytest.fixture
def bridge() -> Article:
    """An article with names in doubt, and another article of the same page."""
    page = make_page(TEXT, publication="沂河晚报")
    lines = TEXT.splitlines()
    made = []
    for number, chosen in enumerate((lines[:4], lines[4:]), 1):
        kinds = ("headline", "byline", "paragraph", "paragraph") if number == 1 else ("headline", "paragraph")
        blocks = [block(kind, text) for kind, text in zip(kinds, chosen, strict=True)]
        body = "\n".join(one["text"] for one in blocks if one["kind"] == "paragraph")
        start = blocks[0]["spans"][0][0]
        made.append(
            make_article(
                chosen[0], page=page, start=start, end=blocks[-1]["spans"][0][1], position=number, body=body,
                blocks=blocks, extracted={"start": start, "headline": chosen[0], "blocks": blocks},
            )
        )  # fmt: skip
    for article in made:
        for part in ("headline", "body"):
            for found in re.finditer("金盆村", getattr(article, part)):
                doubt(article, part, found.start(), "金盆村")
    doubt(made[0], "body", made[0].body.index("县人民法院"), "县人民法院", kind="organization")
    return made[0]


def doubt(article: Article, part: str, start: int, surface: str, kind: str = "place") -> Mention:
    status = "ambiguous" if kind == "place" else "unknown"
    return make_mention(
        article, surface, part=part, start=start, kind=kind, status=status, method="division",
        rule="several_fit" if kind == "place" else "level_unclear",
        candidates=["140830105209", "110101004012"] if kind == "place" else ["芮城县人民法院"],
    )  # fmt: skip


def url(name: str, article: Article, *args: Any) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *args])


def name(article: Article, part: str = "headline") -> Mention:
    return article.mentions.filter(part=part, surface="金盆村").order_by("start")[0]


def decide(client: Client, mention: Mention, **values: Any) -> str:
    """Post a decision with the state that the panel shows, and return the response."""
    panel = client.get(url("name", mention.article, mention.pk), headers=HTMX).content.decode()
    state = re.search(r'name="state" value="([^"]*)"', panel)
    assert state, panel
    answer = client.post(
        url("name", mention.article, mention.pk), {"state": state[1], **values}, headers=HTMX
    )
    assert answer.status_code == 200
    return answer.content.decode()


def verdicts(article: Article) -> list[tuple[str, str, str]]:
    rows = article.mentions.with_records().in_order()
    return [(row.surface, row.verdict, str(row.record or "")) for row in rows]


def test_page_highlights_names_and_marks_their_printed_lines(editor: Client, bridge: Article) -> None:
    page = editor.get(url("change", bridge)).content.decode()
    assert page.count('class="name place doubt"') == 3
    assert page.count('class="name organization doubt"') == 1
    assert f'<mark data-number="2">{bridge.blocks[2]["text"]}</mark>' in page
    assert "早市搬家</a>" in page
    assert "金盆村" in page.split('id="panel"')[1][:400]


def test_choosing_candidate_links_name_and_shows_next_doubt(editor: Client, bridge: Article) -> None:
    first = name(bridge)
    answer = decide(editor, first, choice="code:140830105209")
    place = Place.objects.get(code="140830105209")
    assert [place.name, *(above.name for above in place.ancestors())] == [
        "金盆村",
        "山西省",
        "运城市",
        "芮城县",
        "大王镇",
    ]
    assert verdicts(bridge)[0] == ("金盆村", "relinked", "金盆村")
    assert f'data-name="{name(bridge, "body").pk}"' in answer.split("</h2>")[0]
    assert 'hx-swap-oob="true"' in answer
    assert count_wrong_appearances() == 0
    first.refresh_from_db()
    assert first.decided_by == User.objects.get()


@pytest.mark.parametrize(
    ("values", "decided"),
    [
        pytest.param({"verdict": "accepted"}, ("金盆村", "accepted", ""), id="accepted"),
        pytest.param({"verdict": "rejected"}, ("金盆村", "rejected", ""), id="rejected"),
        pytest.param({"verdict": "relinked"}, ("金盆村", "", ""), id="linked to nothing"),
        pytest.param({"choice": "id:999999"}, ("金盆村", "", ""), id="a record that is gone"),
        pytest.param({"choice": "code:999"}, ("金盆村", "", ""), id="a code that does not exist"),
        pytest.param({"choice": "nonsense"}, ("金盆村", "", ""), id="nonsense"),
        pytest.param({"verdict": "remove"}, ("金盆村", "", ""), id="removing a name of the loader"),
        pytest.param({"verdict": "nonsense"}, ("金盆村", "", ""), id="a verdict that does not exist"),
    ],
)
def test_invalid_decisions_are_refused_and_valid_ones_stored(
    editor: Client, bridge: Article, values: dict[str, str], decided: tuple[str, ...]
) -> None:
    answer = decide(editor, name(bridge), **values)
    assert verdicts(bridge)[0] == decided
    assert ("errornote" in answer) == (decided[1] == "")


def test_name_can_be_linked_to_any_record_and_decision_undone(
    editor: Client, bridge: Article, atlas: dict[str, Place]
) -> None:
    decide(editor, name(bridge), verdict="relinked", record=atlas["绛县"].pk)
    assert verdicts(bridge)[0] == ("金盆村", "relinked", "绛县")
    decide(editor, name(bridge), verdict="")
    assert verdicts(bridge)[0] == ("金盆村", "", "")


def test_everywhere_decides_same_name_on_whole_page(editor: Client, bridge: Article) -> None:
    decide(editor, name(bridge), choice="code:140830105209", everywhere="on")
    rows = Mention.objects.filter(surface="金盆村")
    assert [row.verdict for row in rows] == ["relinked"] * 4
    assert {row.article_id for row in rows} == set(Article.objects.values_list("pk", flat=True))


def test_second_editor_does_not_overwrite_first_decision(editor: Client, bridge: Article) -> None:
    mention = name(bridge)
    other = User.objects.create_user("王编辑")
    decide_mention(mention, Decision("rejected"), other)
    outdated_form = {"state": "- ", "verdict": "accepted"}
    answer = editor.post(url("name", bridge, mention.pk), outdated_form, headers=HTMX).content.decode()
    assert "王编辑" in answer.split("errornote")[1][:200]
    assert verdicts(bridge)[0][1] == "rejected"


def test_new_record_is_created_and_linked(editor: Client, bridge: Article, atlas: dict[str, Place]) -> None:
    court = bridge.mentions.get(kind="organization")
    panel = editor.get(url("name", bridge, court.pk)).content.decode()
    assert 'value="芮城县人民法院"' in panel
    values = {"state": "- ", "name": "芮城县人民法院", "kind": "court", "seat": atlas["芮城县"].pk}
    editor.post(url("record", bridge, court.pk), values, headers=HTMX)
    made = Organization.objects.get()
    assert (made.name, made.seat) == ("芮城县人民法院", atlas["芮城县"])
    assert ("县人民法院", "relinked", "芮城县人民法院") in verdicts(bridge)
    again = editor.post(
        url("record", bridge, court.pk), {**values, "name": ""}, headers=HTMX
    ).content.decode()
    assert "errorlist" in again
    assert Organization.objects.count() == 1


def test_selected_words_become_a_name(editor: Client, bridge: Article, atlas: dict[str, Place]) -> None:
    start = bridge.body.index("浮桥")
    span: dict[str, Any] = {"named": "place", "part": "body", "start": start, "end": start + 2}
    form = editor.get(url("new_name", bridge), span, headers=HTMX).content.decode()
    assert "“浮桥”" in form
    values = {**span, "surface": "浮桥", "record": atlas["大王镇"].pk}
    editor.post(url("new_name", bridge), values, headers=HTMX)
    assert ("浮桥", "added", "大王镇") in verdicts(bridge)
    make = {
        **span,
        "start": start + 2,
        "end": start + 4,
        "surface": "通车",
        "make": "1",
        "name": "通车台",
        "kind": "other",
    }
    editor.post(url("new_name", bridge), make, headers=HTMX)
    assert ("通车", "added", "通车台") in verdicts(bridge)
    added = bridge.mentions.get(surface="浮桥")
    decide(editor, added, verdict="remove")
    assert not Mention.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"surface": "别的"}, 200, id="the text was changed"),
        pytest.param({"end": "99999"}, 200, id="after the end"),
        pytest.param({"start": "-1"}, 404, id="before the beginning"),
        pytest.param({"start": "1" * 30}, 200, id="a number too large for the database"),
        pytest.param({"named": "person"}, 404, id="no such kind"),
        pytest.param({"part": "found"}, 404, id="no part of an article"),
        pytest.param({"record": ""}, 200, id="no record"),
    ],
)
def test_invalid_span_is_not_added(
    editor: Client, bridge: Article, atlas: dict[str, Place], change: dict[str, str], status: int
) -> None:
    start = bridge.body.index("浮桥")
    values = {
        "named": "place",
        "part": "body",
        "start": start,
        "end": start + 2,
        "surface": "浮桥",
        "record": atlas["绛县"].pk,
    }
    answer = editor.post(url("new_name", bridge), {**values, **change}, headers=HTMX)
    assert answer.status_code == status
    assert not bridge.mentions.filter(verdict="added").exists()


# --- Text -----------------------------------------------------------------------------------------


def edit(client: Client, article: Article, number: int, **values: str) -> Any:
    was = article.blocks[number]
    form = {"kind": was["kind"], "text": was["text"], "was_kind": was["kind"], "was_text": was["text"]}
    return client.post(url("block", article, number), {**form, **values})


def test_line_is_edited_in_place(editor: Client, bridge: Article) -> None:
    assert edit(editor, bridge, 2, text="前天，金盆村的浮桥通车，县人民法院派人到场祝贺。").status_code == 302
    bridge.refresh_from_db()
    assert bridge.body.startswith("前天，金盆村")
    assert bridge.corrected == ["blocks", "body"]
    assert bridge.mentions.count() == 4


@pytest.mark.parametrize(
    ("values", "body"),
    [
        pytest.param(
            {"text": "第一段。\r\n第二段。"},
            "第一段。\n第二段。\n金盆村人说，路好走了。",
            id="two paragraphs",
        ),
        pytest.param({"text": " "}, "金盆村人说，路好走了。", id="taken out"),
        pytest.param({"kind": "byline"}, "金盆村人说，路好走了。", id="no text but a byline"),
    ],
)
def test_edited_line_is_divided_removed_or_changed_in_kind(
    editor: Client, bridge: Article, values: dict[str, str], body: str
) -> None:
    edit(editor, bridge, 2, **values)
    bridge.refresh_from_db()
    assert bridge.body == body


def test_concurrent_change_of_line_is_shown_and_not_overwritten(editor: Client, bridge: Article) -> None:
    theirs = Article.objects.get(pk=bridge.pk)
    correct_article(theirs, blocks=[*bridge.blocks[:3], {**bridge.blocks[3], "text": "村里人说，路好走了。"}])
    answer = edit(editor, bridge, 3, text="金盆村人都说，路好走了。").content.decode()
    assert "村里人说，路好走了。" in answer.split("theirs")[1]
    assert "金盆村人都说，路好走了。" in answer
    theirs.refresh_from_db()
    assert theirs.body.endswith("村里人说，路好走了。")
    edit(editor, theirs, 3, text="金盆村人都说，路好走了。")
    theirs.refresh_from_db()
    assert theirs.body.endswith("金盆村人都说，路好走了。")


def test_article_is_split_and_joined_again(editor: Client, bridge: Article) -> None:
    form = editor.get(url("split", bridge, 3)).content.decode()
    assert f'name="version" value="{bridge.version}"' in form
    editor.post(url("split", bridge, 3), {"version": bridge.version, "headline": "on"})
    second = Article.objects.get(headline="金盆村人说，路好走了。")
    bridge.refresh_from_db()
    assert (second.position, second.status) == (2, "published")
    assert Article.objects.get(headline="早市搬家").position == 3
    editor.post(url("split", bridge, 2), {"version": 1})
    assert Article.objects.count() == 3, "an outdated form splits nothing"
    editor.post(url("join", bridge), {"version": bridge.version})
    bridge.refresh_from_db()
    assert bridge.body.endswith("金盆村人说，路好走了。")
    assert bridge.mentions.count() == 4


# --- Review ----------------------------------------------------------------------------------------


def test_review_needs_decided_names_and_leads_to_next_article(editor: Client, bridge: Article) -> None:
    market = Article.objects.get(headline="早市搬家")
    answer = editor.post(url("move", bridge), {"status": "reviewed"})
    assert answer.headers["Location"] == url("change", bridge)
    bridge.refresh_from_db()
    assert not bridge.reviewed, "names are in doubt"
    for row in bridge.mentions.all():
        decide_mention(row, Decision("accepted"), None)
    answer = editor.post(url("move", bridge), {"status": "reviewed"})
    assert answer.headers["Location"] == url("change", market)
    bridge.refresh_from_db()
    assert bridge.reviewed


def test_form_with_a_name_in_doubt_is_saved_but_not_reviewed(editor: Client, bridge: Article) -> None:
    form = form_in(editor.get(url("change", bridge)).context)
    answer = editor.post(url("change", bridge), {**form, "section": "民生", "reviewed": "on"}, follow=True)
    bridge.refresh_from_db()
    assert (bridge.section, bridge.reviewed) == ("民生", False)
    reason = "没有标为已核对：本稿件还有 4 处名称存疑：请先判定。"
    assert reason in [str(message) for message in answer.context["messages"]]


def test_editor_without_publish_permission_cannot_withdraw(editor: Client, bridge: Article) -> None:
    editor.post(url("move", bridge), {"status": "withdrawn"})
    bridge.refresh_from_db()
    assert bridge.status == "published"


def test_review_queue_counts_articles_and_doubts_of_each_page(editor: Client, bridge: Article) -> None:
    shown = editor.get(reverse("admin:articles_page_queue")).content.decode()
    assert re.findall(r"<td>(\d+)</td>", shown) == ["2", "2", "5", "0"]
    Article.objects.update(reviewed=True)
    assert (
        reverse("admin:articles_page_review", args=[bridge.page_id])
        not in editor.get(reverse("admin:articles_page_queue")).content.decode()
    )


def test_shared_name_is_decided_once_for_whole_page(
    editor: Client, bridge: Article, atlas: dict[str, Place]
) -> None:
    review = reverse("admin:articles_page_review", args=[bridge.page_id])
    shown = editor.get(review).content.decode()
    asked = re.search(r'name="names" value="([\d,]+)"', shown)
    assert asked
    assert len(asked[1].split(",")) == 4
    late = doubt(bridge, "body", bridge.body.rindex("路"), "路")
    answer = editor.post(
        review, {"names": f"{asked[1]},{late.pk + 99}", "choice": f"id:{atlas['大王镇'].pk}"}, follow=True
    )
    assert "4" in str(next(iter(answer.context["messages"])))
    assert set(Mention.objects.filter(surface="金盆村").values_list("decided_place", flat=True)) == {
        atlas["大王镇"].pk
    }
    late.refresh_from_db()
    assert late.verdict == ""
    again = editor.post(review, {"names": asked[1], "verdict": "rejected"}, follow=True)
    assert next(iter(again.context["messages"])).level_tag == "error"
    assert not Mention.objects.filter(verdict="rejected").exists()


# --- Rights and cost -------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["name", "record", "new_name", "block", "split", "join", "move"])
def test_reader_may_view_but_change_nothing(client: Client, bridge: Article, route: str) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.groups.add(Group.objects.get(name="reporter"))
    client.force_login(user)
    args = {"name": [name(bridge).pk], "record": [name(bridge).pk], "block": [2], "split": [2]}
    answer = client.post(
        url(route, bridge, *args.get(route, [])), {"verdict": "accepted", "status": "withdrawn", "version": 1}
    )
    assert answer.status_code == 403
    assert client.get(url("change", bridge)).status_code == 200
    bridge.refresh_from_db()
    assert (bridge.version, verdicts(bridge)[0][1]) == (1, "")


def test_queries_of_article_page_do_not_grow_with_names(
    editor: Client, bridge: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    editor.get(url("change", bridge))
    with django_assert_max_num_queries(30) as few:
        editor.get(url("change", bridge))
    bridge.body += "\n" + "金盆村，" * 36
    bridge.blocks = [*bridge.blocks, {"kind": "paragraph", "text": "金盆村，" * 36, "spans": []}]
    bridge.save()
    for found in list(re.finditer("金盆村", bridge.body))[3:]:
        doubt(bridge, "body", found.start(), "金盆村")
    with django_assert_max_num_queries(len(few.captured_queries)):
        editor.get(url("change", bridge))


# --- credits in what an editor wrote ----------------------------------------------------------------


def test_credit_in_a_corrected_line_is_suggested_and_added(editor: Client, bridge: Article) -> None:
    blocks = [*bridge.blocks[:1], {**bridge.blocks[1], "text": "记者 周明"}, *bridge.blocks[2:]]
    correct_article(bridge, blocks=blocks)
    url = reverse("admin:articles_article_change", args=[bridge.pk])
    assert "suggested-bylines" in editor.get(url).content.decode()
    add = reverse("admin:articles_article_byline", args=[bridge.pk])
    assert editor.post(add, {"name": "李强", "role": "reporter"}).status_code == 302
    assert not bridge.bylines.exists()  # the text credits nobody of this name
    assert editor.get(add).status_code == 404
    assert editor.post(add, {"name": "周明", "role": "reporter"}).status_code == 302
    assert [str(byline.reporter) for byline in bridge.bylines.all()] == ["周明"]
    assert "suggested-bylines" not in editor.get(url).content.decode()


def test_reporter_cannot_add_a_suggested_credit(client: Client) -> None:
    user = User.objects.create_user("wu", is_staff=True)
    user.groups.add(Group.objects.get(name="reporter"))
    client.force_login(user)
    article = make_article("大桥通车", body="记者 周明", status="draft", written_by=user)
    shown = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    add = reverse("admin:articles_article_byline", args=[article.pk])
    assert "suggested-bylines" in shown
    assert add not in shown
    assert client.post(add, {"name": "周明", "role": "reporter"}).status_code == 403


def test_panel_says_that_a_name_is_in_text_that_an_editor_wrote(editor: Client, bridge: Article) -> None:
    page = reverse("admin:articles_article_change", args=[bridge.pk])
    assert "编辑写的" not in editor.get(page).content.decode()
    correct_article(bridge, headline="金盆村的浮桥通车")
    name = bridge.mentions.get(part="headline")
    panel = reverse("admin:articles_article_name", args=[bridge.pk, name.pk])
    assert "编辑写的" in editor.get(panel).content.decode()


@pytest.mark.parametrize(("group", "is_offered"), [("editor", True), ("reporter", False)])
def test_review_is_offered_to_those_who_may(client: Client, group: str, is_offered: bool) -> None:
    user = User.objects.create_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    article = make_article("浮桥通车", body="浮桥通车。", status="draft", written_by=user)
    page = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert ('value="reviewed"' in page) == is_offered
    assert 'class="moves"' in page


def test_last_reviewed_article_of_a_page_says_what_comes_next(editor: Client, bridge: Article) -> None:
    Mention.objects.all().delete()
    editor.cookies["django_language"] = "en"
    other = make_page("早市", publication="沂河晚报", issue_date=dt.date(2020, 1, 1))
    make_article("早市", page=other, position=1)
    first, last = Article.objects.filter(page=bridge.page).order_by("position")

    def said(article: Article) -> list[str]:
        answer = editor.post(url("move", article), {"status": "reviewed"}, follow=True)
        return [str(message) for message in answer.context["messages"]]

    assert said(first) == []
    [done] = said(last)
    assert done.startswith(f"{bridge.page} is done: every article is reviewed. The next page: <a")
    assert done.endswith(f">{other}</a>")
    [end] = said(Article.objects.get(page=other))
    assert end == f"{other} is done: every article is reviewed. No other page waits."
