"""Tests the representations in other standards: valid, complete, and with printed text escaped."""

import csv
import datetime as dt
import doctest
import importlib
import io
import json
import pkgutil
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from articles.api import representations
from articles.api.representations import (
    AnnotationRenderer,
    AtomRenderer,
    CsvRenderer,
    FormatNegotiation,
    JsonLdRenderer,
    JsonLinesRenderer,
    NdjsonRenderer,
    NinjsRenderer,
    csv_lines,
    json_lines,
)
from articles.api.representations.base import issue_time
from tests.standards import atom, ninjs, schema_org, web_annotations

Json = dict[str, Any]

API = "http://testserver/api/v1"
EVIL = '<img src=x onerror="alert(1)"></script>&amp;'
BODY = "昨天，芮城县的𠮷野新桥迎来第一批车辆。\n县交通局说，风陵渡也要建桥。"
ATOM = "{http://www.w3.org/2005/Atom}"


def credit(pk: int, name: str, role: str = "reporter", disambiguation: str = "") -> Json:
    reporter = {"id": pk, "name": name, "disambiguation": disambiguation}
    return {"reporter": reporter, "role": role, "surface": name, "start": 12, "end": 12 + len(name)}


def mention(surface: str, record: Json | None, part: str = "body", kind: str = "place", **more: Any) -> Json:
    start = BODY.index(surface) if part == "body" else 0
    return {
        "id": 31, "url": f"{API}/mentions/31/", "kind": kind, "part": part, "start": start, "end": start + len(surface),
        "surface": surface, "status": "linked" if record else "unknown", "record": record, "method": "gazetteer",
        "rule": "name", "score": 0.9, **more,
    }  # fmt: skip


PLACE = {"id": 5, "code": "140830", "name": "芮城县"}
FERRY = {"id": 6, "code": "", "name": "风陵渡"}
BUREAU = {"id": 9, "name": "芮城县交通局"}
MENTIONS = [
    mention("芮城县", PLACE),
    mention("县交通局", BUREAU, kind="organization"),
    mention("风陵渡", None),
    mention("新桥", None, part="headline"),
]
LISTED: Json = {
    "id": 7, "url": f"{API}/articles/7/", "publication": "河东晨报", "issue_date": "2024-07-30", "section": "民生",
    "kicker": "两岸一家", "headline": "新桥昨日通车", "subtitle": "渡船完成使命", "page": {
        "id": 3, "publication": "河东晨报", "issue_date": "2024-07-30", "page_number": "02", "page_name": "要闻",
    },
    "bylines": [
        credit(1, "李文远"), credit(2, "王小河", "intern", "运城站"), credit(1, "李文远", "photographer"),
        credit(4, "赵一山", "photographer"),
    ],
    "places": [PLACE, FERRY], "organizations": [BUREAU], "status": "published", "reviewed": True, "version": 3,
    "updated_at": "2024-08-01T10:20:30.123456+08:00",
}  # fmt: skip
ARTICLE: Json = {
    **LISTED,
    "dateline": "本报芮城7月29日电", "agency": "新华社", "body": BODY, "blocks": [{"kind": "paragraph", "text": BODY, "spans": [[0, 9]]}],
    "mentions": MENTIONS, "created_at": "2024-07-31T01:02:03Z",
}  # fmt: skip
BARE: Json = {
    "publication": "", "issue_date": None, "section": "", "kicker": "", "headline": "", "subtitle": "", "bylines": [],
    "page": None, "places": [], "organizations": [], "reviewed": False, "version": 1,
}  # fmt: skip
BARE_TEXT: Json = {"dateline": "", "agency": "", "body": "", "blocks": [], "mentions": []}
HOSTILE = dict.fromkeys(("publication", "section", "kicker", "headline", "subtitle"), EVIL)
HOSTILE_TEXT = {**dict.fromkeys(("dateline", "agency", "body"), EVIL), "mentions": []}
NEXT = f"{API}/articles/?cursor=abc&q=%E6%A1%A5"

