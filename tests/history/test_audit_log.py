"""The audit log: every change has an entry with user, time, fields and channel, which remains without the user."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient
from simple_history.models import registered_models

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.merging import distinguish, merge
from articles.history.audit_log import AUDIT_COLUMNS, AuditFilter, audit_entries
from articles.models import (
    Alias,
    ApiToken,
    Article,
    Byline,
    Distinction,
    Load,
    Mention,
    Merge,
    Organization,
    Page,
    Place,
    Reporter,
    Upload,
)
from articles.models.boundary import Boundary
from tests.factories import make_organization, make_place, make_places
from tests.support.api import API
from tests.support.loading import ROOT, Shared, load

pytestmark = pytest.mark.django_db

PASSWORD = "only-for-this-test-7"
HTMX = {"HX-Request": "true"}


class World:
    """A small archive, clients of the admin and the API, and files to load."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = User.objects.create_superuser("chief", password=PASSWORD)
        self.desk, self.program = Client(), APIClient()
        for client in (self.desk, self.program):
            client.force_login(self.user)
        self.place = make_places()
        (folder / "0914.txt").write_text(
            "沂河晚报 2023年9月14日 星期四 第6版 民生\n\n"
            "绛县新桥昨天通车\n\n本报讯（记者 周明 通讯员 吴芳）昨天上午，绛县的新桥正式通车。\n\n"
            "居民出行时间缩短了二十分钟。\n",
            encoding="utf-8",
        )
        load(folder)
        self.article = Article.objects.get()
        self.name = self.article.mentions.filter(kind="place").order_by("pk")[0]
        self.zhou, self.wu = Reporter.objects.order_by("pk")
        self.bodies = [make_organization(name) for name in ("市图书馆", "市立图书馆")]

    # --- The admin --------------------------------------------------------------------------------

    def url(self, model: str, view: str, *arguments: Any) -> str:
        return reverse(
            f"admin:{'auth' if model in {'user', 'group'} else 'articles'}_{model}_{view}", args=arguments
        )

    def send(self, url: str, /, **values: Any) -> Any:
        answer = self.desk.post(url, values, headers=HTMX if "name/" in url or "block/" in url else {})
        assert answer.status_code in {200, 302}, answer.content.decode()[:2000]
        return answer

    def act(self, model: str, action: str, *records: Any, query: str = "", **values: Any) -> Any:
        chosen = {"action": action, "_selected_action": [record.pk for record in records], "post": "yes"}
        return self.send(self.url(model, "changelist") + query, **chosen, **values)

    # --- The API ----------------------------------------------------------------------------------

    def write(self, method: str, path: str, body: Any = None, about: str | None = None) -> Any:
        about = path if about is None else about
        headers = {"If-Match": self.program.get(f"{API}/{about}")["ETag"]} if about else {}
        answer = getattr(self.program, method)(f"{API}/{path}", body, headers=headers)
        assert answer.status_code < 300, answer.content.decode()
        return answer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _block(world: World) -> None:
    number = next(n for n, one in enumerate(world.article.blocks) if one["kind"] == "paragraph")
    was = world.article.blocks[number]
    form = {
        "kind": was["kind"],
        "text": was["text"] + "完。",
        "was_kind": was["kind"],
        "was_text": was["text"],
    }
    world.send(world.url("article", "block", world.article.pk, number), **form)


def _split(world: World) -> None:
    number = len(world.article.blocks) - 1
    world.send(world.url("article", "split", world.article.pk, number), version=world.article.version)


def _join(world: World) -> None:
    _split(world)
    world.article.refresh_from_db()
    world.send(world.url("article", "join", world.article.pk), version=world.article.version)


def _decide(world: World, **values: Any) -> None:
    panel = world.desk.get(world.url("article", "name", world.article.pk, world.name.pk), headers=HTMX)
    state = panel.content.decode().split('name="state" value="')[1].split('"')[0]
    world.send(world.url("article", "name", world.article.pk, world.name.pk), state=state, **values)


def _revert(world: World) -> None:
    correct_article(world.article, headline="旧题")
    version = world.article.history.order_by("history_id")[0]
    url = world.url("article", "revert", world.article.pk, version.history_id)
    world.send(url, form_state=world.desk.get(url).context["form_state"])


def _restore_article(world: World) -> None:
    trash_article(world.article)
    world.send(world.url("article", "restore", world.article.pk))


