"""Uploads of page files: what is accepted, the preview, and loading each page exactly once."""

import datetime as dt
import io
import zipfile
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from articles.admin.loads import upload_forms
from articles.loading import article_rows, file_plan, loader
from articles.loading.upload_loading import load_progress
from articles.models import Article, Load, LoadFile, Page, PageSetting, Upload, UploadedFile
from articles.models.load import SENT
from articles.models.upload import UPLOAD_DAYS
from articles.reading.pipeline import read_page
from tests.support.loading import BRIDGE, MARKET, PAGE, SCHOOL, dump, read_plainly
from tests.support.pdf_files import Canvas, write_pdf

pytestmark = pytest.mark.django_db

URL = "/admin/articles/load/upload/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)


def page(name: str = "0730.txt", text: str = BRIDGE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def zipped(**members: str) -> SimpleUploadedFile:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for name, text in members.items():
            opened.writestr(name, text)
    return SimpleUploadedFile("pages.zip", archive.getvalue())


def send(client: Client, *files: SimpleUploadedFile, **stated: Any) -> Any:
    return client.post(URL, {"pages": list(files), "status": "published", **stated})


def upload(client: Client, *files: SimpleUploadedFile, **stated: Any) -> Upload:
    answer = send(client, *files, **stated)
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.all()[0]


def said(answer: Any) -> str:
    """The error messages of the upload form."""
    errors = answer.context["form"].errors
    return (
        "\n".join(message for messages in errors.values() for message in messages) or answer.context["error"]
    )


def preview(sent: Upload) -> str:
    return reverse("admin:articles_load_preview", args=[sent.pk])


def start(sent: Upload) -> str:
    return reverse("admin:articles_load_start", args=[sent.pk])


def ledger(load: Load | None) -> list[tuple[str, str, str]]:
    assert load is not None
    return list(load.files.order_by("path").values_list("path", "outcome", "reason"))


def articles_only() -> dict[str, Any]:
    return {name: rows for name, rows in dump().items() if not name.startswith("Upload")}


def test_loading_says_what_was_loaded_and_what_was_rejected(admin_client: Client) -> None:
    admin_client.cookies["django_language"] = "en"
    sent = upload(admin_client, page(), SimpleUploadedFile("page.jpg", b"\xff\xd8"))
    answer = admin_client.post(start(sent), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Files that are loaded: 1.",
        "Files that were rejected: 1. The list below says why.",
    ]


# --- what is accepted --------------------------------------------------------------------------------


def test_files_and_zip_members_are_stored_until_loaded(admin_client: Client) -> None:
    sent = upload(admin_client, page(), zipped(**{"07/31.txt": SCHOOL, "08/01.txt": MARKET}))
    assert [file.name for file in sent.files.all()] == ["0730.txt", "07/31.txt", "08/01.txt"]
    assert bytes(sent.files.all()[2].data).decode() == MARKET
    assert sent.by == User.objects.get()
    assert not Page.objects.exists()


def test_stated_values_are_stored_with_upload(admin_client: Client) -> None:
    stated = {"publication": "沂河晚报", "issue_date": "2024-07-30", "home_code": "140800", "status": "draft"}
    sent = upload(admin_client, page(), **stated)
    assert {name: str(getattr(sent, name)) for name in stated} == stated


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        pytest.param({"home_code": "999999"}, "999999", id="no such division"),
        pytest.param({"issue_date": "30.7."}, "日期", id="no date"),
        pytest.param({"publication": "晚报\u202e"}, "The name of a paper", id="invisible character"),
        pytest.param({"status": "trashed"}, "trashed", id="not a status for pages"),
    ],
)
def test_invalid_stated_values_are_refused(
    admin_client: Client, stated: dict[str, str], message: str
) -> None:
    answer = send(admin_client, page(), **stated)
    assert answer.status_code == 200
    assert "\n" not in said(answer)
    assert message in said(answer) or "报" in said(answer)
    assert not Upload.objects.exists()


def test_upload_needs_files(admin_client: Client) -> None:
    assert send(admin_client).status_code == 200
    assert not Upload.objects.exists()


