"""Libraries harvest the published articles, and what was withdrawn, over OAI-PMH 2.0."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.live_server_helper import LiveServer

from articles.api.oai_pmh import views
from articles.api.oai_pmh.arguments import set_name
from articles.models import Article, FeedEntry, FeedState
from tests.factories import (
    make_article,
    make_byline,
    make_organization,
    make_page,
    make_places,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db

PROVIDER = f"{API}/oai/"
NS = {"oai": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}


@pytest.fixture
def client() -> Client:
    return Client()


def ask(client: Client, verb: str, **arguments: str) -> ET.Element:
    response = client.get(
        PROVIDER, {"verb": verb, **{name.rstrip("_"): value for name, value in arguments.items()}}
    )
    assert (response.status_code, response["Content-Type"]) == (200, "text/xml; charset=utf-8"), (
        response.content
    )
    return ET.fromstring(response.content)


def error_of(root: ET.Element) -> str | None:
    found = root.find("oai:error", NS)
    return None if found is None else found.get("code")


def pages(client: Client, verb: str, **arguments: str) -> Iterator[ET.Element]:
    """The pages of a list, by their resumption tokens."""
    root = ask(client, verb, metadataPrefix="oai_dc", **arguments)
    while True:
        yield root
        token = root.findtext(f"oai:{verb}/oai:resumptionToken", namespaces=NS)
        if not token:
            return
        root = ask(client, verb, resumptionToken=token)


def headers(client: Client, **arguments: str) -> dict[int, bool]:
    """Whether each article of a harvest is there, by its id; False if it is deleted."""
    found = {}
    for root in pages(client, "ListIdentifiers", **arguments):
        for header in root.iterfind("oai:ListIdentifiers/oai:header", NS):
            identifier = header.findtext("oai:identifier", "", NS)
            found[int(identifier.rpartition("/")[2])] = header.get("status") != "deleted"
    return found


def test_identify_says_what_the_provider_does(client: Client, settings: Settings) -> None:
    settings.NEWSROOM_CONTACT = "archive@news.example"
    make_article()
    said = ask(client, "Identify").find("oai:Identify", NS)
    assert said is not None
    found = {one.tag.partition("}")[2]: one.text for one in said}
    assert found | {"earliestDatestamp": ""} == {
        "repositoryName": "Newsroom",
        "baseURL": "http://testserver/api/v1/oai/",
        "protocolVersion": "2.0",
        "adminEmail": "archive@news.example",
        "earliestDatestamp": "",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }


def test_record_is_dublin_core(client: Client) -> None:
    places = make_places()
    body = make_organization("县教育局")
    page = make_page(publication="沂河晚报", page_number="03", page_name="要闻")
    article = make_article(
        "大桥\x0b通车", places["芮城县"], body, make_reporter("周明"), page=page, date="2019-02-01",
        publication="沂河晚报", section="本地", kicker="两岸一家", subtitle="",
    )  # fmt: skip
    make_byline(article, make_reporter("赵一山"), order=9, role="photographer")
    identifier = f"oai:testserver:article/{article.pk}"
    record = ask(client, "GetRecord", identifier=identifier, metadataPrefix="oai_dc").find(
        "oai:GetRecord/oai:record", NS
    )
    assert record is not None
    assert record.findtext("oai:header/oai:identifier", namespaces=NS) == identifier
    assert record.findtext("oai:header/oai:setSpec", namespaces=NS) == set_name("沂河晚报")
    described = [
        (one.tag.removeprefix(f"{{{NS['dc']}}}"), one.text) for one in record.iter() if NS["dc"] in one.tag
    ]
    assert described == [
        ("title", "大桥通车"),
        ("creator", "周明"),
        ("contributor", "赵一山"),
        ("description", "两岸一家"),
        ("subject", "本地"),
        ("subject", "县教育局"),
        ("coverage", "芮城县"),
        ("publisher", "沂河晚报"),
        ("date", "2019-02-01"),
        ("type", "Text"),
        ("language", "zh"),
        ("identifier", f"http://testserver/api/v1/articles/{article.pk}/"),
        ("source", "沂河晚报, 2019-02-01, 03, 要闻"),
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Delete"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "a"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2019-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "9999-12-31"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2019-02-01", "until": "2019-02-01T00:00:00Z"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2019-02-02", "until": "2019-02-01"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "0001-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "报"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": ""}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "00"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "abcd"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "0.7.x.."}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "1.7..."}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "\x01\x00"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:testserver:article/0"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:article/1"}, "idDoesNotExist"),
    ],
    ids=str,
)  # fmt: skip
def test_errors_are_those_of_the_protocol(client: Client, arguments: dict[str, Any], code: str) -> None:
    make_article(publication="沂河晚报")
    for send in (client.get, client.post):
        body = {"data": arguments} if send == client.get else {
            "data": "&".join(f"{name}={value}" for name, value in arguments.items()),
            "content_type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        if send == client.post and any(
            isinstance(value, list) or not value.isprintable() for value in arguments.values()
        ):
            continue
        response = send(PROVIDER, **body)
        assert (response.status_code, error_of(ET.fromstring(response.content))) == (200, code)


def test_a_list_goes_on_by_tokens_and_none_is_left_out_that_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(views._PAGE_SIZES, "ListIdentifiers", 3)
    made = [make_article(f"消息{number}") for number in range(8)]
    harvest = pages(client, "ListIdentifiers")
    first = next(harvest)
    assert len(first.findall("oai:ListIdentifiers/oai:header", NS)) == 3
    changed = Article.objects.get(pk=made[0].pk)
    changed.headline = "更正"
    changed.save()
    rest = [len(page.findall("oai:ListIdentifiers/oai:header", NS)) for page in harvest]
    assert rest == [3, 3]  # the changed one comes again
    last = ask(client, "ListIdentifiers", metadataPrefix="oai_dc", until="2999-01-01")
    assert last.find("oai:ListIdentifiers/oai:resumptionToken", NS) is not None
    token = last.findtext("oai:ListIdentifiers/oai:resumptionToken", "", NS)
    stale = f"0{token}"
    assert error_of(ask(client, "ListIdentifiers", resumptionToken=stale)) == "badResumptionToken"


def test_a_harvest_by_dates_has_what_changed_then(client: Client) -> None:
    old, new = make_article("旧闻"), make_article("新闻")
    assert headers(client) == {old.pk: True, new.pk: True}
    day = dt.datetime(2019, 2, 1, 23, 59, 59, 500_000, tzinfo=dt.UTC)
    FeedEntry.objects.filter(kind="article", record=old.pk).update(noted_at=day)
    assert headers(client, until="2019-02-01") == {old.pk: True}
    assert headers(client, from_="2019-02-01T23:59:59Z", until="2019-02-01T23:59:59Z") == {old.pk: True}
    assert headers(client, from_="2019-02-02") == {new.pk: True}
    assert (
        error_of(ask(client, "ListRecords", metadataPrefix="oai_dc", until="2019-02-01T23:59:58Z"))
        == "noRecordsMatch"
    )


def test_papers_are_sets(client: Client) -> None:
    assert error_of(ask(client, "ListSets")) == "noSetHierarchy"
    here, there = make_article(publication="沂河晚报"), make_article(publication="河东晨报")
    make_article(publication="草稿报", status="draft")
    sets = ask(client, "ListSets").findall("oai:ListSets/oai:set", NS)
    names = {one.findtext("oai:setName", "", NS): one.findtext("oai:setSpec", "", NS) for one in sets}
    assert list(names) == ["沂河晚报", "河东晨报"]
    assert headers(client, set=names["沂河晚报"]) == {here.pk: True}
    there.status = "withdrawn"
    there.save()
    assert headers(client, set=names["沂河晚报"])[here.pk]


def test_withdrawn_articles_are_deleted_records_and_drafts_none(client: Client) -> None:
    kept, withdrawn, purged = make_article("留下"), make_article("撤下"), make_article("删除")
    draft = make_article("白鹭洲", status="draft")
    assert headers(client) == {kept.pk: True, withdrawn.pk: True, purged.pk: True}
    Article.objects.filter(pk=withdrawn.pk).update(status="withdrawn", headline="白鹭洲")
    gone = purged.pk
    purged.delete()
    assert headers(client) == {kept.pk: True, withdrawn.pk: False, gone: False}
    for page in pages(client, "ListRecords"):
        assert "白鹭洲" not in ET.tostring(page, encoding="unicode")
    for pk, status in ((withdrawn.pk, "deleted"), (gone, "deleted"), (kept.pk, None)):
        root = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=f"oai:testserver:article/{pk}")
        header = root.find("oai:GetRecord/oai:record/oai:header", NS)
        assert header is not None
        assert header.get("status") == status
    hidden = f"oai:testserver:article/{draft.pk}"
    assert error_of(ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=hidden)) == "idDoesNotExist"


def test_a_withdrawal_that_the_feed_has_not_noted_yet_reveals_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article("大桥通车")
    assert headers(client) == {article.pk: True}
    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    monkeypatch.setattr(views, "note_changes", lambda: False)
    assert headers(client) == {article.pk: False}


def test_a_provider_that_is_behind_asks_for_patience(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "note_changes", lambda: True)
    response = client.get(PROVIDER, {"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    assert (response.status_code, response["Retry-After"]) == (503, "3")


def test_pages_cost_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    place = make_places()["芮城县"]
    for number in range(20):
        make_article(f"消息{number}", place, make_reporter(f"周{number}"))
    assert len(headers(client)) == 20
    with django_assert_max_num_queries(30):
        ask(client, "ListRecords", metadataPrefix="oai_dc")


@pytest.mark.django_db(transaction=True)
def test_a_harvester_has_a_copy_after_edits_and_withdrawals(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sickle, a client of libraries, keeps a copy by the dates of its harvests, while articles come and go."""
    sickle = pytest.importorskip("sickle", reason="the lock names it: make setup installs it")
    monkeypatch.setitem(views._PAGE_SIZES, "ListRecords", 4)
    chance = random.Random(7)
    articles = [make_article(f"消息{number}", publication="沂河晚报") for number in range(20)]
    client = sickle.Sickle(f"{live_server.url}{PROVIDER}")
    copy: dict[str, list[str]] = {}
    since: dict[str, str] = {}
    for _harvest in range(4):
        for record in client.ListRecords(metadataPrefix="oai_dc", **since):
            if record.deleted:
                copy.pop(record.header.identifier, None)
            else:
                copy[record.header.identifier] = record.metadata["title"]
        since = {"from": client.Identify().earliestDatestamp}
        published = Article.objects.filter(status="published").values_list("pk", "headline")
        assert copy == {
            f"oai:{live_server.url[7:].partition(':')[0]}:article/{pk}": [title] for pk, title in published
        }
        for article in chance.sample(articles, 6):
            article.headline, article.status = (
                f"更正{chance.random()}",
                chance.choice(["published", "withdrawn", "draft"]),
            )
            article.save()
        articles.append(make_article(f"新闻{_harvest}"))
    assert FeedState.objects.get().number > 20
