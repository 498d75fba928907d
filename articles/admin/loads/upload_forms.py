"""The upload form: bounds on the files and zips that are sent, and what the sender states of the pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import count
from typing import IO, Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as BrowserFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from articles.loading.sources.files import (
    PAGE_SUFFIXES,
    ReceivedFile,
    escape_name,
    rejected_as_too_large,
    size_limit,
)
from articles.loading.sources.zip_archives import (
    ARCHIVE_SUFFIX,
    UnpackBudget,
    check_page_name,
    is_system_file,
    unpack_archive,
)
from articles.loading.upload_loading import received_pages
from articles.models import Article, Upload, UploadedFile
from articles.reading.formats.page_json import page_to_json
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.values import Rejected

from .rejection_texts import reason_advice, reason_label

# Bounds of one upload, both as sent and as unpacked.
MOST_FILES = 500
MOST_BYTES = 32 * 1024 * 1024

_NAME_LENGTH = 200


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to temporary files; stops at `MOST_BYTES` and sets `is_over`."""

    is_over = False
    _received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > MOST_BYTES:
            self.is_over = True
            # Read the rest and drop it: browsers show no answer until they have sent everything.
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


class _SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _SeveralFiles(forms.FileField):
    """A field for several files."""

    widget = _SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        single = super().clean
        return [single(file, initial) for file in data] if data else [single(None, initial)]


class UploadForm(forms.ModelForm):  # type: ignore[type-arg] # takes arguments for the type checker only
    pages = _SeveralFiles(label=_("files"), allow_empty_file=True, max_length=1_000)

    class Meta:
        model = Upload
        fields = ["publication", "issue_date", "home_code", "status"]
        widgets = {"issue_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "publication": _("Leave empty to use the page's header."),
            "issue_date": _("Leave empty to use the page's header."),
            "home_code": _("Code of the division that “our city” means on these pages, such as 140800."),
        }

    field_order = ["pages", "publication", "issue_date", "home_code", "status"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["pages"].widget.attrs["accept"] = ",".join((*PAGE_SUFFIXES, ARCHIVE_SUFFIX))
        self.fields["publication"].widget.attrs["placeholder"] = settings.NEWSROOM_PUBLICATION
        self.fields["home_code"].widget.attrs["placeholder"] = settings.NEWSROOM_HOME
        self.fields["status"] = forms.ChoiceField(
            label=_("status of the articles"), choices=_statuses(user), initial=settings.NEWSROOM_LOAD_STATUS
        )

    def clean_publication(self) -> str:
        publication: str = self.cleaned_data["publication"]
        if not publication.isprintable():
            raise forms.ValidationError(_("The name of a paper is one line without invisible characters."))
        return publication

    def clean_home_code(self) -> str:
        code: str = self.cleaned_data["home_code"]
        if code and load_gazetteer().by_code(code) is None:
            message = _("The official list has no code %(code)s.")
            raise forms.ValidationError(message, params={"code": code})
        return code

    def clean_pages(self) -> list[ReceivedFile]:
        try:
            return list(_received(self.cleaned_data["pages"], _room()))
        except Rejected as rejected:
            raise forms.ValidationError(refusal(rejected.reason)) from rejected

    def save(self, commit: bool = True) -> Upload:
        """Store the upload with its files, and delete outdated uploads."""
        upload: Upload = super().save(commit=False)
        upload.by = self.user
        with transaction.atomic():
            Upload.objects.outdated().delete()
            upload.save()
            UploadedFile.objects.bulk_create(
                (_row(upload, sent) for sent in self.cleaned_data["pages"]), batch_size=20
            )
        return upload


def _room() -> UnpackBudget:
    """The files and bytes that one upload may have."""
    return UnpackBudget(MOST_FILES, MOST_BYTES, settings.NEWSROOM_MAX_PAGE_BYTES)


def refusal(reason: str) -> str:
    """The message of an upload that was refused as a whole."""
    bounds = _("An upload may have up to %(files)s files and %(size)s MB.") % {
        "files": MOST_FILES,
        "size": MOST_BYTES // 1024**2,
    }
    shown = f" {bounds}" if reason in {"too_many_files", "too_much"} else ""
    return f"{reason_label(reason)}: {reason_advice(reason)}{shown}"


def _statuses(user: Any) -> list[tuple[str, Any]]:
    """The statuses to load articles with: the default, draft and, for users who may publish, published."""
    may = {settings.NEWSROOM_LOAD_STATUS, Article.Status.DRAFT}
    if user.has_perm("articles.publish_article"):
        may.add(Article.Status.PUBLISHED)
    return [choice for choice in Article.Status.choices if choice[0] in may]


def _received(chosen: Iterable[BrowserFile[Any]], left: UnpackBudget) -> Iterator[ReceivedFile]:
    """The chosen files and those in chosen zips; of several files with one name, only the first is taken."""
    names: set[str] = set()
    for file in chosen:
        for sent in (page for whole in _opened(file, left) for page in received_pages(whole, left)):
            if sent.name in names:
                refused = Rejected("duplicate_name", "another file of this upload has the name; rename one")
                sent = ReceivedFile(_numbered(sent.name, names), refused=refused)  # noqa: PLW2901
            names.add(sent.name)
            yield sent


def _opened(file: BrowserFile[Any], left: UnpackBudget) -> Iterator[ReceivedFile]:
    name = file.name or ""
    if name.lower().endswith(ARCHIVE_SUFFIX):
        yield from unpack_archive(cast(IO[bytes], file.file), left)
    elif not is_system_file(name):
        left.take_file()
        try:
            check_page_name(name)
            each = size_limit(name, left.each)
            if (file.size or 0) > each:
                raise rejected_as_too_large(file.size or 0, each)
        except Rejected as rejected:
            yield ReceivedFile(escape_name(name)[:_NAME_LENGTH], refused=rejected)
        else:
            data = file.read(each)
            left.take(len(data))
            yield ReceivedFile(name, data)


def _numbered(name: str, taken: set[str]) -> str:
    """The name with the first free number, for its own row in the ledger."""
    return next(free for number in count(2) if (free := f"{name} ({number})") not in taken)


def _row(upload: Upload, sent: ReceivedFile) -> UploadedFile:
    refused = sent.refused
    return UploadedFile(
        upload=upload,
        name=sent.name,
        data=json.dumps(page_to_json(sent.page)).encode() if sent.page else sent.data,
        sha256="" if refused else sent.page.sha256 if sent.page else hashlib.sha256(sent.data).hexdigest(),
        reason=refused.reason if refused else "",
        detail=refused.detail if refused else "",
    )
