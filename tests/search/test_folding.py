"""Equivalent characters have one fold."""

import doctest
import importlib
import sys
import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from articles.search import parse_query
from articles.search.folding import changed_characters, fold_text, fold_with_offsets

MODULES = ["folding", "query_parser", "highlights", "sqlite_index", "postgresql_index"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("運城臺灣學校", "运城台湾学校", id="Traditional"),
        pytest.param("２０２４年Ａ座", "2024年a座", id="full-width digits and letters"),
        pytest.param("GDP、Wi-Fi", "gdp、wi－fi", id="case"),
        pytest.param("3.5%", "3．5％", id="ASCII punctuation"),
        pytest.param("：（）；！？，", "：（）；！？，", id="full-width punctuation"),
        pytest.param("“一二‧九”「一二・九」", "＂一二·九＂＂一二·九＂", id="dots and quotes of both shores"),
        pytest.param("a b\tc\nd\u3000e\xa0f\u2028g", "a　b　c　d　e　f　g", id="white space"),
        pytest.param("一\x00二\x07三\x85四", "一　二　三　四", id="controls"),
        pytest.param("新\u200b桥\ufeff通\u202e车\u00ad", "新桥通车", id="zero-width and bidirectional"),
        pytest.param("葛\U000e0100城\ufe0f", "葛城", id="variation selectors"),
        pytest.param("\ufffd乱码", "\ufffd乱码", id="replacement character"),
        pytest.param("\ud800乱码", "\ufffd乱码", id="half a surrogate"),
        pytest.param("⼀金\uf90a①㎡", "一金金1㎡", id="compatibility forms of one character"),
        pytest.param("ßﬁİ", "ßﬁİ", id="what would become two characters"),
        pytest.param("ÉÄΣς", "éäσσ", id="other alphabets"),
        pytest.param("𠮷野家😀", "𠮷野家😀", id="beyond the first plane"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@pytest.mark.slow
def test_fold_of_every_character_is_stable() -> None:
    # Unassigned code points, over a hundred thousand, are tested in the soak.
    check_folds(
        code
        for code in range(sys.maxunicode + 1)
        if code <= 0xFFFF or unicodedata.category(chr(code)) != "Cn"
    )


@pytest.mark.soak
def test_fold_of_every_code_point_is_stable() -> None:
    check_folds(range(sys.maxunicode + 1))


def check_folds(codes: Iterable[int]) -> None:
    for code in codes:
        folded = fold_text(chr(code))
        assert len(folded) <= 1, hex(code)
        assert fold_text(folded) == folded, hex(code)
        # The FTS5 tokenizer `ascii` takes all of these as parts of a token.
        assert folded.isalnum() or not folded.isascii() or folded == "", hex(code)
        assert folded == "" or unicodedata.category(folded) != "Cc", hex(code)


def test_changed_characters_equal_fold() -> None:
    table = dict(changed_characters())
    assert {chr(code) for code in range(0x3000) if fold_text(chr(code)) != chr(code)} == {
        char for char in table if ord(char) < 0x3000
    }
    assert all(fold_text(char) == folded for char, folded in table.items())
    assert table["臺"] == "台"
    assert table["\u200b"] == ""


@given(st.text(), st.text(), st.text())
def test_fold_of_a_part_is_part_of_the_fold(before: str, text: str, behind: str) -> None:
    assert fold_text(before + text + behind) == fold_text(before) + fold_text(text) + fold_text(behind)


@given(st.text(st.sampled_from("臺灣\u200b\ufe0f A。")))
def test_offsets_point_to_original_characters(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert [fold_text(text[offset]) for offset in offsets] == list(folded)
    assert list(offsets) == sorted(set(offsets))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    names = {"Article": Article, "parse_query": parse_query}
    done = doctest.testmod(importlib.import_module(f"articles.search.{name}"), extraglobs=names)
    assert done.failed == 0
    assert done.attempted > 0
