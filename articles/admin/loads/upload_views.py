"""The pages that take an upload, preview what would become of its files, and load them step by step."""

import logging
from collections import Counter
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, TooManyFilesSent
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from articles.admin.display import ReadOnlyAdmin
from articles.admin.review.page_dating import ImprintForm
from articles.loading.imprint import Imprint
from articles.loading.upload_loading import (
    LoadProgress,
    decide_of_all,
    decide_of_file,
    load_progress,
    load_some,
)
from articles.models import LoadFile, Upload, UploadedFile
from articles.models.fields import is_id
from articles.models.upload import UPLOAD_DAYS
from articles.reading.gazetteer.divisions import load_gazetteer

from .upload_forms import MOST_BYTES, MOST_FILES, BoundedUploadHandler, UploadForm, refusal
from .upload_preview import STEP, FilePreview, preview_some

_log = logging.getLogger(__name__)

# Seconds of work before a request answers that no other one follows; with the dearest page (articles/reading/formats
# /page_size.py) after them it ends long before a server ends its worker, after thirty seconds.
PATIENCE = 5.0
_COUNTED = (*LoadFile.Outcome.values, "articles")
_View = Callable[..., HttpResponse]


def may_load(request: HttpRequest) -> bool:
    return request.user.has_perm("articles.add_load")


