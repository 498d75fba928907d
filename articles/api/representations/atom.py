"""Renders lists of articles as Atom feeds."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from rest_framework.utils.urls import remove_query_param

from .base import (
    LANGUAGE,
    JsonDict,
    RendererContext,
    TextRenderer,
    canonical_url,
    credited_reporters,
    issue_time,
    list_url,
    parse_time,
    request_url,
)

_TITLE = "Newsroom"
# Of a feed without entries: a fixed time, so that its ETag stays the same.
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Characters that XML 1.0 (2.2, Char) does not allow, not even as an escape.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AtomRenderer(TextRenderer):
    """Renders a list of articles as a feed (RFC 4287) whose pages are linked (RFC 5005, 3)."""

    media_type = "application/atom+xml"
    format = "atom"

    def written(self, data: Any, context: RendererContext) -> str:
        feed = _Feed(
            title=_TITLE,
            link=remove_query_param(request_url(context), "format"),
            description=None,
            language=LANGUAGE,
            # For entries without an author of their own.
            author_name=_TITLE,
            feed_url=request_url(context),
            feed_guid=list_url(context),
            pages={name: data[name] for name in ("next", "previous") if data.get(name)},
        )
        for article in data["results"]:
            _add(feed, article)
        return feed.writeString("utf-8")


class _Feed(Atom1Feed):
    """A feed with links to the pages before and after it, whose entries may have several authors."""

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for relation, url in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": url})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")


def _add(feed: _Feed, article: JsonDict) -> None:
    names = [reporter["name"] for reporter in credited_reporters(article["bylines"])]
    authors = names or [article["publication"]]
    named = [*article["places"], *article["organizations"]]
    feed.add_item(
        title=_clean(article["headline"]),
        link=canonical_url(article),
        unique_id=canonical_url(article),
        description=_summary(article),  # type: ignore[arg-type] # None leaves it out
        pubdate=issue_time(article["issue_date"]),
        updateddate=parse_time(article["updated_at"]),
        categories=_names([article["section"], *(record["name"] for record in named)]),
        authors=_names(authors),
    )


def _names(names: Iterable[str]) -> list[str]:
    """Each name once, without empty ones, which are invalid (RFC 4287, 3.2.1 and 4.2.2.1)."""
    return [name for name in dict.fromkeys(map(_clean, names)) if name]


def _summary(article: JsonDict) -> str | None:
    """The highlights of a search, else kicker and subtitle, as HTML, which Django's feeds declare."""
    found = [highlight["fragment"] for highlight in article.get("highlights") or []]
    lines = found or [escape(line) for line in (article["kicker"], article["subtitle"]) if line]
    return _clean("<br>".join(lines)) or None


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
