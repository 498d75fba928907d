"""The hostile corpus: each file is loaded exactly or rejected with a reason, and nothing in it is executed."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from articles.loading.imprint import Imprint, StatedImprint
from articles.loading.load_ledger import LoadLedger
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import FileResult, Loader
from articles.loading.sources.files import list_files
from articles.models import Article, Load, LoadFile, Mention, Page
from articles.reading.formats import text_decoding
from articles.reading.pipeline import read_structure
from articles.reading.values import Rejected
from tests.reliability.hostile import ADDED, LIMIT, MARK, MARKUP, NAMES, corpus
from tests.support.loading import dump

CORPUS = corpus()
REASONS = {"empty", "bad_encoding", "too_large"}
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# The pages of one article in this many are opened; of all in the soak.
ONE_IN = 15
DETAILS = ("json", "jsonld", "ninjs", "annotation")


def test_hostile_corpus_is_large_and_reproducible() -> None:
    assert len(CORPUS) >= 300
    assert corpus() == CORPUS
    assert len(set(CORPUS.values())) > 270


# --- Read -------------------------------------------------------------------------------------------


def test_hostile_file_is_read_exactly_or_rejected_with_reason() -> None:
    wrong = {name: fault for name, data in CORPUS.items() if (fault := _fault(data))}
    assert wrong == {}


def _fault(data: bytes) -> str:
    """The faults in the result of reading a file; empty if there are none."""
    try:
        reading = read_structure(data)
    except Rejected as rejected:
        return "" if rejected.reason in REASONS and rejected.detail.isprintable() else repr(rejected)
    page = reading.page
    if text_decoding.encode_page(page) != data and "irreversible" not in page.flags:
        return "its bytes cannot be had back"
    blocks = [block for story in reading.stories for block in story.blocks]
    spans = [span for block in blocks for span in block.spans]
    spans += [(residue.start, residue.end) for residue in reading.residue]
    if "".join(page.text[start:end] for start, end in sorted(spans)) != page.text:
        return "a part of it is lost, or twice"
    if any(block.text != "".join(page.text[start:end] for start, end in block.spans) for block in blocks):
        return "a block is not what it says"
    names = [byline for story in reading.stories for byline in story.bylines]
    if any(one.name != "".join(page.text[one.start : one.end].split()) for one in names):
        return "a byline is not what it says"
    return ""


# --- Loaded and shown -------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The corpus on disk, and one page under hostile file names."""
    for number, data in enumerate(CORPUS.values()):
        (tmp_path / f"{number:04}.txt").write_bytes(data)
    named = tmp_path / "named"
    named.mkdir()
    for number, name in enumerate(NAMES):
        (named / name).write_text(f"早市搬家{number}\n记者 何小满\n菜农都有了固定摊位。\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(named) + b"/no\xff\xfeutf8.txt")).write_bytes(b"")
    return tmp_path


@pytest.mark.django_db
def test_hostile_file_is_loaded_exactly_or_rejected(folder: Path, settings: Settings) -> None:
    _go(folder, settings, one_in=ONE_IN)


@pytest.mark.soak
@pytest.mark.django_db
def test_hostile_text_is_shown_as_text_on_every_page(folder: Path, settings: Settings) -> None:
    _go(folder, settings, one_in=1)


def _go(folder: Path, settings: Settings, one_in: int) -> None:
    settings.NEWSROOM_RATES = dict.fromkeys(settings.NEWSROOM_RATES, "1000000/minute")
    settings.NEWSROOM_MAX_PAGE_BYTES = LIMIT
    cache.clear()
    users = [User.objects.create_superuser("admin"), User.objects.create_user("周明")]
    before = list(User.objects.order_by("pk").values_list())
    _check_load(folder)
    _check_rows()
    _check_second_load(folder)
    client = Client()
    client.force_login(users[0])
    for url in _lists():
        _check_page(client, url)
    chosen = list(Article.objects.order_by("pk"))[::one_in]
    assert len(chosen) > 10
    for article in chosen:
        _check_article(client, article)
    _check_tables(client)
    _check_feed(client)
    client.logout()
    User.objects.update(last_login=None)
    assert list(User.objects.order_by("pk").values_list()) == before


def _check_load(folder: Path) -> None:
    terms = LoadTerms(StatedImprint(), Imprint(), "published", max_bytes=LIMIT)
    ledger = LoadLedger(Load(started_at=timezone.now(), paths=["corpus"]))
    results = list(Loader(terms, ledger).load(list_files([folder])))
    ledger.close({})
    assert len(results) == len(CORPUS) + len(NAMES) + 1
    rejected = {_name(result): result.rejected for result in results if result.rejected}
    assert {one.reason for one in rejected.values()} <= REASONS
    assert {"above the limit", "far above the limit", "empty", "BOM of UTF-8 alone"} <= rejected.keys()
    # Hostile text without control characters is loaded like other text.
    assert len(results) - len(rejected) > 200


def _name(result: FileResult) -> str:
    """The faults in the result of a file."""
    stem = Path(result.path).stem
    return list(CORPUS)[int(stem)] if "/named/" not in result.path else result.path


def _check_rows() -> None:
    """Check spans in the database, and that file names are on one line."""
    texts = dict(Page.objects.values_list("pk", "text"))
    articles = {article.pk: article for article in Article.objects.all()}
    for article in articles.values():
        for block in article.blocks:
            assert block["text"] == "".join(
                texts[article.page_id or 0][start:end] for start, end in block["spans"]
            )
    for mention in Mention.objects.all():
        text = getattr(articles[mention.article_id], mention.part)
        assert text[mention.start : mention.end] == mention.surface
    assert [row.path for row in LoadFile.objects.all() if not row.path.isprintable()] == []
    assert [text for text in texts.values() if "\x00" in text] == []


def _check_second_load(folder: Path) -> None:
    """A dry run writes nothing and prints a line without control characters for each rejected file."""
    rows, out = dump(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("loadseeds", str(folder), stdout=out, stderr=out)
    assert ended.value.code == 1
    assert dump() == rows
    assert [line for line in out.getvalue().split("\n") if not line.isprintable()] == []


# --- In HTML ----------------------------------------------------------------------------------------


_NOT_OURS = {"img", "iframe", "base", "style", "svg", "title", "form"}
_ADDRESSES = ("src", "href", "action", "formaction")


class Elements(HTMLParser):
    """The elements of a page that contain markup of the corpus."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: (value or "").strip().lower() for name, value in attrs}
        self.is_json = values.get("type") == "application/json"
        if (
            any(name.startswith("on") for name in values)
            or "data-of" in values
            or (tag in _NOT_OURS and any(MARK in value for value in values.values()))
            or any(values.get(name, "").startswith(("javascript:", "http", "//", "x")) for name in _ADDRESSES)
            or values.get("hx-get") == "/admin/logout/"
        ):
            self.found.append(f"{tag} {attrs}")

    def handle_data(self, data: str) -> None:
        # The content of <script> is not text; Newsroom's pages have only JSON there.
        if self.cdata_elem and MARK in data and not self.is_json:
            self.found.append(data[:100])

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.found.append(data)


def _found(text: str) -> list[str]:
    parser = Elements()
    parser.feed(text)
    parser.close()
    return parser.found


@pytest.mark.parametrize("name", sorted(MARKUP.keys() - {"full width", "entities", "xml"}))
def test_unescaped_markup_would_be_found(name: str) -> None:
    frame = {"attribute": '<input value="{}">', "apostrophe": "<input value='{}'>"}.get(name, "<p>{}</p>")
    assert _found(frame.format(MARKUP[name])) != []
    assert _found(frame.format(escape(MARKUP[name]))) == []


def _check_page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    text = answer.content.decode()
    assert _found(text) == [], url
    assert ADDED not in text, url
    return text


def _lists() -> Iterable[str]:
    for model in (
        "article",
        "reporter",
        "place",
        "organization",
        "mention",
        "byline",
        "page",
        "load",
        "loadfile",
    ):
        for page in range(1, 5 if model in {"article", "loadfile"} else 2):
            url = reverse(f"admin:articles_{model}_changelist")
            yield f"{url}?p={page}" if page > 1 else url
    yield reverse("admin:index")
    yield reverse("admin:articles_article_changelist") + '?q=%3Cimg+src%3Dx+onerror%3Dalert("hostile")%3E'


def _check_article(client: Client, article: Article) -> None:
    url = reverse("admin:articles_article_change", args=[article.pk])
    text = _check_page(client, url)
    assert "<h1>" in text or "<h2>" in text
    for form in DETAILS:
        answer = client.get(f"/api/v1/articles/{article.pk}/?format={form}")
        assert answer.status_code == 200, (article.pk, form, answer.content)
        assert "html" not in answer.headers["Content-Type"]
        json.loads(answer.content)
        assert ADDED not in answer.content.decode()


# --- In tables and feeds ----------------------------------------------------------------------------


def _content(answer: Any) -> str:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(data.decode())


def _check_tables(client: Client) -> None:
    for path in ("articles", "mentions", "reporters", "organizations", "places", "pages"):
        text = _content(client.get(f"/api/v1/{path}/?format=csv")).removeprefix("\ufeff")
        table = list(csv.reader(io.StringIO(text, newline="")))
        assert len(table) > 1 or path == "organizations"
        assert {len(row) for row in table} == {len(table[0])}
        assert [cell for row in table for cell in row if cell.startswith(FORMULA)] == []
        lines = _content(client.get(f"/api/v1/{path}/?format=jsonl")).splitlines()
        assert [line for line in lines if not isinstance(json.loads(line), dict)] == []
        assert len(lines) == len(table) - 1


def _check_feed(client: Client) -> None:
    """All articles of a feed, by its links from page to page."""
    atom = "{http://www.w3.org/2005/Atom}"
    url: str | None = "/api/v1/articles/?format=atom"
    entries = 0
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        feed = ET.fromstring(answer.content)
        entries += len(feed.findall(f"{atom}entry"))
        names = {element.tag.removeprefix(atom) for element in feed.iter()}
        assert names & {"img", "script", "svg", "iframe", "a", "form", "x"} == set()
        assert ADDED not in answer.content.decode()
        following = [link.get("href") for link in feed.findall(f"{atom}link") if link.get("rel") == "next"]
        url = following[0] if following else None
    assert entries == Article.objects.published().count()
