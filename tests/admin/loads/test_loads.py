"""The page of a load in the admin: outcomes of files, retrying rejected files, purging."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from articles.admin.loads.rejection_texts import _REASONS
from articles.editing.article_corrections import correct_article
from articles.loading import file_plan
from articles.loading.purge import preview_purge
from articles.loading.sources import files, zip_archives
from articles.models import Article, Load, LoadFile, Page, Reporter, Upload, UploadedFile
from articles.models.load import SENT
from articles.reading.formats import bounded_reading, text_decoding
from tests.factories import make_load
from tests.support.loading import BRIDGE, MARKET, SCHOOL, dump, load, read_plainly

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page of two articles, and a file that is rejected."""
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    (tmp_path / "0731.txt").write_text("□", encoding="utf-8")
    return tmp_path


def url(name: str, load: Load) -> str:
    return reverse(f"admin:articles_load_{name}", args=[load.pk])


def last() -> Load:
    return Load.objects.all()[0]


def files_shown(client: Client, of: Load, **asked: Any) -> list[str]:
    return [Path(file.path).name for file in client.get(url("change", of), asked).context["files"]]


# --- the ledger -----------------------------------------------------------------------------------


def test_load_page_shows_outcome_and_advice_for_each_file(admin_client: Client, folder: Path) -> None:
    load(folder)
    shown = admin_client.get(url("change", last())).content.decode()
    assert "0730.txt" in shown
    assert reverse("admin:articles_page_change", args=[Page.objects.get().pk]) in shown
    with translation.override("zh-hans"):
        reason, advice = _REASONS["bad_encoding"]
        assert f"{reason}: {advice}" in shown
    assert "a sign that no page has" in shown


def test_files_of_load_are_filtered_and_paginated(admin_client: Client, folder: Path) -> None:
    load(folder)
    LoadFile.objects.bulk_create(
        LoadFile(load=last(), path=f"/{number:03}.txt", outcome="rejected", reason="empty")
        for number in range(60)
    )
    assert files_shown(admin_client, last(), outcome="created") == ["0730.txt"]
    assert files_shown(admin_client, last(), reason="bad_encoding") == ["0731.txt"]
    assert len(files_shown(admin_client, last(), reason="empty")) == 50
    assert len(files_shown(admin_client, last(), reason="empty", p=2)) == 10
    assert files_shown(admin_client, last(), reason="nonsense", p="x") == []


def test_every_rejection_reason_has_label_and_advice() -> None:
    modules = (files, zip_archives, text_decoding, bounded_reading)
    paths = [Path(str(module.__file__)) for module in modules]
    # Read as text: only the child process loads the library for PDFs.
    sources = "".join(path.read_text() for path in (*paths, paths[-1].with_name("pdf.py")))
    given = {*re.findall(r'Rejected\(\s*"(\w+)"', sources), "duplicate_name"}
    assert given == set(_REASONS)