ARTICLES = [
    pytest.param({}, id="published"),
    pytest.param({"status": "withdrawn"}, id="withdrawn"),
    pytest.param({"status": "draft"}, id="draft"),
    pytest.param({"status": "in_review"}, id="in review"),
    pytest.param({"page": None}, id="no page"),
    pytest.param({"issue_date": None}, id="no date"),
    pytest.param({"issue_date": "1872-04-30"}, id="before standard time in Shanghai"),
    pytest.param({"issue_date": "1988-07-01"}, id="in summer time"),
    pytest.param({"page": {**LISTED["page"], "page_number": "", "page_name": ""}}, id="page without number"),
    pytest.param({**BARE, **BARE_TEXT}, id="nothing known"),
    pytest.param({**HOSTILE, **HOSTILE_TEXT, "bylines": [credit(1, EVIL, "reporter", EVIL)]}, id="markup"),
    pytest.param({"headline": "桥\u2028通\u2029车\x0b\ufffe"}, id="odd characters"),
]


def listed(changes: Json) -> Json:
    return LISTED | {name: value for name, value in changes.items() if name in LISTED}


def answer(*articles: Json, **more: Any) -> Json:
    return {"next": None, "previous": None, "results": list(articles), **more}


def context(path: str = "/api/v1/articles/7/") -> Json:
    return {"request": Request(APIRequestFactory().get(path))}


def rendered(renderer: type[BaseRenderer], data: Any, path: str = "/api/v1/articles/7/") -> Any:
    text = renderer().render(data, renderer.media_type, context(path))
    return json.loads(text)


# --- schema.org ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", ARTICLES)
def test_json_ld_follows_schema_org(changes: Json) -> None:
    article = rendered(JsonLdRenderer, ARTICLE | changes)
    assert schema_org.problems(article) == []
    items = rendered(JsonLdRenderer, answer(listed(changes), LISTED, count=40))
    assert schema_org.problems(items) == []


def test_json_ld_describes_an_article() -> None:
    article = rendered(JsonLdRenderer, ARTICLE)
    people = {name: [person["name"] for person in article[name]] for name in ("author", "contributor")}
    assert people == {"author": ["李文远", "王小河"], "contributor": ["李文远", "赵一山"]}
    assert article["author"][1]["disambiguatingDescription"] == "运城站"
    assert article["author"][0]["@id"] == f"{API}/reporters/1/"
    assert article["isPartOf"] == {
        "@type": "PublicationIssue",
        "datePublished": "2024-07-30",
        "isPartOf": {"@type": "Newspaper", "name": "河东晨报"},
    }
    assert article["contentLocation"] == [
        {
            "@type": "AdministrativeArea",
            "@id": f"{API}/places/5/",
            "name": "芮城县",
            "identifier": {"@type": "PropertyValue", "propertyID": "GB/T 2260", "value": "140830"},
            "geo": {"@type": "GeoCoordinates", "latitude": 34.69, "longitude": 110.69},
        },
        {"@type": "Place", "@id": f"{API}/places/6/", "name": "风陵渡"},
    ]
    assert article["mentions"][0]["@id"] == f"{API}/organizations/9/"
    assert (article["@id"], article["articleBody"], article["version"]) == (ARTICLE["url"], BODY, 3)
    assert (article["printPage"], article["printSection"]) == ("02", "要闻")
    assert article["alternativeHeadline"] == ["两岸一家", "渡船完成使命"]


def test_json_ld_omits_empty_properties() -> None:
    assert rendered(JsonLdRenderer, ARTICLE | BARE | BARE_TEXT).keys() == {
        "@context", "@type", "@id", "url", "inLanguage", "dateCreated", "dateModified", "creativeWorkStatus", "version",
    }  # fmt: skip


def test_json_ld_escapes_html() -> None:
    text = JsonLdRenderer().render(ARTICLE | HOSTILE, None, context()).decode()
    assert not set("<>&") & set(text)
    assert json.loads(text)["headline"] == EVIL


def test_json_ld_describes_a_list() -> None:
    items = rendered(
        JsonLdRenderer, answer(LISTED, listed(BARE), count=40), "/api/v1/articles/?cursor=x&place=5"
    )
    assert (items["@type"], items["numberOfItems"]) == ("ItemList", 40)
    assert items["url"] == f"{API}/articles/?place=5"
    assert [item["position"] for item in items["itemListElement"]] == [1, 2]
    assert rendered(JsonLdRenderer, answer())["itemListElement"] == []


