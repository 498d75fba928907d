"""A page is split into printed lines, and column breaks are removed."""

import pytest

from articles.reading.lines.character_folding import fold_characters
from articles.reading.lines.printed_lines import split_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("一\n二\r\n三\r四", ["一", "二", "三", "四"], id="every line end"),
        pytest.param("一\u2028二\x0b三\x85四", ["一\u2028二\x0b三\x85四"], id="what ends no printed line"),
        pytest.param("\n\n　　一　\n \u200b\n二", ["一", "二"], id="white and invisible margins"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_text_is_split_at_line_ends_only(text, lines):
    found = split_lines(text)
    assert [line.text for line in found] == lines
    assert all(text[start:end] == line.text for line in found for start, end in line.spans)


def test_blank_lines_and_indents_are_counted():
    _, line = split_lines("一\n\n\n　　二 三")
    assert (line.gap, line.indent, line.length) == (2, 2, 2)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("〔記者林國權／台北報導〕", "（记者林国权/台北报导）"),
        ("１２月３日,ＡＢＣ", "12月3日，ABC"),
        ("「水災」『救援』", "“水灾”“救援”"),
        ("衞生署在天后邨、淸水灣", "卫生署在天后村、清水湾"),
        ("①②", "①②"),
        ("－―─", "———"),
    ],
)
def test_folding_keeps_the_length(text, folded):
    assert fold_characters(text) == folded
    assert len(folded) == len(text)
