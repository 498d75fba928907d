"""The likeliest of overlapping candidates for a place is chosen, with the probability that it is a name."""

from __future__ import annotations

from itertools import pairwise

import pytest

from articles.reading.names.places.chooser import _MODEL, choose_places, place_candidates_of_page
from articles.reading.names.places.evidence import PlaceEvidence
from articles.reading.names.places.recognizer import find_places
from articles.reading.names.tagger import TaggedWord


def _text(*words: tuple[str, str]) -> PlaceEvidence:
    """A text made of words with the tags that the tagger gives them."""
    text, tagged = "", []
    for word, tag in words:
        tagged.append(TaggedWord(len(text), len(text) + len(word), tag))
        text += word
    return PlaceEvidence(text, tagged)


def _chosen(text: PlaceEvidence) -> list[str]:
    (found,) = choose_places([text], [find_places(text)])
    return [text.folded[place.start : place.end] for place in found]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param(
            [("他", "r"), ("在", "p"), ("北京西客站", "LOC"), ("候车", "v"), ("。", "w")], ["北京西客站"],
            id="a station that no rule finds whole",
        ),
        pytest.param(
            [("来到", "v"), ("河北省", "LOC"), ("平山县", "LOC"), ("。", "w")], ["河北省", "平山县"], id="two places"
        ),
        pytest.param([("合作", "vn"), ("的", "u"), ("成果", "n")], [], id="a word that is also a city"),
        pytest.param(
            [("建成", "v"), ("一", "m"), ("座", "q"), ("大", "a"), ("公园", "n")], [], id="a common noun"
        ),
    ],
)  # fmt: skip
def test_place_begins_and_ends_with_words(words, names):
    assert _chosen(_text(*words)) == names


def test_rules_decide_without_the_tagger():
    text = PlaceEvidence("河北省平山县的梯田")
    assert _chosen(text) == ["河北省", "平山县"]


def test_places_do_not_overlap_and_have_the_probability_of_their_features():
    text = _text(("记者", "n"), ("从", "p"), ("山西省", "LOC"), ("芮城县大王镇", "LOC"), ("获悉", "v"))
    rules = find_places(text)
    (candidates,) = place_candidates_of_page([text], [rules])
    likely = {(name.start, name.end): _MODEL.probability(name.features) for name in candidates}
    (chosen,) = choose_places([text], [rules])
    assert all(before.end <= after.start for before, after in pairwise(chosen))
    assert [place.score for place in chosen] == [likely[place.start, place.end] for place in chosen]


@pytest.mark.parametrize("word", ["路", "小区", "青河市", "大桥", "第一镇的村"])
def test_hostile_text_has_a_bounded_number_of_candidates_a_character(word):
    text = _text(*[(word, "LOC")] * 2_000)
    (found,) = place_candidates_of_page([text], [find_places(text)])
    assert len(found) < 8 * len(text.folded)
