"""The sample pages decode as their labels say, and every labelled page has its text."""

import re

import pytest

from articles.reading.pipeline import read_page
from tests.support.gate import PAGES, SEEDS, LabelledPage, labelled_pages

ENCODINGS = {
    "city_daily_five_stories_20240725": "utf-8",
    "city_daily_ten_briefs_20231117": "utf-8",
    "evening_paper_gb18030": "gb18030",
    "taiwan_daily_traditional_20241106": "utf-8",
}
ARTICLES = {
    "city_daily_five_stories_20240725": 5,
    "city_daily_ten_briefs_20231117": 10,
    "evening_paper_gb18030": 4,
    "taiwan_daily_traditional_20241106": 5,
}
LABELLED = [page for page in labelled_pages() if page.path.parent == SEEDS]


def test_every_seed_has_labels() -> None:
    assert sorted(path.stem for path in SEEDS.glob("*.txt")) == sorted(ENCODINGS)
    assert [page.name for page in LABELLED] == sorted(ENCODINGS)


def test_every_labelled_page_has_its_text() -> None:
    assert {path.stem for path in PAGES.glob("*.txt")} == {path.stem for path in PAGES.glob("*.json")}


@pytest.mark.parametrize("page", LABELLED, ids=lambda page: page.name)
def test_a_seed_decodes_as_its_labels_say(page: LabelledPage) -> None:
    assert page.encoding == ENCODINGS[page.name]
    assert re.search(r"[\u4e00-\u9fff]{6}", page.text)
    assert "\ufffd" not in page.text


def test_the_gb18030_seed_is_no_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        (SEEDS / "evening_paper_gb18030.txt").read_bytes().decode("utf-8")


@pytest.mark.parametrize("page", LABELLED, ids=lambda page: page.name)
def test_the_loader_decodes_a_seed_as_written(page: LabelledPage) -> None:
    assert read_page(page.path.read_bytes()).page.text == page.text


@pytest.mark.parametrize("page", LABELLED, ids=lambda page: page.name)
def test_a_seed_has_as_many_labelled_articles_as_it_was_written_with(page: LabelledPage) -> None:
    assert len(page.articles) == ARTICLES[page.name]