# --- ninjs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", ARTICLES)
def test_ninjs_is_valid(changes: Json) -> None:
    assert ninjs.problems(rendered(NinjsRenderer, ARTICLE | changes)) == []
    several = answer(listed(changes), LISTED) | {"next": NEXT, "previous": NEXT}
    assert ninjs.problems(rendered(NinjsRenderer, several, "/api/v1/articles/?q=桥&format=ninjs")) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [("published", "usable"), ("draft", "withheld"), ("in_review", "withheld"), ("withdrawn", "canceled")],
)
def test_ninjs_status_says_whether_an_article_may_be_used(status: str, expected: str) -> None:
    assert rendered(NinjsRenderer, ARTICLE | {"status": status})["pubStatus"] == expected


def test_ninjs_describes_an_article() -> None:
    item = rendered(NinjsRenderer, ARTICLE)
    assert item["standard"]["version"] == "3.2"
    assert (item["uri"], item["type"], item["representationType"]) == (ARTICLE["url"], "text", "full")
    assert (item["version"], item["contentCreated"]) == ("3", "2024-07-30T00:00:00+08:00")
    assert item["by"] == "李文远、王小河、赵一山"
    assert [(source["name"], source["role"]) for source in item["infoSources"]] == [
        ("李文远", "reporter"), ("王小河", "intern"), ("李文远", "photographer"), ("赵一山", "photographer"),
        ("新华社", "agency"), ("河东晨报", "publication"),
    ]  # fmt: skip
    assert item["bodies"] == [
        {"role": "main", "contentType": "text/plain", "charCount": len(BODY), "value": BODY}
    ]
    assert {line["role"]: line["value"] for line in item["headlines"]} == {
        "main": "新桥昨日通车", "kicker": "两岸一家", "subhead": "渡船完成使命",
    }  # fmt: skip
    assert {line["role"]: line["value"] for line in item["descriptions"]} == {
        "dateline": "本报芮城7月29日电", "print": "河东晨报 2024-07-30 02 要闻",
    }  # fmt: skip
    assert [place.get("literal") for place in item["places"]] == ["140830", None]


def test_ninjs_describes_a_list() -> None:
    item = rendered(
        NinjsRenderer, answer(LISTED, listed(BARE)) | {"next": NEXT}, "/api/v1/articles/?format=ninjs"
    )
    assert (item["type"], item["uri"]) == ("composite", f"{API}/articles/?format=ninjs")
    named = [(part["rel"], part["name"], part["type"]) for part in item["associations"]]
    assert named == [
        ("item", "新桥昨日通车", "text"),
        ("item", LISTED["url"], "text"),
        ("next", "next", "composite"),
    ]
    assert item["associations"][0]["representationType"] == "partial"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("2024-07-30", "2024-07-30T00:00:00+08:00", id="now"),
        pytest.param("1988-07-01", "1988-07-01T00:00:00+09:00", id="summer time"),
        pytest.param("1872-04-30", "1872-04-30T00:00:00+08:06", id="local time to the minute"),
        pytest.param("0001-01-01", "0001-01-01T00:00:00+08:06", id="first day"),
        pytest.param("9999-12-31", "9999-12-31T00:00:00+08:00", id="last day"),
    ],
)
def test_issue_time_is_midnight_in_shanghai(date: str | None, expected: str | None) -> None:
    time = issue_time(date)
    assert (time.isoformat() if time else None) == expected


# --- Annotations --------------------------------------------------------------------------------------


def in_list(found: Json, **more: Any) -> Json:
    article = {name: ARTICLE[name] for name in ("id", "url", "headline")}
    return {**found, "article": article, "prefix": "昨天，", "suffix": "", **more}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(ARTICLE, "AnnotationPage", id="article"),
        pytest.param(ARTICLE | {"mentions": []}, "AnnotationPage", id="article without mentions"),
        pytest.param(ARTICLE | {"body": "别的"}, "AnnotationPage", id="article whose text was changed"),
        pytest.param(in_list(MENTIONS[0]), "Annotation", id="mention"),
        pytest.param(in_list(MENTIONS[2], surface=EVIL), "Annotation", id="mention of nothing known"),
        pytest.param(answer(*map(in_list, MENTIONS), count=9), "AnnotationPage", id="list"),
        pytest.param(answer() | {"next": NEXT, "previous": NEXT}, "AnnotationPage", id="empty list"),
    ],
)
def test_annotations_follow_the_w3c_model(data: Json, kind: str) -> None:
    document = rendered(AnnotationRenderer, data, "/api/v1/mentions/?cursor=x")
    assert document["type"] == kind
    assert web_annotations.problems(document) == []


