"""Tests that the validators of the standards accept valid documents and reject invalid ones."""

import copy
from typing import Any

import pytest

from tests.standards import atom, ninjs, schema_org, web_annotations

URL = "https://news.example/api/v1/articles/7/"

NINJS: dict[str, Any] = {
    "uri": URL,
    "type": "composite",
    "versionCreated": "2024-07-30T09:05:00.25+08:00",
    "headlines": [{"role": "main", "value": "新桥通车"}],
    "associations": [{"name": "新桥通车", "rel": "item", "uri": URL, "type": "text"}],
    "renditions": [{"name": "main", "resources": [{"role": "subtitles", "title": "字幕", "language": "zh"}]}],
}
SCHEMA_ORG: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": URL,
    "headline": "新桥通车",
    "datePublished": "2024-07-30",
    "author": [{"@type": "Person", "name": "李文远"}],
    "contentLocation": {"@type": "AdministrativeArea", "name": "芮城县"},
    "printPage": "02",
}
ANNOTATION: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "https://news.example/api/v1/mentions/1/",
    "type": "Annotation",
    "motivation": "tagging",
    "body": {"type": "TextualBody", "purpose": "tagging", "value": "芮城"},
    "target": {
        "type": "SpecificResource",
        "source": f"{URL}text/body/",
        "selector": [
            {"type": "TextPositionSelector", "start": 3, "end": 5},
            {"type": "TextQuoteSelector", "exact": "芮城", "prefix": "昨天，"},
        ],
    },
}
PAGE: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "https://news.example/api/v1/mentions/",
    "type": "AnnotationPage",
    "partOf": {"id": "https://news.example/api/v1/mentions/", "type": "AnnotationCollection", "total": 1},
    "next": "https://news.example/api/v1/mentions/?cursor=x",
    "items": [{key: value for key, value in ANNOTATION.items() if key != "@context"}],
}
FEED = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Newsroom</title><id>{URL}</id><updated>2024-07-30T09:05:00Z</updated>
<link href="{URL}"/><link rel="self" href="{URL}?format=atom"/><author><name>晨报</name></author>
<entry><title>新桥通车</title><id>{URL}</id><updated>2024-07-30T09:05:00+08:00</updated><link href="{URL}"/>
<summary type="html">&lt;b&gt;两岸&lt;/b&gt;</summary><category term="要闻"/></entry></feed>"""


def broken(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with another value at a path such as `target.selector.0.end`; without it if the value is None."""
    document = copy.deepcopy(document)
    *way, last = path.split(".")
    node: Any = document
    for step in way:
        node = node[int(step) if isinstance(node, list) else step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return document


@pytest.mark.parametrize(
    ("standard", "document"),
    [
        pytest.param(ninjs, NINJS, id="ninjs"),
        pytest.param(schema_org, SCHEMA_ORG, id="schema.org"),
        pytest.param(web_annotations, ANNOTATION, id="annotation"),
        pytest.param(web_annotations, PAGE, id="annotation page"),
        pytest.param(atom, FEED.encode(), id="atom"),
    ],
)
def test_valid_document_has_no_problems(standard: Any, document: Any) -> None:
    assert standard.problems(document) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("uri", None, id="no uri"),
        pytest.param("uri", "/articles/7/", id="relative uri"),
        pytest.param("uri", "https://news.example/新/", id="uri with Chinese"),
        pytest.param("type", "article", id="unknown type"),
        pytest.param("pubStatus", "draft", id="unknown status"),
        pytest.param("pubstatus", "usable", id="name of version 2"),
        pytest.param("version", 3, id="version is text"),
        pytest.param("versionCreated", "2024-07-30", id="day for a time"),
        pytest.param("versionCreated", "2024-07-30T09:05:00", id="time without offset"),
        pytest.param("headlines.0.value", None, id="headline without value"),
        pytest.param("headlines.0.text", "x", id="unknown property inside"),
        pytest.param("associations.0.name", None, id="association without name"),
        pytest.param("associations.0.uri", None, id="association without uri"),
        pytest.param("associations.0.id", "7", id="unknown property of an association"),
        pytest.param("name", "x", id="name outside an association"),
        pytest.param("renditions.0.name", None, id="rendition without name"),
        pytest.param("renditions.0.resources.0.href", URL, id="unknown property of a resource"),
        pytest.param("renditions.0.extensions", {"mirror:eu": URL}, id="property of the draft of 3.3"),
        pytest.param("urgency", 10, id="urgency above 9"),
        pytest.param("rightsInfo", {}, id="empty rights"),
    ],
)
def test_invalid_ninjs_has_problems(path: str, value: Any) -> None:
    assert ninjs.problems(broken(NINJS, path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("@context", None, id="no context"),
        pytest.param("@type", "Reportage", id="unknown type"),
        pytest.param("@type", "BlogPosting", id="printPage is of news only"),
        pytest.param("title", "x", id="property of another type"),
        pytest.param("headlines", "x", id="unknown property"),
        pytest.param("datePublished", "30 July", id="no date"),
        pytest.param("headline", {"@type": "Person", "name": "x"}, id="node for text"),
        pytest.param("author", "李文远", id="text for a node"),
        pytest.param("author.0.@type", "Place", id="a place is no author"),
        pytest.param("author.0.headline", "x", id="a person has no headline"),
        pytest.param("contentLocation", {"@type": "Person", "name": "x"}, id="a person is no location"),
        pytest.param("dateline", "", id="empty"),
        pytest.param("version", True, id="boolean for a number"),
        pytest.param("awards", "x", id="superseded"),
    ],
)
def test_invalid_schema_org_has_problems(path: str, value: Any) -> None:
    assert schema_org.problems(broken(SCHEMA_ORG, path, value))