def _upload(world: World) -> None:
    file = io.BytesIO("早市搬家\n\n本报讯（记者 何小满）菜农都有了固定摊位。\n".encode())
    file.name = "0915.txt"
    world.desk.post(reverse("admin:articles_load_upload"), {"pages": file, "status": "published"})
    world.send(reverse("admin:articles_load_start", args=[Upload.objects.get().pk]))


def _grant(world: World) -> None:
    user = User.objects.create_user("zhang", password=PASSWORD)
    form = {
        "username": "zhang", "is_active": "on", "is_staff": "on", "groups": [Group.objects.get(name="editor").pk],
        "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00",
    }  # fmt: skip
    world.send(world.url("user", "change", user.pk), **form)


def _new_password(world: World) -> None:
    user = User.objects.create_user("zhang", password=PASSWORD)
    new = {
        "password1": "another-for-this-test-8",
        "password2": "another-for-this-test-8",
        "usable_password": "true",
    }
    world.send(reverse("admin:auth_user_password_change", args=[user.pk]), **new)


def _make_group(world: World) -> None:
    rights = Permission.objects.filter(codename__in=("view_article", "change_article"))
    world.send(world.url("group", "add"), name="proofreaders", permissions=[right.pk for right in rights])


def _leave(world: World) -> None:
    world.send(world.url("user", "delete", world.user.pk), post="yes")


def _credits(world: World) -> None:
    body = {"bylines": [{"name": "何小满"}, {"reporter": world.wu.pk}, {"reporter": world.zhou.pk}]}
    world.write("patch", f"articles/{world.article.pk}/", body)


def _mention(world: World, method: str) -> None:
    path = f"articles/{world.article.pk}/"
    body = {"kind": "place", "part": "body", "start": 0, "end": 2, "record": world.place["芮城县"].pk}
    added = world.write("post", f"{path}mentions/", body, about=path).json()
    if method == "delete":
        world.write("delete", f"mentions/{added['id']}/")


def _alias(world: World, method: str) -> None:
    added = world.write("post", "places/140830/aliases/", {"name": "芮邑"}, about="places/140830/")
    if method == "delete":
        world.write("delete", f"places/140830/aliases/{added.json()['id']}/", about="places/140830/")


def _over_api(action: str, before: Callable[[World], Any] | None = None) -> Callable[[World], None]:
    def deed(world: World) -> None:
        if before:
            before(world)
        one, two = world.bodies
        world.write(
            "post", f"organizations/{one.pk}/{action}/", {"record": two.pk}, about=f"organizations/{one.pk}/"
        )

    return deed


def _state(action: str) -> Callable[[World], None]:
    def deed(world: World) -> None:
        Article.objects.filter(pk=world.article.pk).update(
            status={"submit": "draft", "publish": "in_review", "withdraw": "published"}[action]
        )
        path = f"articles/{world.article.pk}/"
        world.write("post", f"{path}{action}/", about=path)

    return deed


def _command(*arguments: str) -> Callable[[World], Any]:
    return lambda world: call_command(
        *(part.format(folder=world.folder) for part in arguments), stdout=io.StringIO()
    )


def _revoke_by_command(world: World) -> None:
    token, _ = ApiToken.objects.issue(world.user, "website")
    call_command("apitoken", "revoke", token.prefix, stdout=io.StringIO())


def _new_page_file(world: World) -> None:
    (world.folder / "0916.txt").write_text("早市搬家\n记者 何小满\n菜农都有了固定摊位。\n", encoding="utf-8")
    call_command("loadseeds", str(world.folder), stdout=io.StringIO())