def test_annotation_positions_count_code_points() -> None:
    page = rendered(AnnotationRenderer, ARTICLE)
    parts = {f"{ARTICLE['url']}text/{part}/": ARTICLE[part] for part in ("headline", "body")}
    for item in page["items"]:
        found, quoted = web_annotations.quoted(item, parts[item["target"]["source"]])
        assert found == quoted
    # 𠮷 is two code units of UTF-16, and one code point.
    assert page["items"][1]["target"]["selector"][0]["start"] == BODY.index("县交通局")


def test_annotation_quotes_include_the_text_around_them() -> None:
    [first, *_, headline] = rendered(AnnotationRenderer, ARTICLE)["items"]
    quote = {"type": "TextQuoteSelector", "exact": "芮城县", "prefix": "昨天，", "suffix": BODY[6:38]}
    assert first["target"]["selector"][1] == quote
    assert headline["target"]["selector"][1] == {
        "type": "TextQuoteSelector",
        "exact": "新桥",
        "suffix": "昨日通车",
    }


def test_annotation_omits_a_position_that_no_longer_matches() -> None:
    [first, *_] = rendered(AnnotationRenderer, ARTICLE | {"body": "别的"})["items"]
    assert first["target"]["selector"] == [{"type": "TextQuoteSelector", "exact": "芮城县"}]


@pytest.mark.parametrize(
    ("number", "motivation", "body"),
    [
        pytest.param(0, "identifying", {"source": f"{API}/places/5/"}, id="place"),
        pytest.param(1, "identifying", {"source": f"{API}/organizations/9/"}, id="organization"),
        pytest.param(
            2, "tagging", {"value": "风陵渡", "format": "text/plain", "language": "zh"}, id="unknown"
        ),
    ],
)
def test_annotation_body_identifies_the_record_or_gives_the_name(
    number: int, motivation: str, body: Json
) -> None:
    annotation = rendered(AnnotationRenderer, in_list(MENTIONS[number]), "/api/v1/mentions/31/")
    assert (annotation["motivation"], annotation["id"]) == (motivation, f"{API}/mentions/31/")
    assert annotation["body"].items() >= {"purpose": motivation, **body}.items()


def test_annotation_page_links_to_its_collection_and_next_page() -> None:
    data = answer(in_list(MENTIONS[0]), count=9) | {"next": f"{API}/mentions/?cursor=y"}
    page = rendered(AnnotationRenderer, data, "/api/v1/mentions/?cursor=x&count=true&format=annotation")
    collection = f"{API}/mentions/?format=annotation"
    assert page["partOf"] == {
        "id": collection,
        "type": "AnnotationCollection",
        "label": "Mentions",
        "total": 9,
    }
    assert (page["next"], "prev" in page) == (f"{API}/mentions/?cursor=y", False)
    assert "@context" not in page["items"][0]


# --- Atom ---------------------------------------------------------------------------------------------


def feed(*articles: Json, path: str = "/api/v1/articles/?format=atom", **links: str) -> bytes:
    return AtomRenderer().render(answer(*articles) | links, None, context(path))


@pytest.mark.parametrize("changes", ARTICLES)
def test_atom_is_valid(changes: Json) -> None:
    assert atom.problems(feed(listed(changes), listed({"page": None}) | {"url": f"{API}/articles/8/"})) == []


def test_empty_feed_is_valid_and_does_not_change() -> None:
    assert atom.problems(feed()) == []
    assert feed() == feed()