@pytest.mark.parametrize(
    ("document", "path", "value"),
    [
        pytest.param(ANNOTATION, "@context", None, id="no context"),
        pytest.param(ANNOTATION, "id", None, id="no id"),
        pytest.param(ANNOTATION, "type", "Note", id="unknown class"),
        pytest.param(ANNOTATION, "motivation", "naming", id="unknown motivation"),
        pytest.param(ANNOTATION, "body.purpose", "naming", id="unknown purpose"),
        pytest.param(ANNOTATION, "body.value", None, id="text without text"),
        pytest.param(ANNOTATION, "target", None, id="no target"),
        pytest.param(ANNOTATION, "target.source", None, id="no source"),
        pytest.param(ANNOTATION, "target.selector.0.end", 2, id="ends before it begins"),
        pytest.param(ANNOTATION, "target.selector.0.start", None, id="no beginning"),
        pytest.param(ANNOTATION, "target.selector.1.exact", None, id="quotes nothing"),
        pytest.param(ANNOTATION, "target.selector.1.prefix", 5, id="prefix is text"),
        pytest.param(PAGE, "items", None, id="page without items"),
        pytest.param(PAGE, "items.0.id", None, id="item without id"),
        pytest.param(PAGE, "next", "?cursor=x", id="relative link"),
        pytest.param(PAGE, "partOf.total", -1, id="total below zero"),
        pytest.param(PAGE, "partOf.type", "Collection", id="part of something else"),
    ],
)
def test_invalid_annotation_has_problems(document: dict[str, Any], path: str, value: Any) -> None:
    assert web_annotations.problems(broken(document, path, value))


def test_position_and_quote_of_an_annotation_are_compared() -> None:
    assert web_annotations.quoted(ANNOTATION, "昨天，芮城的新桥") == ("芮城", "芮城")
    assert web_annotations.quoted(ANNOTATION, "昨天，在芮城") == ("在芮", "芮城")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("</feed>", "", id="not well-formed"),
        pytest.param("两岸", "\x01", id="a character that XML forbids"),
        pytest.param("2005/Atom", "2005/Rss", id="another namespace"),
        pytest.param("<title>Newsroom</title>", "", id="feed without title"),
        pytest.param("<updated>2024-07-30T09:05:00Z</updated>", "", id="feed without updated"),
        pytest.param("<author><name>晨报</name></author>", "", id="no author anywhere"),
        pytest.param("<name>晨报</name>", "<name/>", id="author without name"),
        pytest.param("2024-07-30T09:05:00+08:00", "2024-07-30", id="day for a time"),
        pytest.param(f"<entry><title>新桥通车</title><id>{URL}</id>", "<entry><title>新桥通车</title>", id="entry without id"),
        pytest.param(f"<id>{URL}</id><updated>2024-07-30T09:05:00+", "<id>7</id><updated>2024-07-30T09:05:00+", id="id is no address"),
        pytest.param('<category term="要闻"/>', "<category/>", id="category without term"),
        pytest.param('<category term="要闻"/>', "<pubDate/>", id="element of RSS"),
        pytest.param('rel="self" ', "", id="two alternates"),
        pytest.param('type="html"', 'type="text/html"', id="unknown type of text"),
        pytest.param("&lt;b&gt;两岸&lt;/b&gt;", "<b>两岸</b>", id="markup that is not escaped"),
        pytest.param("</feed>", FEED[FEED.index("<entry>") :], id="an entry twice"),
    ],
)  # fmt: skip
def test_invalid_atom_has_problems(old: str, new: str) -> None:
    assert old in FEED
    assert atom.problems(FEED.replace(old, new).encode())
