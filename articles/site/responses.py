"""What all pages of the site have in common: frame, limits, conditional requests, and pages of errors."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from articles.api.http.conditional_requests import answer_conditionally, set_cache_headers
from articles.api.http.throttles import is_allowed

from .api_answers import MergedRecordError

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Make a view of the site: limited as the API is, the same for everybody, with an ETag, and cached as the API's."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not is_allowed(request):
            return _error(request, HTTPStatus.TOO_MANY_REQUESTS)
        try:
            response = view(request, **arguments)
        except Http404:
            response = _error(request, HTTPStatus.NOT_FOUND)
        except MergedRecordError as error:
            response = _redirect_to(request, error.target)
        public = Request(request)
        set_cache_headers(public, response)
        return answer_conditionally(public, response, None) if response.status_code == 200 else response

    return page


def render_site_page(
    request: HttpRequest, template: str, status_code: int = 200, **context: Any
) -> HttpResponse:
    """A page in the frame of the site."""
    return render(request, template, {**_frame(request), **context}, status=status_code)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """The languages of a page with its address in each, and its canonical address."""
    match, query = request.resolver_match, request.META.get("QUERY_STRING", "")
    languages = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            path = reverse("site:front")
            if match and match.namespace == "site":
                path = reverse(match.view_name, kwargs=match.kwargs)
        url = request.build_absolute_uri(f"{path}?{query}" if query else path)
        languages.append({"code": code, "name": name, "url": url})
    return {"languages": languages, "canonical": "" if query else request.build_absolute_uri()}


def _redirect_to(request: HttpRequest, target: str) -> HttpResponse:
    """Lead to the record that another one was merged into; for now, as a merge can be undone."""
    match: Any = request.resolver_match
    response: HttpResponse = redirect(match.view_name, **{**match.kwargs, "pk": target})
    return response


def _error(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        text = _("There were too many requests from your address: wait a minute and reload this page.")
        response = render_site_page(
            request, "site/error.html", status, title=_("Too many requests"), text=text
        )
        response["Retry-After"] = "60"
        return response
    text = _("There is nothing at this address, or it is no longer public.")
    return render_site_page(request, "site/error.html", status, title=_("Not found"), text=text)
