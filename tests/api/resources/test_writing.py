"""Tests writing over the API: articles, verdicts, aliases, merges; no client overwrites another's change."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from articles.models import Alias, Article, Distinction, Mention, Merge, Place
from tests.factories import (
    make_article,
    make_byline,
    make_organization,
    make_places,
    make_printed_article,
    make_reporter,
)
from tests.support.api import API
from tests.support.loading import dump

pytestmark = pytest.mark.django_db


def send(client: APIClient, method: str, path: str, body: Any = None, *, tag: str | None = None) -> Any:
    """Send a write, with an If-Match if a tag is given."""
    headers = {"If-Match": tag} if tag else {}
    return getattr(client, method)(f"{API}/{path}", body, headers=headers)


def tag(client: APIClient, path: str) -> str:
    return str(client.get(f"{API}/{path}")["ETag"])


def patch(client: APIClient, path: str, body: Any) -> Any:
    return send(client, "patch", path, body, tag=tag(client, path))


def post(client: APIClient, path: str, action: str, body: Any = None) -> Any:
    return send(client, "post", f"{path}{action}/", body, tag=tag(client, path))


# --- Articles -----------------------------------------------------------------------------------------


def test_article_is_written_submitted_published_and_withdrawn(
    client: APIClient, editor: APIClient, chief: APIClient
) -> None:
    made = editor.post(
        f"{API}/articles/",
        {"headline": "新桥通车", "body": "昨天，新桥通车。", "bylines": [{"name": "周明"}]},
    )
    assert (made.status_code, made["Location"]) == (201, made.json()["url"])
    assert (made.json()["status"], made.json()["bylines"][0]["reporter"]["name"]) == ("draft", "周明")
    path = f"articles/{made.json()['id']}/"
    assert Article.objects.get().written_by == User.objects.get(username="editor")
    assert client.get(f"{API}/{path}").status_code == 404
    assert post(editor, path, "submit").json()["status"] == "in_review"
    assert post(editor, path, "publish").status_code == 403
    assert post(chief, path, "publish").json()["status"] == "published"
    assert client.get(f"{API}/{path}").json()["headline"] == "新桥通车"
    assert post(chief, path, "withdraw").json()["status"] == "withdrawn"
    assert client.get(f"{API}/{path}").status_code == 404


def test_correction_is_stored_and_listed_in_the_history(editor: APIClient) -> None:
    made = make_printed_article("大侨通车", "昨天通车。")
    answer = patch(editor, f"articles/{made.pk}/", {"headline": "大桥通车", "issue_date": "2024-07-30"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    made.refresh_from_db()
    assert (made.headline, made.corrected) == ("大桥通车", ["headline", "issue_date"])
    change = editor.get(f"{API}/articles/{made.pk}/history/").json()[0]
    assert (change["user"], change["type"]) == ("editor", "changed")
    assert {"field": "headline", "before": "大侨通车", "after": "大桥通车"} in change["changes"]


def test_names_in_the_text_of_a_client_are_proposed(client: APIClient, editor: APIClient) -> None:
    made = editor.post(f"{API}/articles/", {"headline": "会议", "body": "芮城县今天召开会议。"}).json()
    assert [(name["surface"], name["status"], name["record"]["code"]) for name in made["mentions"]] == [
        ("芮城县", "linked", "140830")
    ]
    path = f"articles/{made['id']}/"
    answer = patch(editor, path, {"body": "绛县今天召开会议。"})
    assert [name["surface"] for name in answer.json()["mentions"]] == ["绛县"]
    assert [place["name"] for place in answer.json()["places"]] == ["绛县"]
    mention = editor.get(f"{API}/mentions/?article={made['id']}").json()["results"][0]
    assert (mention["verdict"], mention["rule"]) == ("", "own_name")
    assert editor.get(f"{API}/{path}", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"{API}/places/").json()["results"] == []  # the article is a draft


def test_bylines_are_replaced_by_ids_and_names(editor: APIClient) -> None:
    made = make_printed_article("大桥通车", "昨天通车。")
    zhou, wu = (make_reporter(name) for name in ("周明", "吴芳"))
    first = make_byline(made, zhou, order=1, surface="周 明", start=1, end=4)
    make_byline(made, wu, order=2, role="photographer")
    credits = [{"name": "何小满", "role": "intern"}, {"reporter": zhou.pk}]
    answer = patch(editor, f"articles/{made.pk}/", {"bylines": credits}).json()
    assert [(byline["reporter"]["name"], byline["role"], byline["surface"]) for byline in answer["bylines"]] == [
        ("何小满", "intern", ""), ("周明", "reporter", "周 明"),
    ]  # fmt: skip
    made.refresh_from_db()
    assert (made.corrected, made.bylines.get(reporter=zhou).pk) == (["bylines"], first.pk)


def test_second_change_with_the_same_etag_is_412(editor: APIClient) -> None:
    path = f"articles/{make_printed_article('大桥通车', '昨天通车。').pk}/"
    seen = tag(editor, path)
    first = send(editor, "patch", path, {"headline": "新桥通车"}, tag=seen)
    second = send(editor, "patch", path, {"headline": "旧桥通车"}, tag=seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert Article.objects.get().headline == "新桥通车"
    assert send(editor, "patch", path, {"headline": "大桥"}, tag=first["ETag"]).status_code == 200


def test_change_needs_an_etag_of_any_representation(editor: APIClient) -> None:
    path = f"articles/{make_printed_article('大桥通车', '昨天通车。').pk}/"
    assert send(editor, "patch", path, {"headline": "新桥"}).status_code == 428
    short = editor.get(f"{API}/{path}?fields=headline")["ETag"]
    assert send(editor, "patch", path, {"headline": "新桥"}, tag=f'"old", {short}').status_code == 200
    assert send(editor, "patch", path, {"headline": "桥"}, tag="*").status_code == 200
    # A proxy that compresses makes the ETag weak (nginx), or adds to it (Apache).
    assert send(editor, "patch", path, {"headline": "老桥"}, tag="W/" + tag(editor, path)).status_code == 200
    added = tag(editor, path)[:-1] + '-gzip"'
    assert send(editor, "patch", path, {"headline": "旧桥"}, tag=added).status_code == 200
    assert send(editor, "patch", path, {"headline": "桥"}, tag=f"W/{short}").status_code == 412


FORBIDDEN = (
    "id",
    "url",
    "version",
    "page",
    "mentions",
    "places",
    "updated_at",
    "created_at",
    "start",
    "blocks",
)


@pytest.mark.parametrize("field", FORBIDDEN)
def test_read_only_field_is_403(editor: APIClient, field: str) -> None:
    made = make_printed_article("大桥通车", "昨天通车。")
    before = dump()
    answer = patch(editor, f"articles/{made.pk}/", {field: 7, "headline": "新桥"})
    assert (answer.status_code, field in answer.json()["detail"], dump()) == (403, True, before)


def test_publishing_by_patch_needs_permission(editor: APIClient, chief: APIClient) -> None:
    path = f"articles/{make_article('大桥通车', status='draft').pk}/"
    assert patch(editor, path, {"status": "published"}).status_code == 403
    assert editor.post(f"{API}/articles/", {"headline": "新桥", "status": "published"}).status_code == 403
    assert patch(chief, path, {"status": "published"}).json()["status"] == "published"
    assert patch(editor, path, {"status": "withdrawn"}).status_code == 403
    assert patch(chief, path, {"status": "in_review"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        pytest.param({"headlin": "新桥"}, 400, "/headlin", id="unknown"),
        pytest.param({"issue_date": "gestern"}, 400, "/issue_date", id="no date"),
        pytest.param({"headline": ""}, 400, "/headline", id="neither headline nor body"),
        pytest.param({"headline": "x" * 1001}, 400, "/headline", id="too long"),
        pytest.param({"publication": "x" * 201}, 400, "/publication", id="longer than the column"),
        pytest.param({"headline": "大\x00桥"}, 400, "/headline", id="NUL"),
        pytest.param({"body": "大\x07桥"}, 400, "/body", id="bell"),
        pytest.param({"section": "要\x85闻"}, 400, "/section", id="control character of ISO 8859"),
        pytest.param({"reviewed": "banana"}, 400, "/reviewed", id="not a boolean"),
        pytest.param({"status": "ready"}, 400, "/status", id="no status"),
        pytest.param({"bylines": [{"role": "reporter"}]}, 400, "/bylines/0", id="no one credited"),
        pytest.param({"bylines": [{"reporter": "x"}]}, 400, "/bylines/0/reporter", id="no id of a reporter"),
        pytest.param({"bylines": "周明"}, 400, "/bylines", id="no list"),
    ],
)
def test_invalid_field_is_400_with_its_pointer(
    editor: APIClient, body: dict[str, Any], status: int, pointer: str
) -> None:
    path = f"articles/{make_article('大桥通车', status='draft').pk}/"
    before = dump()
    answer = patch(editor, path, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["errors"][0]["pointer"], dump()) == (pointer, before)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "application/json", 400, id="nested 100,000 deep"),
        pytest.param(b'{"headline": "\\ud800"}', "application/json", 400, id="lone surrogate"),
        pytest.param(b'{"headline": NaN}', "application/json", 400, id="no number"),
        pytest.param(b'{"headline": "\xff"}', "application/json", 400, id="no UTF-8"),
        pytest.param(b"[1]", "application/json", 400, id="no object"),
        pytest.param(b"{", "application/json", 400, id="half a body"),
        pytest.param(
            b'{"headline": "' + b"x" * 2_700_000 + b'"}', "application/json", 413, id="over the limit"
        ),
        pytest.param(b"headline=x", "application/x-www-form-urlencoded", 415, id="a form"),
    ],
)
def test_malformed_body_is_rejected(editor: APIClient, body: bytes, content_type: str, status: int) -> None:
    answer = editor.post(f"{API}/articles/", body, content_type=content_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Article.objects.exists()


def test_blocks_follow_the_changed_body_of_a_printed_article(editor: APIClient) -> None:
    path = f"articles/{make_printed_article('大桥通车', '昨天通车。').pk}/"
    changed = patch(editor, path, {"body": "今天通车。"}).json()
    assert [block["text"] for block in changed["blocks"]] == ["大桥通车", "今天通车。"]
    written = f"articles/{make_article('大桥', body='昨天', status='draft').pk}/"
    assert patch(editor, written, {"body": "今天\n通车。"}).json()["body"] == "今天\n通车。"


def test_article_with_bylines_is_its_first_version(editor: APIClient) -> None:
    made = editor.post(f"{API}/articles/", {"headline": "新桥", "bylines": [{"name": "周明"}]}).json()
    assert (made["version"], made["bylines"][0]["reporter"]["name"]) == (1, "周明")
    history = editor.get(f"{API}/articles/{made['id']}/history/").json()
    assert [(change["type"], change["changes"]) for change in history] == [("created", [])]


def test_merge_patch_empties_a_text_by_null(editor: APIClient) -> None:
    path = f"articles/{make_article('大桥', kicker='基层一线', body='通车', status='draft').pk}/"
    answer = editor.patch(
        f"{API}/{path}",
        b'{"kicker": null, "section": "\xe8\xa6\x81\xe9\x97\xbb"}',
        content_type="application/merge-patch+json",
        headers={"If-Match": tag(editor, path)},
    )
    assert (answer.status_code, answer.json()["kicker"], answer.json()["section"]) == (200, "", "要闻")
    assert patch(editor, path, {"kicker": None}).status_code == 400


@pytest.mark.parametrize("path", ["articles/", "articles/7/", "mentions/"])
@pytest.mark.parametrize("query", ["?format=x", "?unknown=1", ""])
def test_wrong_method_is_405_before_anything_else_is_wrong(editor: APIClient, path: str, query: str) -> None:
    answer = editor.put(f"{API}/{path}{query}", {"headlin": 1})
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in answer["Allow"]


# --- Own drafts ---------------------------------------------------------------------------------------


@pytest.fixture
def writer(signed_in: Any) -> APIClient:
    found: APIClient = signed_in("writer", "reporter")
    return found


def test_writers_change_and_submit_their_own_drafts(writer: APIClient, editor: APIClient) -> None:
    made = writer.post(f"{API}/articles/", {"headline": "新桥", "body": "昨天通车。"}).json()
    path = f"articles/{made['id']}/"
    assert patch(writer, path, {"headline": "新桥通车"}).json()["headline"] == "新桥通车"
    assert post(writer, path, "submit").json()["status"] == "in_review"
    assert patch(writer, path, {"headline": "旧桥"}).status_code == 403  # it is the editors' now
    assert patch(editor, path, {"headline": "大桥"}).status_code == 200


@pytest.mark.parametrize("action", ["split", "join", "publish", "withdraw"])
def test_writers_do_nothing_else_with_their_drafts(writer: APIClient, action: str) -> None:
    made = writer.post(f"{API}/articles/", {"headline": "新桥", "body": "昨天通车。"}).json()
    assert post(writer, f"articles/{made['id']}/", action).status_code == 403


@pytest.mark.parametrize("body", [{"reviewed": True}, {"bylines": []}, {"status": "published"}])
def test_writers_do_not_set_what_is_for_editors(writer: APIClient, body: Any) -> None:
    made = writer.post(f"{API}/articles/", {"headline": "新桥", "body": "昨天通车。"}).json()
    assert patch(writer, f"articles/{made['id']}/", body).status_code == 403


def test_writers_do_not_change_the_drafts_of_others(writer: APIClient, editor: APIClient) -> None:
    others = editor.post(f"{API}/articles/", {"headline": "新桥"}).json()["id"]
    for pk in (others, make_printed_article("大桥", "通车。", status="draft").pk):
        assert patch(writer, f"articles/{pk}/", {"headline": "旧桥"}).status_code == 403
        assert post(writer, f"articles/{pk}/", "submit").status_code == 403


# --- Mentions -----------------------------------------------------------------------------------------


def test_mention_is_accepted_relinked_rejected_and_reopened(client: APIClient, editor: APIClient) -> None:
    made = make_places()
    named = make_article("大桥", made["绛县"], body="绛县通车。")
    path = f"mentions/{Mention.objects.get().pk}/"
    assert post(editor, path, "decide", {"verdict": "accepted"}).json()["verdict"] == "accepted"
    relinked = post(editor, path, "decide", {"verdict": "relinked", "record": made["大王镇"].pk}).json()
    assert (relinked["record"]["name"], relinked["decided_by"]) == ("大王镇", "editor")
    (found,) = client.get(f"{API}/articles/?place=140830").json()["results"]
    assert [place["name"] for place in found["places"]] == ["大王镇"]
    rejected = post(editor, path, "decide", {"verdict": "rejected"}).json()
    assert (rejected["record"], rejected["status"]) == (None, "rejected")
    assert len(editor.get(f"{API}/mentions/?status=rejected").json()["results"]) == 1
    for status in ("linked", "ambiguous", "unknown"):
        assert editor.get(f"{API}/mentions/?status={status}").json()["results"] == []
    assert client.get(f"{API}/mentions/?status=rejected").json()["results"] == []
    assert client.get(f"{API}/{path}").status_code == 404
    assert client.get(f"{API}/articles/{named.pk}/").json()["mentions"] == []
    assert post(editor, path, "decide", {"verdict": None}).json()["record"]["name"] == "绛县"
    history = editor.get(f"{API}/{path}history/").json()
    assert [change["user"] for change in history] == ["editor"] * 4 + [None]


def test_mention_is_added_and_deleted(client: APIClient, editor: APIClient) -> None:
    made = make_places()
    path = f"articles/{make_article('大桥', body='大王的桥通车。').pk}/"
    body = {"kind": "place", "part": "body", "start": 0, "end": 2, "record": made["大王镇"].pk}
    added = send(editor, "post", f"{path}mentions/", body, tag=tag(editor, path))
    assert (added.status_code, added.json()["surface"], added.json()["verdict"]) == (201, "大王", "added")
    assert client.get(f"{API}/{path}").json()["places"][0]["name"] == "大王镇"
    mention = f"mentions/{added.json()['id']}/"
    assert send(editor, "delete", mention, tag=tag(editor, mention)).status_code == 204
    assert client.get(f"{API}/{path}").json()["places"] == []


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        pytest.param("decide", {"verdict": "relinked"}, 400, id="linked to nothing"),
        pytest.param("decide", {"verdict": "rejected", "record": 1}, 400, id="rejected with a record"),
        pytest.param("decide", {"verdict": "relinked", "record": 10**12}, 409, id="no such record"),
        pytest.param("decide", {"verdict": "added"}, 400, id="added is for those that are added"),
        pytest.param("decide", {}, 400, id="no verdict"),
    ],
)
def test_invalid_verdict_is_rejected(
    editor: APIClient, action: str, body: dict[str, Any], status: int
) -> None:
    make_article("大桥", make_places()["绛县"])
    answer = post(editor, f"mentions/{Mention.objects.get().pk}/", action, body)
    assert (answer.status_code, Mention.objects.get().verdict) == (status, "")


def test_extracted_mention_cannot_be_deleted(editor: APIClient) -> None:
    make_article("大桥", make_places()["绛县"])
    path = f"mentions/{Mention.objects.get().pk}/"
    assert send(editor, "delete", path, tag=tag(editor, path)).status_code == 409


# --- Records ------------------------------------------------------------------------------------------


def test_alias_is_added_and_deleted(client: APIClient, editor: APIClient) -> None:
    make_article("大桥", make_places()["芮城县"])
    given = post(editor, "places/140830/", "aliases", {"name": "芮邑"})
    assert (given.status_code, client.get(f"{API}/places/140830/").json()["aliases"]) == (201, ["芮邑"])
    assert client.get(f"{API}/places/?name=芮邑").json()["results"][0]["code"] == "140830"
    listed = client.get(f"{API}/places/140830/aliases/").json()["results"]
    assert given["Location"].endswith(f"{API}/places/140830/aliases/{given.json()['id']}/")
    assert given["ETag"][1:].partition(".")[0] == tag(editor, "places/140830/")[1:].partition(".")[0]
    assert listed == [given.json()]
    assert post(editor, "places/140830/", "aliases", {"name": "芮 邑"}).status_code == 409
    path = f"places/140830/aliases/{listed[0]['id']}/"
    assert send(editor, "delete", path, tag=tag(editor, "places/140830/")).status_code == 204
    assert not Alias.objects.exists()


def test_records_are_merged_and_unmerged(client: APIClient, editor: APIClient) -> None:
    short, full = (make_organization(name) for name in ("县法院", "绛县人民法院"))
    named = [make_article("一", short).pk, make_article("二", full).pk]
    path, old = f"organizations/{full.pk}/", f"organizations/{short.pk}/"
    merged = post(editor, path, "merge", {"record": short.pk})
    assert (merged.status_code, merged.json()["article_count"], merged.json()["aliases"]) == (
        200,
        2,
        ["县法院"],
    )
    moved = client.get(f"{API}/{old}")
    assert (moved.status_code, moved["Location"]) == (307, f"http://testserver{API}/{path}")
    for pk in (full.pk, short.pk):
        found = client.get(f"{API}/articles/?organization={pk}&ordering=id").json()["results"]
        assert [one["id"] for one in found] == named
    assert [one["name"] for one in client.get(f"{API}/organizations/").json()["results"]] == ["绛县人民法院"]
    assert post(editor, path, "unmerge", {"record": short.pk}).json()["article_count"] == 1
    assert client.get(f"{API}/{old}").json()["article_count"] == 1
    assert str(Merge.objects.get().by) == "editor"


def test_second_merge_with_the_same_etag_is_412(editor: APIClient) -> None:
    one, two, three = (make_organization(name) for name in "甲乙丙")
    for body in (one, two, three):
        make_article("大桥", body)
    path = f"organizations/{one.pk}/"
    seen = tag(editor, path)
    answers = [send(editor, "post", f"{path}merge/", {"record": body.pk}, tag=seen) for body in (two, three)]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert (Merge.objects.count(), Mention.objects.count()) == (1, 3)


def test_distinct_records_cannot_be_merged(editor: APIClient) -> None:
    one, two = (make_organization(name) for name in "甲乙")
    make_article("大桥", one, two)
    path = f"organizations/{one.pk}/"
    assert post(editor, path, "distinct", {"record": two.pk}).status_code == 200
    refused = post(editor, path, "merge", {"record": two.pk})
    assert (refused.status_code, "not the same" in refused.json()["detail"]) == (409, True)
    assert post(editor, path, "indistinct", {"record": two.pk}).status_code == 200
    assert post(editor, path, "indistinct", {"record": two.pk}).status_code == 409
    assert not Distinction.objects.exists()


def test_merged_record_named_only_by_a_draft_is_404(client: APIClient, editor: APIClient) -> None:
    one, two = (make_organization(name) for name in "甲乙")
    make_article("大桥", one, two, status="draft")
    post(editor, f"organizations/{one.pk}/", "merge", {"record": two.pk})
    answer = client.get(f"{API}/organizations/{two.pk}/")
    assert (answer.status_code, answer.content) == (404, client.get(f"{API}/organizations/99999/").content)


@pytest.mark.parametrize("record", [0, -1, 10**20, "x", None, 1.5, True])
def test_invalid_record_id_is_400(editor: APIClient, record: Any) -> None:
    body = make_organization("甲")
    assert post(editor, f"organizations/{body.pk}/", "merge", {"record": record}).status_code == 400


def test_place_is_not_merged_into_a_place_within_it(editor: APIClient) -> None:
    made = make_places()
    answer = post(editor, "places/140830105/", "merge", {"record": made["芮城县"].pk})
    assert (answer.status_code, Place.objects.exclude(merged_into=None).count()) == (409, 0)