def test_second_file_with_same_name_is_rejected(admin_client: Client) -> None:
    sent = upload(admin_client, page(text=BRIDGE), page(text=SCHOOL), zipped(**{"0730.txt": MARKET}))
    assert [(file.name, file.reason) for file in sent.files.all()] == [
        ("0730.txt", ""),
        ("0730.txt (2)", "duplicate_name"),
        ("0730.txt (3)", "duplicate_name"),
    ]
    assert bytes(sent.files.all()[0].data).decode() == BRIDGE


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param(SimpleUploadedFile("page.jpg", b"\xff\xd8"), "not_text", id="no text"),
        pytest.param(SimpleUploadedFile("large.txt", b"x" * 3_001), "too_large", id="too large"),
        pytest.param(zipped(**{"../a.txt": "x"}), "bad_name", id="path out of the zip"),
    ],
)
def test_refused_file_does_not_stop_the_others(
    admin_client: Client, settings: Settings, file: SimpleUploadedFile, reason: str
) -> None:
    settings.NEWSROOM_MAX_PAGE_BYTES = 3_000
    file.seek(0)
    sent = upload(admin_client, file, page())
    refused, taken = sent.files.all()
    assert (refused.reason, bytes(refused.data), bool(refused.detail)) == (reason, b"", True)
    assert (taken.name, taken.reason) == ("0730.txt", "")
    admin_client.post(start(sent))
    sent.refresh_from_db()
    assert Counter(row[1:] for row in ledger(sent.load)) == {("created", ""): 1, ("rejected", reason): 1}


def test_invalid_zip_refuses_upload(admin_client: Client) -> None:
    answer = send(admin_client, SimpleUploadedFile("pages.zip", b"not a zip"))
    assert answer.status_code == 200
    assert said(answer)
    assert not Upload.objects.exists()


def test_too_many_bytes_refuse_upload(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_forms, "MOST_BYTES", 100_000)
    answer = send(admin_client, page(), page("large.txt", "x" * 200_000))
    assert answer.status_code == 413
    assert said(answer)
    assert not Upload.objects.exists()


def test_too_many_unpacked_bytes_refuse_upload(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_forms, "MOST_BYTES", 100_000)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for number in range(5):
            opened.writestr(f"{number}.txt", "0" * 50_000)
    answer = send(admin_client, SimpleUploadedFile("bomb.zip", archive.getvalue()))
    assert answer.status_code == 200
    assert said(answer)
    assert not Upload.objects.exists()


