"""Tests which role may call each route and method, and that nothing reveals a draft."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.urls import URLResolver, get_resolver
from rest_framework.test import APIClient

from articles.api import serializers
from articles.api.query import filter_sets
from articles.api.query.filter_backend import FilterSet
from articles.api.resources.base import Resource
from articles.models import Article, Mention, Organization, Page
from tests.factories import (
    make_article,
    make_load,
    make_load_file,
    make_organization,
    make_page,
    make_place,
    make_places,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db

SECRET = "白鹭洲"  # a word that stands only in a draft
READ = {"anonymous": 200, "reader": 200, "editor": 200, "chief": 200}
NEWSROOM = {"anonymous": 401, "reader": 403, "editor": 200, "chief": 200}
# A client with the permission gets an error about the missing If-Match or body.
WRITE = {"anonymous": 401, "reader": 403, "editor": 428, "chief": 428}
CREATE = {"anonymous": 401, "reader": 403, "editor": 400, "chief": 400}
SEARCH = dict.fromkeys(READ, 400)  # an error about the missing text
CHIEF = {"anonymous": 401, "reader": 403, "editor": 403, "chief": 428}
_RECORDS = ("reporters", "places", "organizations")

TABLE: dict[tuple[str, str], dict[str, int]] = {
    ("changes", "get"): READ,
    ("suggest", "get"): SEARCH,
    ("articles", "get"): READ,
    ("articles", "post"): CREATE,
    ("articles/facets", "get"): READ,
    ("articles/timeline", "get"): READ,
    ("articles/1", "get"): READ,
    ("articles/1", "patch"): WRITE,
    ("articles/1/text/body", "get"): READ,
    ("articles/1/submit", "post"): WRITE,
    ("articles/1/split", "post"): CREATE,
    ("articles/1/join", "post"): WRITE,
    ("articles/1/move-block", "post"): CREATE,
    ("articles/1/publish", "post"): CHIEF,
    ("articles/1/withdraw", "post"): CHIEF,
    ("articles/1/history", "get"): NEWSROOM,
    ("articles/1/mentions", "get"): READ,
    ("articles/1/mentions", "post"): CREATE,
    ("mentions", "get"): READ,
    ("mentions/1", "get"): READ,
    ("mentions/1", "delete"): WRITE,
    ("mentions/1/decide", "post"): CREATE,
    ("mentions/1/history", "get"): NEWSROOM,
    ("pages", "get"): READ,
    ("pages/1", "get"): READ,
    ("pages/1/articles", "get"): READ,
    ("pages/1/text", "get"): READ,
    ("pages/1/annotations", "get"): READ,
    ("pages/1/residue", "post"): CREATE,
    ("publications", "get"): READ,
    ("publications/甲报", "get"): READ,
    ("publications/甲报/issues", "get"): READ,
    ("publications/甲报/issues/2024-07-30", "get"): READ,
    ("publications/甲报/missing-days", "get"): READ,
    ("loads", "get"): NEWSROOM,
    ("loads/1", "get"): NEWSROOM,
    ("loads/1/files", "get"): NEWSROOM,
    ("places/1/mentions", "get"): READ,
    ("places/1/children", "get"): READ,
    ("places/1/organizations", "get"): READ,
    ("organizations/1/mentions", "get"): READ,
    **{
        (f"{records}{path}", method): allowed
        for records in _RECORDS
        for path, method, allowed in (
            ("", "get", READ),
            ("/1", "get", READ),
            ("/1/history", "get", NEWSROOM),
            *((f"/1/{action}", "post", CREATE) for action in ("merge", "unmerge", "distinct", "indistinct")),
            *(
                (f"/1/{name}", "get", READ)
                for name in ("articles", "facets", "timeline", "company", "aliases")
            ),
            ("/1/aliases", "post", CREATE),
            ("/1/aliases/1", "delete", WRITE),
        )
    },
}


def routes() -> Iterator[tuple[str, str]]:
    """Every path and method of a resource below `/api/v1/`."""
    api = next(found for found in get_resolver().url_patterns if str(found.pattern) == "api/v1/")
    assert isinstance(api, URLResolver)
    for pattern in api.url_patterns:
        callback: Any = pattern.callback
        view = getattr(callback, "cls", None)
        if view is None or not issubclass(view, Resource):
            continue
        path = str(pattern.pattern).strip("^$").rstrip("/")
        for part in ("<str:parent>", "<str:pk>", "(?P<pk>[^/]+)"):
            path = path.replace(part, "1")
        path = path.replace("<str:publication>", "甲报").replace("<str:issue_date>", "2024-07-30")
        path = path.replace("(?P<part>headline|kicker|subtitle|body)", "body").removesuffix("/")
        yield from ((path, method) for method in callback.actions if method != "head")


@pytest.fixture
def clients(
    client: APIClient, reader: APIClient, editor: APIClient, chief: APIClient
) -> dict[str, APIClient]:
    return {"anonymous": client, "reader": reader, "editor": editor, "chief": chief}


@pytest.fixture
def archive() -> None:
    """One record of each kind with the id 1, which a sequence would not give on every database."""
    place = make_place("山西省", "140000", pk=1)
    body = make_organization("甲", place, pk=1)
    person = make_reporter("周明", pk=1)
    page = make_page("大桥通车", pk=1, publication="甲报", issue_date="2024-07-30")
    named = make_article("大桥通车", person, body="山西省的桥通车", pk=1, page=page)
    spot = {"article": named, "start": 0, "end": 3, "surface": "山西省", "status": "linked"}
    Mention.objects.create(pk=1, kind="place", place=place, **spot)
    Mention.objects.create(pk=2, kind="organization", organization=body, **spot)
    load = make_load(pk=1, started_at="2024-07-30T08:00:00Z")
    make_load_file(load, "a.txt", "created", page=page)


def test_every_route_is_in_the_access_table() -> None:
    assert set(routes()) == set(TABLE)


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(("route", "method"), TABLE, ids=[" ".join(row) for row in TABLE])
def test_each_role_gets_the_status_of_the_access_table(
    clients: dict[str, APIClient], route: str, method: str
) -> None:
    path = f"{API}/{route}/"
    answers = {role: getattr(one, method)(path) for role, one in clients.items()}
    assert {role: answer.status_code for role, answer in answers.items()} == TABLE[route, method]
    if answers["anonymous"].status_code == 401:
        assert answers["anonymous"]["WWW-Authenticate"] == 'Bearer realm="newsroom"'


@pytest.fixture
def drafts() -> list[Article]:
    """A published article, and one of every other status that shares only a county with it."""
    made = make_places()
    make_article("大桥通车", made["芮城县"], make_reporter("周明"), body="通车")
    body = make_organization(f"{SECRET}公司", made["大王镇"])
    body.aliases.create(name=f"{SECRET}集团")
    page = make_page(f"{SECRET}版", publication=f"{SECRET}报", page_name=SECRET)
    hidden = [
        make_article(
            f"{SECRET}{status}", made["绛县"], made["芮城县"], body, make_reporter(f"{SECRET}{status}"),
            body=SECRET, status=status, publication=f"{SECRET}报", section=SECRET, date="2019-01-01",
        )
        for status in ("draft", "in_review", "withdrawn")
    ]  # fmt: skip
    Article.objects.filter(pk=hidden[0].pk).update(page=page, start=0, end=3)
    return hidden


OPEN_READS = [
    f"{route}/"
    for (route, method), allowed in TABLE.items()
    if method == "get" and allowed is READ and "/1" not in route
]
BELOW = ["articles", "facets", "timeline", "company", "children", "mentions", "organizations", "aliases"]


@pytest.mark.parametrize(
    "path", [*OPEN_READS, "places/140830/", *(f"places/140830/{name}/" for name in BELOW)]
)
@pytest.mark.parametrize("query", ["", "format=jsonl", "format=csv", "count=true", "page_size=100", "q"])
def test_anonymous_client_finds_no_trace_of_a_draft(client: APIClient, path: str, query: str) -> None:
    if query == "q":
        query = f"q={SECRET}"
    answer: Any = client.get(f"{API}/{path}?{query}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert SECRET not in body.decode()
    assert b"2019" not in body
    assert b"140826" not in body
    if answer.status_code == 200 and query.startswith("q="):
        assert not answer.json().get("results")


@pytest.mark.usefixtures("drafts")
def test_editor_sees_drafts(editor: APIClient) -> None:
    """Shows that the test above can fail."""
    for path in ("articles/", "reporters/", "organizations/", "pages/", "articles/facets/", "mentions/"):
        assert SECRET in editor.get(f"{API}/{path}").content.decode()


def test_draft_is_indistinguishable_from_a_missing_record(client: APIClient, drafts: list[Article]) -> None:
    body = Organization.objects.get().pk
    page = Page.objects.get().pk
    hidden = [
        *(f"articles/{one.pk}" for one in drafts),
        f"organizations/{body}",
        f"pages/{page}",
        "places/140826",
    ]
    hidden += [f"mentions/{drafts[0].mentions.first().pk}"]  # type: ignore[union-attr]
    for path in hidden:
        missing = client.get(f"{API}/{path.split('/')[0]}/987654/")
        for below in ("", "articles/" if not path.startswith(("articles", "mentions")) else ""):
            answer = client.get(f"{API}/{path}/{below}")
            assert (answer.status_code, answer.content) == (404, missing.content)
            # Each answer has an id of its own, as each request has.
            assert answer.headers.pop("X-Request-ID") != missing.headers.pop("X-Request-ID", "")
            assert answer.headers.pop("RateLimit") != missing.headers.pop("RateLimit", "")
            assert dict(answer.headers) == dict(missing.headers)


def test_filters_and_orders_do_not_reach_users() -> None:
    user = get_user_model()
    columns = [
        column.removeprefix("-")
        for resource in _subclasses(Resource)
        for order in resource.orders.values()
        for column in order
    ]
    lookups = [
        (found.field_name or "", filterset._meta.model)
        for filterset in _subclasses(FilterSet)
        for found in filterset.base_filters.values()
    ]
    assert len(lookups) > 20
    assert not [column for column in columns if "__" in column]
    for lookup, model in lookups:
        assert user not in set(_path(model, lookup))
    names = set(itertools.chain.from_iterable(filterset.parameters() for filterset in _subclasses(FilterSet)))
    assert not {name for name in names if name.startswith(("by", "user", "decided"))}


def test_public_serializers_show_no_user() -> None:
    public = [serializers.ArticleSerializer, serializers.ArticleListSerializer, serializers.MentionSerializer,
              serializers.PageSerializer, serializers.PlaceSerializer, serializers.ReporterSerializer,
              serializers.OrganizationSerializer]  # fmt: skip
    for serializer in public:
        fields = serializer().get_fields()
        assert not {"by", "decided_by", "user", "history"} & set(fields)


def _subclasses(of: type[Any]) -> Iterator[type[Any]]:
    for found in of.__subclasses__():
        yield found
        yield from _subclasses(found)


def _path(model: type[Model] | None, lookup: str) -> Iterator[Any]:
    """The models that a lookup such as `decided_by__username` goes through."""
    for name in lookup.split("__"):
        fields = {field.name: field for field in model._meta.get_fields()} if model else {}
        model = getattr(fields.get(name), "related_model", None)
        if model:
            yield model


def test_all_filter_sets_are_in_one_module() -> None:
    assert {found.__module__ for found in _subclasses(FilterSet)} == {filter_sets.__name__}