def test_atom_describes_a_list() -> None:
    path = "/api/v1/articles/?cursor=x&format=atom"
    root = ET.fromstring(feed(LISTED, path=path, next=NEXT, previous=f"{API}/articles/"))
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"{API}/articles/?cursor=x",
        "self": f"{API}/articles/?cursor=x&format=atom",
        "next": NEXT,
        "previous": f"{API}/articles/",
    }
    assert root.findtext(f"{ATOM}id") == f"{API}/articles/?format=atom"
    assert root.findtext(f"{ATOM}updated") == LISTED["updated_at"]
    [entry] = root.findall(f"{ATOM}entry")
    names = [name.text for name in entry.iter(f"{ATOM}name")]
    assert names == ["李文远", "王小河", "赵一山"]
    assert entry.findtext(f"{ATOM}published") == "2024-07-30T00:00:00+08:00"
    assert entry.findtext(f"{ATOM}summary") == "两岸一家<br>渡船完成使命"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ["民生", "芮城县", "风陵渡", "芮城县交通局"], id="section, places, organizations"),
        pytest.param(
            {"places": [PLACE, PLACE | {"id": 8}], "section": "芮城县"},
            ["芮城县", "芮城县交通局"],
            id="a name twice",
        ),
        pytest.param(
            {"section": "\x0b", "places": [], "organizations": []}, [], id="only characters that XML forbids"
        ),
    ],
)
def test_atom_categories_are_section_places_and_organizations(changes: Json, expected: list[str]) -> None:
    text = feed(LISTED | changes)
    assert [category.get("term") for category in ET.fromstring(text).iter(f"{ATOM}category")] == expected
    assert atom.problems(text) == []


def test_atom_entry_without_reporters_names_the_newspaper_as_author() -> None:
    root = ET.fromstring(feed(LISTED | {"bylines": []}))
    assert [name.text for name in root.iter(f"{ATOM}name")] == ["Newsroom", "河东晨报"]


def test_atom_escapes_printed_markup() -> None:
    [entry] = ET.fromstring(feed(LISTED | HOSTILE)).findall(f"{ATOM}entry")
    title = entry.find(f"{ATOM}title")
    assert title is not None
    # A title is plain text; a summary is HTML, in which the printed text is escaped again.
    assert (title.text, title.get("type")) == (EVIL, None)
    assert "<img" not in (entry.findtext(f"{ATOM}summary") or "<img")


def test_atom_summary_of_a_search_shows_the_highlights() -> None:
    highlights = [
        {"part": "body", "fragment": "<mark>新桥</mark>&lt;", "start": 0, "end": 3, "marks": [[0, 2]]},
        {"part": "body", "fragment": "<mark>桥</mark>", "start": 9, "end": 10, "marks": [[9, 10]]},
    ]
    [entry] = ET.fromstring(feed(LISTED | {"highlights": highlights})).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary") == "<mark>新桥</mark>&lt;<br><mark>桥</mark>"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_atom_omits_characters_that_xml_forbids(character: str) -> None:
    odd = {**dict.fromkeys(HOSTILE, f"新{character}桥"), "bylines": [credit(1, f"李{character}文")]}
    text = feed(LISTED | odd)
    assert atom.problems(text) == []
    assert ET.fromstring(text).findtext(f"{ATOM}entry/{ATOM}title") == "新桥"


@pytest.mark.parametrize("form", ["jsonld", "ninjs", "annotation", "atom"])
def test_urls_of_records_do_not_depend_on_the_format(form: str) -> None:
    """Django REST framework repeats `?format=` in each URL of a response."""
    [renderer] = [renderer for renderer in ALL if renderer.format == form]
    named = {"url": f"{ARTICLE['url']}?format={form}"}
    own = {**MENTIONS[0], "url": f"{API}/mentions/31/?format={form}"}
    data = ARTICLE | named | {"mentions": [own]}
    data = answer(data) if form == "atom" else data
    path = f"/api/v1/articles/7/?format={form}"
    text = renderer().render(data, None, context(path)).decode()
    bare = (
        renderer()
        .render(json.loads(json.dumps(data).replace(f"?format={form}", "")), None, context(path))
        .decode()
    )
    assert text == bare
    assert f"{API}/places/5/?format=" not in text


# --- Tables -------------------------------------------------------------------------------------------

COLUMNS = [
    "id",
    "page_number",
    "headline",
    "reporters",
    "places",
    "place_codes",
    "organizations",
    "reviewed",
    "issue_date",
]


def table(rows: list[Json], columns: list[str] | None) -> list[list[str]]:
    text = "".join(csv_lines(rows, columns))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_csv_of_articles() -> None:
    assert table([LISTED, listed(BARE)], COLUMNS) == [
        COLUMNS,
        ["7", "02", "新桥昨日通车", "李文远、王小河、赵一山", "芮城县、风陵渡", "140830", "芮城县交通局", "true", "2024-07-30"],
        ["7", "", "", "", "", "", "", "false", ""],
    ]  # fmt: skip