# Each kind of change with the entries that must be there: way, user, model, action, and a changed field.
DEEDS: dict[str, tuple[Callable[[World], Any], list[tuple[str, str | None, str, str, str]]]] = {
    "admin: withdraw many": (
        lambda w: w.act("article", "withdraw", w.article),
        [("admin", "chief", "article", "changed", "status")],
    ),
    "admin: trash": (
        lambda w: w.act("article", "delete_selected", w.article),
        [("admin", "chief", "article", "changed", "status")],
    ),
    "admin: restore": (_restore_article, [("admin", "chief", "article", "changed", "status")]),
    "admin: change a line": (_block, [("admin", "chief", "article", "changed", "body")]),
    "admin: split": (
        _split,
        [
            ("admin", "chief", "article", "created", ""),
            ("admin", "chief", "article", "changed", "blocks"),
            ("admin", "chief", "boundary", "created", ""),
        ],
    ),
    "admin: join": (_join, [("admin", "chief", "boundary", "changed", "begins")]),
    "admin: reject a name": (
        lambda w: _decide(w, verdict="rejected"),
        [("admin", "chief", "mention", "changed", "verdict")],
    ),
    "admin: revert": (_revert, [("admin", "chief", "article", "changed", "headline")]),
    "admin: merge": (
        lambda w: w.send(reverse("admin:merge_preview", args=["organization", *(b.pk for b in w.bodies)])),
        [("admin", "chief", "merge", "created", "")],
    ),
    "admin: undo a merge": (
        lambda w: w.send(reverse("admin:merge_undo", args=[merge(w.bodies[0], w.bodies[1], w.user).pk])),
        [("admin", "chief", "merge", "changed", "undone_at")],
    ),
    "admin: answer a name for many articles": (
        lambda w: w.send(
            reverse("admin:articles_nameruling_name", args=[w.name.pk]),
            scope="everywhere::",
            verdict="rejected",
            also_linked="on",
        ),
        [
            ("admin", "chief", "nameruling", "created", ""),
            ("admin", "chief", "mention", "changed", "verdict"),
        ],
    ),
    "admin: distinguish": (
        lambda w: w.send(reverse("admin:distinguish", args=["organization", *(b.pk for b in w.bodies)])),
        [("admin", "chief", "distinction", "created", "")],
    ),
    "admin: trash a record": (
        lambda w: w.send(w.url("organization", "delete", w.bodies[0].pk), post="yes"),
        [("admin", "chief", "organization", "changed", "trashed_at")],
    ),
    "admin: revoke a token": (
        lambda w: w.act("apitoken", "revoke", ApiToken.objects.issue(w.user, "website")[0]),
        [("admin", "chief", "apitoken", "changed", "revoked_at")],
    ),
    "admin: issue a token": (
        lambda w: w.send(w.url("apitoken", "add"), user=w.user.pk, name="website"),
        [("admin", "chief", "apitoken", "created", "")],
    ),
    "admin: upload and load": (_upload, [("admin", "chief", "load", "created", "")]),
    "admin: purge": (
        lambda w: w.send(w.url("load", "purge", Load.objects.get().pk)),
        [("admin", "chief", "load", "changed", "")],
    ),
    "admin: give rights": (
        _grant,
        [("admin", "chief", "user", "changed", "rights"), ("admin", "chief", "user", "changed", "is_staff")],
    ),
    "admin: set a password": (_new_password, [("admin", "chief", "user", "changed", "password_mark")]),
    "admin: make a group": (
        _make_group,
        [("admin", "chief", "group", "created", ""), ("admin", "chief", "group", "changed", "rights")],
    ),
    "admin: delete oneself": (_leave, [("admin", "chief", "user", "deleted", "")]),
    "api: write an article": (
        lambda w: w.write("post", "articles/", {"headline": "早市搬家", "body": "搬了。"}, about=""),
        [("api", "chief", "article", "created", "")],
    ),
    "api: correct": (
        lambda w: w.write("patch", f"articles/{w.article.pk}/", {"headline": "新桥通车"}),
        [("api", "chief", "article", "changed", "headline")],
    ),
    "api: credits": (
        _credits,
        [
            ("api", "chief", "reporter", "created", ""),
            ("api", "chief", "byline", "created", ""),
            ("api", "chief", "byline", "changed", "order"),
            ("api", "chief", "article", "changed", "corrected"),
        ],
    ),
    "api: submit": (_state("submit"), [("api", "chief", "article", "changed", "status")]),
    "api: publish": (_state("publish"), [("api", "chief", "article", "changed", "status")]),
    "api: withdraw": (_state("withdraw"), [("api", "chief", "article", "changed", "status")]),
    "api: decide a mention": (
        lambda w: w.write(
            "post", f"mentions/{w.name.pk}/decide/", {"verdict": "rejected"}, f"mentions/{w.name.pk}/"
        ),
        [("api", "chief", "mention", "changed", "verdict")],
    ),
    "api: add a mention": (lambda w: _mention(w, "post"), [("api", "chief", "mention", "created", "")]),
    "api: delete a mention": (lambda w: _mention(w, "delete"), [("api", "chief", "mention", "deleted", "")]),
    "api: add an alias": (lambda w: _alias(w, "post"), [("api", "chief", "alias", "created", "")]),
    "api: delete an alias": (lambda w: _alias(w, "delete"), [("api", "chief", "alias", "deleted", "")]),
    "api: merge": (_over_api("merge"), [("api", "chief", "merge", "created", "")]),
    "api: unmerge": (
        _over_api("unmerge", lambda w: merge(w.bodies[1], w.bodies[0], w.user)),
        [("api", "chief", "merge", "changed", "undone_at")],
    ),
    "api: distinguish": (_over_api("distinct"), [("api", "chief", "distinction", "created", "")]),
    "api: forget that": (
        _over_api("indistinct", lambda w: distinguish(w.bodies[0], w.bodies[1], w.user)),
        [("api", "chief", "distinction", "deleted", "")],
    ),
    "command: load": (_new_page_file, [("command", None, "load", "created", "")]),
    "command: token": (
        _command("apitoken", "create", "chief", "--name", "website"),
        [("command", None, "apitoken", "created", "")],
    ),
    "command: revoke": (_revoke_by_command, [("command", None, "apitoken", "changed", "revoked_at")]),
    "command: account": (
        _command("createsuperuser", "--noinput", "--username", "wang", "--email", "w@news.example"),
        [("command", None, "user", "created", "")],
    ),
}


