"""Which language a page is shown in, and what is shown while the database is busy."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from articles.database_busy import is_busy

from .requests import GetResponse


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


class DatabaseBusyMiddleware:
    """Answers for a view that could not have the database in time: 503, and when to ask again."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # Imported when called: the API is read after the settings that name this class.
        from . import error_responses  # noqa: PLC0415

        return error_responses.database_busy_response(request, error) if is_busy(error) else None
