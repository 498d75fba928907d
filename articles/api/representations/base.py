"""What the standards have in common: addresses, dates, credits, and how a document is written down."""

from __future__ import annotations

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.utils.urls import remove_query_param

from articles.api.query import pagination

JsonDict = dict[str, Any]
# What a renderer knows of the request (the renderer_context of Django REST framework).
RendererContext = Mapping[str, Any]

# Articles are in Simplified or Traditional Chinese, which nothing of an article tells apart (BCP 47).
LANGUAGE = "zh"


class TextRenderer(BaseRenderer, ABC):
    """Writes answers in another form than JSON; an error stays JSON, as no standard here has a form for one."""

    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: RendererContext | None = None,
    ) -> bytes:
        if data is None:
            return b""
        context = renderer_context or {}
        if is_error(context):
            # Django REST framework has named the form's media type by now.
            context["response"]["Content-Type"] = JSONRenderer.media_type
            return dump_json(data).encode()
        return self.written(data, context).encode()

    @abstractmethod
    def written(self, data: Any, context: RendererContext) -> str:
        """An answer that tells no error, in this form."""


class JsonDocumentRenderer(TextRenderer):
    """Writes a document of a standard that is JSON; a list answer and a single record each have their form."""

    # Characters that are written as escapes, which mean the same to every reader of JSON.
    escapes: ClassVar[dict[int, str]] = {}

    def written(self, data: Any, context: RendererContext) -> str:
        document = self.list_document(data, context) if is_list(data) else self.document(data, context)
        return dump_json(document).translate(self.escapes)

    @abstractmethod
    def document(self, record: JsonDict, context: RendererContext) -> JsonDict:
        """A single record."""

    @abstractmethod
    def list_document(self, answer: JsonDict, context: RendererContext) -> JsonDict:
        """A page of a list, with its `results` and links."""


def is_list(data: JsonDict) -> bool:
    """Whether an answer is a page of a list."""
    return "results" in data


def is_error(context: RendererContext) -> bool:
    """Whether the answer tells what went wrong, and is no record."""
    response = context.get("response")
    return response is not None and (response.exception or response.status_code >= 400)


def dump_json(value: Any) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, allow_nan=False)


def without_empty(properties: JsonDict) -> JsonDict:
    """The properties that say something: none that is null or empty."""
    return {name: value for name, value in properties.items() if value not in (None, "", [], {})}


def canonical_url(record: JsonDict) -> str:
    """The address of a record without the `?format=` that DRF's `reverse` repeats in it.

    >>> canonical_url({"url": "https://news.example/api/v1/articles/7/?format=atom"})
    'https://news.example/api/v1/articles/7/'
    """
    return remove_query_param(record["url"], "format")


def request_url(context: RendererContext) -> str:
    """The address that was asked for."""
    request = context.get("request")
    return request.build_absolute_uri() if request else ""


def list_url(context: RendererContext) -> str:
    """The address of the list that the answer is a page of."""
    url = request_url(context)
    for name in sorted(pagination.PARAMETERS):
        url = remove_query_param(url, name)
    return url


# --- Dates and credits --------------------------------------------------------------------------------


def issue_time(issue_date: str | dt.date | None) -> dt.datetime | None:
    """The beginning of the day of an issue where the paper is printed, for standards that take no bare date.

    >>> issue_time("2024-07-30").isoformat()
    '2024-07-30T00:00:00+08:00'
    """
    if not issue_date:
        return None
    day = dt.date.fromisoformat(issue_date) if isinstance(issue_date, str) else issue_date
    midnight = dt.datetime.combine(day, dt.time.min)
    offset = timezone.get_default_timezone().utcoffset(midnight) or dt.timedelta()
    # Before 1901 Shanghai was 8:05:43 ahead, and RFC 3339 has no seconds in an offset.
    minutes = round(offset.total_seconds() / 60)
    return midnight.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))


def parse_time(value: str | dt.datetime) -> dt.datetime:
    """The time that an answer names: serializers write it as text, unless they are told to leave it."""
    return dt.datetime.fromisoformat(value) if isinstance(value, str) else value


def credited_reporters(credits: Iterable[JsonDict]) -> Iterator[JsonDict]:
    """Each reporter of some credits once, in the order of print."""
    seen = set()
    for credit in credits:
        reporter = credit["reporter"]
        if reporter["id"] not in seen:
            seen.add(reporter["id"])
            yield reporter
