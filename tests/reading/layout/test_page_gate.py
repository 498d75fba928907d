"""Pages of many papers, decades and scripts are read as people labelled them."""

import pytest

from articles.reading.pipeline import read_structure
from tests.support.gate import LabelledPage, Score, labelled_pages, score_page, squeeze

# What was measured when the rules were last changed, less a little for the next page that is added.
FLOORS = {
    "articles": 0.96,
    "headline": 0.98,
    "kicker": 0.97,
    "subtitle": 0.92,
    "paragraph count": 0.94,
    "section headings": 0.96,
    "captions": 0.90,
    "reporters": 0.97,
    "roles": 0.97,
    "residue": 0.96,
}
PAGES = labelled_pages()


@pytest.fixture(scope="module")
def score() -> Score:
    """All labelled pages, read and compared."""
    score = Score()
    for page in PAGES:
        score_page(score, page, read_structure(page.path.read_bytes()))
    return score


@pytest.mark.parametrize("measure", FLOORS)
def test_pages_are_read_as_labelled(score: Score, measure: str) -> None:
    f1 = score.counts[measure].f1
    misses = "\n  ".join(score.misses[measure])
    assert f1 >= FLOORS[measure], f"{measure}: F1 {f1:.3f}\n  {misses}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_labels_occur_in_their_page(page: LabelledPage) -> None:
    text = squeeze(page.text)
    parts = ("headline", "first_body_words", "last_body_words")
    lists = ("section_headings", "captions", "places", "organizations", "people")
    labels = [article[part] for article in page.articles for part in parts]
    labels += [label for article in page.articles for part in lists for label in article[part]]
    labels += [person["name"] for article in page.articles for person in article["reporters"]]
    labels += page.residue
    assert [label for label in labels if squeeze(label) not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_labelled_articles_are_in_the_order_of_the_page(page: LabelledPage) -> None:
    text = squeeze(page.text)
    starts = [text.find(squeeze(article["first_body_words"])) for article in page.articles]
    assert starts == sorted(starts)


def test_labelled_reporters_are_not_labelled_as_people() -> None:
    articles = [article for page in PAGES for article in page.articles]
    both = [{p["name"] for p in article["reporters"]} & set(article["people"]) for article in articles]
    assert [names for names in both if names] == []
