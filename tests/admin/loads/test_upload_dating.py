"""What an editor decides of pages in the preview of an upload: of one file, of all, and what becomes of it."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles.admin.loads.upload_preview import FilePreview
from articles.models import Article, Page, Upload, UploadedFile
from tests.factories import make_client_of
from tests.support.loading import PAGE

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
UNDATED = PAGE.partition("\n\n")[2]
DAY = dt.date(2023, 9, 15)


@pytest.fixture
def editor() -> Client:
    return make_client_of("editor", language="en")


@pytest.fixture
def upload(editor: Client) -> Upload:
    pages = {"20230914-03.txt": UNDATED, "a.txt": UNDATED.replace("昨天", "前天"), "b.txt": PAGE, "c.txt": ""}
    sent = [SimpleUploadedFile(name, text.encode()) for name, text in pages.items()]
    editor.post("/admin/articles/load/upload/", {"pages": sent, "status": "draft"})
    return Upload.objects.get()


def previewed(editor: Client, upload: Upload) -> tuple[list[FilePreview], str]:
    """The files of the preview and their HTML, from as many steps as this machine needs."""
    files: list[FilePreview] = []
    html = ""
    after: int | None = 0
    while after is not None:
        answer = editor.get(
            reverse("admin:articles_load_preview", args=[upload.pk]), {"after": after}, headers=HTMX
        )
        step = answer.context["step"]
        files, html, after = [*files, *step.files], html + answer.content.decode(), step.after
    return files, html


def decide(editor: Client, upload: Upload, name: str, whose: str = "file", **values: str) -> Any:
    """Send the form of a file with other values, as a browser does: with those that it shows."""
    file = UploadedFile.objects.get(name=name)
    (shown,) = [one for one in previewed(editor, upload)[0] if one.file == file]
    sent = {field.html_name: field.value() or "" for field in shown.form}
    sent |= {f"file{file.pk}-{field}": value for field, value in values.items()}
    url = reverse("admin:articles_load_decide", args=[upload.pk, file.pk])
    return editor.post(url, {**sent, "for": whose}, headers=HTMX)


def load(editor: Client, upload: Upload) -> dict[str, tuple[Any, ...]]:
    """Load the upload; by file the date of its page, from where it is known, its number and its paper."""
    while upload.waiting().filter(reason="").exists() and (
        upload.load is None or not upload.load.finished_at
    ):
        editor.post(reverse("admin:articles_load_start", args=[upload.pk]))
        upload = Upload.objects.get(pk=upload.pk)
    rows = Page.objects.values_list(
        "files__path", "issue_date", "issue_date_source", "page_number", "publication"
    )
    return {path.removeprefix("upload/"): tuple(rest) for path, *rest in rows}


def test_preview_says_from_where_a_date_is_known(editor: Client, upload: Upload) -> None:
    html = previewed(editor, upload)[1]
    assert all(shown in html for shown in ("2023-09-14 · 3", "file name", "page header"))


def test_what_is_decided_of_one_file_is_loaded_with_it_alone(editor: Client, upload: Upload) -> None:
    answer = decide(
        editor, upload, "a.txt", issue_date="2023年9月15日", page_number="8", publication="沂河晚报"
    )
    assert "2023-09-15 · 8" in answer.content.decode()
    assert load(editor, upload) == {
        "20230914-03.txt": (dt.date(2023, 9, 14), "file_name", "3", ""),
        "a.txt": (DAY, "editor", "8", "沂河晚报"),
        "b.txt": (dt.date(2023, 9, 14), "header", "6", "沂河晚报"),
    }
    assert set(Article.objects.filter(page__page_number="8").values_list("issue_date", flat=True)) == {DAY}


def test_paper_and_date_are_decided_for_all_files(editor: Client, upload: Upload) -> None:
    answer = decide(editor, upload, "a.txt", "all", issue_date="2023-09-15", page_number="8")
    assert answer.headers["HX-Redirect"] == reverse("admin:articles_load_preview", args=[upload.pk])
    assert load(editor, upload) == {
        "20230914-03.txt": (DAY, "editor", "3", ""),
        "a.txt": (DAY, "editor", "", ""),
        "b.txt": (DAY, "editor", "6", "沂河晚报"),
    }


def test_date_that_is_taken_away_is_not_read_again(editor: Client, upload: Upload) -> None:
    decide(editor, upload, "b.txt", issue_date="")
    assert load(editor, upload)["b.txt"][:2] == (None, "editor")


def test_refused_date_is_said_at_its_file_and_nothing_is_stored(editor: Client, upload: Upload) -> None:
    html = decide(editor, upload, "a.txt", issue_date="the day before").content.decode()
    assert "Enter a valid date." in html
    assert 'value="the day before"' in html
    assert not UploadedFile.objects.filter(decided__isnull=False).exists()


def test_reporter_may_not_decide(upload: Upload) -> None:
    file = upload.files.first()
    assert file
    url = reverse("admin:articles_load_decide", args=[upload.pk, file.pk])
    assert make_client_of("reporter", name="bert").post(url, {"for": "file"}).status_code == 403
