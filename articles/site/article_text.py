"""The text of an article as HTML, with links to the places and organizations that it names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.api.representations.base import JsonDict
from articles.models import Byline
from articles.reading.values import PART_OF, TITLES


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the body: a paragraph, a section heading or a caption."""

    kind: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article to read; `titles` are kicker, headline and subtitle."""

    titles: dict[str, SafeString]
    lines: list[TextLine]
    credits: list[tuple[str, list[JsonDict]]]


def article_text(article: JsonDict) -> ArticleText:
    """The text of an article of the API."""
    titles: dict[str, SafeString] = {
        part: _with_links(article[part], 0, _mentions_in(article, part)) for part in TITLES
    }
    return ArticleText(titles, list(_lines(article)), _credits(article))


def _lines(article: JsonDict) -> Iterator[TextLine]:
    """The lines of the body, with the kinds of the printed lines of the same words."""
    blocks = article["blocks"]
    kinds = {block["text"]: block["kind"] for block in blocks if PART_OF.get(block["kind"]) == "body"}
    mentions, start = _mentions_in(article, "body"), 0
    for line in article["body"].split("\n"):
        if line.strip():
            yield TextLine(kinds.get(line, "paragraph"), _with_links(line, start, mentions))
        start += len(line) + 1


def _mentions_in(article: JsonDict, part: str) -> list[JsonDict]:
    """The mentions of a part that have a record, in order, each before those inside it."""
    found = [one for one in article["mentions"] if one["part"] == part and one["record"]]
    return sorted(found, key=lambda one: (one["start"], -one["end"]))


def _with_links(text: str, start: int, mentions: Sequence[JsonDict]) -> SafeString:
    """A piece of a part that begins at offset `start`; of mentions inside one another the longest is linked."""
    pieces: list[tuple[Any]] = []
    at = 0
    for mention in mentions:
        first, last = mention["start"] - start, mention["end"] - start
        if first < at or text[first:last] != mention["surface"]:
            continue
        kind, record = mention["kind"], mention["record"]
        url = reverse(f"site:{kind}", args=[record["id"]])
        link = format_html('<a class="{}" href="{}">{}</a>', kind, url, mention["surface"])
        pieces += [(text[at:first],), (link,)]
        at = last
    return format_html_join("", "{}", [*pieces, (text[at:],)])


def _credits(article: JsonDict) -> list[tuple[str, list[JsonDict]]]:
    """The credited reporters by their role, in printed order."""
    roles: dict[str, list[JsonDict]] = {}
    for credit in article["bylines"]:
        roles.setdefault(credit["role"], []).append(credit["reporter"])
    return [(str(Byline.Role(role).label), reporters) for role, reporters in roles.items()]