def rows(**wanted: Any) -> list[dict[str, Any]]:
    return list(audit_entries(AuditFilter(**wanted)))


def summaries(entry: dict[str, Any]) -> set[tuple[Any, ...]]:
    """An entry in the form of the table above: once for each changed field, and once without a field."""
    head = (entry["way"], entry["user"], entry["model"], entry["action"])
    return {(*head, ""), *((*head, change["field"]) for change in entry["changes"])}


@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS)
def test_every_kind_of_change_is_in_the_audit(world: World, deed: str) -> None:
    act, expected = DEEDS[deed]
    before = {str(entry) for entry in rows()}
    act(world)
    new = [entry for entry in rows() if str(entry) not in before]
    found = set().union(*map(summaries, new)) if new else set()
    assert set(expected) - found == set()
    assert {entry["user"] for entry in new if entry["way"] in {"admin", "api"}} <= {"chief"}


def test_models_that_people_change_have_a_history() -> None:
    """Models without a history are written by programs only, or live for minutes."""
    without = {model.__name__ for model in _ours() if model._meta.label_lower not in _with_history()}
    written_by_programs = {
        "PageResidue",
        "PageSetting",
        "LoadFile",
        "LastChange",
        "FeedEntry",
        "FeedState",
        "PlaceAppearance",
        "OrganizationAppearance",
        "Presence",
        "Upload",
        "UploadedFile",
        "WebhookDelivery",
    }
    assert without == written_by_programs


def _ours() -> list[Any]:
    models = [
        Alias,
        ApiToken,
        Article,
        Boundary,
        Byline,
        Distinction,
        Load,
        Mention,
        Merge,
        Organization,
        Page,
        Place,
    ]
    found = list(apps.get_app_config("articles").get_models())
    assert set(models) <= set(found)
    return [model for model in found if not model.__name__.startswith("Historical")]


def _with_history() -> set[str]:
    return {model._meta.label_lower for model in registered_models.values()}


def test_entry_has_old_and_new_value(world: World) -> None:
    was = world.article.headline
    DEEDS["api: correct"][0](world)
    entry = next(entry for entry in rows(user="chief") if entry["model"] == "article")
    assert entry["id"] == world.article.pk
    assert {"field": "headline", "before": was, "after": "新桥通车"} in entry["changes"]


def test_entries_remain_when_user_is_deleted(world: World) -> None:
    for deed in ("admin: reject a name", "api: correct", "admin: make a group"):
        DEEDS[deed][0](world)
    before = rows(user="chief")
    world.user.delete()
    after = rows(user="chief")
    assert before
    assert after[: len(before)] == before


def test_entries_of_rights_remain_when_groups_are_deleted(world: World) -> None:
    DEEDS["admin: give rights"][0](world)
    Group.objects.all().delete()
    change = next(
        change
        for entry in rows()
        for change in entry["changes"]
        if (entry["model"], change["field"]) == ("user", "rights")
    )
    assert (change["before"], change["after"]) == ([], ["group editor"])


