"""Whole answers, kept for as long as nothing at all is written to the database.

An answer says itself whether it is one for everybody: it is `public`, and depends on its address, the Accept header,
and on who asks. Whoever shows neither a token nor a cookie is nobody in particular, so that one answer is right for
all of them, and neither the session nor the view has to be asked again. They are counted by the throttle as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date

from . import query_cache
from .throttles import is_allowed

_RESOURCES = "/api/v1/"  # what stands beside them is the same without asking the database
_AROUND = 2_000  # bytes that an answer takes besides its content


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, but for what the middleware above adds."""

    content: bytes
    headers: dict[str, str]

    def to(self, request: HttpRequest) -> HttpResponse:
        """The answer again, or 304 if the client has it."""
        response = HttpResponse(self.content, headers=self.headers)
        told = self.headers.get("Last-Modified")
        modified = parse_http_date(told) if told else None
        found: HttpResponse | None = get_conditional_response(
            request, self.headers["ETag"], modified, response
        )
        return found or response


def kept_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer nobody in particular what was answered before, if nothing was written since."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answers = query_cache.answers() if is_anybodys(request) else None
        if answers is None:
            return get_response(request)
        question = (
            request.scheme,
            request.get_host(),
            request.path,
            request.META.get("QUERY_STRING", ""),
            request.headers.get("Accept"),
        )
        answer = answers.get(question)
        # One that asks too often is refused by the view, in its own words.
        if isinstance(answer, Answer) and is_allowed(request):
            return answer.to(request)
        response = get_response(request)
        if not answer and _is_for_everybody(response):
            content = response.content
            answers.put(question, Answer(content, dict(response.items())), len(content) + _AROUND)
        return response

    return middleware


def is_anybodys(request: HttpRequest) -> bool:
    """Whether a request asks the API for something, and does not say who asks."""
    is_somebodys = "HTTP_AUTHORIZATION" in request.META or request.META.get("HTTP_COOKIE")
    return request.method == "GET" and not is_somebodys and request.path.startswith(_RESOURCES)


def _is_for_everybody(response: HttpResponse) -> bool:
    is_whole = response.status_code == 200 and not response.streaming and not response.cookies
    is_public = str(response.get("Cache-Control", "")).startswith("public")
    return is_whole and is_public and "ETag" in response
