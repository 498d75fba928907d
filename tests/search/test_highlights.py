"""Highlights are the escaped text of the article with the terms marked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from articles.search import Highlight, fold_text, highlights, parse_query
from tests.search.reference import plain_query
from tests.support.growth import grows_linearly

FILLER = "天气晴朗，市民纷纷走上街头。" * 10


def shown(q: str, **parts: str) -> list[tuple[str, str]]:
    return [(found.part, found.fragment) for found in highlights(Article(**parts), parse_query(q))]


@pytest.mark.parametrize(
    ("q", "headline", "fragment"),
    [
        pytest.param("芮城", "在芮城县里", "在<mark>芮城</mark>县里", id="a name"),
        pytest.param("台湾", "訪臺灣歸來", "訪<mark>臺灣</mark>歸來", id="Traditional is shown as printed"),
        pytest.param("3.5%", "增长３．５％", "增长<mark>３．５％</mark>", id="full-width"),
        pytest.param("新桥 桥通车", "新桥通车", "<mark>新桥通车</mark>", id="hits that overlap"),
        pytest.param("新桥 通车", "新桥通车", "<mark>新桥</mark><mark>通车</mark>", id="hits that touch"),
        pytest.param("哈哈", "哈哈哈笑", "<mark>哈哈哈</mark>笑", id="a term over itself"),
        pytest.param(
            "大桥", "新大\u200b桥\u200b通", "新<mark>大\u200b桥</mark>\u200b通", id="zero-width inside"
        ),
        pytest.param(
            "img", "<img onerror=x>&amp;", "&lt;<mark>img</mark> onerror=x&gt;&amp;amp;", id="markup"
        ),
        pytest.param(
            "<img", "a<img src='x'>", "a<mark>&lt;img</mark> src=&#x27;x&#x27;&gt;", id="marked markup"
        ),
        pytest.param("mark", "<mark>", "&lt;<mark>mark</mark>&gt;", id="mark as text"),
        pytest.param("😀", "𠮷野家😀", "𠮷野家<mark>😀</mark>", id="beyond the first plane"),
        pytest.param("桥 -市", "新桥", "新<mark>桥</mark>", id="what is excluded is not shown"),
    ],
)
def test_marks(q: str, headline: str, fragment: str) -> None:
    assert shown(q, headline=headline) == [("headline", fragment)]


def test_parts_without_match_have_no_highlight() -> None:
    assert shown("新桥", headline="通车", kicker="交通", subtitle="新桥", body="旧桥") == [
        ("subtitle", "<mark>新桥</mark>")
    ]
    assert shown("新桥", headline="通车") == []


def test_offsets_count_in_the_text_of_the_part() -> None:
    text = f"{FILLER}昨天，臺\u200b灣客人來到芮城。{FILLER}"
    (found,) = highlights(Article(body=text), parse_query("台湾 芮城"))
    assert [text[start:end] for start, end in found.marks] == ["臺\u200b灣", "芮城"]
    assert unescape(re.sub("</?mark>", "", found.fragment)) == text[found.start : found.end]
    assert text[found.start : found.end] == text[found.marks[0][0] - 30 : found.marks[-1][1] + 30]


def test_body_has_three_fragments_with_as_many_terms_as_possible() -> None:
    body = FILLER.join(["", *["新桥"] * 5, "早市", ""])
    found = highlights(Article(body=body), parse_query("新桥 早市"))
    assert [[body[start:end] for start, end in one.marks] for one in found] == [["新桥"], ["新桥"], ["早市"]]
    assert all(len(one.fragment) < 100 for one in found)
    starts = [one.start for one in found]
    assert starts == sorted(starts)


def test_headline_is_shown_whole_unless_very_long() -> None:
    (found,) = highlights(Article(headline=f"{FILLER}新桥"), parse_query("新桥 天气"))
    assert (found.start, found.end) == (0, len(FILLER) + 2)
    text = f"{FILLER}{FILLER}新桥{FILLER}"
    (found,) = highlights(Article(headline=text), parse_query("新桥"))
    assert (found.start, found.end) == (len(FILLER) * 2 - 30, len(FILLER) * 2 + 32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("q", "text"),
    [
        pytest.param("哈", "哈", id="one character"),
        pytest.param("哈哈", "哈", id="a term over itself"),
        pytest.param("哈" * 200, "哈", id="a long one over itself"),
        pytest.param("哈" * 99 + "呵 " + "哈" * 99, "哈", id="nearly found everywhere"),
        pytest.param("哈呵", "哈\u200b", id="deleted characters"),
        pytest.param("哈 " * 1 + "& <", "<&哈", id="escapes"),
    ],
)
def test_hostile_text_takes_linear_time_and_memory(q: str, text: str) -> None:
    body, query = text * (1_000_000 // len(text)), parse_query(q)
    assert grows_linearly(lambda part: highlights(Article(body=part), query), body[:100_000])
    found = highlights(Article(body=body), query)
    assert len(found) <= 3
    assert all(len(one.fragment) < 10_000 for one in found)


def test_very_long_mark_is_cut() -> None:
    text = "新" + "\u200b" * 5000 + "桥通车"
    (found,) = highlights(Article(body=text), parse_query("新桥"))
    assert found.end - found.start < 500


TEXT = st.text(st.sampled_from("新桥橋通\u200b<&\"' 。a"), max_size=400)


@given(TEXT, st.lists(st.text("新桥通< a", min_size=1, max_size=3).map(fold_text), min_size=1, max_size=3))
def test_fragment_equals_text_between_its_offsets(text: str, terms: list[str]) -> None:
    found = highlights(Article(headline=text, body=text), plain_query(terms))
    assert bool(found) == any(term in fold_text(text) for term in terms)
    body_end = 0
    for one in found:
        assert isinstance(one, Highlight)
        pieces = re.split("<mark>|</mark>", one.fragment)
        assert "".join(map(unescape, pieces)) == text[one.start : one.end]
        assert [unescape(piece) for piece in pieces[1::2]] == [text[start:end] for start, end in one.marks]
        assert "<" not in "".join(pieces)
        if one.part == "body":
            assert one.start >= body_end
            body_end = one.end
