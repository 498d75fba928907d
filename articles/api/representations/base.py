"""Base classes of the renderers, and the addresses, dates and credits that several standards need."""

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
# The `renderer_context` of Django REST framework.
RendererContext = Mapping[str, Any]

# BCP 47. Articles are in Simplified or Traditional Chinese, and no field says which.
LANGUAGE = "zh"


class TextRenderer(BaseRenderer, ABC):
    """Renders responses as text of some format; errors stay JSON, as none of the standards has them."""

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
        if _is_error(context):
            # Django REST framework has set the media type of this renderer already.
            context["response"]["Content-Type"] = JSONRenderer.media_type
            return dump_json(data).encode()
        return self.written(data, context).encode()

    @abstractmethod
    def written(self, data: Any, context: RendererContext) -> str:
        """The text of a response that is not an error."""


class JsonDocumentRenderer(TextRenderer):
    """Renders documents of a standard that uses JSON: one for a single record, one for a page of a list."""

    # Characters that are written as JSON escapes.
    escapes: ClassVar[dict[int, str]] = {}

    def written(self, data: Any, context: RendererContext) -> str:
        document = self.list_document(data, context) if is_list(data) else self.document(data, context)
        return dump_json(document).translate(self.escapes)

    @abstractmethod
    def document(self, record: JsonDict, context: RendererContext) -> JsonDict:
        """The document of a single record."""

    @abstractmethod
    def list_document(self, answer: JsonDict, context: RendererContext) -> JsonDict:
        """The document of a page of a list, from its `results` and links."""


def is_list(data: JsonDict) -> bool:
    """Whether the data of a response is a page of a list."""
    return "results" in data


def _is_error(context: RendererContext) -> bool:
    """Whether the response is an error."""
    response = context.get("response")
    return response is not None and (response.exception or response.status_code >= 400)


def dump_json(value: Any) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, allow_nan=False)


def without_empty(properties: JsonDict) -> JsonDict:
    """The properties that are neither null nor empty."""
    return {name: value for name, value in properties.items() if value not in (None, "", [], {})}


def canonical_url(record: JsonDict) -> str:
    """The address of a record without the `?format=` that DRF's `reverse` repeats in it.

    >>> canonical_url({"url": "https://news.example/api/v1/articles/7/?format=atom"})
    'https://news.example/api/v1/articles/7/'
    """
    return remove_query_param(record["url"], "format")


def request_url(context: RendererContext) -> str:
    """The address of the request."""
    request = context.get("request")
    return request.build_absolute_uri() if request else ""


def list_url(context: RendererContext) -> str:
    """The address of the whole list, without the parameters of a page."""
    url = request_url(context)
    for name in sorted(pagination.PARAMETERS):
        url = remove_query_param(url, name)
    return url


# --- Dates and credits --------------------------------------------------------------------------------


def issue_time(issue_date: str | dt.date | None) -> dt.datetime | None:
    """Midnight of an issue's day in the paper's time zone, for standards that need a time.

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
    """A time that a serializer gives as text or leaves as it is."""
    return dt.datetime.fromisoformat(value) if isinstance(value, str) else value


def credited_reporters(credits: Iterable[JsonDict]) -> Iterator[JsonDict]:
    """The reporters of some credits, each once, in printed order."""
    yielded = set()
    for credit in credits:
        reporter = credit["reporter"]
        if reporter["id"] not in yielded:
            yielded.add(reporter["id"])
            yield reporter