def test_too_many_files_refuse_upload(admin_client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    answer = send(admin_client, *(page(f"{number}.txt") for number in range(4)))
    assert answer.status_code == 413
    assert said(answer)
    assert not Upload.objects.exists()


def test_upload_without_csrf_token_is_refused(admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert send(client, page()).status_code == 403
    assert not Upload.objects.exists()


def test_next_upload_deletes_outdated_ones(admin_client: Client) -> None:
    old, young = upload(admin_client, page()), upload(admin_client, page())
    days = dt.timedelta(days=UPLOAD_DAYS)
    Upload.objects.filter(pk=old.pk).update(at=timezone.now() - days - dt.timedelta(minutes=1))
    Upload.objects.filter(pk=young.pk).update(at=timezone.now() - days + dt.timedelta(minutes=1))
    new = upload(admin_client, page())
    assert set(Upload.objects.all()) == {young, new}
    assert UploadedFile.objects.count() == 2


# --- permissions --------------------------------------------------------------------------------------


@pytest.fixture
def editor_client() -> Client:
    """A client of a user who may load and nothing else."""
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(codename__in=["add_load", "view_load"]))
    client = Client()
    client.force_login(editor)
    return client


def test_uploads_need_permission_to_load(admin_client: Client) -> None:
    sent = upload(admin_client, page())
    client = Client()
    client.force_login(User.objects.create_user("reporter", is_staff=True))
    assert client.get(URL).status_code == 403
    assert send(client, page()).status_code == 403
    assert client.get(preview(sent)).status_code == 403
    assert client.post(start(sent)).status_code == 403
    assert client.get(reverse("admin:articles_upload_change", args=[sent.pk])).status_code == 403
    assert Client().get(URL).status_code == 302
    assert (Upload.objects.count(), Load.objects.count()) == (1, 0)


def test_editor_can_load(editor_client: Client) -> None:
    sent = upload(editor_client, page())
    assert editor_client.post(start(sent)).status_code == 302
    load = Load.objects.get()
    assert load.by is not None
    assert load.by.username == "editor"


def test_published_status_needs_publish_permission_when_default_is_draft(
    editor_client: Client, settings: Settings
) -> None:
    settings.NEWSROOM_LOAD_STATUS = "draft"
    assert send(editor_client, page()).status_code == 200
    assert upload(editor_client, page(), status="draft").status == "draft"


# --- preview ------------------------------------------------------------------------


def test_preview_matches_later_load_and_writes_nothing(admin_client: Client) -> None:
    admin_client.post(start(upload(admin_client, page(text=BRIDGE), page("same.txt", SCHOOL))))
    sent = upload(
        admin_client,
        page(text=f"{BRIDGE}\n{MARKET}"),
        page("same.txt", SCHOOL),
        page("new.txt", MARKET),
        page("copy.txt", MARKET),
        page("bad.txt", "□"),
        page("empty.txt", ""),
    )
    before = dump()
    with connection.execute_wrapper(_refuse_to_write):
        answer = admin_client.get(preview(sent), {"after": 0}, headers=HTMX)
    assert dump() == before
    step = answer.context["step"]
    assert [(file.file.name, file.plan.outcome, file.reason or file.same_as) for file in step.files] == [
        ("0730.txt", "updated", ""),
        ("same.txt", "unchanged", ""),
        ("new.txt", "created", ""),
        ("copy.txt", "unchanged", "new.txt"),
        ("bad.txt", "rejected", "bad_encoding"),
        ("empty.txt", "rejected", "empty"),
    ]
    shown = answer.content.decode()
    assert "大桥通车" in shown
    assert "何小满 记者" in shown
    admin_client.post(start(sent))
    sent.refresh_from_db()
    loaded = {path.removeprefix("upload/"): outcome for path, outcome, _ in ledger(sent.load)}
    assert loaded == {file.file.name: file.plan.outcome for file in step.files}


def _refuse_to_write(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if "articles_" in sql:
        assert sql.startswith("SELECT"), sql
    return execute(sql, params, many, context)


def test_preview_warns_when_file_replaces_another_page(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    admin_client.post(start(upload(admin_client, page("A01.txt", PAGE))))
    later, corrected = (
        page("A01.txt", PAGE.replace("9月14日", "9月15日")),
        page("A01.txt", PAGE.replace("新桥", "大桥")),
    )
    (other,) = admin_client.get(preview(upload(admin_client, later)), {"after": 0}).context["step"].files
    (same,) = admin_client.get(preview(upload(admin_client, corrected)), {"after": 0}).context["step"].files
    assert (other.plan.outcome, other.replaces_other) == ("updated", True)
    assert (same.plan.outcome, same.replaces_other) == ("updated", False)


def test_preview_reads_files_in_steps(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.admin.loads.upload_preview.STEP", 0)
    sent = upload(admin_client, page(), page("b.txt", SCHOOL), page("c.txt", "□"))
    seen, url = [], f"{preview(sent)}?after=0"
    for _ in range(3):
        answer = admin_client.get(url, headers=HTMX)
        seen += [file.file.name for file in answer.context["step"].files]
        url = f"{preview(sent)}?{answer.context['next']}"
    assert seen == ["0730.txt", "b.txt", "c.txt"]
    assert answer.context["step"].after is None
    assert answer.context["counts"] == {
        **dict.fromkeys(("updated", "unchanged"), 0),
        "created": 2,
        "rejected": 1,
        "articles": 2,
    }


def test_page_that_takes_too_long_to_read_is_refused_unread(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.NEWSROOM_MAX_PAGE_BYTES = 8 * 1024**2
    monkeypatch.setattr(file_plan, "read_page", lambda *_: pytest.fail("it was read"))
    sent = upload(admin_client, page("brackets.txt", "（" * 1_500_000), page("lines.txt", "桥\n" * 20_000))
    files = admin_client.get(preview(sent), {"after": 0}).context["step"].files
    files += admin_client.get(preview(sent), {"after": files[-1].file.pk}).context["step"].files
    assert [file.reason for file in files] == ["too_large", "too_large"]
    while not load_progress(sent).is_over:
        admin_client.post(start(sent))
        sent.refresh_from_db()
    rows = LoadFile.objects.order_by("path").values_list("reason", "detail")
    assert [(reason, detail.partition(",")[0]) for reason, detail in rows] == [
        ("too_large", "1"),
        ("too_large", "20"),
    ]
    assert not Page.objects.exists()


@pytest.mark.parametrize("after", ["x", "-1", "1" * 30, "١"])
def test_invalid_numbers_in_address_are_ignored(admin_client: Client, after: str) -> None:
    sent = upload(admin_client, page())
    assert admin_client.get(preview(sent), {"after": after, "created": after}).status_code == 200


def test_hostile_text_in_files_is_escaped(admin_client: Client) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    sent = upload(
        admin_client,
        zipped(**{f"{hostile}.txt": f"{hostile}\n记者 {hostile}\n{hostile}\n", f"{hostile}.gif": "x"}),
        publication=hostile,
    )
    shown = [admin_client.get(preview(sent), {"after": 0}), admin_client.get(URL)]
    admin_client.post(start(sent))
    load = Load.objects.get()
    shown += [
        admin_client.get(reverse("admin:articles_load_change", args=[load.pk])),
        admin_client.get(reverse("admin:articles_load_purge", args=[load.pk])),
        admin_client.get(reverse("admin:articles_loadfile_changelist")),
    ]
    for answer in shown:
        assert answer.status_code == 200
        assert "<img src=x" not in answer.content.decode()


# --- loading --------------------------------------------------------------------------------------


def test_upload_becomes_load(admin_client: Client) -> None:
    sent = upload(admin_client, page(text=f"{BRIDGE}\n{SCHOOL}"), page("bad.txt", "□"), status="draft")
    answer = admin_client.post(start(sent))
    load = Load.objects.get()
    assert answer.headers["Location"] == reverse("admin:articles_load_change", args=[load.pk])
    assert ledger(load) == [
        ("upload/0730.txt", "created", ""),
        ("upload/bad.txt", "rejected", "bad_encoding"),
    ]
    assert load.tally == {"files": {"created": 1, "rejected": 1}, "articles": {"created": 2}}
    assert (load.by, bool(load.finished_at)) == (User.objects.get(), True)
    assert {article.status for article in Article.objects.all()} == {"draft"}
    assert [file.name for file in sent.files.all()] == ["bad.txt"], "rejected files stay, to be tried again"


def test_load_continues_step_by_step(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.admin.loads.upload_views.STEP", 0)
    sent = upload(admin_client, page(), page("b.txt", SCHOOL), page("c.txt", MARKET))
    for done in (1, 2):
        answer = admin_client.post(start(sent), headers=HTMX)
        assert (answer.context["progress"].done, Page.objects.count()) == (done, done)
        assert Load.objects.get().finished_at is None
    answer = admin_client.post(start(sent), headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse(
        "admin:articles_load_change", args=[Load.objects.get().pk]
    )
    assert Load.objects.get().tally["files"] == {"created": 3}


def test_loading_again_changes_nothing(admin_client: Client) -> None:
    sent = upload(admin_client, page(), page("bad.txt", "□"))
    admin_client.post(start(sent))
    before = dump()
    answer = admin_client.post(start(sent))
    assert answer.status_code == 302
    assert dump() == before


def test_concurrent_steps_load_each_page_once(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = upload(admin_client, page(), page("b.txt", SCHOOL), page("c.txt", "□"))

    def load_all_first(data: bytes, *rest: object) -> Any:
        monkeypatch.setattr(file_plan, "read_page", read_plainly)
        assert admin_client.post(start(sent)).status_code == 302
        return read_plainly(data, *rest)

    monkeypatch.setattr(file_plan, "read_page", load_all_first)
    assert admin_client.post(start(sent)).status_code == 302
    load = Load.objects.get()
    assert load.tally == {"files": {"created": 2, "rejected": 1}, "articles": {"created": 2}}
    assert len(ledger(load)) == 3
    assert Page.objects.count() == 2


def test_database_error_is_shown_and_load_can_continue(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = upload(admin_client, page(), page("b.txt", SCHOOL))
    whole = article_rows.store_stories

    def fail(page: Page, *rest: Any) -> Any:
        counts = whole(page, *rest)
        if Page.objects.count() == 2:
            raise OperationalError("database or disk is full")
        return counts

    monkeypatch.setattr(loader, "store_stories", fail)
    answer = admin_client.post(start(sent), headers=HTMX)
    assert answer.status_code == 200
    assert answer.context["failure"]
    assert "disk" not in answer.content.decode()
    assert (Page.objects.count(), Load.objects.get().tally["files"]) == (1, {"created": 1})
    assert "errornote" in answer.content.decode()
    monkeypatch.setattr(loader, "store_stories", whole)
    admin_client.post(start(sent))
    assert (Page.objects.count(), Load.objects.get().tally["files"]) == (2, {"created": 2})


def test_unfinished_load_links_to_its_continuation(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.admin.loads.upload_views.STEP", 0)
    sent = upload(admin_client, page(), page("b.txt", SCHOOL))
    admin_client.post(start(sent), headers=HTMX)
    load = Load.objects.get()
    shown = admin_client.get(reverse("admin:articles_load_change", args=[load.pk])).content.decode()
    assert preview(sent) in shown
    admin_client.post(start(sent))
    load.refresh_from_db()
    assert load.tally["files"] == {"created": 2}
    assert (
        preview(sent)
        not in admin_client.get(reverse("admin:articles_load_change", args=[load.pk])).content.decode()
    )


def test_same_name_makes_new_version_and_same_bytes_make_one_page(
    admin_client: Client,
) -> None:
    admin_client.post(start(upload(admin_client, page(text=BRIDGE))))
    article = Article.objects.get()
    admin_client.post(start(upload(admin_client, page(text=f"{BRIDGE}\n{SCHOOL}"), page("b.txt", BRIDGE))))
    new = Page.objects.get(replaces__isnull=False)
    article.refresh_from_db()
    assert article.page == new
    assert set(LoadFile.objects.values_list("path", flat=True)) == {"upload/0730.txt", "upload/b.txt"}
    assert Page.objects.count() == 2


def test_finished_upload_redirects_to_its_load(admin_client: Client) -> None:
    sent = upload(admin_client, page())
    admin_client.post(start(sent))
    answer = admin_client.get(preview(sent))
    assert answer.headers["Location"] == reverse("admin:articles_load_change", args=[Load.objects.get().pk])


def test_queries_of_preview_and_load_are_bounded(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sent = upload(admin_client, *(page(f"{number}.txt", f"{number}{BRIDGE}") for number in range(10)))
    with django_assert_max_num_queries(12 + 10 * 10):
        admin_client.get(preview(sent), {"after": 0}, headers=HTMX)
    with django_assert_max_num_queries(25 + 10 * 40):
        admin_client.post(start(sent))
    assert load_progress(Upload.objects.get()).is_over


def test_refused_upload_shows_reason_even_without_readable_token(
    admin_user: User, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    answer = send(client, *(page(f"{number}.txt") for number in range(4)))
    assert answer.status_code == 413
    assert said(answer)


def test_result_of_an_upload_leads_to_the_review_of_its_first_page(admin_client: Client) -> None:
    answer = admin_client.post(start(upload(admin_client, page())), follow=True)
    review = reverse("admin:articles_page_review", args=[Page.objects.get().pk])
    assert f'class="button default" href="{review}"' in answer.content.decode()


# --- PDF files ------------------------------------------------------------------------------------


def pdf(*pages: Canvas, name: str = "issue.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_pdf(*pages))


def bridge() -> Canvas:
    canvas = Canvas()
    canvas.text(90, 60, "南河大桥通车", 24)
    canvas.column(40, 90, ["\u3000\u3000昨日上午南河大桥通", "车，第一批车辆驶过桥", "面，两岸居民在桥头。"])
    return canvas


def test_each_page_of_a_pdf_is_previewed_and_loaded(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_page)
    sent = upload(admin_client, pdf(bridge(), Canvas()))
    assert list(sent.files.values_list("name", "reason")) == [
        ("issue.pdf#page=1", ""),
        ("issue.pdf#page=2", "no_text"),
    ]
    shown = admin_client.get(preview(sent), {"after": 0}).content.decode()
    assert "南河大桥通车" in shown
    admin_client.post(start(sent))
    sent.refresh_from_db()
    assert [row[:2] for row in ledger(sent.load)] == [
        (f"{SENT}issue.pdf#page=1", "created"),
        (f"{SENT}issue.pdf#page=2", "rejected"),
    ]
    assert Article.objects.get().headline == "南河大桥通车"
    assert PageSetting.objects.get().number == 1


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param(pdf(*[bridge()] * 41), "too_many_pages", id="a book"),
        pytest.param(page("issue.pdf#page=1.txt", ""), "empty", id="a name that is that of no page"),
        pytest.param(page("issue.pdf#page=1", "{}"), "bad_name", id="a name that is that of a page"),
    ],
)
def test_pdf_that_is_sent_is_rejected_with_its_reason(
    admin_client: Client, file: SimpleUploadedFile, reason: str
) -> None:
    sent = upload(admin_client, file)
    previewed = admin_client.get(preview(sent), {"after": 0})
    (shown,) = previewed.context["step"].files
    assert shown.reason == reason
