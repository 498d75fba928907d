"""Tests that the catalogue of translations keeps to the glossary: one word for a thing, in both languages."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "articles" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_TEXT = r'((?:".*"\n)+)'


def rows() -> list[list[str]]:
    """The rows of the glossary: English, Chinese, meaning, and the words that do not stand for it."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1:]]


def words(cell: str) -> list[str]:
    return [word.strip() for word in re.split("[、,]", cell) if word.strip()]


def messages(keyword: str) -> list[str]:
    """The texts of the catalogue after a keyword."""
    source = CATALOGUE.read_text(encoding="utf-8").partition("\n\n")[2] + "\n"
    found = re.findall(rf"^{keyword} {_TEXT}", source, re.MULTILINE)
    return ["".join(ast.literal_eval(line) for line in text.splitlines()) for text in found]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_thing_has_one_word(row: list[str]) -> None:
    english, chinese, _meaning, *others = row
    if english in messages("msgid"):
        with translation.override("zh-hans"):
            assert translation.gettext(english) == chinese
    said = messages("msgid"), messages(r"msgstr(?:\[0\])?")
    assert len(said[0]) > 700
    assert [text for word in words(others[0]) for text in said[0] if re.search(rf"\b{word}\b", text)] == []
    assert [text for word in words(others[1]) for text in said[1] if word in text] == []
