"""Tests the lists of the admin: filters, and actions on many articles."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin.lists import bulk_actions
from articles.editing.merging import merge
from articles.models import Article, Page, Place
from tests.factories import (
    make_article,
    make_byline,
    make_client_of,
    make_load,
    make_load_file,
    make_mention,
    make_organization,
    make_page,
    make_place,
    make_reporter,
)

pytestmark = pytest.mark.django_db

HOSTILE = '"><img src=x onerror=alert(1)>'
ARTICLES = reverse("admin:articles_article_changelist")
MENTIONS = reverse("admin:articles_mention_changelist")
PAGES = reverse("admin:articles_page_changelist")


def id_of_row(value: object) -> str:
    """The id of a row, the same in every process, as sets have no order."""
    return str(sorted(value)) if isinstance(value, set) else str(value)


@pytest.fixture
def archive() -> dict[str, Any]:
    """Five articles that differ in whatever can be asked for, and one in the trash."""
    city = make_place("沂河市", "379900")
    county = make_place("柳溪县", "379921", city)
    town = make_place("东桥镇", "379921101", county)
    bureau = make_organization("柳溪县水利局", county)
    reporter, pen_name = make_reporter("周小明"), make_reporter("晓明")
    bridge = make_article(
        "大桥通车", issue_date="2024-03-05", publication="沂河日报", body="新桥昨天通车。", reviewed=True
    )
    market = make_article("早市搬家", issue_date="2024-03-31", publication="沂河晚报", body="菜农搬进大棚。")
    school = make_article(
        "学校开学", status="draft", issue_date="2024-04-01", publication="沂河日报", body="新学校开学。"
    )
    make_article("河堤加固", status="in_review", body="施工队进场。")
    make_article(
        "旧闻一则", status="trashed", issue_date="2024-03-10", publication="沂河日报", body="新桥的旧闻。"
    )
    make_mention(bridge, "东桥镇", town)
    make_mention(bridge, "水利局", bureau)
    make_mention(market, "城关")
    make_mention(school, "柳溪县", county)
    make_byline(bridge, reporter)
    make_byline(market, pen_name)
    merge(pen_name, reporter, None)
    return {
        "city": city,
        "county": county,
        "town": town,
        "bureau": bureau,
        "reporter": reporter,
        "pen_name": pen_name,
    }


def listed(client: Client, url: str, **parameters: Any) -> set[str]:
    answer = client.get(url, parameters)
    assert answer.status_code == 200
    return {str(row) for row in answer.context["cl"].result_list}


ALL = {"大桥通车", "早市搬家", "学校开学", "河堤加固"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ALL, id="all but the trash"),
        pytest.param({"status": "trashed"}, {"旧闻一则"}, id="the trash"),
        pytest.param({"status": "in_review"}, {"河堤加固"}, id="a status"),
        pytest.param({"issue_date_after": "2024-03-31"}, {"早市搬家", "学校开学"}, id="from a day, included"),
        pytest.param(
            {"issue_date_before": "2024-03-31"}, {"大桥通车", "早市搬家"}, id="to a day, no date is none"
        ),
        pytest.param({"undated": "on"}, {"河堤加固"}, id="without a date"),
        pytest.param({"place": "city"}, {"大桥通车", "学校开学"}, id="a place with all below it"),
        pytest.param({"place": "town"}, {"大桥通车"}, id="a place below"),
        pytest.param(
            {"reporter": "reporter"}, {"大桥通车", "早市搬家"}, id="a reporter with those merged in"
        ),
        pytest.param({"reporter": "pen_name"}, {"大桥通车", "早市搬家"}, id="a reporter who was merged"),
        pytest.param({"organization": "bureau"}, {"大桥通车"}, id="an organization"),
        pytest.param({"publication": "沂河日报"}, {"大桥通车", "学校开学"}, id="a publication"),
        pytest.param({"reviewed": "true"}, {"大桥通车"}, id="reviewed"),
        pytest.param({"reviewed": "false"}, ALL - {"大桥通车"}, id="not reviewed"),
        pytest.param({"doubtful": "true"}, {"早市搬家"}, id="with names in doubt"),
        pytest.param({"doubtful": "false"}, ALL - {"早市搬家"}, id="without names in doubt"),
        pytest.param(
            {"publication": "沂河日报", "place": "city", "reviewed": "false"}, {"学校开学"}, id="combined"
        ),
        pytest.param({"q": "新桥", "publication": "沂河日报"}, {"大桥通车"}, id="with the search"),
        pytest.param({"q": "新桥", "status": "trashed"}, {"旧闻一则"}, id="a search in the trash"),
    ],
)
def test_articles_can_be_filtered(
    admin_client: Client, archive: dict[str, Any], asked: dict[str, str], found: set[str]
) -> None:
    parameters = {name: archive[value].pk if value in archive else value for name, value in asked.items()}
    assert listed(admin_client, ARTICLES, **parameters) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"doubtful": "true"}, {"城关"}),
        ({"doubtful": "false"}, {"东桥镇", "水利局", "柳溪县"}),
        ({"status": "linked", "kind": "place"}, {"东桥镇", "柳溪县"}),
        ({"verdict": "undecided"}, {"东桥镇", "水利局", "柳溪县", "城关"}),
        ({"verdict": "rejected"}, set()),
        ({"place": "county"}, {"柳溪县", "水利局"}),
        ({"organization": "bureau"}, {"水利局"}),
        ({"rule": "none"}, set()),
    ],
    ids=id_of_row,
)
def test_mentions_can_be_filtered(
    admin_client: Client, archive: dict[str, Any], asked: dict[str, str], found: set[str]
) -> None:
    make_mention(Article.objects.get(headline="旧闻一则"), "垃圾堆")
    parameters = {name: archive[value].pk if value in archive else value for name, value in asked.items()}
    assert listed(admin_client, MENTIONS, **parameters) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"1", "2", "3"}),
        ({"publication": "沂河日报"}, {"1", "2"}),
        ({"issue_date_after": "2024-03-02"}, {"2"}),
        ({"page_number": "3"}, {"3"}),
        ({"flagged": "true"}, {"3"}),
        ({"flagged": "false"}, {"1", "2"}),
        ({"is_replaced": "true"}, {"1"}),
        ({"is_replaced": "false"}, {"2", "3"}),
    ],
    ids=id_of_row,
)
def test_pages_can_be_filtered(admin_client: Client, asked: dict[str, str], found: set[str]) -> None:
    made: list[Page] = []
    rows: list[dict[str, Any]] = [
        {"publication": "沂河日报", "issue_date": "2024-03-01"},
        {"publication": "沂河日报", "issue_date": "2024-03-02"},
        {"publication": "沂河晚报", "flags": ["ocr"]},
    ]
    for number, values in enumerate(rows, 1):
        made.append(make_page("一", page_number=str(number), **values))
    load = make_load()
    for page, path in zip(made, ("1.txt", "1.txt", "3.txt"), strict=True):
        make_load_file(load if page != made[1] else make_load(), path, page=page)
    answer = admin_client.get(PAGES, asked)
    assert {page.page_number for page in answer.context["cl"].result_list} == found


BAD = {
    "issue_date_after": ["abc", "2024-02-30", "0"],
    "place": ["abc", "-1", "9" * 40, "0", HOSTILE],
    "reporter": ["999999"],
    "organization": ["1 OR 1"],
    "publication": ["没有这份报"],
    "status": ["deleted"],
    "reviewed": ["maybe"],
    "doubtful": [HOSTILE],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in BAD for value in BAD[name]])
@pytest.mark.usefixtures("archive")
def test_invalid_filter_finds_nothing_and_says_so(admin_client: Client, name: str, value: str) -> None:
    answer = admin_client.get(ARTICLES, {name: value, "q": "新桥"})
    assert answer.status_code == 200
    assert len(answer.context["cl"].result_list) == 0
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    [chip] = answer.context["cl"].filter_specs[0].chips
    assert parse_qs(chip.without[1:]) == {"q": ["新桥"]}
    assert "<img src=x" not in answer.content.decode()


@pytest.mark.usefixtures("archive")
def test_range_that_ends_before_it_begins_finds_nothing(admin_client: Client) -> None:
    asked = {"issue_date_after": "2024-04-01", "issue_date_before": "2024-03-01"}
    answer = admin_client.get(ARTICLES, asked)
    assert len(answer.context["cl"].result_list) == 0
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.usefixtures("archive")
def test_unknown_filter_is_not_ignored_silently(admin_client: Client) -> None:
    answer = admin_client.get(ARTICLES, {"nonsense": "1"}, follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_filters_combine_and_can_be_removed_one_by_one(admin_client: Client, archive: dict[str, Any]) -> None:
    asked = {"place": str(archive["town"].pk), "status": "published", "q": "新桥", "o": "-3", "p": "1"}
    answer = admin_client.get(ARTICLES, asked)
    [spec] = answer.context["cl"].filter_specs
    assert spec.other_parameters == [("q", "新桥"), ("o", "-3")]
    without = {chip.value: set(parse_qs(chip.without[1:])) for chip in spec.chips}
    assert without == {
        "沂河市柳溪县东桥镇": {"status", "q", "o"},
        str(Article.Status.PUBLISHED.label): {"place", "q", "o"},
    }
    shown = answer.content.decode()
    assert f'<option value="{archive["town"].pk}" selected>' in shown
    assert '<input type="hidden" name="q" value="新桥">' in shown


def test_names_of_records_and_filters_are_escaped(admin_client: Client, archive: dict[str, Any]) -> None:
    Place.objects.filter(pk=archive["town"].pk).update(name=HOSTILE)
    Article.objects.filter(headline="大桥通车").update(publication=HOSTILE)
    answer = admin_client.get(ARTICLES, {"place": archive["town"].pk, "publication": HOSTILE})
    assert len(answer.context["cl"].result_list) == 1
    assert "<img src=x" not in answer.content.decode()


def test_no_list_is_editable() -> None:
    """What is edited in a list overwrites what another editor saved meanwhile."""
    assert [model for model, shown in admin.site._registry.items() if shown.list_editable] == []


@pytest.mark.parametrize("url", [ARTICLES, MENTIONS, PAGES])
def test_queries_do_not_grow_with_the_rows(admin_client: Client, url: str) -> None:
    def add(number: int) -> None:
        page = make_page("一", publication="沂河日报")
        made = make_article(f"消息{number}", page=page)
        place = make_place(f"第{number}村")
        body = make_organization(f"第{number}厂", place)
        for start, record in ((0, place), (10, body)):
            make_mention(made, record=record, start=start)
        for order in (1, 2):
            reporter = make_reporter(f"记者{number}之{order}")
            make_byline(made, reporter, order=order)

    add(0)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(url)
    for number in range(1, 12):
        add(number)
    with CaptureQueriesContext(connection) as many:
        assert len(admin_client.get(url).context["cl"].result_list) >= 12
    assert len(many) == len(few) <= 12


def test_all_filters_together_cost_a_fixed_number_of_queries(
    admin_client: Client, archive: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    asked = {name: archive[value].pk for name, value in
             {"place": "city", "reporter": "pen_name", "organization": "bureau"}.items()}  # fmt: skip
    others = {
        "publication": "沂河日报",
        "reviewed": "true",
        "doubtful": "false",
        "issue_date_after": "2024-01-01",
    }
    with django_assert_max_num_queries(18):
        assert listed(admin_client, ARTICLES, **asked, **others) == {"大桥通车"}


# --- Many at once ---------------------------------------------------------------------------------


def do(client: Client, action: str, *chosen: Article, **query: str) -> list[str]:
    """Run an action; what the page says then."""
    data = {"action": action, "_selected_action": [one.pk for one in chosen]}
    answer = client.post(ARTICLES, data, query_params=query, follow=True)
    return [f"{message.level_tag}: {message}" for message in answer.context["messages"]]


@pytest.mark.parametrize(
    ("action", "becomes"),
    [
        ("publish", {"draft": "published", "in_review": "published", "withdrawn": "published"}),
        ("withdraw", {"published": "withdrawn"}),
        ("submit", {"draft": "in_review"}),
        ("back_to_draft", {"in_review": "draft", "withdrawn": "draft"}),
    ],
)
def test_actions_follow_the_workflow(action: str, becomes: dict[str, str]) -> None:
    statuses = ["draft", "in_review", "published", "withdrawn"]
    made = [make_article(status, status=status) for status in statuses]
    messages = do(make_client_of("chief"), action, *made)
    assert dict(Article.objects.values_list("headline", "status")) == {
        status: becomes.get(status, status) for status in statuses
    }
    assert messages[0].startswith("success")
    assert str(len(becomes)) in messages[0]
    assert len(messages) == 1 + len(statuses) - len(becomes)
    assert Article.objects.filter(corrected=["status"], version=2).count() == len(becomes)


def test_editor_cannot_publish() -> None:
    draft = make_article("草稿", status="draft")
    client = make_client_of("editor")
    actions = client.get(ARTICLES).context["cl"].model_admin.get_actions(client.get(ARTICLES).wsgi_request)
    assert "publish" not in actions
    assert "submit" in actions
    do(client, "publish", draft)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_editor_cannot_withdraw_published_articles() -> None:
    withdrawn = make_article("撤下的", status="withdrawn")
    assert [line.split(":")[0] for line in do(make_client_of("editor"), "back_to_draft", withdrawn)] == [
        "warning"
    ]
    withdrawn.refresh_from_db()
    assert withdrawn.status == "withdrawn"


def test_articles_are_reviewed_unless_mentions_are_doubtful() -> None:
    clear, before, doubtful = (
        make_article("清楚的"),
        make_article("先前的", reviewed=True),
        make_article("存疑的"),
    )
    make_mention(doubtful, "城关")
    messages = do(make_client_of("editor"), "mark_reviewed", clear, before, doubtful)
    reviewed = dict(Article.objects.values_list("headline", "reviewed"))
    assert reviewed == {"清楚的": True, "先前的": True, "存疑的": False}
    assert [line.split(":")[0] for line in messages] == ["success", "warning", "warning"]


def test_too_many_articles_are_rejected_before_any_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_actions, "_MOST_ARTICLES", 2)
    made = [make_article(f"稿{number}", status="draft") for number in range(3)]
    assert [line.split(":")[0] for line in do(make_client_of("chief"), "publish", *made)] == ["error"]
    assert not Article.objects.exclude(status="draft").exists()


def test_action_for_all_filtered_articles_leaves_others_unchanged() -> None:
    made = [
        make_article(f"稿{number}", status="draft", publication="沂河日报" if number else "沂河晚报")
        for number in range(60)
    ]
    data = {"action": "submit", "_selected_action": [made[1].pk], "select_across": "1"}
    make_client_of("chief").post(ARTICLES, data, query_params={"publication": "沂河日报"})
    assert Article.objects.filter(status="in_review").count() == 59


def test_action_with_an_invalid_filter_changes_nothing() -> None:
    made = make_article("稿", status="draft")
    data = {"action": "submit", "_selected_action": [made.pk], "select_across": "1"}
    make_client_of("chief").post(ARTICLES, data, query_params={"publication": "没有这份报"})
    made.refresh_from_db()
    assert made.status == "draft"


@pytest.mark.django_db
def test_search_shows_the_words_found_in_their_context(admin_client: Client) -> None:
    make_article("大桥通车", body="昨天，两岸居民<都>来看新桥。")
    shown = admin_client.get("/admin/articles/article/?q=新桥").content.decode()
    assert "两岸居民&lt;都&gt;来看<mark>新桥</mark>" in shown
    assert "<mark>" not in admin_client.get("/admin/articles/article/").content.decode()


@pytest.mark.django_db
def test_search_for_a_place_offers_divisions_of_just_that_name_first(admin_client: Client) -> None:
    made = [make_place("新桥村大院", kind="other"), make_place("新桥村", kind="other")]
    made += [make_place("新桥村", "140830105209"), make_place("新桥村委", "140830105210")]
    query = {"app_label": "articles", "model_name": "mention", "field_name": "place", "term": "新桥村"}
    found = admin_client.get("/admin/autocomplete/", query).json()["results"]
    assert [int(one["id"]) for one in found] == [made[2].pk, made[1].pk, made[3].pk, made[0].pk]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["新桥", "xinq", "xq"])
def test_forms_offer_what_somebody_types_by_how_often_it_is_named(admin_client: Client, typed: str) -> None:
    once, often, never = make_place("新桥村"), make_place("新桥镇"), make_place("新桥乡")
    make_place("老城")
    make_article("一", once, often)
    make_article("二", often)
    query = {"app_label": "articles", "model_name": "mention", "field_name": "place", "term": typed}
    found = admin_client.get("/admin/autocomplete/", query).json()["results"]
    assert [int(one["id"]) for one in found] == [often.pk, once.pk, never.pk]


@pytest.mark.django_db
def test_paper_day_and_section_are_set_for_many_articles(admin_client: Client) -> None:
    chosen = [make_article(headline, section="旧版") for headline in ("大桥通车", "早市搬家")]
    make_article("不相干的")
    form = {"action": "set_printed", "_selected_action": [one.pk for one in chosen]}
    asked = admin_client.post("/admin/articles/article/", form)
    assert [field.name for field in asked.context["form"]] == ["publication", "issue_date", "section"]
    filled = {**form, "post": "yes", "publication": "沂河晚报", "issue_date": "2023-09-14", "section": ""}
    admin_client.post("/admin/articles/article/", filled)
    set_now = Article.objects.filter(publication="沂河晚报", issue_date="2023-09-14", section="旧版")
    assert {one.pk for one in set_now} == {one.pk for one in chosen}
    assert all("publication" in one.corrected for one in set_now)
