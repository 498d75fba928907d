"""Tests the pages and lists of reporters, places and organizations, and their trash."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.editing.merging import distinguish, merge
from articles.editing.record_trash import trash_record
from articles.models import Byline, Mention, Organization, Place, Reporter
from tests.factories import (
    make_article,
    make_client_of,
    make_organization,
    make_place,
    make_places,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def made() -> dict[str, Place]:
    return make_places()


@pytest.fixture
def court(made: dict[str, Place]) -> Organization:
    return make_organization("芮城县人民法院", made["芮城县"], kind="court")


def page(record: Any, view: str = "change") -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_{view}", args=[record.pk])


def listed(model: str, **parameters: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"{reverse(f'admin:articles_{model}_changelist')}?{query}"


def shown(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


def names(client: Client, url: str) -> list[str]:
    """The names in the first column of a list."""
    return re.findall(r'<th class="field-name"><a [^>]*>([^<]*)</a>', shown(client, url))


def test_page_of_organization_shows_all_panels(
    admin_client: Client, court: Organization, made: dict[str, Place]
) -> None:
    reporter = make_reporter("何小满")
    branch = make_organization("大王法庭", parent=court)
    double = make_organization("县法院", made["芮城县"])
    other = make_organization("绛县人民法院", made["绛县"])
    merged = make_organization("芮城法庭")
    distinguish(court, other, None)
    undone = merge(merged, court, None)
    text = "芮城县人民法院昨天迁入新址。"
    named = make_article("法院搬家", court, made["大王镇"], reporter, body=text, date="2024-07-30")
    make_article("大桥通车", merged, date="2023-01-05")
    html = shown(admin_client, page(court))
    for record in (branch, double, other, merged, reporter, made["大王镇"], named):
        assert f'<a href="{page(record)}">{record}</a>' in html, record
    assert "<mark>芮城县人民法院</mark>昨天迁入新址。" in html
    assert f'href="{listed("article", organization=court.pk)}"' in html
    assert "<strong>2</strong>" in html
    assert "<title>2024-07: 1</title>" in html
    assert "<title>2024-06: 0</title>" in html
    assert (
        f"/admin/articles/article/?issue_date_after=2023-01-01&amp;issue_date_before=2023-01-31&amp;organization={court.pk}"
        in html
    )
    for view, ids in (
        ("merge_undo", [undone.pk]), ("forget_distinction", ["organization", court.pk, other.pk]),
        ("distinguish", ["organization", court.pk, double.pk]),
    ):  # fmt: skip
        assert reverse(f"admin:{view}", args=ids) in html


def test_page_of_place_shows_what_is_within_it(
    admin_client: Client, court: Organization, made: dict[str, Place]
) -> None:
    town, county = made["大王镇"], made["芮城县"]
    named = make_article("大桥通车", town)
    html = shown(admin_client, page(county))
    for record in (made["运城市"], town, court):
        assert f'<a href="{page(record)}">{record}</a>' in html
    assert f'<a href="{page(named)}">' not in html
    assert f'<a href="{page(named)}">{named}</a>' in shown(admin_client, page(town))


def test_page_of_reporter_shows_credits(admin_client: Client) -> None:
    one, other = (make_reporter("何小满", disambiguation=text) for text in ("", "摄影"))
    credited = make_article("早市搬家", one, date="2024-07-30")
    Byline.objects.update(surface="何 小满", role="photographer")
    html = " ".join(re.sub("<[^>]+>", " ", shown(admin_client, page(one))).split())
    assert "2024-07-30 早市搬家 摄影 何 小满" in html
    assert f'<a href="{page(other)}">何小满（摄影）</a>' in shown(admin_client, page(one))
    assert page(credited) not in shown(admin_client, page(other))


def test_merged_record_links_to_its_target(admin_client: Client, court: Organization) -> None:
    merged = make_organization("芮城法庭")
    made = merge(merged, court, None)
    html = shown(admin_client, page(merged))
    assert f'<a href="{page(court)}">芮城县人民法院</a>' in html
    assert reverse("admin:merge_undo", args=[made.pk]) in html
    assert reverse("admin:merge_record", args=["organization", merged.pk]) not in html


@pytest.mark.parametrize("model", ["reporter", "place", "organization"])
def test_merged_and_trashed_records_are_listed_when_asked_for(admin_client: Client, model: str) -> None:
    record: Any = {"reporter": Reporter, "place": Place, "organization": Organization}[model]
    survivor, merged, trashed = (record.objects.create(name=name) for name in ("甲", "乙", "丙"))
    merge(merged, survivor, None)
    trash_record(trashed)
    assert names(admin_client, listed(model)) == ["甲"]
    assert names(admin_client, listed(model, state="merged")) == ["乙"]
    assert names(admin_client, listed(model, state="trash")) == ["丙"]
    offered = admin_client.get(
        reverse("admin:autocomplete"),
        {"app_label": "articles", "model_name": model, "field_name": "merged_into", "term": ""},
    ).json()
    assert [row["text"] for row in offered["results"]] == ["甲"]


@pytest.mark.parametrize(
    ("model", "parameters", "expected"),
    [
        pytest.param("place", {"kind": "county"}, ["绛县", "芮城县"], id="kind"),
        pytest.param(
            "place", {"within": "芮城县"}, ["大王", "大王镇", "老槐树"], id="below, with code or without"
        ),
        pytest.param("place", {"coded": "false"}, ["大王", "老槐树"], id="without a code"),
        pytest.param("place", {"suggested": "true"}, ["大王", "大王镇"], id="possible duplicates"),
        pytest.param(
            "organization", {"seat": "芮城县"}, ["芮城县人民法院"], id="seat, with places within it"
        ),
        pytest.param("organization", {"kind": "school"}, ["绛县中学"], id="kind of an organization"),
    ],
)
def test_lists_are_narrowed(  # noqa: PLR0917 - three fixtures
    admin_client: Client,
    court: Organization,
    made: dict[str, Place],
    model: str,
    parameters: dict[str, str],
    expected: list[str],
) -> None:
    for name in ("大王", "老槐树"):
        make_place(name, parent=made["芮城县"])
    make_organization("绛县中学", made["绛县"], kind="school")
    Organization.objects.filter(pk=court.pk).update(seat=made["大王镇"])
    asked = {name: made[value].pk if value in made else value for name, value in parameters.items()}
    assert sorted(names(admin_client, listed(model, **asked))) == sorted(expected)


@pytest.mark.parametrize(
    ("model", "column"),
    [
        pytest.param("reporter", 3, id="reporters"),
        pytest.param("place", 6, id="places"),
        pytest.param("organization", 4, id="organizations"),
    ],
)
def test_lists_are_sorted_by_how_often_their_records_are_named(
    admin_client: Client, made: dict[str, Place], model: str, column: int
) -> None:
    kind: Any = {"reporter": Reporter, "place": Place, "organization": Organization}[model]
    records = [kind.objects.create(name=name) for name in ("甲", "乙", "丙")]
    for number in (1, 1, 2, 1):
        make_article("大桥通车", records[number])
    assert names(admin_client, listed(model, o=f"-{column}"))[:2] == ["乙", "丙"]
    assert len(made) == 5


def test_deleting_shows_uses_and_moves_to_the_trash(admin_client: Client, court: Organization) -> None:
    named = make_article("法院搬家", court, body="芮城县人民法院迁入新址。")
    asked = shown(admin_client, page(court, "delete"))
    assert f'<a href="{page(named)}">法院搬家</a>' in asked
    assert "<mark>芮城县人民法院</mark>迁入新址。" in asked
    html = admin_client.post(page(court, "delete"), follow=True).content.decode()
    court.refresh_from_db()
    assert court.trashed_at
    assert reverse("admin:articles_organization_restore", args=[court.pk]) in html
    assert 'name="_save"' not in html
    assert court.history.first().history_username == "admin"
    assert list(Mention.objects.doubtful()) == list(named.mentions.all())
    admin_client.post(page(court, "delete"))
    assert Organization.objects.filter(pk=court.pk).exists()
    assert admin_client.get(page(court, "restore")).status_code == 403
    admin_client.post(page(court, "restore"))
    restored = Organization.objects.get()
    assert (restored.trashed_at, Mention.objects.doubtful().count()) == (None, 0)


def test_unused_record_is_deleted_for_good_from_the_trash(admin_client: Client, court: Organization) -> None:
    admin_client.post(page(court, "delete"))
    assert admin_client.post(page(court, "delete")).status_code == 302
    assert not Organization.objects.exists()


def test_trash_refuses_record_in_use_with_reason(admin_client: Client, made: dict[str, Place]) -> None:
    html = admin_client.post(page(made["芮城县"], "delete"), follow=True).content.decode()
    assert "errorlist" in html or "error" in html
    assert Place.objects.trashed().count() == 0


def test_many_records_are_trashed_and_restored_at_once(admin_client: Client, made: dict[str, Place]) -> None:
    ids = [made[name].pk for name in ("大王镇", "绛县", "运城市")]
    admin_client.post(listed("place"), {"action": "trash_selected", "_selected_action": ids})
    assert {place.name for place in Place.objects.trashed()} == {"大王镇", "绛县"}
    admin_client.post(listed("place"), {"action": "delete_selected", "_selected_action": ids, "post": "yes"})
    assert Place.objects.count() == 5
    admin_client.post(listed("place", state="trash"), {"action": "restore_selected", "_selected_action": ids})
    assert not Place.objects.trashed()


def test_trashed_place_cannot_be_a_seat(admin_client: Client, made: dict[str, Place]) -> None:
    trash_record(made["绛县"])
    form = {
        "name": "绛县中学",
        "kind": "school",
        "seat": made["绛县"].pk,
        "parent": "",
        "aliases-TOTAL_FORMS": "0",
        "aliases-INITIAL_FORMS": "0",
    }
    admin_client.post(reverse("admin:articles_organization_add"), form)
    assert not Organization.objects.exists()
    admin_client.post(reverse("admin:articles_organization_add"), {**form, "seat": made["芮城县"].pk})
    assert Organization.objects.get().seat == made["芮城县"]


@pytest.mark.parametrize(
    ("group", "deletes"),
    [pytest.param("editor", False, id="editor"), pytest.param("chief", True, id="chief")],
)
def test_only_chief_may_trash_records(court: Organization, group: str, deletes: bool) -> None:
    client = make_client_of(group)
    assert client.post(page(court, "delete")).status_code == (302 if deletes else 403)
    assert bool(Organization.objects.trashed()) == deletes
    Organization.objects.update(trashed_at="2024-07-30T00:00:00Z")
    assert client.post(page(court, "restore")).status_code == (302 if deletes else 403)


def test_trashed_record_is_hidden_in_the_api(
    client: Client, court: Organization, made: dict[str, Place]
) -> None:
    reporter = make_reporter("何小满")
    named = make_article("法院搬家", court, reporter, body="芮城县人民法院迁入新址。")
    for record in (court, reporter):
        assert client.get(f"{API}/{record._meta.model_name}s/{record.pk}/").status_code == 200
        trash_record(record)
        assert client.get(f"{API}/{record._meta.model_name}s/{record.pk}/").status_code == 404
        assert client.get(f"{API}/{record._meta.model_name}s/").json()["results"] == []
    shown_article = client.get(f"{API}/articles/{named.pk}/").json()
    assert (shown_article["organizations"], shown_article["places"], shown_article["bylines"]) == ([], [], [])
    assert [(row["status"], row["record"]) for row in shown_article["mentions"]] == [("unknown", None)]
    for parameter, value in (
        ("organization", court.pk),
        ("reporter", reporter.pk),
        ("place", made["芮城县"].pk),
    ):
        assert client.get(f"{API}/articles/", {parameter: value}).json()["results"] == []
    facets = client.get(f"{API}/articles/facets/", {"facet": "reporter,organization"}).json()
    assert facets == {"reporter": [], "organization": []}


def test_record_names_are_escaped(admin_client: Client, court: Organization) -> None:
    two = make_organization("县法院", court.seat)
    merge(make_organization("丙"), court, None)
    reporter = make_reporter("丁")
    make_article(HOSTILE, court, two, reporter, body=HOSTILE * 3)
    for model in (Organization, Place, Reporter):
        model.objects.update(name=HOSTILE)
    urls = [
        page(court), page(reporter), page(court.seat), page(court, "delete"), reverse("admin:duplicates"),
        reverse("admin:merge_preview", args=["organization", two.pk, court.pk]),
        reverse("admin:merge_record", args=["organization", two.pk]),
    ]  # fmt: skip
    for url in urls:
        html = shown(admin_client, url)
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


@pytest.mark.parametrize("kind", ["reporter", "place", "organization"])
def test_queries_of_record_page_do_not_grow_with_its_uses(
    admin_client: Client,
    court: Organization,
    made: dict[str, Place],
    django_assert_max_num_queries: Any,
    kind: str,
) -> None:
    record: Any = {
        "reporter": make_reporter("何小满"),
        "place": made["芮城县"],
        "organization": court,
    }[kind]
    for number in range(10):
        body = make_organization(f"第{number}法庭", made["芮城县"], parent=court)
        town = make_place(f"第{number}镇", parent=made["芮城县"])
        make_article("大桥通车", record, body, town, make_reporter(f"周{number}"), date="2024-07-30")
    shown(admin_client, page(record))  # fills the caches between requests
    with django_assert_max_num_queries(32):
        assert "第9镇" in shown(admin_client, page(record))


def test_list_of_reporters_takes_five_queries(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_article("大桥通车", make_reporter(f"周{number}"))
    with django_assert_num_queries(5):
        assert "周19" in shown(admin_client, listed("reporter"))