def test_queries_of_load_page_do_not_grow_with_files(
    admin_client: Client, folder: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load(folder)
    page = Page.objects.get()
    LoadFile.objects.bulk_create(
        LoadFile(load=last(), path=f"/{number}.txt", outcome="unchanged", page=page) for number in range(500)
    )
    with django_assert_max_num_queries(16):
        admin_client.get(url("change", last()))


# --- retrying ---------------------------------------------------------------------------------


def test_retry_loads_server_files_with_original_options(admin_client: Client, folder: Path) -> None:
    load(folder, status="draft")
    Load.objects.update(options={"status": "draft", "publication": "沂河晚报", "issue_date": "2024-07-31"})
    (folder / "0731.txt").write_text(MARKET, encoding="utf-8")
    first = last()
    assert admin_client.get(url("change", first)).context["may_retry"]
    answer = admin_client.post(url("retry", first))
    assert answer.headers["Location"] == url("change", last())
    assert (last().tally["files"], last().by) == ({"created": 1}, User.objects.get())
    article = Article.objects.get(headline="早市搬家")
    assert (article.status, article.publication, str(article.issue_date)) == (
        *("draft", "沂河晚报"),
        "2024-07-31",
    )
    assert not admin_client.get(url("change", first)).context["may_retry"], "it was retried already"
    before = dump()
    admin_client.post(url("retry", first))
    assert dump() == before


def test_retry_does_not_follow_link_out_of_folder(
    admin_client: Client, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    load(folder)
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text(MARKET, encoding="utf-8")
    (folder / "0731.txt").unlink()
    (folder / "0731.txt").symlink_to(secret)
    admin_client.post(url("retry", last()))
    assert [file.reason for file in last().files.all()] == ["outside_folder"]


def rejected_upload(client: Client) -> Load:
    pages = [SimpleUploadedFile("bad.txt", "□".encode()), SimpleUploadedFile("good.txt", BRIDGE.encode())]
    client.post(reverse("admin:articles_load_upload"), {"pages": pages, "status": "published"})
    client.post(reverse("admin:articles_load_start", args=[Upload.objects.get().pk]))
    return last()


def test_retry_loads_uploads_from_stored_bytes(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rejected_upload(admin_client)
    monkeypatch.setattr(
        file_plan, "read_page", lambda data, *_: read_plainly(data.replace("□".encode(), b"x"))
    )
    answer = admin_client.post(url("retry", first))
    assert answer.headers["Location"] == url("change", last())
    assert last().tally["files"] == {"created": 1}
    assert [(file.path, file.outcome) for file in last().files.all()] == [(f"{SENT}bad.txt", "created")]
    assert not UploadedFile.objects.exists()
    before = dump()
    admin_client.post(url("retry", first))
    assert dump() == before


def test_file_rejected_again_can_be_retried_again(admin_client: Client) -> None:
    first = rejected_upload(admin_client)
    admin_client.post(url("retry", first))
    again = last()
    assert again != first
    assert again.tally["files"] == {"rejected": 1}
    assert admin_client.get(url("change", again)).context["may_retry"]
    assert not admin_client.get(url("change", first)).context["may_retry"]


def test_rejected_uploads_do_not_count_as_server_files(admin_client: Client) -> None:
    rejected_upload(admin_client)
    assert LoadFile.objects.failed().count() == 1
    assert not LoadFile.objects.failed().on_server().exists()


# --- purging --------------------------------------------------------------------------------------


def test_purge_preview_equals_what_purge_deletes(admin_client: Client, folder: Path) -> None:
    (folder / "0801.txt").write_text(MARKET, encoding="utf-8")
    load(folder)
    correct_article(Article.objects.get(headline="大桥通车"), reviewed=True)
    Reporter.objects.get(name="何小满").aliases.create(name="小满")
    shown = admin_client.get(url("purge", last()))
    assert shown.context["counts"] == {"articles": 2, "remaining": 1, "pages": 1, "reporters": 0}
    assert Article.objects.count() == 3
    expected = {
        name: set(getattr(preview_purge(last()), name)) for name in ("articles", "pages", "reporters")
    }
    before: dict[str, set[Any]] = {"articles": set(Article.objects.all()), "pages": set(Page.objects.all())}
    before["reporters"] = set(Reporter.objects.all())
    answer = admin_client.post(url("purge", last()), follow=True)
    after: dict[str, set[Any]] = {"articles": set(Article.objects.all()), "pages": set(Page.objects.all())}
    after["reporters"] = set(Reporter.objects.all())
    assert {name: before[name] - after[name] for name in before} == expected
    assert len(list(answer.context["messages"])) == 1


def test_purge_deletes_reporters_without_other_use(admin_client: Client, folder: Path) -> None:
    load(folder)
    assert set(preview_purge(last()).reporters.values_list("name", flat=True)) == {"周明", "吴芳"}
    admin_client.post(url("purge", last()))
    assert not Reporter.objects.exists()
    assert Load.objects.count() == 1


def test_second_purge_changes_nothing(admin_client: Client, folder: Path) -> None:
    load(folder)
    admin_client.post(url("purge", last()))
    before = dump()
    assert admin_client.post(url("purge", last())).status_code == 302
    assert dump() == before


# --- permissions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "statuses"),
    [
        pytest.param(["view_load"], {"retry": 403, "purge": 403}, id="may look"),
        pytest.param(["view_load", "add_load"], {"retry": 302, "purge": 403}, id="may load"),
        pytest.param(["view_load", "delete_load"], {"retry": 403, "purge": 302}, id="may purge"),
    ],
)
def test_retry_and_purge_need_their_own_permissions(
    folder: Path, rights: list[str], statuses: dict[str, int]
) -> None:
    load(folder)
    user = User.objects.create_user("user", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    assert client.get(url("change", last())).status_code == 200
    first = last()
    assert {name: client.post(url(name, first)).status_code for name in statuses} == statuses


def test_retry_refuses_get(admin_client: Client) -> None:
    load = make_load()
    assert admin_client.get(url("retry", load)).status_code == 405
