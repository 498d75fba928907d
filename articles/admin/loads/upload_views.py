"""Uploading page files, seeing what would come of them, and loading them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
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
from articles.models import LoadFile, Upload
from articles.models.upload import KEPT_DAYS
from articles.reading.gazetteer.divisions import load_gazetteer

from .upload_forms import MOST_BYTES, MOST_FILES, BoundedUploadHandler, UploadForm, refusal
from .upload_loading import PATIENCE, STEP, LoadProgress, load_some, progress
from .upload_preview import preview_some

_log = logging.getLogger(__name__)

_COUNTED = (*LoadFile.Outcome.values, "articles")
View = Callable[..., HttpResponse]


def may_load(request: HttpRequest) -> bool:
    return request.user.has_perm("articles.add_load")


def for_loaders(view: View) -> View:
    """A view of the admin for whoever may load."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_load(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(checked)


def upload_urls() -> list[Any]:
    """Below the list of loads."""
    return [
        path("upload/", upload_view, name="articles_load_upload"),
        path("upload/<int:pk>/", for_loaders(require_GET(upload_preview_view)), name="articles_load_preview"),
        path(
            "upload/<int:pk>/load/", for_loaders(require_POST(upload_load_view)), name="articles_load_start"
        ),
    ]


@csrf_exempt
def upload_view(request: HttpRequest) -> HttpResponse:
    """The form to send files with; how they are taken is settled before anything, the token too, is read of them."""
    if request.method != "POST":
        return for_loaders(_form)(request)
    handler = BoundedUploadHandler(request)
    request.upload_handlers = [handler]
    try:
        request.POST  # noqa: B018 - reads what was sent
    except TooManyFilesSent:
        return _refused(request, "too_many_files")
    except MultiPartParserError:
        return _refused(request, "damaged")
    return _refused(request, "too_much") if handler.is_over else for_loaders(_form)(request)


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    """The form again, with why nothing was taken; nothing is done, so that no token is asked for."""

    def view(request: HttpRequest) -> HttpResponse:
        form = UploadForm(user=request.user)
        return _shown(request, form, error=refusal(reason), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    checked: View = for_loaders(csrf_exempt(view))
    return csrf_exempt(checked)(request)


def _form(request: HttpRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = (
        UploadForm(request.POST, request.FILES, user=request.user)
        if is_sent
        else UploadForm(user=request.user)
    )
    if not (is_sent and form.is_valid()):
        return _shown(request, form)
    try:
        upload = form.save()
    except DatabaseError as error:
        _log.warning("an upload could not be kept: %s", error)
        return _shown(request, form, error=_("The database refused: try again in a minute."))
    return HttpResponseRedirect(reverse("admin:articles_load_preview", args=[upload.pk]))


def _shown(
    request: HttpRequest, form: UploadForm, *, error: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    waiting = Upload.objects.filter(load=None).select_related("by")[:10]
    context = {
        "title": _("Upload pages"),
        "form": form,
        "error": error,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // 1024**2,
        "kept_days": KEPT_DAYS,
        "waiting": waiting,
        **admin.site.each_context(request),
    }
    return TemplateResponse(request, "admin/loads/upload.html", context, status=status)


def upload_preview_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of the files of an upload: the page, and with `after` some files of it."""
    upload = get_object_or_404(Upload.objects.select_related("load", "by"), pk=pk)
    if upload.load and upload.load.finished_at:
        return HttpResponseRedirect(reverse("admin:articles_load_change", args=[upload.load.pk]))
    context: dict[str, Any] = {
        "upload": upload,
        "progress": progress(upload),
        "home": load_gazetteer().by_code(upload.home_code) if upload.home_code else None,
        "step": None,
        "kept_days": KEPT_DAYS,
        "title": _("What would come of the upload"),
    }
    if "after" in request.GET:
        tally = Counter({name: _number(request, name) for name in _COUNTED})
        step = preview_some(upload, _number(request, "after"), tally)
        counts = {name: tally[name] for name in _COUNTED}
        context |= {"step": step, "counts": counts, "next": urlencode({"after": step.after or 0, **counts})}
    if getattr(request, "htmx", False):
        return TemplateResponse(request, "admin/loads/preview_step.html", context)
    return TemplateResponse(
        request, "admin/loads/upload_preview.html", context | admin.site.each_context(request)
    )


def upload_load_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Load some files of an upload, and go on until all are; a database that fails is told in a line."""
    upload = get_object_or_404(Upload.objects.select_related("load"), pk=pk)
    is_step = bool(getattr(request, "htmx", False))
    try:
        now = load_some(upload, upload.begin(request.user), STEP if is_step else PATIENCE)
    except DatabaseError as error:
        _log.warning("upload %s could not be loaded on: %s", upload.pk, error)
        failure = _("The database refused: what is loaded stays; go on in a minute.")
        return _stopped(request, upload, failure)
    if now.is_over:
        return _over(request, upload, is_step=is_step)
    if is_step:
        return _bar(request, upload, now)
    said = _("Loaded %(done)s of %(total)s files: go on for the rest.")
    messages.info(request, said % {"done": now.done, "total": now.total})
    return HttpResponseRedirect(reverse("admin:articles_load_preview", args=[upload.pk]))


def _over(request: HttpRequest, upload: Upload, *, is_step: bool) -> HttpResponse:
    url = reverse("admin:articles_load_change", args=[upload.load and upload.load.pk])
    messages.success(request, _("The files are loaded."))
    return HttpResponse(headers={"HX-Redirect": url}) if is_step else HttpResponseRedirect(url)


def _bar(request: HttpRequest, upload: Upload, now: LoadProgress, failure: str = "") -> HttpResponse:
    context = {"upload": upload, "progress": now, "failure": failure, "is_going": not failure}
    return TemplateResponse(request, "admin/loads/load_form.html", context)


def _stopped(request: HttpRequest, upload: Upload, failure: str) -> HttpResponse:
    upload.refresh_from_db()
    if getattr(request, "htmx", False):
        return _bar(request, upload, progress(upload), failure)
    messages.error(request, failure)
    return HttpResponseRedirect(reverse("admin:articles_load_preview", args=[upload.pk]))


def _number(request: HttpRequest, name: str) -> int:
    """A number of the address; 0 for what is none, as only the address bar can have made it."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """The uploads of the last days, for whoever may load."""

    list_display = ["__str__", "by", "publication", "issue_date", "load"]
    list_select_related = ["by", "load"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_load(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_load(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What would come of it is all that there is to see of an upload."""
        del form_url, extra_context
        return for_loaders(upload_preview_view)(request, int(object_id))