def for_loaders(view: _View) -> _View:
    """A view of the admin for users who may load."""

    @wraps(view)  # keeps `csrf_exempt`
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_load(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(checked)


def upload_urls() -> list[Any]:
    """The routes below the list of loads."""
    preview = for_loaders(require_GET(_upload_preview_view))
    load = for_loaders(require_POST(_upload_load_view))
    decide = for_loaders(require_POST(_decide_view))
    return [
        path("upload/", _upload_view, name="articles_load_upload"),
        path("upload/<int:pk>/", preview, name="articles_load_preview"),
        path("upload/<int:pk>/load/", load, name="articles_load_start"),
        path("upload/<int:pk>/file/<int:file>/", decide, name="articles_load_decide"),
    ]


@csrf_exempt
def _upload_view(request: HttpRequest) -> HttpResponse:
    """Show the upload form, and store what it sends.

    The upload handler must be set before anything of the body is read, even the CSRF token; so that is checked later,
    by `for_loaders`.
    """
    if request.method != "POST":
        return for_loaders(_upload_form)(request)
    handler = BoundedUploadHandler(request)
    request.upload_handlers = [handler]
    try:
        request.POST  # noqa: B018 - reads the body
    except TooManyFilesSent:
        return _refused(request, "too_many_files")
    except MultiPartParserError:
        return _refused(request, "damaged")
    return _refused(request, "too_much") if handler.is_over else for_loaders(_upload_form)(request)


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    """The form with the reason why nothing was taken; without a CSRF check, since the token was not read."""

    def view(request: HttpRequest) -> HttpResponse:
        form = UploadForm(user=request.user)
        return _render_form(request, form, error=refusal(reason), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    return for_loaders(csrf_exempt(view))(request)


def _upload_form(request: HttpRequest) -> HttpResponse:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*data, user=request.user)
    if not form.is_valid():
        return _render_form(request, form)
    try:
        upload = form.save()
    except DatabaseError as error:
        _log.warning("an upload could not be stored: %s", error)
        return _render_form(request, form, error=_("The database reported an error. Try again in a minute."))
    return HttpResponseRedirect(reverse("admin:articles_load_preview", args=[upload.pk]))


def _render_form(
    request: HttpRequest, form: UploadForm, *, error: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "title": _("Upload pages"),
        "form": form,
        "error": error,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // 1024**2,
        "days": UPLOAD_DAYS,
        "waiting": Upload.objects.filter(load=None).select_related("by")[:10],
        **admin.site.each_context(request),
    }
    return TemplateResponse(request, "admin/loads/upload.html", context, status=status)


def _upload_preview_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview the files of an upload: first the page, then with `after` some files at a time."""
    upload = get_object_or_404(Upload.objects.select_related("load", "by"), pk=pk)
    if upload.load and upload.load.finished_at:
        return HttpResponseRedirect(reverse("admin:articles_load_change", args=[upload.load.pk]))
    context: dict[str, Any] = {
        "upload": upload,
        "progress": load_progress(upload),
        "home": load_gazetteer().by_code(upload.home_code) if upload.home_code else None,
        "step": None,
        "title": _("Preview of the upload"),
    }
    if "after" in request.GET:
        tally = Counter({name: _number(request, name) for name in _COUNTED})
        step = preview_some(upload, _number(request, "after"), tally)
        counts = {name: tally[name] for name in _COUNTED}
        context |= {"step": step, "counts": counts, "next": urlencode({"after": step.after or 0, **counts})}
    if getattr(request, "htmx", False):
        return TemplateResponse(request, "admin/loads/preview_step.html", context)
    context |= admin.site.each_context(request)
    return TemplateResponse(request, "admin/loads/upload_preview.html", context)


def _decide_view(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Store what an editor decides of one page before it is loaded, or the paper and the date of all pages."""
    upload = get_object_or_404(Upload.objects.select_related("load"), pk=pk)
    row: UploadedFile = get_object_or_404(upload.waiting(), pk=file)
    shown = FilePreview.of(upload, row)
    form = ImprintForm.of(shown.plan.imprint or Imprint(), f"file{file}", request.POST)
    is_step = bool(getattr(request, "htmx", False))
    url = reverse("admin:articles_load_preview", args=[pk])
    context: dict[str, Any] = {"upload": upload, "file": shown, "is_open": True}
    if not form.is_valid():
        context["decided_form"] = form
        if not is_step:
            messages.error(
                request, " ".join(str(error) for errors in form.errors.values() for error in errors)
            )
    elif request.POST.get("for") == "all":
        decide_of_all(upload, {name: form.cleaned_data[name] for name in ("publication", "issue_date")})
        return HttpResponse(headers={"HX-Redirect": url}) if is_step else HttpResponseRedirect(url)
    else:
        decide_of_file(row, {name: form.cleaned_data[name] for name in form.changed_data})
        context["file"] = FilePreview.of(upload, row)
    if is_step:
        return TemplateResponse(request, "admin/loads/preview_file.html", context)
    return HttpResponseRedirect(url)


def _upload_load_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Load some files of an upload; the page asks again until all are loaded. A database error is shown in a line."""
    upload = get_object_or_404(Upload.objects.select_related("load"), pk=pk)
    is_step = bool(getattr(request, "htmx", False))
    try:
        now = load_some(upload, upload.begin(request.user), STEP if is_step else PATIENCE)
    except DatabaseError as error:
        _log.warning("upload %s could not be loaded further: %s", upload.pk, error)
        upload.refresh_from_db()
        failure = _("The database reported an error. What is loaded stays; continue in a minute.")
        if is_step:
            return _load_form(request, upload, load_progress(upload), failure)
        messages.error(request, failure)
        return HttpResponseRedirect(reverse("admin:articles_load_preview", args=[upload.pk]))
    if now.is_over:
        _report(request, upload)
        url = reverse("admin:articles_load_change", args=[upload.load and upload.load.pk])
        return HttpResponse(headers={"HX-Redirect": url}) if is_step else HttpResponseRedirect(url)
    if is_step:
        return _load_form(request, upload, now)
    said = _("Loaded %(done)s of %(total)s files. Continue to load the rest.")
    messages.info(request, said % {"done": now.done, "total": now.total})
    return HttpResponseRedirect(reverse("admin:articles_load_preview", args=[upload.pk]))


def _report(request: HttpRequest, upload: Upload) -> None:
    """Say how many files of an upload were loaded, and how many were rejected."""
    files = upload.load.files if upload.load else LoadFile.objects.none()
    rejected = files.filter(outcome=LoadFile.Outcome.REJECTED).count()
    loaded = files.count() - rejected
    messages.success(request, _("Files that are loaded: %(count)s.") % {"count": loaded})
    if rejected:
        text = _("Files that were rejected: %(count)s. The list below says why.")
        messages.warning(request, text % {"count": rejected})


def _load_form(request: HttpRequest, upload: Upload, now: LoadProgress, failure: str = "") -> HttpResponse:
    context = {"upload": upload, "progress": now, "failure": failure, "is_going": not failure}
    return TemplateResponse(request, "admin/loads/load_form.html", context)


def _number(request: HttpRequest, name: str) -> int:
    """A number in the address; 0 if it is not one."""
    text = request.GET.get(name, "")
    return int(text) if is_id(text) else 0


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """The uploads of the last days, for users who may load."""

    list_display = ["__str__", "by", "publication", "issue_date", "load"]
    list_select_related = ["by", "load"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_load(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_load(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the preview instead."""
        del form_url, extra_context
        return for_loaders(_upload_preview_view)(request, int(object_id))
