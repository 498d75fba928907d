"""Tests splitting, joining and moving lines over the API, and setting regions of a page to adverts and back."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.models import Article, Page
from tests.admin.article.test_line_moving import ADVERT, TEXT
from tests.support.api import API
from tests.support.evidence import assert_evidence_is_conserved, blocks_of
from tests.support.loading import load

pytestmark = pytest.mark.django_db

START, END = TEXT.index(ADVERT), TEXT.index(ADVERT) + len(ADVERT)


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "0914.txt").write_text(TEXT, encoding="utf-8")
    load(tmp_path, home_code="140800")
    return Page.objects.get()


@pytest.fixture
def flood(page: Page) -> Article:
    return page.articles.get(headline="市防汛办部署防汛工作")


def post(client: APIClient, article: Article, action: str, body: Any = None) -> Any:
    path = f"{API}/articles/{article.pk}/"
    return client.post(f"{path}{action}/", body, headers={"If-Match": client.get(path)["ETag"]})


def set_region(client: APIClient, page: Page, **body: Any) -> Any:
    return client.post(f"{API}/pages/{page.pk}/residue/", body)


def test_article_is_split_inside_a_line_and_joined_again(
    editor: APIClient, flood: Article, page: Page
) -> None:
    before = blocks_of(flood)
    at = flood.blocks[1]["text"].index("要求各乡镇")
    made = post(editor, flood, "split", {"block": 1, "at": at})
    assert made.status_code == 201
    assert (made.json()["start"], made["Location"]) == (TEXT.index("要求各乡镇"), made.json()["url"])
    assert_evidence_is_conserved(page)
    joined = post(editor, flood, "join")
    assert joined.status_code == 200
    assert blocks_of(flood) == before
    assert_evidence_is_conserved(page)


def test_join_of_two_lines_is_taken_back_by_the_body(editor: APIClient, flood: Article, page: Page) -> None:
    path = f"{API}/articles/{flood.pk}/"
    answer = editor.get(path)
    body = answer.json()["body"].replace(ADVERT, f"\n{ADVERT}\n")
    changed = editor.patch(path, {"body": body}, headers={"If-Match": answer["ETag"]}).json()
    spans = [block["spans"] for block in changed["blocks"] if block["kind"] == "paragraph"]
    assert spans == [[span] for span in answer.json()["blocks"][1]["spans"]]
    assert_evidence_is_conserved(page)


def test_block_moves_to_the_next_article(editor: APIClient, flood: Article, page: Page) -> None:
    moved = post(editor, flood, "move-block", {"block": 0, "to": "next"})
    assert (moved.status_code, moved.json()["headline"]) == (200, "")
    assert_evidence_is_conserved(page)
    assert post(editor, flood, "move-block", {"block": 0, "to": "next"}).status_code == 409


def test_line_is_set_to_advert_and_back(editor: APIClient, flood: Article, page: Page) -> None:
    answer = set_region(editor, page, start=START, end=END, kind="advert")
    assert answer.status_code == 200
    assert {"kind": "advert", "start": START, "end": END, "text": ADVERT} in answer.json()["residue"]
    flood.refresh_from_db()
    assert "确保群众" in flood.body
    assert_evidence_is_conserved(page)
    answer = set_region(editor, page, start=START, end=END, kind="text", article=flood.pk)
    assert [one["kind"] for one in answer.json()["residue"]] == ["header"]
    flood.refresh_from_db()
    assert ADVERT in flood.body
    assert_evidence_is_conserved(page)


def test_residue_is_for_the_newsroom(
    client: APIClient, reader: APIClient, editor: APIClient, page: Page
) -> None:
    path = f"{API}/pages/{page.pk}/"
    assert "residue" not in client.get(path).json()
    assert "residue" not in reader.get(path).json()
    header = TEXT.splitlines()[0]
    assert editor.get(path).json()["residue"] == [
        {"kind": "header", "start": 0, "end": len(header), "text": header}
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"start": 4, "end": 4, "kind": "advert"}, 400, id="empty"),
        pytest.param({"start": 4, "end": 9, "kind": "removed"}, 400, id="a kind that is not for clients"),
        pytest.param({"start": 4, "end": 9, "kind": "text"}, 400, id="text of no article"),
        pytest.param(
            {"start": 4, "end": 9, "kind": "advert", "article": 1}, 400, id="an advert of an article"
        ),
        pytest.param(
            {"start": 4, "end": 9, "kind": "text", "article": 9_999}, 409, id="an article elsewhere"
        ),
        pytest.param({"start": 9_000, "end": 9_009, "kind": "advert"}, 409, id="behind the page"),
    ],
)
def test_region_that_cannot_be_is_refused(
    editor: APIClient, page: Page, body: dict[str, Any], status: int
) -> None:
    assert set_region(editor, page, **body).status_code == status
    assert_evidence_is_conserved(page)


@pytest.mark.parametrize("body", [{"block": 0}, {"block": 99}, {"block": 1, "at": 999}])
def test_split_that_cannot_be_is_refused(editor: APIClient, flood: Article, body: dict[str, int]) -> None:
    assert post(editor, flood, "split", body).status_code == 409
