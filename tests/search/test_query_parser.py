"""A query becomes terms, or an error of one line."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.search import Query, QueryError, fold_text, parse_query
from articles.search.query_parser import _MAX_CHARACTERS, _MAX_TERMS, Term
from tests.search.reference import plain_query


@pytest.mark.parametrize(
    ("q", "wanted", "excluded"),
    [
        pytest.param("芮城", ["芮城"], [], id="a word"),
        pytest.param(" 芮城\u3000大王镇\t", ["芮城", "大王镇"], [], id="two words"),
        pytest.param("桥", ["桥"], [], id="one character"),
        pytest.param("運城 ２０２４", ["运城", "2024"], [], id="folded"),
        pytest.param('"New York"', ["new　york"], [], id="phrase"),
        pytest.param("“New York” ＂大 会＂", ["new　york", "大　会"], [], id="Chinese and full-width quotes"),
        pytest.param("”芮城”", ["芮城"], [], id="the same quote twice"),
        pytest.param("芮城 -运城", ["芮城"], ["运城"], id="exclusion"),
        pytest.param('芮城 -"大 会" －永乐', ["芮城"], ["大　会", "永乐"], id="excluded phrase and full-width minus"),
        pytest.param("-运城 芮城", ["芮城"], ["运城"], id="exclusion first"),
        pytest.param("Wi-Fi", ["wi－fi"], [], id="minus inside a word"),
        pytest.param("--x y", ["y"], ["－x"], id="minus twice"),
        pytest.param("新桥 - 通车", ["新桥", "通车"], [], id="a dash between words"),
        pytest.param('芮"城 5"', ["芮＂城", "5＂"], [], id="quotes inside words"),
        pytest.param('"芮城"大王', ["芮城", "大王"], [], id="a word right behind a phrase"),
        pytest.param('"" 芮城 " "', ["芮城"], [], id="empty phrases"),
        pytest.param("芮城 芮城 芮\u200b城", ["芮城"], [], id="the same term again"),
        pytest.param("\ufeff“一二·九”", ["一二·九"], [], id="an invisible character before a quote"),
        pytest.param("芮城\x00永乐", ["芮城", "永乐"], [], id="NUL"),
        pytest.param("a AND b and not NEAR c", ["a", "b", "and", "not", "near", "c"], [], id="operators are in capitals"),
        pytest.param('"a" AND "OR" “NOT” "(c)*" "body:d"', ["a", "or", "not", "（c）＊", "body：d"], [], id="operators in quotes"),
        pytest.param("^b 100% a_b {c} （图） NBA:湖人 8:00", ["＾b", "100％", "a＿b", "｛c｝", "（图）", "nba：湖人", "8：00"], [], id="signs"),
        pytest.param("a NOT b AND NOT c NOT -d", ["a"], ["b", "c", "d"], id="NOT"),
        pytest.param("NOT b a", ["a"], ["b"], id="NOT first"),
        pytest.param("-OR a", ["a"], ["or"], id="excluded operator"),
    ],
)  # fmt: skip
def test_parse(q: str, wanted: list[str], excluded: list[str]) -> None:
    assert parse_query(q) == plain_query(wanted, excluded)


def test_or_makes_groups_and_fields_are_parts() -> None:
    query = parse_query('a OR B c headline:"D e" OR body:f -kicker:g')
    assert query.wanted == (
        (Term("a"), Term("b")),
        (Term("c"),),
        (Term("d　e", "headline"), Term("f", "body")),
    )
    assert query.excluded == (Term("g", "kicker"),)


@pytest.mark.parametrize(
    ("q", "message"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(" \u3000\n\x00", "is empty", id="white space"),
        pytest.param('"" “ ” -', "is empty", id="empty phrases and a lone minus"),
        pytest.param("\u200b", "is empty", id="zero-width"),
        pytest.param("字" * (_MAX_CHARACTERS + 1), "201 characters; at most 200", id="too long"),
        pytest.param(" ".join(map(str, range(_MAX_TERMS + 1))), "17 terms; at most 16", id="too many terms"),
        pytest.param("-芮城 -永乐", "only excludes", id="only exclusions"),
        pytest.param('芮城 "大王 镇', 'begins with "大王 镇 is not closed', id="unclosed quote"),
        pytest.param("-“大\n\x00王", "begins with “大  王 is not closed", id="unclosed excluded quote"),
        pytest.param('"', 'begins with " is not closed', id="only a quote"),
        *(
            pytest.param(q, f"^{operator} stands between or before words", id=q)
            for q, operator in (
                *(
                    ("a AND", "AND"),
                    ("OR a", "OR"),
                    ("AND a", "AND"),
                    ("a OR OR b", "OR"),
                    ("a AND OR b", "OR"),
                ),
                *(
                    ("a NOT", "NOT"),
                    ("a OR -b", "OR"),
                    ("a OR NOT b", "NOT"),
                    ("-a OR b", "OR"),
                    ("AND", "AND"),
                ),
                *(('a OR ""', "OR"), ("NOT NOT a", "NOT"), ("NOT AND a", "AND")),
            )
        ),
        *(
            pytest.param(q, f"^[{re.escape(sign)}] has no meaning here.*quotes", id=q)
            for q, sign in (("桥*", "*"), ("*", "*"), ("(a OR b) c", "("), ("NEAR(a)", "("), ("b)", ")"))
        ),
        *(
            pytest.param(
                q, f"^{prefix} is none of headline:, kicker:, subtitle:, body: before a word.*quotes", id=q
            )
            for q, prefix in (
                *(
                    ("author:周明", "author:"),
                    ("title:桥", "title:"),
                    ("http://a.b", "http:"),
                    ("-tag:x y", "tag:"),
                ),
                *(("headline:", "headline:"), ("headline: 桥", "headline:"), ('body:""', "body:")),
            )
        ),
    ],
)
def test_invalid_query_is_an_error(q: str, message: str) -> None:
    with translation.override("en"), pytest.raises(QueryError, match=message) as error:
        parse_query(q)
    assert str(error.value).isprintable()


def test_query_of_maximum_size_is_accepted() -> None:
    assert parse_query("字" * _MAX_CHARACTERS) == plain_query(["字" * _MAX_CHARACTERS])
    assert len(parse_query(" ".join(map(str, range(_MAX_TERMS)))).wanted) == _MAX_TERMS


@given(st.text(st.characters(exclude_categories=[]) | st.sampled_from('"“ -*'), max_size=250))
def test_any_text_is_a_query_or_an_error(q: str) -> None:
    query, message = Query(()), ""
    try:
        query = parse_query(q)
    except QueryError as error:
        message = str(error)
    assert message.isprintable()
    assert bool(query.wanted) != bool(message)
    assert all(term.text and fold_text(term.text) == term.text for term in (*query.terms, *query.excluded))
