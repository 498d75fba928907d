"""The actions on a load: load its rejected files again, and purge what it created."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.loading.purge import PurgePreview, preview_purge, purge
from articles.loading.sources.object_storage import StorageUnavailable
from articles.loading.upload_loading import load_some, retry_on_server, retryable
from articles.models import Load

from .rejection_texts import tally_text
from .upload_views import PATIENCE, for_loaders

_log = logging.getLogger(__name__)

# Articles and reporters that the preview of a purge lists.
_MOST_LISTED = 20


def load_action_urls() -> list[Any]:
    """The routes below a load."""
    purging = admin.site.admin_view(require_http_methods(["GET", "POST"])(_purge_view))
    return [
        path("<int:pk>/retry/", for_loaders(require_POST(_retry_view)), name="articles_load_retry"),
        path("<int:pk>/purge/", purging, name="articles_load_purge"),
    ]


def _retry_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Load the rejected files again: uploads from their stored bytes, files of the server from their paths."""
    load = get_object_or_404(Load, pk=pk)
    rows, upload = retryable(load)
    try:
        if upload:
            again = upload.begin(request.user, again_after=load)
            load_some(upload, again, PATIENCE)
            again.refresh_from_db()
        elif rows:
            again = retry_on_server(rows, load, request.user, PATIENCE)
        else:
            messages.info(request, _("This load has no rejected files to try again."))
            return _redirect_to(load)
    except StorageUnavailable as error:
        return _failed(request, load, str(error))
    except DatabaseError as error:
        _log.warning("load %s could not be tried again: %s", load.pk, error)
        failure = _("The database reported an error. What is loaded stays; try again in a minute.")
        return _failed(request, load, failure)
    messages.success(request, _("Tried again: %(tally)s.") % {"tally": tally_text(again.tally, "files")})
    return _redirect_to(again)


def _purge_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a purge would delete and leave; a POST purges."""
    if not request.user.has_perm("articles.delete_load"):
        raise PermissionDenied
    load = get_object_or_404(Load, pk=pk)
    if request.method == "POST":
        return _purge(request, load)
    going = preview_purge(load)
    context = {
        "load": load,
        "title": _("Purge this load?"),
        "counts": {name: getattr(going, name).count() for name in PurgePreview._fields},
        "articles": going.articles.only("headline")[:_MOST_LISTED],
        "remaining": going.remaining.only("headline")[:_MOST_LISTED],
        "reporters": going.reporters[:_MOST_LISTED],
        **admin.site.each_context(request),
    }
    return TemplateResponse(request, "admin/loads/purge.html", context)


def _purge(request: HttpRequest, load: Load) -> HttpResponse:
    try:
        counts = purge(load)
    except DatabaseError as error:
        _log.warning("load %s could not be purged: %s", load.pk, error)
        failure = _("The database reported an error, and nothing was deleted. Try again in a minute.")
        return _failed(request, load, failure)
    said = _(
        "Deleted articles: %(articles)s, pages: %(pages)s, reporters: %(reporters)s. Articles left: %(remaining)s."
    )
    messages.success(request, said % {name: counts[name] for name in PurgePreview._fields})
    return _redirect_to(load)


def _failed(request: HttpRequest, load: Load, message: str) -> HttpResponse:
    messages.error(request, message)
    return _redirect_to(load)


def _redirect_to(load: Load) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_load_change", args=[load.pk]))