def test_csv_without_columns_has_the_single_values_of_the_first_row() -> None:
    rows: list[Json] = [
        {"id": 1, "aliases": ["a"], "seat": None, "name": "局"},
        {"id": 2, "name": "厅", "more": 1},
    ]
    assert table(rows, None) == [["id", "seat", "name"], ["1", "", "局"], ["2", "", "厅"]]
    assert list(csv_lines([], None)) == ["\ufeff"]
    assert list(csv_lines([], ["id"])) == ["\ufeffid\r\n"]


def test_csv_writes_nested_values_as_json() -> None:
    [_, [aliases, page, bylines]] = table([LISTED | {"aliases": ["河东"]}], ["aliases", "page", "bylines"])
    assert (aliases, json.loads(page)["page_number"]) == ('["河东"]', "02")
    assert json.loads(bylines)[0]["reporter"]["name"] == "李文远"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+86", "'+86", id="plus"),
        pytest.param("-5", "'-5", id="minus in text"),
        pytest.param(-5, "-5", id="negative number"),
        pytest.param(-0.5, "-0.5", id="negative fraction"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\r=1", id="return"),
        pytest.param("\n=1", "'\n=1", id="line feed"),
        pytest.param("＝1+1", "'＝1+1", id="full-width equals"),
        pytest.param("＋86", "'＋86", id="full-width plus"),
        pytest.param("－5", "'－5", id="full-width minus"),
        pytest.param("＠SUM(A1)", "'＠SUM(A1)", id="full-width at"),
        pytest.param("﹦1+1", "'﹦1+1", id="small equals"),
        pytest.param("﹢86", "'﹢86", id="small plus"),
        pytest.param("⁻5", "'⁻5", id="superscript minus"),
        pytest.param("₌1", "'₌1", id="subscript equals"),
        pytest.param("\u22125", "'\u22125", id="mathematical minus"),
        pytest.param("﹫SUM(A1)", "'﹫SUM(A1)", id="small at"),
        pytest.param("\u200b=1", "'\u200b=1", id="equals behind a zero-width space"),
        pytest.param("\ufeff\u202e=1", "'\ufeff\u202e=1", id="equals behind marks"),
        pytest.param("\ufeff大桥", "\ufeff大桥", id="words behind a mark"),
        pytest.param("1=1", "1=1", id="sign inside"),
        pytest.param("——访芮城新桥", "——访芮城新桥", id="Chinese dash"),
        pytest.param('他说："好",\n走了', '他说："好",\n走了', id="quotes, commas and lines"),
        pytest.param(EVIL, EVIL, id="markup"),
        pytest.param("", "", id="empty"),
        pytest.param(None, "", id="null"),
        pytest.param(True, "true", id="true"),
        pytest.param(dt.date(2024, 7, 30), "2024-07-30", id="date"),
        pytest.param(dt.datetime(2024, 7, 30, 9, 5, tzinfo=dt.UTC), "2024-07-30T09:05:00+00:00", id="time"),
    ],
)
def test_csv_cell_is_safe_in_a_spreadsheet(value: Any, cell: str) -> None:
    assert table([{"id": 1, "value": value}], ["id", "value"])[1] == ["1", cell]


def test_csv_follows_rfc_4180() -> None:
    assert list(csv_lines([{"a": 'x"y', "b": "1,2"}], ["a", "b"])) == ["\ufeffa,b\r\n", '"x""y","1,2"\r\n']


def test_lines_are_written_while_rows_are_read() -> None:
    read = []

    def rows() -> Iterator[Json]:
        for number in range(1000):
            read.append(number)
            yield {"id": number}

    lines = csv_lines(rows(), None)
    assert [next(lines), next(lines)] == ["\ufeffid\r\n", "0\r\n"]
    assert len(read) == 1
    assert next(json_lines(rows())) == '{"id": 0}\n'
    assert len(read) == 2


def test_json_lines_write_each_record_on_one_line() -> None:
    rows = [LISTED | {"headline": f"a{mark}b"} for mark in ("\n", "\r\n", "\u2028", "\x85", "\x0b", "桥")]
    text = "".join(json_lines(rows))
    assert [json.loads(line) for line in text.splitlines()] == rows
    assert "桥" in text


