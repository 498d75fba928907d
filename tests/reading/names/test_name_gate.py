"""Places and organizations are found as people labelled them, with and without the tagger."""

from pathlib import Path

import pytest

from articles.reading.linking.linker import Decisions, NamedRecord
from articles.reading.name_keys import name_key
from articles.reading.names import recognition
from articles.reading.names.recorded_names import RecordedNames
from articles.reading.pipeline import read_page
from tests.support.gate import LabelledPage, Score, labelled_pages, score_names

SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "seeds"
# F1 as measured when the rules were last changed, less a little for the next page that is added.
FLOORS = {
    "with the tagger": {"places": 0.92, "organizations": 0.88},
    "without the tagger": {"places": 0.80, "organizations": 0.78},
}
# The divisions on the sample page, in the official codes.
SAMPLE_CODES = {
    "芮城县": "140830",
    "大王镇": "140830105",
    "金盆村": "140830105209",
    "陌南镇": "140830102",
    "东窑村": "140830102208",
    "学张乡": "140830202",
    "三坑村": "140830202206",
    "风陵渡镇": "140830101",
    "新风社区": "140830101002",
    "永乐镇": "140830104",
    "蔡村": "140830104207",
    "寿圣社区": "140830100010",
    "稷山县": "140824",
    "新绛县": "140825",
    "学府城社区": "140825400010",
}


# Both kinds in one test: to read all labelled pages takes seconds, and a test may be run by itself.
@pytest.mark.slow
@pytest.mark.parametrize("how", ["with the tagger", "without the tagger"])
def test_names_are_found_as_labelled(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "without the tagger":
        monkeypatch.setattr(recognition, "load_tagger", lambda: None)
    score = Score()
    for page in labelled_pages():
        score_names(score, page, read_page(page.path.read_bytes()))
    wrong = {
        kind: "\n  ".join([f"F1 {score.counts[kind].f1:.3f}", *score.misses[kind]])
        for kind, floor in FLOORS[how].items()
        if score.counts[kind].f1 < floor
    }
    assert not wrong, "\n".join(f"{kind}: {told}" for kind, told in wrong.items())


@pytest.mark.slow
def test_recorded_names_of_other_pages_are_found_with_care(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "load_tagger", lambda: None)
    pages = labelled_pages()
    keys = [_organizations_of(page) for page in pages]
    alone, recorded = Score(), Score()
    for number, page in enumerate(pages):
        data = page.path.read_bytes()
        others = {key for of_page in keys[:number] + keys[number + 1 :] for key in of_page}
        names = {("organization", key): (NamedRecord(key, None),) for key in others}
        score_names(alone, page, read_page(data))
        authority = Decisions(names=names, recorded=RecordedNames(names))  # type: ignore[arg-type]
        score_names(recorded, page, read_page(data, authority=authority))
    assert len({key for of_page in keys for key in of_page}) > 300
    for kind in ("places", "organizations"):
        assert recorded.counts[kind].f1 > alone.counts[kind].f1 - 0.012, recorded.misses[kind]


def _organizations_of(page: LabelledPage) -> set[str]:
    """The names of the organizations that a page is labelled with, and their first characters, as if editors had recorded all."""
    names = [name_key(name) for labels in page.articles for name in labels["organizations"]]
    return {name[:length] for name in names for length in (2, 3, len(name))}


@pytest.fixture(scope="module")
def sample() -> list[tuple[str, str | None, str]]:
    """What is linked on the sample page: as printed, code, kind."""
    if not SAMPLE.is_dir():
        pytest.skip("the sample page lies in ../shared, which is not here")
    (path,) = SAMPLE.glob("*.txt")
    links = [link for story in read_page(path.read_bytes()).stories for link in story.links]
    return [(link.mention.surface, link.code, link.mention.kind) for link in links if link.status == "linked"]


@pytest.mark.parametrize("name", SAMPLE_CODES)
def test_divisions_of_the_sample_page_are_linked(
    sample: list[tuple[str, str | None, str]], name: str
) -> None:
    assert {code for surface, code, kind in sample if (surface, kind) == (name, "place")} == {
        SAMPLE_CODES[name]
    }


def test_no_link_of_the_sample_page_is_to_another_county(
    sample: list[tuple[str, str | None, str]],
) -> None:
    counties = {"140830", "140824", "140825", "140826"}
    wrong = [
        (surface, code) for surface, code, _ in sample if code and len(code) >= 6 and not code.endswith("00")
    ]
    assert [pair for pair in wrong if pair[1][:6] not in counties] == []


def test_court_of_the_sample_page_has_its_county(sample: list[tuple[str, str | None, str]]) -> None:
    assert ("绛县人民法院", "140826", "organization") in sample
