"""Which language a page is shown in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]


def chosen_language(get_response: GetResponse) -> GetResponse:
    """Show the language that the visitor chose (the cookie of `set_language`), else `LANGUAGE_CODE`.

    Django's LocaleMiddleware would ask the browser too, and a Chinese newsroom's browsers often say en-US.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(_language_of(request)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ("Cookie",))
        return response

    return middleware


def _language_of(request: HttpRequest) -> str:
    if request.path.startswith("/api/"):
        return "en"  # read by programs and by whoever writes them; one answer for all, so that caches can keep it
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