@pytest.mark.parametrize(
    ("data", "count"),
    [
        pytest.param(answer(LISTED, LISTED), 2, id="list answer"),
        pytest.param([LISTED], 1, id="plain list"),
        pytest.param(LISTED, 1, id="record"),
        pytest.param(None, 0, id="nothing"),
    ],
)
def test_csv_and_json_lines_renderers_take_lists_and_records(data: Any, count: int) -> None:
    assert JsonLinesRenderer().render(data).count(b"\n") == count
    assert CsvRenderer().render(data).count(b"\r\n") == (count + 1 if count else 0)


# --- Negotiation --------------------------------------------------------------------------------------

PROFILE = '"http://www.w3.org/ns/anno.jsonld"'
ALL = (
    JSONRenderer,
    JsonLdRenderer,
    NinjsRenderer,
    AnnotationRenderer,
    AtomRenderer,
    CsvRenderer,
    JsonLinesRenderer,
)


FORMS = (*ALL[1:], NdjsonRenderer)


class View(APIView):
    """A view that responds with the name of the requested format."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    content_negotiation_class = FormatNegotiation
    renderer_classes = ALL

    def get(self, request: Request) -> Response:
        return Response(request.accepted_renderer.format)


def asked(
    accept: str | None = None, path: str = "/", renderers: tuple[type[BaseRenderer], ...] = ALL
) -> tuple[int, Any]:
    headers = {} if accept is None else {"accept": accept}
    view = View.as_view(renderer_classes=renderers)
    response = view(APIRequestFactory().get(path, headers=headers))
    return response.status_code, response.data


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, "json", id="no header"),
        pytest.param("", "json", id="empty"),
        pytest.param("*/*", "json", id="anything"),
        pytest.param("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json", id="browser"),
        pytest.param("application/*", "json", id="any application"),
        pytest.param("application/json", "json", id="json"),
        pytest.param("APPLICATION/JSON", "json", id="capitals"),
        pytest.param("application/ld+json", "jsonld", id="json-ld"),
        pytest.param(f"application/ld+json; profile={PROFILE}", "annotation", id="annotations"),
        pytest.param(f"application/ld+json;PROFILE={PROFILE};q=0.5", "annotation", id="annotations with a weight"),
        pytest.param(
            'application/ld+json; profile="http://a.example/ http://www.w3.org/ns/anno.jsonld"', "annotation", id="two profiles"
        ),
        pytest.param('application/ld+json; profile="http://a.example/"', "jsonld", id="another profile"),
        pytest.param("application/vnd.iptc.ninjs+json", "ninjs", id="ninjs"),
        pytest.param("application/atom+xml", "atom", id="atom"),
        pytest.param("text/csv", "csv", id="csv"),
        pytest.param("text/*", "csv", id="any text"),
        pytest.param("application/jsonl", "jsonl", id="json lines"),
        pytest.param("text/csv;q=0.4, application/jsonl;q=0.9, application/json;q=0.1", "jsonl", id="weights"),
        pytest.param("text/csv;q=0.4, */*;q=0.4", "csv", id="the one that is named"),
        pytest.param("application/json;q=0, */*", "jsonld", id="anything but JSON"),
        pytest.param("text/csv;q=x, application/json;q=0.9", "csv", id="invalid weight"),
        pytest.param("image/png, application/json", "json", id="one of two"),
        pytest.param(f"image/png;x={'a' * 9000}, application/json", "json", id="too long"),
    ],
)  # fmt: skip
def test_accept_header_chooses_the_format(accept: str | None, expected: str) -> None:
    assert asked(accept) == (200, expected)


@pytest.mark.parametrize(
    "accept",
    [
        pytest.param("image/png", id="image"),
        pytest.param("application/json;q=0", id="no JSON"),
        pytest.param("*/*;q=0", id="nothing"),
        pytest.param("*/json", id="half a range"),
        pytest.param("application", id="half a type"),
        pytest.param(";;;=;", id="rubbish"),
        pytest.param("/", id="slash"),
        pytest.param("\xff\xfe", id="no ASCII"),
        pytest.param("x; a*=foo'bar'%ff", id="unknown encoding"),
        pytest.param('"', id="open quote"),
    ],
)
def test_unsupported_accept_header_is_406(accept: str) -> None:
    assert asked(accept)[0] == 406


@pytest.mark.parametrize(
    "accept",
    [
        "application/json; indent=4",
        "application/json; indent=٣",
        "application/json; x*=foo'bar'%ff",
        "application/json; indent",
    ],
)
def test_invalid_media_type_parameters_do_not_break_json(accept: str) -> None:
    response = View.as_view(renderer_classes=[JSONRenderer])(
        APIRequestFactory().get("/", headers={"accept": accept})
    )
    assert response.render().content == b'"json"'


def test_view_with_annotations_only_accepts_plain_json_ld() -> None:
    renderers = (JSONRenderer, AnnotationRenderer)
    assert asked("application/ld+json", renderers=renderers) == (200, "annotation")
    assert asked('application/ld+json; profile="http://a.example/"', renderers=renderers)[0] == 406


@pytest.mark.parametrize("name", ["json", "jsonld", "ninjs", "annotation", "atom", "csv", "jsonl"])
@pytest.mark.parametrize("accept", [None, "text/html", "application/json", ";"])
def test_format_parameter_overrides_the_accept_header(name: str, accept: str | None) -> None:
    assert asked(accept, f"/?format={name}") == (200, name)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param(
            "format=atmo",
            {
                "code": "invalid",
                "detail": "'atmo' is not one of json, jsonld, ninjs, annotation, atom, csv, jsonl.",
                "suggestion": "atom",
            },
            id="unknown",
        ),
        pytest.param(
            "format=csv&format=json", {"code": "repeated", "detail": "Given more than once."}, id="twice"
        ),
    ],
)
def test_invalid_format_parameter_is_400(query: str, error: Json) -> None:
    status, body = asked(None, f"/?{query}")
    assert (status, body["errors"]) == (400, [{"parameter": "format", **error}])


def test_json_lines_accept_the_second_media_type() -> None:
    renderers = (*ALL, NdjsonRenderer)
    assert asked("application/x-ndjson", renderers=renderers) == (200, "jsonl")
    response = View.as_view(renderer_classes=renderers)(APIRequestFactory().get("/?format=jsonl"))
    assert response.accepted_media_type == "application/jsonl"


# --- All formats --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize(("status", "is_raised"), [(404, True), (400, False), (200, True)])
def test_errors_are_json_in_every_format(form: type[BaseRenderer], status: int, is_raised: bool) -> None:
    problem = {"title": "Not Found", "status": status, "detail": EVIL}
    response: Any = Response(problem, status=status, exception=is_raised)
    response.accepted_renderer, response.accepted_media_type = form(), form.media_type
    response.renderer_context = context()
    assert json.loads(response.render().content) == problem
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_response_without_content_is_empty_in_every_format(form: type[BaseRenderer]) -> None:
    assert form().render(None, form.media_type, context()) == b""


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_dates_may_be_text_or_objects(form: type[BaseRenderer]) -> None:
    """A setting of Django REST framework decides which of the two serializers give."""
    day, time = (
        dt.date(2024, 7, 30),
        dt.datetime(2024, 8, 1, 10, 20, 30, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    )

    def article(day: object, time: object) -> Json:
        dated = {"issue_date": day, "page": LISTED["page"] | {"issue_date": day}}
        return ARTICLE | dated | {"updated_at": time, "created_at": time}

    texts, objects = article(day.isoformat(), time.isoformat()), article(day, time)
    if form is AtomRenderer:
        texts, objects = answer(texts), answer(objects)
    assert form().render(objects, None, context()) == form().render(texts, None, context())


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(representations.__path__)])
def test_docstring_examples_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"{representations.__name__}.{name}")).failed == 0


def test_media_types_are_those_of_the_standards() -> None:
    assert {renderer.format: (renderer.media_type, renderer.charset) for renderer in ALL[1:]} == {
        "jsonld": ("application/ld+json", "utf-8"),
        "ninjs": ("application/vnd.iptc.ninjs+json", "utf-8"),
        "annotation": (f"application/ld+json; profile={PROFILE}", "utf-8"),
        "atom": ("application/atom+xml", "utf-8"),
        "csv": ("text/csv", "utf-8"),
        "jsonl": ("application/jsonl", "utf-8"),
    }
