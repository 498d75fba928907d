"""Tests mentions in the admin: their list, and the pages of the places and organizations that they name."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Mention, Organization, Page, Place
from tests.factories import make_article, make_mention, make_organization, make_page, make_place

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>"
BODY = "昨天上午，横跨沂河的新桥正式通车，芮城县两岸居民出行的时间缩短了二十分钟，乡亲们都说这座桥修得好。"
AT = BODY.index("芮城县")


@pytest.fixture
def county() -> Place:
    city = make_place("运城市", "140800")
    return make_place("芮城县", "140830", city)


@pytest.fixture
def court(county: Place) -> Organization:
    return make_organization("芮城县人民法院", county, kind="court")


def name(record: Place | Organization | None, *, body: str = BODY, **values: Any) -> Mention:
    """Make a mention of the record, printed as the county, in an article of its own."""
    made = make_article("大桥通车", body=body, issue_date=dt.date(2024, 7, 30))
    given = {
        "method": "division",
        "rule": "own_name",
        "score": 0.98,
    }
    return make_mention(made, "芮城县", record, start=AT, **{**given, **values})


def change(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_change", args=[record.pk])


def listed(model_name: str) -> str:
    return reverse(f"admin:articles_{model_name}_changelist")


def shown(client: Client, url: str, **parameters: str) -> str:
    return client.get(url, parameters).content.decode()


def rows(page: str) -> list[str]:
    """The text of the rows of a table."""
    return [
        " ".join(re.sub("<[^>]+>", " ", row).split()) for row in re.findall("<tr>.*?</tr>", page, re.DOTALL)
    ]


def test_place_list_shows_how_often_each_is_named(admin_client: Client, county: Place) -> None:
    name(county)
    name(county, verdict="rejected")
    assert "芮城县 运城市芮城县 县级 140830 1 1 2024年7月30日 2024年7月30日" in rows(
        shown(admin_client, listed("place"))
    )


def test_organization_list_shows_seats(admin_client: Client, court: Organization) -> None:
    name(court)
    assert "芮城县人民法院 法院、检察院 运城市芮城县 1 2024年7月30日 2024年7月30日" in rows(
        shown(admin_client, listed("organization"))
    )


def test_place_page_links_parent_children_and_mentions(admin_client: Client, county: Place) -> None:
    town = make_place("大王镇", "140830105", county)
    county.aliases.create(name="芮邑")
    mention = name(county)
    page = shown(admin_client, change(county))
    for record in (county.parent, town, mention.article):
        assert f'<a href="{change(record)}">{record}</a>' in page
    assert (
        "2024-07-30 大桥通车 昨天上午，横跨沂河的新桥正式通车， 芮城县 两岸居民出行的时间缩短了二十分钟，乡亲们… 已关联"
        in rows(page)
    )
    assert 'value="芮邑"' in page


def test_organization_page_shows_its_mentions(
    admin_client: Client, county: Place, court: Organization
) -> None:
    name(court)
    page = shown(admin_client, change(court))
    assert "<mark>芮城县</mark>" in page
    assert f'<a href="{change(county)}">芮城县</a>' in page


def test_record_page_shows_newest_twenty_mentions(admin_client: Client, county: Place) -> None:
    for day in range(1, 25):
        mention = name(county)
        Article.objects.filter(pk=mention.article_id).update(issue_date=dt.date(2024, 1, day))
    Article.objects.filter(pk=name(county).article_id).update(issue_date=None)
    page = shown(admin_client, change(county))
    assert re.findall(r"<td>(2024-\d\d-\d\d)</td>", page) == [f"2024-01-{day:02}" for day in range(24, 4, -1)]


def test_snippet_is_only_the_name_when_text_has_changed(admin_client: Client, county: Place) -> None:
    name(county, body="编辑改写了正文，原来的位置不再是这个地名，所以只显示地名本身，不显示上下文。")
    assert "<td><mark>芮城县</mark></td>" in shown(admin_client, change(county))


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        pytest.param({}, 2, id="all"),
        pytest.param({"status__exact": "unknown"}, 1, id="status"),
        pytest.param({"kind__exact": "organization"}, 0, id="kind"),
        pytest.param({"rule": "own_name"}, 1, id="rule"),
        pytest.param({"q": "芮城"}, 2, id="as printed"),
    ],
)
def test_mention_list_can_be_filtered_and_searched(
    admin_client: Client, county: Place, parameters: dict[str, str], count: int
) -> None:
    name(county)
    name(None, rule="none_fits")
    page = shown(admin_client, listed("mention"), **parameters)
    assert len([row for row in rows(page) if row.startswith("芮城县 地点")]) == count
    assert (f'<a href="{change(county)}">芮城县</a>' in page) == (
        parameters in ({}, {"rule": "own_name"}, {"q": "芮城"})
    )


def test_hostile_text_around_names_is_escaped(
    admin_client: Client, county: Place, court: Organization
) -> None:
    mention = name(county, body=f"{HOSTILE * 2}芮城县{HOSTILE}")
    mention.surface, mention.method, mention.rule, mention.candidates = HOSTILE, HOSTILE, HOSTILE, [HOSTILE]
    mention.start, mention.end = len(HOSTILE), 2 * len(HOSTILE)
    mention.save()
    Place.objects.update(name=HOSTILE)
    Organization.objects.update(name=HOSTILE)
    Article.objects.update(headline=HOSTILE, page=_page(), start=0, end=9)
    for record in (county, court, mention, mention.article):
        for url in (change(record), listed(str(record._meta.model_name))):
            page = shown(admin_client, url)
            assert "&lt;img src=x" in page
            assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # Session, user, a count, the records with their ancestors, the articles that name them; for places also those
        # that name places within them, and those in the trash.
        pytest.param("place", 7, id="places"),
        pytest.param("organization", 5, id="organizations"),
    ],
)
def test_queries_of_record_lists_do_not_grow_with_records(
    admin_client: Client,
    county: Place,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    for number in range(20):
        town = make_place(f"第{number}镇", f"1408301{number:02}", county, kind="township")
        make_organization(f"第{number}法庭", town)
        name(town)
    with django_assert_num_queries(queries):
        assert "第19" in shown(admin_client, listed(path))


def test_place_can_be_added(admin_client: Client, county: Place) -> None:
    url = reverse("admin:articles_place_add")
    empty_aliases = {"aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0"}
    assert "见报情况" not in shown(admin_client, url)
    form = {"name": "大王镇", "kind": "township", "code": "140830105", "parent": county.pk, **empty_aliases}
    assert admin_client.post(url, form).status_code == 302
    assert Place.objects.get(code="140830105").full_name == "运城市芮城县大王镇"


def _page() -> Page:
    return make_page("芮城县两岸居民出行")
