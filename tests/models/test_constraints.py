"""Tests that the constraints of the database reject invalid rows."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from articles.models import (
    Alias,
    Article,
    Byline,
    LoadFile,
    Mention,
    Organization,
    Page,
    Place,
    Reporter,
)
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_load,
    make_load_file,
    make_mention,
    make_organization,
    make_page,
    make_place,
    make_reporter,
)

pytestmark = pytest.mark.django_db

Rows = dict[str, Any]


@pytest.fixture
def rows() -> Rows:
    """One record of each kind, by the name of the column that holds it."""
    page = make_page(sha256="0" * 64)
    city = make_place("运城市", "1408")
    article = make_article(page=page)
    reporter, load, organization = make_reporter("周明"), make_load(), make_organization("市图书馆", city)
    make_byline(article, reporter)
    make_mention(article, "大桥")
    make_load_file(load, "/a.txt", "unchanged")
    make_organization("省图书馆")
    make_place("中条山")
    make_place("南门外", parent=city)
    make_alias("小周", reporter)
    return {
        "page": page, "article": article, "reporter": reporter, "load": load, "place": city, "parent": city,
        "seat": city, "organization": organization, "decided_place": city,
    }  # fmt: skip


MENTION = {"article": ..., "start": 4, "end": 6, "kind": "place", "surface": "运城"}


@pytest.mark.parametrize(
    ("model", "values"),
    [
        pytest.param(Page, {"sha256": "0" * 64}, id="two pages of one digest"),
        pytest.param(Article, {"page": ..., "start": 0, "end": 9}, id="two articles at one place"),
        pytest.param(Article, {"page": ..., "start": 9, "end": 9}, id="article of no length"),
        pytest.param(Article, {"page": ...}, id="article on a page without a span"),
        pytest.param(Article, {"start": 0, "end": 9}, id="span without a page"),
        pytest.param(Article, {"status": "gone"}, id="unknown status"),
        pytest.param(Reporter, {"name": "周 明"}, id="two reporters of one key"),
        pytest.param(Byline, {"article": ..., "reporter": ..., "order": 1}, id="two bylines at one place"),
        pytest.param(Byline, {"article": ..., "reporter": ..., "order": 2, "role": "poet"}, id="unknown role"),
        pytest.param(Byline, {"article": ..., "reporter": ..., "order": 2, "start": 3, "end": 3}, id="byline of no length"),
        pytest.param(LoadFile, {"load": ..., "path": "/a.txt", "outcome": "created"}, id="a file twice in a load"),
        pytest.param(LoadFile, {"load": ..., "path": "/b.txt", "outcome": "rejected"}, id="rejected for no reason"),
        pytest.param(LoadFile, {"load": ..., "path": "/b.txt", "outcome": "created", "reason": "empty"}, id="created for a reason"),
        pytest.param(Place, {"name": "河东", "code": "1408"}, id="two places of one code"),
        pytest.param(Place, {"name": "中條山"}, id="two places without code or parent"),
        pytest.param(Place, {"name": "南門外", "parent": ...}, id="two places without code in one place"),
        pytest.param(Place, {"name": "月球", "kind": "planet"}, id="unknown kind of place"),
        pytest.param(Organization, {"name": "市圖書館", "seat": ...}, id="two organizations at one seat"),
        pytest.param(Organization, {"name": "省圖書館"}, id="two organizations without a seat"),
        pytest.param(Organization, {"name": "新会", "kind": "club"}, id="unknown kind of organization"),
        pytest.param(Alias, {"name": "老周"}, id="alias of nothing"),
        pytest.param(Alias, {"name": "老周", "reporter": ..., "place": ...}, id="alias of two records"),
        pytest.param(Alias, {"name": "小 周", "reporter": ...}, id="alias twice"),
        pytest.param(Mention, {**MENTION, "start": 0, "end": 2}, id="two mentions at one place"),
        pytest.param(Mention, {**MENTION, "end": 4}, id="mention of no length"),
        pytest.param(Mention, {**MENTION, "kind": "person"}, id="unknown kind of mention"),
        pytest.param(Mention, {**MENTION, "part": "caption"}, id="unknown part"),
        pytest.param(Mention, {**MENTION, "status": "linked"}, id="linked to nothing"),
        pytest.param(Mention, {**MENTION, "place": ...}, id="unknown, and linked"),
        pytest.param(Mention, {**MENTION, "status": "sure"}, id="unknown status of a mention"),
        pytest.param(Mention, {**MENTION, "status": "linked", "organization": ...}, id="place linked to an organization"),
        pytest.param(Mention, {**MENTION, "verdict": "relinked"}, id="relinked to nothing"),
        pytest.param(Mention, {**MENTION, "verdict": "rejected", "decided_place": ...}, id="rejected, and decided"),
        pytest.param(Mention, {**MENTION, "verdict": "maybe"}, id="unknown verdict"),
    ],
)  # fmt: skip
def test_database_rejects_invalid_row(rows: Rows, model: type[models.Model], values: dict[str, Any]) -> None:
    filled = {name: rows[name] if value is ... else value for name, value in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.create(**filled)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        pytest.param(Article, {}, id="two articles of editors"),
        pytest.param(
            Reporter, {"name": "周明", "disambiguation": "摄影"}, id="two reporters with a disambiguation"
        ),
        pytest.param(Place, {"name": "运城市", "code": "9908"}, id="two places of one name with codes"),
        pytest.param(Organization, {"name": "市图书馆"}, id="one name at two seats"),
        pytest.param(
            Mention, {**MENTION, "start": 0, "end": 2, "kind": "organization"}, id="one span of two kinds"
        ),
        pytest.param(Mention, {**MENTION, "status": "linked", "place": ...}, id="linked"),
        pytest.param(Mention, {**MENTION, "verdict": "relinked", "decided_place": ...}, id="relinked"),
    ],
)
def test_database_accepts_valid_row(rows: Rows, model: type[models.Model], values: dict[str, Any]) -> None:
    article = {} if model is not Mention else {"article": rows["article"]}
    filled = {name: rows[name] if value is ... else value for name, value in values.items()}
    model._default_manager.create(**{**filled, **article})