def test_group_membership_is_recorded_from_either_side() -> None:
    user, group = User.objects.create_user("zhang"), Group.objects.create(name="proofreaders")
    group.user_set.add(user)
    group.user_set.remove(user)
    found = [
        change["after"] for entry in rows() for change in entry["changes"] if change["field"] == "rights"
    ]
    assert found == [["group proofreaders"], []]


def test_audit_has_no_passwords_or_tokens(world: World) -> None:
    _new_password(world)
    _, secret = ApiToken.objects.issue(world.user, "website")
    text = json.dumps(rows(), default=str)
    secrets = [user.password for user in User.objects.all()] + [
        ApiToken.objects.get().digest,
        secret,
        PASSWORD,
    ]
    assert [one for one in secrets if one in text] == []


def test_logins_are_entries_but_no_changes_of_the_account(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_superuser("chief", password=PASSWORD)
    client = Client(REMOTE_ADDR="203.0.113.7")
    for password in ("wrong", PASSWORD):
        client.post("/admin/login/", {"username": "chief", "password": password})
    client.post("/admin/logout/")
    assert [(entry["action"], entry["user"], entry["detail"]) for entry in rows(user="chief")] == [
        ("not signed in", "chief", "from 203.0.113.7"),
        ("signed in", "chief", "from 203.0.113.7"),
        ("signed out", "chief", "from 203.0.113.7"),
    ]


# --- The command ------------------------------------------------------------------------------------


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def test_audit_prints_json_lines_in_order_of_time(world: World) -> None:
    for deed in ("admin: reject a name", "api: correct", "command: token"):
        DEEDS[deed][0](world)
    lines = [json.loads(line) for line in printed().splitlines()]
    assert [list(line) for line in lines] == [AUDIT_COLUMNS] * len(lines)
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)
    assert {line["model"] for line in lines} >= {"article", "mention", "apitoken", "load", "user"}


def test_audit_csv_has_no_formulas_and_no_broken_rows(world: World) -> None:
    hostile = '=HYPERLINK("https://evil.example")'
    User.objects.create_user("=1+1").delete()
    correct_article(world.article, headline=f"{hostile}\r\n\x1b[31m@SUM(A1)")
    table = list(csv.reader(io.StringIO(printed("--format", "csv").removeprefix("\ufeff"))))
    assert table[0] == AUDIT_COLUMNS
    assert {len(row) for row in table} == {len(AUDIT_COLUMNS)}
    assert [cell for row in table for cell in row if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []
    assert any(
        hostile in json.dumps(json.loads(row[6]), ensure_ascii=False).replace("\\", "") for row in table[1:]
    )


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--since", "2024-03-02"], 2),
        (["--until", "2024-03-01"], 1),
        (["--since", "2024-03-02", "--until", "2024-03-02"], 1),
        (["--since", "2024-03-02T12:00", "--until", "2024-03-31T00:00+08:00"], 1),
        (["--user", "zhang"], 2),
        (["--user", "unknown"], 0),
    ],
)
def test_audit_is_filtered_by_time_and_user(arguments: list[str], count: int) -> None:
    zone = timezone.get_default_timezone()
    for day, name in ((1, "zhang"), (2, "wu"), (3, "zhang")):
        place = make_place(f"绛县{day}")
        moment = dt.datetime(2024, 3, day, 11, 0, tzinfo=zone)
        place.history.update(history_date=moment, history_username=name)
    assert len(printed(*arguments).splitlines()) == count


@pytest.mark.parametrize("text", ["yesterday", "2024-13-01", "2024-02-30T10:00", ""])
def test_audit_refuses_malformed_date(text: str) -> None:
    with pytest.raises(CommandError, match="is not a date: write it as in"):
        printed("--since", text)


@pytest.mark.slow
def test_audit_makes_a_query_per_chunk_not_per_row(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    place = make_place("绛县")
    for number in range(450):
        place.name = f"绛县{number}"
        place.save()
    with django_assert_max_num_queries(2 * len(registered_models) + 10):
        assert len(rows()) == 451


@pytest.mark.django_db(transaction=True)
def test_closed_pipe_is_no_error(shared: Shared) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the pipe is the same")
    command = f"{sys.executable} manage.py audit --format csv | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", "DATABASE_URL": shared.url}, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr, len(done.stdout)) == (0, b"", 1)
